"""A criterion made ready for reading many papers: what its terms and concepts are called, and how a line has them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.collection.aliases import Aliases
from assistant.collection.common_words import COMMON_NOUNS
from assistant.collection.criterion import Criterion, Term
from assistant.collection.matching import Matcher, count
from assistant.collection.paper_text import Line, PaperText, stems_of

_COMMON = 0.35
"""Share of the weight of a term's rarest word below which its last word adds nothing: "images" of "medical images"."""
_APART = 3
"""Other words that may stand between those of a term, in any order: "generating diverse images"."""
_PUTS_FORWARD = re.compile(
    r"(?i)\b(?:we|our|this|authors?|paper|is|are|and|which|it|method)\b[^.]{0,60}\b(?:introduc|propos|present|develop|design|deriv|contribut|call|formulat|adopt|add|yield|give)\w*\b|\b(?:new|novel)\b"
)
Phrase = tuple[str, ...]
Weighed = tuple[Matcher, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in each line."""

    names: Matcher
    """The terms, the names of their concepts, and abbreviations of both."""
    signs: Matcher
    """What goes with the concepts."""
    spelled: tuple[Phrase, ...]
    """The terms, and the usual names of concepts, word by word."""
    cores: tuple[Phrase, ...]
    """The rare words of each of these; empty where all count."""
    joined: tuple[tuple[Weighed, ...], ...]
    """Terms that join a concept with other words or concepts: all that a line has to have, with their weights."""
    weights: Mapping[str, float]
    """How rare each stem is among the papers read."""
    introduces: bool
    by_name: bool
    """Whether it asks for names alone, as those of data sets, which papers use where they mention them."""

    @classmethod
    def of(cls, criterion: Criterion, texts: Sequence[PaperText], aliases: Aliases) -> Wanted:
        """Weighs the words of the terms and adds what they are also called."""
        plain = [t for t in criterion.terms if not t.concepts]
        concepts = list(dict.fromkeys(c for t in criterion.terms for c in t.concepts))
        spelled = [t.stems for t in plain if not t.is_name]
        spelled += [long for t in plain if (long := stems_of(aliases.long_form(t.text)))]
        asked = [p.stems for t in criterion.terms if t.concepts for p in t.parts if len(p.stems) > 1]
        phrases = dict.fromkeys([*spelled, *asked, *(p for c in concepts for p in c.names.phrases)])
        short = [t.text for t in plain if t.is_name] + [a for c in concepts for a in c.names.abbreviations]
        short += [s for p in phrases for s in aliases.short_forms(p)]
        spelled += [stems_of(c.name) for c in concepts]
        weights = {s: _weight([(s,)], texts) for p in spelled for s in p}
        return cls(
            Matcher.of(phrases, [w for c in concepts for w in c.names.words], short),
            Matcher.of_names([c.signs for c in concepts]),
            tuple(dict.fromkeys(spelled)),
            tuple(_core(p, weights) for p in dict.fromkeys(spelled)),
            tuple(_joined(t, texts) for t in plain if any(p.concepts for p in t.parts)),
            weights,
            criterion.introduces,
            all(t.is_name and not t.concepts for t in criterion.terms),
        )

    def within(self, text: PaperText) -> Wanted:
        """The part of it that this paper may have."""
        return replace(self, names=self.names.within(text))

    def finds(self, line: Line) -> int:
        """How often the line has a whole term or a name."""
        return self.names.count(line) if self._may_state(line) else 0

    def has_sign(self, title: Line) -> bool:
        """Whether the title has what goes with a concept."""
        return self.signs.count(title) > 0

    def _may_state(self, line: Line) -> bool:
        """Whether the line puts something forward, if that is asked."""
        return not self.introduces or line.where == "title" or bool(_PUTS_FORWARD.search(line.text))

    def core(self, line: Line) -> int:
        """How often the line has the rare words of a term, or all that a term joins."""
        found = sum(count(line.stems, c) for c in self.cores if c)
        return found + sum(all(part.count(line) for part, _ in parts) for parts in self.joined)

    def together(self, line: Line) -> bool:
        """Whether the words of a term stand close together, in any order."""
        return any(len(t) > 1 and _within(line.stems, t) for t in self.spelled)

    def coverage(self, line: Line) -> float:
        """The largest share of a term's weight whose words or concepts stand somewhere in the line."""
        here, best = set(line.stems), 0.0
        for term in self.spelled:
            total = sum(self.weights[s] for s in term)
            if total > 0:
                best = max(best, sum(self.weights[s] for s in term if s in here) / total)
        for parts in self.joined:
            total = sum(weight for _, weight in parts)
            best = max(best, sum(weight for part, weight in parts if part.count(line)) / total)
        return best

    def strength(self, line: Line) -> float:
        """How well the line shows that the paper states it; for choosing the span."""
        own = 0.5 * bool(re.search(r"(?i)\b(?:we|our|this paper)\b", line.text))
        words = 2.0 * bool(self.core(line)) + self.together(line) + 3.0 * self.coverage(line) ** 4
        return 4.0 * bool(self.finds(line)) + words + own


def _core(term: Phrase, weights: Mapping[str, float]) -> Phrase:
    """The term without common nouns at its end; empty where it has none."""
    most, size = max((weights[s] for s in term), default=0.0), len(term)
    while size > 1 and (term[size - 1] in COMMON_NOUNS or weights[term[size - 1]] < _COMMON * most):
        size -= 1
    return term[:size] if size < len(term) else ()


def _joined(term: Term, texts: Sequence[PaperText]) -> tuple[Weighed, ...]:
    """What tells in the term, each with how rare it is."""
    found = []
    for part in term.telling:
        names = [c.names for c in part.concepts]
        phrases = [p for n in names for p in n.phrases] or [part.stems]
        stems = [*phrases, *(stems_of(w) for n in names for w in n.words)]
        matcher = Matcher.of_names(names) if names else Matcher.of(phrases, (), ())
        found.append((matcher, _weight(stems, texts)))
    return tuple(found)


def _weight(phrases: Iterable[Phrase], texts: Sequence[PaperText]) -> float:
    """How rare papers are that have all stems of one of these."""
    some = list(dict.fromkeys(phrases))
    seen = sum(any(text.stems.issuperset(p) for p in some) for text in texts)
    return math.log((len(texts) + 1) / (seen + 0.5))


def _within(stems: Phrase, term: Phrase) -> bool:
    if not set(term) <= set(stems):
        return False
    size, wanted = len(term) + _APART, set(term)
    return any(wanted <= set(stems[i : i + size]) for i in range(max(1, len(stems) - size + 1)))
