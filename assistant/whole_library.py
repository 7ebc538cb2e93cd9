"""What `Assistant` can be asked of the whole library, apart from questions in one's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.collection.by_model import ModelReader
from assistant.collection.collection import Collection
from assistant.collection.digest import LAST_RUN, Digest
from assistant.collection.draft_check import DraftCheck
from assistant.collection.facts import PaperFacts
from assistant.collection.related import Related
from assistant.collection.screen import Screening
from assistant.collection.watches import Watches
from assistant.documents.drafts import Form
from assistant.errors import SettingsError
from assistant.listing import Listing
from assistant.llm.client import LanguageModel
from assistant.model_use import Budget
from assistant.settings import Settings
from assistant.table import Table
from assistant.trend import Trend
from assistant.types import Filters, Step


class WholeLibrary:
    """The methods of `Assistant` that read all papers of the library, or those named."""

    settings: Settings
    model_reason: str
    """The reason why this model answers, or none."""
    _collection: Collection
    _model: LanguageModel | None

    def check_text(
        self, text: str, form: Form | None = None, bibliography: Sequence[str | Path] = (), step: Step | None = None
    ) -> DraftCheck:
        """`check` on every sentence of a draft in Markdown or LaTeX (None: whichever it is), against what it cites.

        `bibliography` names BibTeX files with its citation keys. Raises QuestionError, DocumentError and LibraryError.
        """
        return self._collection.check_text(text, form, bibliography, step)

    def facts(
        self,
        paper_ids: Sequence[str] | None = None,
        filters: Filters | None = None,
        step: Step | None = None,
        budget: Budget | None = None,
    ) -> Iterator[PaperFacts]:
        """What these papers state, each fact with its span; None: all papers that pass, by id, in bounded memory.

        `step` receives how many of how many papers had to be read first. With a `budget`, the language model adds facts of
        one paper, of kinds of which the rules found none. Raises NotFoundError, LibraryError, and as `find` does.
        """
        return self._collection.facts(paper_ids, self._meant(filters), step, self._reader(budget))

    def table(
        self,
        topic: str = "",
        columns: Sequence[str] | None = None,
        paper_ids: Sequence[str] | None = None,
        filters: Filters | None = None,
        k: int | None = None,
        step: Step | None = None,
        budget: Budget | None = None,
    ) -> Table:
        """Papers by columns, those named or those that `find` lists; a column that is no fact is a question to each paper.

        `columns`: None for task, method, data, result, compared with, limitation and code. `k` rows at most, the best
        first. `step` receives how many of how many papers are read, then how many cells of free columns are filled.
        With a `budget`, the language model fills cells that are still empty. Raises NotFoundError, and as `find` does.
        """
        return self._collection.table(topic, columns, paper_ids, self._meant(filters), k, step, self._reader(budget))

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
        return self._collection.related(seeds, away_from, k, self._meant(filters), step)

    def digest(self, since: str = LAST_RUN, filters: Filters | None = None, step: Step | None = None) -> Digest:
        """What came in since an ISO date, or since the last run that added papers, by topic. Raises SettingsError."""
        return self._collection.digest(since, self._meant(filters), step)

    def trend(self, topic: str, filters: Filters | None = None, step: Step | None = None) -> Trend:
        """The share of papers with a topic in each year, with intervals. Raises as `search` does."""
        return self._collection.trend(topic, self._meant(filters), step)

    def screen(
        self,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        filters: Filters | None = None,
        step: Step | None = None,
        budget: Budget | None = None,
    ) -> Screening:
        """Each paper included, excluded or unclear by criteria that are sentences. With a `budget`, the language model reads
        the papers that come near a criterion. Raises as `find` does."""
        return self._collection.screen(include, exclude, self._meant(filters), step, self._reader(budget))

    @property
    def watches(self) -> Watches:
        """Standing questions: add, list, run and remove them."""
        return self._collection.watches

    def find(
        self,
        topic: str = "",
        filters: Filters | None = None,
        step: Step | None = None,
        budget: Budget | None = None,
    ) -> Listing:
        """All papers that state the topic, each with the span that shows it; `step` is told how many papers are read.

        Filters alone list all papers that pass. With a `budget`, the language model reads the unclear papers; one that fails
        leaves them unclear, and `Listing.model` says so. Raises QuestionError for a topic that is too long, or empty without
        filters, LibraryError, EmbeddingError, SettingsError for a budget without a model, and BudgetError, before anything
        is asked, where it does not suffice.
        """
        return self._collection.find(topic, self._meant(filters), step, self._reader(budget))

    @property
    def reading_budget(self) -> Budget | None:
        """The budget for a model that the settings name and that makes lists better: a hosted one, or one that was measured
        to. None for others, which read only where a budget is given."""
        if self._model is None or self.settings.llm == "auto":
            return None
        return Budget() if self._model.spec.makes_lists_better else None

    def _meant(self, filters: Filters | None) -> Filters | None:
        """The filters with ids for all names of papers, such as a DOI."""
        return self._collection.library.with_ids(filters)

    def _reader(self, budget: Budget | None) -> ModelReader | None:
        if budget is None:
            return None
        if self._model is None:
            raise SettingsError(
                f"no language model reads here ({self.model_reason}); name one with --llm or ASSISTANT_LLM"
            )
        return ModelReader(self._model, self._collection.verifier, self._collection.tables.answerability, budget)
