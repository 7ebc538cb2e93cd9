"""A paper as `find` reads it: its title and sentences with the stems of their words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.listing import Where
from assistant.text import sentences
from assistant.text.stems import stem
from assistant.types import Paper

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_LITTLE = frozenset(
    "a an the of in on with to for by and or that which its their any some new as at from is are be".split()
)
"""Words that are left out of terms and of texts alike, so that "detection of objects" is "detection objects"."""
_PLURAL = re.compile(r"(?<=\w{2}[^siu])s$")
_LONGEST = 20_000
"""Characters of an abstract that are read."""


@dataclass(frozen=True, slots=True)
class Line:
    """The title, or one sentence of the abstract: `text` starts at `start` there."""

    text: str
    start: int
    where: Where
    stems: tuple[str, ...]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class PaperText:
    """One paper: the title first, then the sentences."""

    paper_id: str
    title: str
    lines: tuple[Line, ...]
    stems: frozenset[str]

    @classmethod
    def of(cls, paper: Paper) -> PaperText:
        """The lines of a paper."""
        lines = [Line(paper.title, 0, "title", stems_of(paper.title))]
        abstract = paper.abstract[:_LONGEST]
        for span in sentences.split(abstract):
            text = abstract[span.start : span.end]
            lines.append(Line(text, span.start, "abstract", stems_of(text)))
        return cls(paper.paper_id, paper.shown_title, tuple(lines), frozenset(s for line in lines for s in line.stems))


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of a text's words and numbers, in order."""
    return tuple(_stem(w) for w in _TOKEN.findall(text.lower()) if w not in _LITTLE)


def words_of(text: str) -> tuple[str, ...]:
    """The words and numbers behind the stems, as they are written."""
    return tuple(w for w in _TOKEN.findall(text) if w.lower() not in _LITTLE)


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    """The stem, with what suffixes it still has taken off: "interpretability" and "interpretable" are one."""
    word = _PLURAL.sub("", word)
    for _ in range(3):
        shorter = stem(word)
        if shorter == word or len(shorter) < 4:
            break
        word = shorter
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word
