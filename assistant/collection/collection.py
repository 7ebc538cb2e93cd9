"""What is asked of the whole library, in one object: `Assistant` and the command line call its methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.collection.draft_check import DraftCheck, DraftChecker, Step
from assistant.documents.drafts import Form
from assistant.errors import QuestionError
from assistant.library.library import Library
from assistant.retrieval.hybrid import HybridRetriever
from assistant.verification.verifier import Verifier


@dataclass(frozen=True, slots=True)
class Collection:
    """Questions to all papers of one library."""

    library: Library
    retriever: HybridRetriever
    verifier: Verifier

    def check_text(
        self, text: str, form: Form | None, bibliographies: Sequence[str | Path], step: Step | None
    ) -> DraftCheck:
        """The verdicts on the sentences of a draft. Raises QuestionError for a draft without any, and DocumentError."""
        found = DraftChecker(self.library, self.retriever, self.verifier).check(text, form, bibliographies, step)
        if not found.sentences:
            raise QuestionError("the draft holds no sentence to check; headings, code and formulas are left out")
        return found
