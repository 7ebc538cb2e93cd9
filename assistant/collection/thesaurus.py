"""What concepts of research are called, so that a question finds the papers that say it in other words.

The table is `thesaurus.txt`. As with the subject headings of library catalogues, a wording is mapped to its concept, and
the concept to all of its names; two wordings of one concept therefore ask for the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.collection.common_words import COMMON_WORDS
from assistant.collection.paper_text import stems_of, words_of

_ABBREVIATION = re.compile(r"\w*[A-Z]\w*[A-Z0-9]\w*$")
_VERB = 4
"""Letters of the shortest verb that is known by its noun."""
Key = str | tuple[str, ...]
"""A name as it is looked for: the stems of several words, a single word in small letters, or an abbreviation as written.

Stems do not do for single words: that of "temporal" is also that of "temporary".
"""


@dataclass(frozen=True, slots=True)
class Names:
    """What a concept is called."""

    phrases: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    abbreviations: tuple[str, ...]

    @classmethod
    def of(cls, keys: Sequence[Key]) -> Names:
        """The names, by kind."""
        single = [k for k in keys if isinstance(k, str)]
        short = tuple(k for k in single if _ABBREVIATION.match(k))
        words = tuple(k for k in single if k not in short)
        return cls(tuple(dict.fromkeys(k for k in keys if not isinstance(k, str))), words, short)


@dataclass(frozen=True, slots=True)
class Concept:
    """A line of the thesaurus."""

    name: str
    """The usual name."""
    names: Names
    signs: Names
    """What papers about it often have."""

    @property
    def own_words(self) -> frozenset[str]:
        """The stems of the words that go with it."""
        return frozenset(stem for word in (*self.names.words, *self.signs.words) for stem in stems_of(word))


@dataclass(frozen=True, slots=True)
class Part:
    """A word of a wording, or several that stand for a concept."""

    stems: tuple[str, ...]
    concepts: tuple[Concept, ...] = ()


Found = tuple[Concept, ...]


def parts_of(text: str) -> tuple[Part, ...]:
    """The wording cut into names of concepts, the longest that fits at each word, and other words."""
    return tuple(_parts(words_of(text), stems_of(text)))


def _parts(words: Sequence[str], stems: tuple[str, ...]) -> Iterator[Part]:
    at, (phrases, _) = 0, _index()
    while at < len(stems):
        fitting = [(_length(p, stems[at:]), p) for p in phrases.get(stems[at], {})]
        length, phrase = max((f for f in fitting if f[0]), default=(0, ()), key=lambda f: (len(f[1]), -f[0]))
        yield Part(stems[at : at + (length or 1)], phrases[stems[at]][phrase] if length else _single(words[at]))
        at += length or 1


def _length(phrase: tuple[str, ...], stems: tuple[str, ...]) -> int:
    """How many of the stems the phrase takes up, with common words between its own; 0 where it does not stand there."""
    at = 0
    for wanted in phrase:
        while at and at < len(stems) and stems[at] != wanted and stems[at] in COMMON_WORDS:
            at += 1
        if at == len(stems) or stems[at] != wanted:
            return 0
        at += 1
    return at


def _single(word: str) -> Found:
    """The concepts for which a single word asks, which may be a plural."""
    small, (_, singles) = word.lower(), _index()
    spelled = (word.removesuffix("s"), word, small, small.removesuffix("s"), small.removesuffix("es"))
    return next((singles[w] for w in spelled if w in singles), ()) or _nouns().get(small.removesuffix("e"), ())


@cache
def _nouns() -> dict[str, Found]:
    """Verbs without their last e, with the concepts of their nouns: "segment" asks for "segmentation"."""
    endings = ("ation", "ing", "ion")
    ends = {name: next((e for e in endings if name.endswith(e)), "") for name in _index()[1]}
    return {name.removesuffix(e): _index()[1][name] for name, e in ends.items() if e and len(name) - len(e) >= _VERB}


@cache
def _index() -> tuple[dict[str, dict[tuple[str, ...], Found]], dict[str, Found]]:
    """What asks for which concepts: phrases by their first stem, and single words."""
    rank: dict[Key, int] = {}
    for _, names, _, _ in _rows():
        for i, name in enumerate(names):
            rank[name] = min(i, rank.get(name, i))
    asking: dict[Key, list[Concept]] = {}
    for (_, names, asked, _), concept in zip(_rows(), concepts(), strict=True):
        usual = (n for i, n in enumerate(names) if rank[n] == i and not _is_narrower(n, names))
        for name in dict.fromkeys((*usual, *asked)):
            asking.setdefault(name, []).append(concept)
    phrases: dict[str, dict[tuple[str, ...], Found]] = {}
    for name, found in asking.items():
        if not isinstance(name, str):
            phrases.setdefault(name[0], {})[name] = tuple(found)
    return phrases, {name: tuple(found) for name, found in asking.items() if isinstance(name, str)}


def _is_narrower(name: Key, names: Sequence[Key]) -> bool:
    """Whether a single word names one thing of its concept, as "SimCLR" does, and so asks for that thing alone.

    It does unless it shares a stem with the usual name or abbreviates one of the names.
    """
    if not isinstance(name, str) or name == names[0]:
        return False
    usual = stems_of(names[0]) if isinstance(names[0], str) else names[0]
    if {*stems_of(name)} & {*usual}:
        return False
    return not (_ABBREVIATION.match(name) and any(_abbreviates(name.lower(), n) for n in names if n != name))


def _abbreviates(short: str, name: Key) -> bool:
    """Whether the letters stand in the name in this order, from its first on."""
    letters = iter("".join(name))
    return "".join(name)[0] == short[0] and all(letter in letters for letter in short)


@cache
def concepts() -> tuple[Concept, ...]:
    """All concepts, in the order of the file."""
    return tuple(Concept(name, Names.of(names), Names.of(signs)) for name, names, _, signs in _rows())


@cache
def _rows() -> tuple[tuple[str, list[Key], list[Key], list[Key]], ...]:
    """The usual name, the names, what only asks, and the signs of each concept."""
    lines = (Path(__file__).parent / "thesaurus.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_row(line) for line in lines if line.strip() and not line.startswith("#"))


def _row(line: str) -> tuple[str, list[Key], list[Key], list[Key]]:
    names, asked, signs = ([n.strip() for n in part.split(",") if n.strip()] for part in line.split("|"))
    return names[0], _keys(names), _keys(asked), _keys(signs)


def _keys(names: Sequence[str]) -> list[Key]:
    return list(dict.fromkeys(_key(name) for name in names))


def _key(name: str) -> Key:
    words = words_of(name)
    return name if _ABBREVIATION.match(name) else stems_of(name) if len(words) > 1 else words[0].lower()
