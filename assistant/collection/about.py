"""Summarises one paper in its own sentences: problem, method, data, result and limits, each with its span."""

from __future__ import annotations

import re

from assistant.citations import Numbering
from assistant.collection.reply import Reply
from assistant.extraction.extract import facts_of
from assistant.extraction.fact import Kind
from assistant.injections.screening import safe_title
from assistant.listing import ListedPaper, Listing
from assistant.text import sentences
from assistant.types import Evidence, Paper, Sentence, Span

_PARTS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("Problem", ("task",)),
    ("Method", ("method",)),
    ("Data", ("data", "sample size")),
    ("Result", ("result", "saving", "compared with")),
    ("Limits", ("limitation",)),
)
_PROPOSES = re.compile(
    r"\b(?:we|this (?:paper|work|study|article)|here)\b[^.]{0,40}\b(?:propos|present|introduc|develop|describ|stud|"
    r"investigat|show|review|explor|examin|analy[sz]|design|provid|offer)",
    re.IGNORECASE,
)
_FINDS = re.compile(
    r"\b(?:results?|outperform|achiev|improv|reach|show|demonstrat|find|found|reduc|increas|beat|surpass|lower|rais)",
    re.IGNORECASE,
)


def about(paper: Paper) -> Reply:
    """The sentences that state each part; a part that none states is left out. A sentence is shown once."""
    spans = sentences.split(paper.abstract)
    chosen = _stated(paper, spans)
    if "Method" not in chosen:
        chosen["Method"] = next((s for s in spans if _PROPOSES.search(_text(paper, s))), spans[min(1, len(spans) - 1)])
    if "Result" not in chosen:
        chosen["Result"] = next((s for s in reversed(spans) if _FINDS.search(_text(paper, s))), spans[-1])
    chosen["Problem"] = spans[0]  # an abstract opens with what it is about
    numbering = Numbering()
    shown: dict[Span, Sentence] = {}
    for label, _ in _PARTS:
        span = chosen.get(label)
        if span is not None and span not in shown:
            cited = numbering.cite(
                [Evidence(paper.paper_id, safe_title(paper), _text(paper, span), span.start, span.end)]
            )
            shown[span] = Sentence(_text(paper, span), (cited[0].n,), "supported", label)
    text = "\n".join(map(str, shown.values()))
    listing = Listing(paper.title, 1, 1, 1, (ListedPaper.titled(paper.paper_id, paper.title),))
    return Reply(text, listing, tuple(shown.values()), numbering.citations)


def _stated(paper: Paper, spans: list[Span]) -> dict[str, Span]:
    """The sentence of the first fact of each part."""
    facts = [fact for fact in facts_of(paper) if fact.where == "abstract"]
    found: dict[str, Span] = {}
    for label, kinds in _PARTS:
        for kind in kinds:
            fact = next((f for f in facts if f.kind == kind), None)
            span = next((s for s in spans if fact is not None and s.start <= fact.start < s.end), None)
            if span is not None:
                found.setdefault(label, span)
    return found


def _text(paper: Paper, span: Span) -> str:
    return paper.abstract[span.start : span.end]
