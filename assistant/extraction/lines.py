"""A paper as lines: its title and its sentences, which know where they stand and make facts of parts of themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.extraction.fact import Fact, Kind, Where
from assistant.text import sentences
from assistant.types import Paper

_OWN = re.compile(
    r"(?i)\b(?:we|our|ours|us|here|(?:this|the present|the current|present) (?:paper|work|study|article|thesis|review|survey|"
    r"report|chapter|trial|analysis)|in this|methods?:|results?:|conclusions?:)\b"
)
_ABSTRACT, _SENTENCE = 20_000, 1_500
"""Characters of an abstract, and of one sentence, that are read: what is longer is no prose, and must not hold up the others."""
_NO_PROSE = re.compile(r"\S{400,}")
"""A run of characters without a space where English prose ends."""
_TRIMMED = " \t\n\r,;:.-–—([{"


@dataclass(frozen=True, slots=True)
class Line:
    """The title, or one sentence of the abstract."""

    text: str
    start: int
    where: Where
    own: bool
    """Whether the paper speaks of itself: from the first sentence that says "we" or "this paper" on."""

    def fact(
        self, kind: Kind, start: int, end: int, value: str | None = None, details: tuple[tuple[str, str], ...] = ()
    ) -> Fact:
        """The fact that these characters of the line state; spaces and punctuation around them are left out."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip(_TRIMMED))
        quote = self.text[start:end].rstrip(_TRIMMED)
        if quote.endswith(")") and quote.count(")") > quote.count("("):
            quote = quote[:-1]
        begin = self.start + start
        return Fact(kind, plain(value or quote), quote, begin, begin + len(quote), self.where, details)


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """The lines of one paper; equal only to itself, so that what is found in it can be remembered."""

    title: Line
    lines: tuple[Line, ...]
    """The sentences of the abstract, in order."""
    abstract: str

    @property
    def own(self) -> tuple[Line, ...]:
        """The sentences in which the paper speaks of itself; all of them where none says so."""
        return tuple(line for line in self.lines if line.own) or self.lines


def read(paper: Paper) -> Text:
    """The title and the sentences of a paper."""
    abstract = _NO_PROSE.split(paper.abstract[:_ABSTRACT], maxsplit=1)[0]
    lines, own = [], False
    for span in sentences.split(abstract):
        text = abstract[span.start : min(span.end, span.start + _SENTENCE)]
        own = own or bool(_OWN.search(text))
        lines.append(Line(text, span.start, "abstract", own))
    return Text(
        Line(_NO_PROSE.split(paper.title[:_SENTENCE], maxsplit=1)[0], 0, "title", False), tuple(lines), abstract
    )


def plain(text: str) -> str:
    """The text on one line, without the backslashes that LaTeX puts before signs."""
    return " ".join(re.sub(r"\\(?=[%&$#_{}])", "", text).split())
