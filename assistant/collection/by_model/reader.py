"""A language model with the budget that it may use, as the commands of the collection are given it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answerability.model import AnswerabilityModel
from assistant.collection.by_model.cells import Checks, fill_cells
from assistant.collection.by_model.judging import judge_unclear
from assistant.library.store import Store
from assistant.listing import Listing
from assistant.llm.client import LanguageModel
from assistant.model_use import Budget
from assistant.table import Table
from assistant.types import Paper, Step
from assistant.verification.verifier import Verifier


@dataclass(frozen=True, slots=True)
class ModelReader:
    """Reads what the rules leave open. Its methods raise BudgetError before anything is asked."""

    model: LanguageModel
    verifier: Verifier
    answerability: AnswerabilityModel
    budget: Budget

    def judge(self, listings: Mapping[str, Listing], store: Store, step: Step | None = None) -> dict[str, Listing]:
        """The listings with their unclear papers judged; see `judge_unclear`."""
        return judge_unclear(listings, store, self.verifier, self.model, self.budget, step)

    def fill(self, table: Table, papers: Sequence[Paper], step: Step | None = None) -> Table:
        """The table of these papers with its empty cells filled; see `fill_cells`."""
        return fill_cells(table, papers, Checks(self.verifier, self.answerability), self.model, self.budget, step)
