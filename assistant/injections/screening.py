"""Finds the planted sentences of a paper, and gives the paper without them.

They are replaced by spaces, so every span of what remains stays where it is. A paper *about* such sentences keeps its own:
only text that addresses, commands or courts the program that reads it, or poses as another speaker, is planted.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.injections import network
from assistant.injections.run_on import parts
from assistant.text import sentences
from assistant.text.words import stems
from assistant.types import Paper, Span

LEAST_ODDS = 0.0
"""Log odds from which a sentence counts as planted: where it is more likely than not."""
_BESIDE = -3.0
"""Log odds from which a sentence beside a planted one counts as planted too; of other sentences, 3 in 1,000 reach them."""
LEFT_OUT = "(title left out)"
"""Stands in the place of a title that was planted."""
_SHARED = 0.5
"""Share of a title's words in its abstract from which it is the paper's own: so much have 97 % of the titles of 535 papers, and
no planted text."""
_REMEMBERED = 20_000
"""Sentences whose odds are kept, so that a paper is read once while a program runs."""
_ODDS: OrderedDict[str, float] = OrderedDict()
_GUARD = threading.Lock()


def are_planted(texts: Sequence[str]) -> list[bool]:
    """Whether each sentence, or a part that was run into it, was planted."""
    return [odds >= LEAST_ODDS for odds in _highest(texts)]


def _highest(texts: Sequence[str]) -> list[float]:
    """The highest log odds of each sentence and its parts."""
    runs = [list(dict.fromkeys([text, *(text[s.start : s.end].strip() for s in parts(text))])) for text in texts]
    odds = _odds([part for run in runs for part in run])
    return [max(odds[part] for part in run) for run in runs]


def _odds(texts: Sequence[str]) -> dict[str, float]:
    """The log odds of each text as it stands."""
    with _GUARD:
        missing = [text for text in dict.fromkeys(texts) if text not in _ODDS]
    found = dict(zip(missing, network.shared().odds(missing).tolist(), strict=True))
    with _GUARD:
        known = {text: _ODDS[text] for text in texts if text in _ODDS}
        _ODDS.update(found)
        while len(_ODDS) > _REMEMBERED:
            _ODDS.popitem(last=False)
    return known | found


def planted_spans(texts: Sequence[str]) -> list[list[Span]]:
    """What was planted in each text: whole sentences, or the rest of one from where it begins."""
    spans = [sentences.split(text) for text in texts]
    odds = iter(_highest([t[s.start : s.end] for t, found in zip(texts, spans, strict=True) for s in found]))
    planted = [_with_those_beside([next(odds) for _ in found]) for found in spans]
    return [
        [_rest(text, span) for span, bad in zip(found, marks, strict=True) if bad]
        for text, found, marks in zip(texts, spans, planted, strict=True)
    ]


def _with_those_beside(odds: Sequence[float]) -> list[bool]:
    """Which sentences were planted; one beside such a sentence needs less to count, since planted texts have several."""
    marks = [value >= LEAST_ODDS for value in odds]
    order = range(len(odds))
    for i in (*order, *reversed(order)):
        beside = marks[max(0, i - 1) : i + 2]
        marks[i] = marks[i] or (any(beside) and odds[i] >= _BESIDE)
    return marks


def _rest(text: str, span: Span) -> Span:
    """The planted sentence without a sentence before it that was run into it, as by brackets and markup in between."""
    found = [Span(span.start + s.start, span.start + s.end) for s in parts(text[span.start : span.end])]
    planted = are_planted([text[s.start : s.end].strip() for s in found])
    return Span(next((s.start for s, bad in zip(found, planted, strict=True) if bad), span.start), span.end)


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


def title_is_planted(title: str, said: Collection[str]) -> bool:
    """Whether a title was planted. `said`: the stems of the abstract, which has the words of the paper's own title, and none
    of an order's."""
    own = stems(title)
    return len(own.intersection(said)) < _SHARED * len(own) and are_planted([title])[0]


def safe_title(paper: Paper) -> str:
    """The title as a person or a model may read it beside a quote."""
    return LEFT_OUT if title_is_planted(paper.title, stems(paper.abstract)) else paper.shown_title


def for_program(paper: Paper) -> Paper:
    """The paper as another program may read it, which may be a model: without planted sentences, names and title."""
    (clean,) = screened([paper])
    named = [*paper.authors, paper.venue or ""]
    *authors, venue = (None if bad else name for name, bad in zip(named, are_planted(named), strict=True))
    own = tuple(name for name in authors if name is not None)
    title = LEFT_OUT if title_is_planted(paper.title, stems(clean.abstract)) else paper.title
    return replace(clean, title=title, authors=own, venue=venue or None)
