"""What speaks for a paper stating a criterion, as numbers that a logistic function weighs.

Words decide most: the whole term, its rarer words alone, an abbreviation. Closeness of the stored vectors finds papers
that say it in other words; it is compared with that of the other papers read, since its level differs between criteria.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.collection.aliases import Aliases
from assistant.collection.criterion import Criterion
from assistant.collection.paper_text import Line, PaperText, stems_of
from assistant.types import Vectors

NAMES = (
    "in title", "mentions", "mentioned", "core in title", "core", "together", "coverage", "words near",
    "cosine", "cosine above others", "words above others", "like those that say it", "example", "background",
)  # fmt: skip
_COMMON = 0.35
"""Share of the weight of a term's rarest word below which its last word adds nothing: "images" of "medical images"."""
_CORE = 0.9
"""Least coverage of a line with the core of a term."""
_HEADS = frozenset(
    stem
    for word in """algorithm analysis approach application architecture area based data dataset field framework function imaging
    imagery images learning like method model network paper problem procedure process research setting strategy style system
    task technique technology tool training type work""".split()
    for stem in stems_of(word)
)
"""Stems of nouns that papers use for anything; at the end of a term they may be left out: "diffusion-based", "unsupervised"."""
_SHORT = 4
"""Letters up to which a name must stand in its own capitals: "clip" is no CLIP."""
_APART = 3
"""Other words that may stand between those of a term, in any order: "generating diverse images"."""
_FAR = 2.5
"""Standard deviations above the mean beyond which closeness counts no more."""
_SURE = 8
"""Papers that stand for those that say it, when others are compared with them."""
_PASSING = re.compile(
    r"(?i)\b(?:such as|including|e\.g\.|like|unlike|inspired by|analog\w+|similar to|compared (?:to|with)|for example|for instance)\b[^.;]*$"
)
_PUTS_FORWARD = re.compile(
    r"(?i)\b(?:we|our|this|authors?|paper|is|are|and|which|it|method)\b[^.]{0,60}\b(?:introduc|propos|present|develop|design|deriv|contribut|call|formulat|adopt|add|yield|give)\w*\b|\b(?:new|novel)\b"
)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A criterion made ready for reading many papers."""

    terms: tuple[tuple[str, ...], ...]
    """Stems of the terms and of the long forms of their abbreviations."""
    cores: tuple[tuple[str, ...], ...]
    """The rare words of each term; empty where all count."""
    weights: Mapping[str, float]
    """How rare each stem is among the papers read."""
    names: re.Pattern[str] | None
    """Names and abbreviations, as they are written."""
    introduces: bool

    @classmethod
    def of(cls, criterion: Criterion, texts: Sequence[PaperText], aliases: Aliases) -> Wanted:
        """Weighs the words of the terms and adds what they are also called."""
        terms = dict.fromkeys(t.stems for t in criterion.terms if not t.is_name)
        names = [t.text for t in criterion.terms if t.is_name]
        for term in criterion.terms:
            names += aliases.short_forms(term.stems)
            if long := stems_of(aliases.long_form(term.text)):
                terms[long] = None
                names += aliases.short_forms(long)
        stems = {s for t in terms for s in t}
        seen = Counter(s for text in texts for s in stems & text.stems)
        weights = {s: math.log((len(texts) + 1) / (seen[s] + 0.5)) for s in stems}
        return cls(tuple(terms), tuple(_core(t, weights) for t in terms), weights, _names(names), criterion.introduces)

    def finds(self, line: Line) -> int:
        """How often the line has a whole term or name; only where it puts something forward, if that is asked."""
        if self.introduces and line.where == "abstract" and not _PUTS_FORWARD.search(line.text):
            return 0
        found = sum(_count(line.stems, t) for t in self.terms)
        return found + (len(self.names.findall(line.text)) if self.names else 0)

    def core(self, line: Line) -> int:
        """How often the line has the rare words of a term."""
        return sum(_count(line.stems, c) for c in self.cores if c)

    def together(self, line: Line) -> bool:
        """Whether the words of a term stand close together, in any order."""
        return any(len(t) > 1 and _within(line.stems, t) for t in self.terms)

    def coverage(self, line: Line) -> float:
        """The largest share of a term's weight whose words stand somewhere in the line."""
        here, best = set(line.stems), 0.0
        for term in self.terms:
            total = sum(self.weights[s] for s in term)
            if total > 0:
                best = max(best, sum(self.weights[s] for s in term if s in here) / total)
        return best

    def strength(self, line: Line) -> float:
        """How well the line shows that the paper states it; for choosing the span."""
        own = 0.5 * bool(re.search(r"(?i)\b(?:we|our|this paper)\b", line.text))
        return (
            4.0 * bool(self.finds(line))
            + 2.0 * bool(self.core(line))
            + self.together(line)
            + 3.0 * self.coverage(line) ** 4
            + own
        )


def _core(term: tuple[str, ...], weights: Mapping[str, float]) -> tuple[str, ...]:
    """The term without common nouns at its end; empty where it has none."""
    most, size = max((weights[s] for s in term), default=0.0), len(term)
    while size > 1 and (term[size - 1] in _HEADS or weights[term[size - 1]] < _COMMON * most):
        size -= 1
    return term[:size] if size < len(term) else ()


def _names(names: Sequence[str]) -> re.Pattern[str] | None:
    """Matches the names with what may be glued to them: `TinyImageNet`, `CIFAR100`, `CLIP-based`, but not `eclipse`."""
    if not names:
        return None
    found = "|".join(f"(?i:{re.escape(n)})" if len(n) > _SHORT else re.escape(n) for n in dict.fromkeys(names))
    return re.compile(
        rf"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))(?:{found})(?![a-z]{{2}})(?:(?![A-Za-z])|(?=s\b)|(?=[A-Z]))"
    )


def _count(stems: tuple[str, ...], term: tuple[str, ...]) -> int:
    n = len(term)
    if not n or term[0] not in stems:
        return 0
    return sum(stems[i : i + n] == term for i in range(len(stems) - n + 1))


def _within(stems: tuple[str, ...], term: tuple[str, ...]) -> bool:
    if not set(term) <= set(stems):
        return False
    size, wanted = len(term) + _APART, set(term)
    return any(wanted <= set(stems[i : i + size]) for i in range(max(1, len(stems) - size + 1)))


def _in_passing(wanted: Wanted, text: PaperText) -> tuple[bool, bool]:
    """Whether the term stands only in lists of examples and comparisons; whether it stands only once, in the first sentences."""
    hits = [(i, line) for i, line in enumerate(text.lines) if wanted.finds(line) or wanted.core(line)]
    if not hits or hits[0][0] == 0:
        return False, False
    return all(_is_example(wanted, line) for _, line in hits), len(hits) == 1 and hits[0][0] <= 2 < len(text.lines) - 2


def _is_example(wanted: Wanted, line: Line) -> bool:
    first = next((s for t in (*wanted.terms, *wanted.cores) for s in t if s in line.stems), None)
    match = wanted.names.search(line.text) if wanted.names else None
    at = match.start() if match else (line.text.lower().find(first) if first else -1)
    return at > 0 and bool(_PASSING.search(line.text[:at]))


def words(wanted: Wanted, text: PaperText) -> list[float]:
    """The features of the words of one paper: the first eight, and the last two."""
    title, mentions = text.lines[0], sum(map(wanted.finds, text.lines))
    core = sum(map(wanted.core, text.lines))
    together = mentions > 0 or any(map(wanted.together, text.lines))
    near = 1.0 if mentions else max(_CORE if core else 0.0, *map(wanted.coverage, text.lines))
    example, background = _in_passing(wanted, text)
    return [
        float(bool(wanted.finds(title))), math.log1p(mentions), float(mentions > 0), float(bool(wanted.core(title))),
        float(core > 0), float(together), near, near**4, float(example), float(background),
    ]  # fmt: skip


def table(lexical: Floats, cosines: Floats, late: Floats, means: Vectors) -> Floats:
    """One row of features for each paper, in the order of `NAMES`.

    `lexical`: rows of `words`. `cosines`, `late`: closeness of its nearest chunk and of its words to the criterion.
    `means`: each paper's mean vector.
    """
    sure = above(cosines) + 2 * lexical[:, 6] + lexical[:, 1]
    typical = means[np.argsort(-sure, kind="stable")[:_SURE]].mean(axis=0)
    like = np.vecdot(means, typical).astype(np.float64)
    return np.column_stack([lexical[:, :8], cosines, above(cosines), above(late), above(like), lexical[:, 8:]])


def above(values: Floats) -> Floats:
    """Each value's distance from the mean, in standard deviations, up to a limit."""
    found: Floats = np.minimum((values - values.mean()) / (values.std() + 1e-9), _FAR)
    return found
