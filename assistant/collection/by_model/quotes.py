"""Finds the words that a model quotes in the title or the abstract, where they have to stand word for word."""

from __future__ import annotations

import re

from assistant.injections.screening import are_planted
from assistant.listing import Where
from assistant.text import sentences
from assistant.types import Paper, Span

_AROUND = " \t\n\"'“”‘’…"


def located(quote: str, paper: Paper) -> tuple[Where, Span] | None:
    """Where the quoted words stand, in the abstract or else in the title; None where they do not, or were planted to steer the
    reader. Only spaces and line breaks may differ."""
    words = quote.strip(_AROUND).removesuffix("...").split()
    if not words:
        return None
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)")
    places: tuple[tuple[Where, str], ...] = (("abstract", paper.abstract), ("title", paper.title))
    for where, text in places:
        match = pattern.search(text)
        if match is not None and (where == "abstract" or not are_planted([text])[0]):
            return where, Span(match.start(), match.end())
    return None


def sentence_around(where: Where, span: Span, paper: Paper) -> Span:
    """The sentences of the abstract that the span touches, or the whole title."""
    if where == "title":
        return Span(0, len(paper.title))
    touched = [s for s in sentences.split(paper.abstract) if s.start < span.end and span.start < s.end]
    return Span(touched[0].start, touched[-1].end) if touched else span
