"""What `Assistant` can be asked of the whole library, apart from questions in one's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.collection.collection import Collection
from assistant.collection.digest import LAST_RUN, Digest
from assistant.collection.draft_check import DraftCheck
from assistant.collection.facts import PaperFacts
from assistant.collection.related import Related
from assistant.collection.screen import Screening
from assistant.collection.watches import Watches
from assistant.documents.drafts import Form
from assistant.listing import Listing
from assistant.table import Table
from assistant.trend import Trend
from assistant.types import Filters, Step


class WholeLibrary:
    """The methods of `Assistant` that read all papers of the library, or those named."""

    _collection: Collection

    def check_text(
        self, text: str, form: Form | None = None, bibliography: Sequence[str | Path] = (), step: Step | None = None
    ) -> DraftCheck:
        """`check` on every sentence of a draft in Markdown or LaTeX (None: whichever it is), against what it cites.

        `bibliography` names BibTeX files with its citation keys. Raises QuestionError, DocumentError and LibraryError.
        """
        return self._collection.check_text(text, form, bibliography, step)

    def facts(
        self, paper_ids: Sequence[str] | None = None, filters: Filters | None = None, step: Step | None = None
    ) -> Iterator[PaperFacts]:
        """What these papers state, each fact with its span; None: all papers that pass, by id, in bounded memory.

        `step` receives how many of how many papers had to be read first. Raises NotFoundError and LibraryError.
        """
        return self._collection.facts(paper_ids, filters, step)

    def table(
        self,
        topic: str = "",
        columns: Sequence[str] | None = None,
        paper_ids: Sequence[str] | None = None,
        filters: Filters | None = None,
        k: int | None = None,
        step: Step | None = None,
    ) -> Table:
        """Papers by columns, those named or those that `find` lists; a column that is no fact is a question to each paper.

        `columns`: None for task, method, data, result, compared with, limitation and code. `k` rows at most, the best
        first. `step` receives how many of how many papers are read, then how many cells of free columns are filled.
        Raises QuestionError, NotFoundError, LibraryError and EmbeddingError.
        """
        return self._collection.table(topic, columns, paper_ids, filters, k, step)

    def related(
        self,
        paper_ids: str | Sequence[str],
        away_from: Sequence[str] = (),
        k: int = 10,
        filters: Filters | None = None,
        step: Step | None = None,
    ) -> Related:
        """The papers near these and not nearer to `away_from`, with the reason. Raises NotFoundError, QuestionError."""
        seeds = [paper_ids] if isinstance(paper_ids, str) else paper_ids
        return self._collection.related(seeds, away_from, k, filters, step)

    def digest(self, since: str = LAST_RUN, filters: Filters | None = None, step: Step | None = None) -> Digest:
        """What came in since an ISO date, or since the last run that added papers, by topic. Raises SettingsError."""
        return self._collection.digest(since, filters, step)

    def trend(self, topic: str, filters: Filters | None = None, step: Step | None = None) -> Trend:
        """The share of papers with a topic in each year, with intervals. Raises as `search` does."""
        return self._collection.trend(topic, filters, step)

    def screen(
        self,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        filters: Filters | None = None,
        step: Step | None = None,
    ) -> Screening:
        """Each paper included, excluded or unclear by criteria that are sentences. Raises as `search` does."""
        return self._collection.screen(include, exclude, filters, step)

    @property
    def watches(self) -> Watches:
        """Standing questions: add, list, run and remove them."""
        return self._collection.watches

    def find(self, topic: str = "", filters: Filters | None = None, step: Step | None = None) -> Listing:
        """All papers that state the topic, each with the span that shows it; `step` is told how many papers are read.

        Filters alone list all papers that pass. Raises QuestionError for a topic that is too long, or empty without
        filters, LibraryError and EmbeddingError.
        """
        return self._collection.find(topic, filters, step)
