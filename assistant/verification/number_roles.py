"""Assigns the figures of a sentence to names: `88.0% on ImageNet, 55.6% on ADE20K`, or `A and B …, respectively`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.text.names import form, names
from assistant.text.number_words import FIGURES
from assistant.text.numbers import Quantity, quantities
from assistant.text.same_quantity import same
from assistant.text.words import normalize, stems


@dataclass(frozen=True)
class Role:
    """A figure with the stems and name forms of its part of the sentence."""

    figure: Quantity
    words: frozenset[str]


@lru_cache(maxsize=2048)
def roles(sentence: str) -> tuple[Role, ...]:
    """The figures of the sentence, each with its words; empty where the sentence does not distinguish them."""
    text = normalize(sentence)
    figures = _figures(text)
    if len(figures) < 2:
        return ()
    if re.search(r"(?i)\brespectively\b", text):
        return _respectively(text, figures)
    found = tuple(Role(q, _part(text, q)) for q in figures)
    return found if len({role.words for role in found}) > 1 else ()


def _figures(text: str) -> list[Quantity]:
    """Measured values, without small bare counts and the `2)` of an enumeration."""
    return [q for q in quantities(text) if q.unit or "." in q.text or q.value > 20]


def _respectively(text: str, figures: list[Quantity]) -> tuple[Role, ...]:
    found = sorted((text.find(n), n) for n in names("x " + text) if n in text)
    for unit in dict.fromkeys(q.unit for q in figures):
        run = [q for q in figures if q.unit == unit]
        for group in _lists(text, found):
            if len(group) == len(run) > 1:
                return tuple(Role(q, frozenset({"=" + form(n)})) for q, n in zip(run, group, strict=True))
    return ()


def _lists(text: str, found: list[tuple[int, str]]) -> list[list[str]]:
    """Names grouped where only commas and `and` stand between them."""
    groups: list[list[str]] = []
    end = -1
    for at, name in found:
        between = text[end:at] if end >= 0 else "x"
        if groups and re.fullmatch(r"[\s,]*(?:and|or|&)?\s*(?:the\s)?", between):
            groups[-1].append(name)
        else:
            groups.append([name])
        end = at + len(name)
    return groups


_CUT = re.compile(r"[,;]\s(?:and\s)?|\sand\s|\swhile\s|\scompared (?:to|with)\s")


def _part(text: str, figure: Quantity) -> frozenset[str]:
    """Stems and name forms (after a `=`) of the figure's part of the sentence."""
    cuts = [0, *(m.end() for m in _CUT.finditer(text)), len(text)]
    start = max(c for c in cuts if c <= figure.start)
    return _labels(text[start : min(c for c in cuts if c > figure.start)])


def _labels(piece: str) -> frozenset[str]:
    plain = frozenset(s for s in stems(piece) if not s[0].isdigit() and s not in FIGURES)
    return plain | {"=" + form(n) for n in names("x " + piece)}


def misplaced(text: str, sentence: str) -> tuple[Quantity, Quantity] | None:
    """(stated, right): a figure of `text` that the sentence assigns to another name than the text does, or None."""
    table = roles(sentence)
    if not table:
        return None
    text = normalize(text)
    stated = _figures(text)
    shared = frozenset.intersection(*(r.words for r in table))
    everything = _labels(text)
    parts = {r.figure.start: r.words for r in roles(text)}
    for item in stated:
        holders = [r for r in table if same(item, r.figure)]
        mine = parts.get(item.start, everything) - shared
        if not holders or any(_fits(r, item, mine, shared) for r in holders):
            continue
        rivals = [r for r in table if r.figure.unit == item.unit and not same(item, r.figure)]
        best = max(rivals, key=lambda r: _weight(r.words & mine), default=None)
        if best is None or _weight(best.words & mine) < 2:
            continue
        swapped = any(same(q, best.figure) for q in stated)
        if swapped or not any((r.words - shared) & everything for r in holders):
            return item, best.figure
    return None


def _fits(role: Role, item: Quantity, mine: frozenset[str], shared: frozenset[str]) -> bool:
    """Whether the figure may belong to the words of the text; true where nothing distinguishes the roles."""
    distinct = role.words - shared
    return not distinct or bool(distinct & mine) or bool(set(item.nouns[:1]) & set(role.figure.nouns))


def _weight(found: frozenset[str]) -> int:
    return sum(2 if word.startswith("=") else 1 for word in found)
