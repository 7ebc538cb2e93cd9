"""Checks what must hold for every answer, whatever was asked and whoever answered.

A single broken invariant is a defect and closes the gate; it is not a quality to be averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant import Answer, Citation, Evidence, ListedPaper
from eval.citations import markers

NAMES = {
    "spans": "every quote is the exact span of the stored abstract that it claims to be",
    "markers": "the markers in the text are the citations, each used, numbered by first use",
    "cited": "every shown sentence cites something",
    "verdicts": "no shown sentence is unsupported or contradicted, and one that is partial is marked in the text",
    "abstention": "an abstention says why, in words, and has neither sentences nor citations; an answer has both, or a listing",
    "nothing_found": "where nothing was retrieved, nothing is answered but what a listing holds",
    "listing": "every listed paper is shown by an exact span of its stored abstract or title",
    "allowed": "no hidden paper is cited or quoted",
}


def broken(
    answer: Answer, retrieved: Sequence[str], abstracts: Mapping[str, str], hidden: Sequence[str] = ()
) -> list[str]:
    """Names of the invariants that the answer breaks, in the order of `NAMES`; `abstracts` by paper id."""
    numbers = [c.n for c in answer.citations]
    used = [n for s in answer.sentences for n in s.citations]
    pieces: list[Citation | Evidence] = [*answer.citations, *answer.nearest]
    abstained = answer.status == "abstained"
    empty = not answer.citations and not answer.sentences
    holds = {
        "spans": all(abstracts.get(p.paper_id, "")[p.start : p.end] == p.quote != "" for p in pieces),
        "markers": list(dict.fromkeys(used)) == numbers == list(range(1, len(numbers) + 1))
        and (abstained or set(markers(answer.text)) >= set(numbers)),
        "cited": all(s.citations for s in answer.sentences),
        "verdicts": all(s.verdict in ("supported", "partial") and str(s) in answer.text for s in answer.sentences),
        "abstention": (empty and answer.reason is not None and bool(answer.text))
        if abstained
        else answer.reason is None
        and ((bool(answer.sentences) and bool(answer.citations)) or (answer.listing is not None and bool(answer.text))),
        "nothing_found": bool(retrieved) or abstained or answer.listing is not None,
        "listing": all(_exact(p, abstracts) for p in answer.listing.papers + answer.listing.unclear)
        if answer.listing is not None
        else True,
        "allowed": not any(p.paper_id in hidden for p in pieces),
    }
    return [name for name in NAMES if not holds[name]]


def _exact(listed: ListedPaper, abstracts: Mapping[str, str]) -> bool:
    text = listed.title if listed.where == "title" else abstracts.get(listed.paper_id, "")
    return text[listed.start : listed.end] == listed.quote != ""


def span_validity(answer: Answer, abstracts: Mapping[str, str]) -> float | None:
    """The share of the citations that quote the stored abstract exactly; a number without a citation counts as wrong."""
    known = {c.n for c in answer.citations}
    exact = sum(abstracts.get(c.paper_id, "")[c.start : c.end] == c.quote != "" for c in answer.citations)
    invented = sum(n not in known for s in answer.sentences for n in s.citations)
    total = len(answer.citations) + invented
    return exact / total if total else None
