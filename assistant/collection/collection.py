"""What is asked of the whole library, in one object: `Assistant` and the command line call its methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.collection.by_model import ModelReader, facts_with_model
from assistant.collection.columns import checked_columns
from assistant.collection.digest import Digest, digest
from assistant.collection.draft_check import DraftCheck, DraftChecker
from assistant.collection.facts import PaperFacts, every_fact, shown_facts
from assistant.collection.find import Finder
from assistant.collection.related import Related, related
from assistant.collection.screen import Screening, screen
from assistant.collection.table import TableMaker
from assistant.collection.trend import trend
from assistant.collection.watches import Watches
from assistant.documents.drafts import Form
from assistant.errors import QuestionError
from assistant.library.library import Library
from assistant.listing import Listing
from assistant.query.query import checked
from assistant.retrieval.hybrid import HybridRetriever
from assistant.table import Table
from assistant.trend import Trend
from assistant.types import Answer, Filters, Paper, Step
from assistant.verification.verifier import Verifier

_TOUCHED = 8
"""Best papers for a question; where none of them changed, its answer is taken to be the same."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Questions to all papers of one library."""

    library: Library
    retriever: HybridRetriever
    verifier: Verifier
    finder: Finder
    ask: Callable[[str, Filters, str], Answer]
    """Answers one question with the model named."""
    tables: TableMaker

    def check_text(
        self, text: str, form: Form | None, bibliographies: Sequence[str | Path], step: Step | None
    ) -> DraftCheck:
        """The verdicts on the sentences of a draft. Raises QuestionError for a draft without any, and DocumentError."""
        found = DraftChecker(self.library, self.retriever, self.verifier).check(text, form, bibliographies, step)
        if not found.sentences:
            raise QuestionError("the draft holds no sentence to check; headings, code and formulas are left out")
        return found

    def related(
        self, seeds: Sequence[str], away_from: Sequence[str], k: int, filters: Filters | None, step: Step | None
    ) -> Related:
        """The papers nearest to the seeds. Raises NotFoundError, QuestionError and LibraryError."""
        return related(self.library, seeds, away_from, k, filters or Filters(), step)

    def facts(
        self,
        paper_ids: Sequence[str] | None,
        filters: Filters | None,
        step: Step | None,
        reader: ModelReader | None = None,
    ) -> Iterator[PaperFacts]:
        """The facts of these papers, or of all that pass. Raises NotFoundError for an unknown id, and QuestionError where a
        model is to read other than one paper."""
        if reader is not None and (paper_ids is None or len(paper_ids) != 1):
            raise QuestionError("a model reads the facts of one paper; name one, or make a table of several")
        if paper_ids is None:
            return every_fact(self.library, filters, step)
        papers = self._named(paper_ids, filters)
        found = shown_facts(self.library, papers)
        if reader is not None:
            found = [facts_with_model(f, p, self.tables, reader) for f, p in zip(found, papers, strict=True)]
        return iter(found)

    def table(
        self,
        topic: str,
        columns: Sequence[str] | None,
        paper_ids: Sequence[str] | None,
        filters: Filters | None,
        k: int | None,
        step: Step | None,
        reader: ModelReader | None = None,
    ) -> Table:
        """The table of these papers, or of those that state the topic. Raises QuestionError, NotFoundError, BudgetError."""
        restricted = filters is not None and filters.restrict
        if bool(topic.strip()) == bool(paper_ids) and (paper_ids or not restricted):
            raise QuestionError("name either a topic or papers for the table, or set filters")
        named = checked_columns(None if columns is None else tuple(columns))
        if paper_ids:
            papers = self._named(paper_ids, filters)
        else:
            papers = list(self.library.store.papers([p.paper_id for p in self.find(topic, filters, step).papers]))
        made = replace(self.tables.make(papers[:k], named, step), of=len(papers))
        return reader.fill(made, papers[:k], step) if reader else made

    def _named(self, paper_ids: Sequence[str], filters: Filters | None) -> list[Paper]:
        """Each of these papers once, in their order, as far as they pass. Raises NotFoundError for an unknown id."""
        papers = [self.library.paper(i) for i in dict.fromkeys(paper_ids)]
        passing = None if filters is None else set(self.library.store.select(filters, [p.paper_id for p in papers]))
        return [p for p in papers if passing is None or p.paper_id in passing]

    @property
    def watches(self) -> Watches:
        """The standing questions."""
        return Watches(self.library, self._stating, self.ask, self._touches)

    def digest(self, since: str, filters: Filters | None, step: Step | None) -> Digest:
        """What came in. Raises SettingsError for a time that is none."""
        return digest(self.library, self.watches.all(), since, filters, step)

    def trend(self, topic: str, filters: Filters | None, step: Step | None) -> Trend:
        """The shares of a topic over the years. Raises QuestionError for an empty topic."""
        topic, filters = checked(topic, "topic"), filters or Filters()
        return trend(self.library, topic, self.finder.find(topic, filters, step), filters)

    def screen(
        self,
        include: Sequence[str],
        exclude: Sequence[str],
        filters: Filters | None,
        step: Step | None,
        reader: ModelReader | None = None,
    ) -> Screening:
        """The decisions on all papers that pass the filters. Raises QuestionError without a criterion, and BudgetError."""
        chosen = filters or Filters()

        def stating(criteria: Sequence[str]) -> Mapping[str, Listing]:
            found = {}
            for done, criterion in enumerate(criteria):
                if step is not None:
                    step(done, len(criteria))
                found[criterion] = self._stating(criterion, chosen, None)
            return reader.judge(found, self.library.store, step) if reader else found

        return screen(self.library, include, exclude, chosen, stating)

    def _stating(self, criterion: str, filters: Filters, among: Sequence[str] | None) -> Listing:
        return self.finder.find(criterion, filters, among=among)

    def _touches(self, question: str, filters: Filters, papers: Sequence[str]) -> bool:
        best = self.retriever.search(question, _TOUCHED, filters).passages if papers else []
        return any(passage.paper.paper_id in papers for passage in best)

    def find(
        self,
        topic: str,
        filters: Filters | None = None,
        step: Step | None = None,
        reader: ModelReader | None = None,
    ) -> Listing:
        """All papers that state the topic; without a topic, all that the filters leave. Raises QuestionError, BudgetError,
        and as search."""
        if not topic.strip() and filters is not None and filters.restrict:
            return self.finder.find("", filters)
        found = self.finder.find(checked(topic, "topic"), filters, step)
        return reader.judge({topic: found}, self.library.store, step)[topic] if reader else found
