"""The other names of a term that the library itself defines, as in "reinforcement learning (RL)"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from assistant.collection.paper_text import stems_of
from assistant.text.names import definitions
from assistant.types import Paper

_BRACKETED = re.compile(r"\(\s*[A-Za-z][\w-]{1,11}?s?\s*[;,)]")
_BEFORE = 110
"""Characters before a bracket in which its long form is looked for."""
_USUAL = 0.5
"""Share of the definitions of a short form from which one long form is what it stands for everywhere."""


class Aliases:
    """Short and long forms, counted over papers."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        """Reads the definitions in titles and abstracts."""
        pairs: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._written: dict[tuple[str, ...], str] = {}
        for paper in papers:
            found = {(short.rstrip("s"), stems_of(long)): long for short, long in _defined(paper)}
            pairs.update(found.keys())
            for (_, stems), long in found.items():
                self._written.setdefault(stems, long)
        total = Counter[str]()
        for (short, _), n in pairs.items():
            total[short] += n
        self._usual = sorted(pair for pair, n in pairs.items() if n > _USUAL * total[pair[0]])

    def short_forms(self, stems: tuple[str, ...]) -> list[str]:
        """The short forms of these words: `RL` for "reinforcement learning"."""
        return [short for short, long in self._usual if long == stems]

    def long_form(self, word: str) -> str:
        """What a short form stands for, as it is written; empty for a word that is no short form."""
        wanted = word.rstrip("s")
        return next((self._written[long] for short, long in self._usual if short == wanted and len(long) > 1), "")


def _defined(paper: Paper) -> Iterator[tuple[str, str]]:
    text = f"{paper.title}. {paper.abstract}"
    for match in _BRACKETED.finditer(text):
        yield from definitions(text[max(0, match.start() - _BEFORE) : match.end()])
