"""Checks a whole draft: each sentence against what it cites, or else against the closest papers of the library."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.collection.citekeys import CiteKeys
from assistant.documents import drafts
from assistant.documents.drafts import DraftSentence, Form
from assistant.library.library import Library
from assistant.reports import ClaimCheck
from assistant.retrieval.hybrid import HybridRetriever
from assistant.types import Step, Verdict
from assistant.verification.claim_check import check_claim
from assistant.verification.verifier import Verifier

DraftVerdict = Literal["supported", "partial", "contradicted", "not here"]

_VERDICTS: dict[Verdict, DraftVerdict] = {
    "supported": "supported", "partial": "partial", "contradicted": "contradicted", "unsupported": "not here",
}  # fmt: skip
_LEANS = re.compile(
    r"(?:It|Its|They|Their|This|These|The (?:\w+ )?(?:method|model|approach|system|authors?|network|framework|benchmark|"
    r"dataset|study|paper|policy|pipeline|technique|algorithm)s?)\b"
)
"""How a sentence begins whose subject may be that of the sentence before."""


@dataclass(frozen=True, slots=True)
class CitedEvidence:
    """An exact span of a stored abstract, and the key by which the draft may cite its paper."""

    paper_id: str
    title: str
    citekey: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of the draft (`source[start:end]`) with its verdict and the spans behind it."""

    text: str
    start: int
    end: int
    line: int
    verdict: DraftVerdict
    why: str
    evidence: tuple[CitedEvidence, ...]
    cites: tuple[str, ...]
    """The keys that the draft cites for it."""
    unknown: tuple[str, ...]
    """Those of them that stand for no paper of the library."""


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """The verdicts on all sentences of a draft, in order."""

    form: Form
    sentences: tuple[CheckedSentence, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Sentences by verdict."""
        return {verdict: sum(s.verdict == verdict for s in self.sentences) for verdict in _VERDICTS.values()}

    def to_dict(self) -> dict[str, Any]:
        """The document of `assistant check --draft FILE --json`."""
        return {"form": self.form, "counts": self.counts, "sentences": [asdict(s) for s in self.sentences]}


@dataclass(frozen=True, slots=True)
class DraftChecker:
    """Checks drafts against one library."""

    library: Library
    retriever: HybridRetriever
    verifier: Verifier

    def check(
        self, text: str, form: Form | None, bibliographies: Sequence[str | Path], step: Step | None = None
    ) -> DraftCheck:
        """The verdicts on the sentences of a draft. Raises DocumentError for a bibliography that does not exist."""
        draft = drafts.read(text, form)
        everything = [s for paragraph in draft.paragraphs for s in paragraph]
        keys = CiteKeys(self.library, (k for s in everything for k in s.keys), bibliographies)
        found: list[CheckedSentence] = []
        for paragraph in draft.paragraphs:
            before: CheckedSentence | None = None
            for sentence in paragraph:
                if step is not None:
                    step(len(found), len(everything))
                before = self._sentence(sentence, before, keys)
                found.append(before)
        return DraftCheck(draft.form, tuple(found))

    def _sentence(self, sentence: DraftSentence, before: CheckedSentence | None, keys: CiteKeys) -> CheckedSentence:
        cited = [paper.paper_id for key in sentence.keys if (paper := keys.paper(key)) is not None]
        context = before.text if before is not None and _LEANS.match(sentence.text) else ""
        result = self._verdict(sentence.text, list(dict.fromkeys(cited)), before if context else None, keys)
        papers = {p.paper_id: p for p in self.library.store.papers([e.paper_id for e in result.evidence])}
        evidence = tuple(
            CitedEvidence(e.paper_id, e.title, keys.key(papers[e.paper_id]), e.quote, e.start, e.end)
            for e in result.evidence
            if e.paper_id in papers
        )
        verdict = _VERDICTS[result.verdict]
        unknown = tuple(key for key in sentence.keys if keys.paper(key) is None)
        place = sentence.start, sentence.end, sentence.line
        return CheckedSentence(sentence.text, *place, verdict, result.why, evidence, sentence.keys, unknown)

    def _verdict(self, text: str, cited: list[str], before: CheckedSentence | None, keys: CiteKeys) -> ClaimCheck:
        """Against the cited papers; without any, against those of the sentence that this one leans on, then all."""
        context = before.text if before is not None else ""
        if cited:
            result = self._check(text, cited, context)
            return self._elsewhere(result, keys) if result.verdict == "unsupported" else result
        stands = before is not None and before.verdict != "not here"
        leant_on = list(dict.fromkeys(e.paper_id for e in before.evidence)) if before and stands else []
        if leant_on:
            result = self._check(text, leant_on, context)
            if result.verdict != "unsupported":
                return result
        return self._check(text, None, "")

    def _elsewhere(self, result: ClaimCheck, keys: CiteKeys) -> ClaimCheck:
        """What no cited paper says, with the paper that says it, if there is one."""
        other = self._check(result.claim, None, "")
        if other.verdict != "supported":
            return result
        paper = self.library.paper(other.evidence[0].paper_id)
        why = f"what it cites does not say this, but “{paper.title}” ({keys.key(paper)}) does"
        return ClaimCheck(result.claim, "unsupported", why, other.evidence)

    def _check(self, text: str, papers: list[str] | None, context: str) -> ClaimCheck:
        return check_claim(text, papers, self.library, self.retriever, self.verifier, context)
