"""Counts how often a line has one of many names: phrases by their stems, words by themselves, abbreviations as written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.collection.paper_text import Line, PaperText, stems_of
from assistant.collection.thesaurus import Names

_SHORT = 4
"""Letters up to which a name must stand in its own capitals ("clip" is no CLIP), and below which no other may follow it."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """Names to look for."""

    phrases: tuple[tuple[str, ...], ...]
    words: tuple[tuple[str, re.Pattern[str]], ...]
    """The stem of each word, and what matches the word."""
    abbreviations: re.Pattern[str] | None

    @classmethod
    def of(cls, phrases: Iterable[tuple[str, ...]], words: Iterable[str], abbreviations: Iterable[str]) -> Matcher:
        """Looks for all of these."""
        each = tuple((stems_of(w)[0], _word(w)) for w in dict.fromkeys(words) if stems_of(w))
        return cls(tuple(dict.fromkeys(phrases)), each, _abbreviation(tuple(dict.fromkeys(abbreviations))))

    @classmethod
    def of_names(cls, names: Iterable[Names]) -> Matcher:
        """Looks for all of these names."""
        some = tuple(names)
        return cls.of(
            (p for n in some for p in n.phrases),
            (w for n in some for w in n.words),
            (a for n in some for a in n.abbreviations),
        )

    def within(self, text: PaperText) -> Matcher:
        """The part of it that this paper may have."""
        phrases = tuple(p for p in self.phrases if text.stems.issuperset(p))
        return Matcher(phrases, tuple(w for w in self.words if w[0] in text.stems), self.abbreviations)

    def count(self, line: Line) -> int:
        """How often the line has one of them."""
        found = sum(count(line.stems, p) for p in self.phrases)
        found += sum(len(pattern.findall(line.text)) for stem, pattern in self.words if stem in line.stems)
        return found + (len(self.abbreviations.findall(line.text)) if self.abbreviations else 0)

    def first(self, line: Line) -> int:
        """Where the first word or abbreviation stands in the line, or the first stem of a phrase; -1 where none does."""
        matches = [pattern.search(line.text) for _, pattern in self.words]
        matches += [self.abbreviations.search(line.text)] if self.abbreviations else []
        places = [m.start() for m in matches if m]
        places += [line.text.lower().find(p[0]) for p in self.phrases if count(line.stems, p)]
        return min(places, default=-1)


def count(stems: tuple[str, ...], phrase: tuple[str, ...]) -> int:
    """How often the phrase stands among the stems."""
    n = len(phrase)
    if not n or phrase[0] not in stems:
        return 0
    return sum(stems[i : i + n] == phrase for i in range(len(stems) - n + 1))


def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![A-Za-z]){re.escape(word)}(?:s|es)?(?![A-Za-z])")


def _abbreviation(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Matches the names with what may be glued to them: `TinyImageNet`, `CIFAR100`, `CLIP-based`, but not `eclipse`.

    To a short one, nothing but digits and a plural: `CL` is not in `CLIP`, and `GAN` is in `StyleGAN` alone.
    """
    if not names:
        return None
    long = "|".join(f"(?i:{re.escape(n)})" if len(n) > _SHORT else re.escape(n) for n in names if len(n) >= _SHORT)
    short = "|".join(re.escape(n) for n in names if len(n) < _SHORT)
    before, after = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))", r"(?![a-z]{2})(?:(?![A-Za-z])|(?=s\b)"
    each = [rf"{before}(?:{long}){after}|(?=[A-Z]))"] if long else []
    each += [rf"{before}(?:{short}){after})"] if short else []
    return re.compile("|".join(each))
