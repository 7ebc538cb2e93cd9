"""Finds the planted sentences of a paper, and gives the paper without them.

They are replaced by spaces, so every span of what remains stays where it is. A paper *about* such sentences keeps its own:
only text that addresses, commands or courts the program that reads it, or poses as another speaker, is planted.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from assistant.injections import network
from assistant.text import sentences
from assistant.types import Paper, Span

LEAST_ODDS = 0.0
"""Log odds from which a sentence counts as planted: where it is more likely than not."""
_REMEMBERED = 20_000
"""Sentences whose odds are kept, so that a paper is read once while a program runs."""
_STOP = re.compile(r"[.!?]\s+(?=\S)")
_ODDS: OrderedDict[str, float] = OrderedDict()
_GUARD = threading.Lock()


def are_planted(texts: Sequence[str]) -> list[bool]:
    """Whether each sentence was planted."""
    with _GUARD:
        missing = [text for text in dict.fromkeys(texts) if text not in _ODDS]
    found = dict(zip(missing, network.shared().odds(missing).tolist(), strict=True))
    with _GUARD:
        known = {text: _ODDS[text] for text in texts if text in _ODDS}
        _ODDS.update(found)
        while len(_ODDS) > _REMEMBERED:
            _ODDS.popitem(last=False)
    known |= found
    return [known[text] >= LEAST_ODDS for text in texts]


def planted_spans(texts: Sequence[str]) -> list[list[Span]]:
    """What was planted in each text: whole sentences, or the rest of one from where it begins."""
    spans = [sentences.split(text) for text in texts]
    planted = iter(are_planted([t[s.start : s.end] for t, found in zip(texts, spans, strict=True) for s in found]))
    return [[_rest(text, span) for span in found if next(planted)] for text, found in zip(texts, spans, strict=True)]


def _rest(text: str, span: Span) -> Span:
    """The planted sentence without a sentence before it that was run into it, as by brackets and markup in between."""
    starts = [span.start, *(m.end() for m in _STOP.finditer(text, span.start, span.end))]
    ends = [*starts[1:], span.end]
    planted = are_planted([text[a:b].strip() for a, b in zip(starts, ends, strict=True)])
    return Span(next((start for start, bad in zip(starts, planted, strict=True) if bad), span.start), span.end)


def screened(papers: Sequence[Paper]) -> list[Paper]:
    """The papers without the planted sentences of their abstracts; a paper that has none is returned as it is."""
    return [
        replace(paper, abstract=_blanked(paper.abstract, spans)) if spans else paper
        for paper, spans in zip(papers, planted_spans([p.abstract for p in papers]), strict=True)
    ]


def _blanked(text: str, spans: Sequence[Span]) -> str:
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def title_for_model(paper: Paper) -> str:
    """The title as a language model may read it."""
    return "(title left out)" if are_planted([paper.title])[0] else paper.shown_title
