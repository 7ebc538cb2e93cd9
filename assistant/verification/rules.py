"""The deterministic half of the check: figures, names and direction of a claim against the cited span.

Knows nothing about models. Each rule answers with findings; the worst finding decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.text.names import form, forms, mentions, names, own_names
from assistant.text.numbers import Quantity, comparable, digits_in_names, quantities, rounds, same
from assistant.text.words import normalize, squeeze, stems, words
from assistant.types import Verdict
from assistant.verification import comparisons, negation
from assistant.verification.number_roles import misplaced


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule holds against a claim."""

    verdict: Verdict
    why: str
    rule: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a claim is held against: the cited text and the paper around it."""

    title: str
    abstract: str
    span: str


def is_quote(claim: str, source: Source) -> bool:
    """Does the claim stand word for word in the span or the title?"""
    wanted = squeeze(claim)
    return len(wanted) > 3 and (wanted in squeeze(source.span) or wanted == squeeze(source.title))


def findings(claim: str, source: Source) -> list[Finding]:
    """Everything the rules hold against the claim, in no order."""
    found = [*_figures(claim, source), *_names(claim, source)]
    line = nearest(claim, source.span)
    why = negation.turned(claim, line) or comparisons.reversed_roles(claim, source) or negation.denied(claim, line)
    if why:
        found.append(Finding("contradicted", why, "direction"))
    return found


def nearest(claim: str, span: str) -> str:
    """The sentence of the span that shares most words with the claim."""
    from assistant.text import sentences

    parts = [span[s.start : s.end] for s in sentences.split(span)]
    wanted = stems(claim)
    return max(parts, key=lambda part: (len(stems(part) & wanted), -len(part)), default=span)


def _figures(claim: str, source: Source) -> Iterator[Finding]:
    known = quantities(source.span)
    wider = quantities(source.title + " ; " + source.abstract)
    inside = digits_in_names(source.span) | digits_in_names(source.title) | {q.value for q in quantities(source.title)}
    paired = _slots(claim, nearest(claim, source.span))
    wrong = misplaced(claim, nearest(claim, source.span))
    if wrong is not None:
        yield Finding("contradicted", _says(*wrong), "number")
    for item in quantities(claim):
        rival = next((q for q in paired.get(item.start, ()) if not same(item, q)), None)
        if any(same(item, q) for q in known):
            if rival is not None and not any(same(item, q) for q in paired[item.start]) and not item.weak:
                yield Finding("contradicted", _says(item, rival), "number")
            elif _misplaced(item, known):
                yield Finding("contradicted", _says(item, _namesake(item, known)), "number")
            continue
        if (
            rival is None
            and not item.unit
            and not _rivals(item, known)
            and (item.value in inside or (item.value in (0.0, 1.0) and item.weak))
        ):
            continue
        yield _missing(item, rival, known, wider)


def _missing(
    item: Quantity, rival: Quantity | None, known: tuple[Quantity, ...], wider: tuple[Quantity, ...]
) -> Finding:
    close = next((q for q in known if rounds(item, q)), None)
    if close is not None:
        return Finding("partial", f"rounds {close.shown()} to {item.shown()}", "number")
    against = rival or (None if item.text == "one" else next(iter(_rivals(item, known)), None))
    if against is not None:
        return Finding("contradicted", _says(item, against), "number")
    if any(same(item, q) for q in wider):
        return Finding("partial", f"{item.shown()} is in the abstract, but not in the cited passage", "number")
    if item.weak:
        return Finding("partial", f"the cited passage does not say “{item.shown()}”", "count")
    return Finding("unsupported", f"{item.shown()} is not in the abstract", "number")


def _rivals(item: Quantity, known: tuple[Quantity, ...]) -> list[Quantity]:
    return [q for q in known if comparable(item, q) and not same(item, q)]


def _namesake(item: Quantity, known: tuple[Quantity, ...]) -> Quantity:
    return next(q for q in known if set(q.nouns[:1]) & set(item.nouns[:1]) and not same(item, q))


def _misplaced(item: Quantity, known: tuple[Quantity, ...]) -> bool:
    """Counts only: the value stands in the span for other things, and these things have another count."""
    if item.unit or not item.nouns:
        return False
    like = [q for q in known if not q.unit and set(q.nouns[:1]) & set(item.nouns[:1])]
    return (
        bool(like)
        and not any(same(item, q) for q in like)
        and not any(same(item, q) and set(q.nouns) & set(item.nouns) for q in known)
    )


def _says(item: Quantity, other: Quantity) -> str:
    return f"says {item.shown()}, the abstract says {other.shown()}"


def _slots(claim: str, sentence: str) -> dict[int, tuple[Quantity, ...]]:
    """For each figure of the claim (by offset) the figures that stand at its place in a parallel sentence."""
    mine, theirs = quantities(claim), quantities(sentence)
    if not mine or not theirs:
        return {}
    sides = []
    for text, items in ((normalize(claim), mine), (normalize(sentence), theirs)):
        marked = [(m.start(), m[0].lower()) for m in re.finditer(r"[A-Za-z]+|\d[\d.,]*|%|×|-", text)]
        sides.append([(at, next((q for q in items if q.start <= at < q.end), None), word) for at, word in marked])
    keys = [[word if q is None else "#" for _, q, word in side] for side in sides]
    blocks = SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_matching_blocks()
    if sum(b.size for b in blocks) < 0.6 * len(keys[0]):
        return {}
    found: dict[int, tuple[Quantity, ...]] = {}
    for block in blocks:
        for i in range(block.size):
            q, other = sides[0][block.a + i][1], sides[1][block.b + i][1]
            if (
                q is not None
                and other is not None
                and block.size > 1
                and (not q.unit or not other.unit or q.unit == other.unit)
            ):
                found[q.start] = (*found.get(q.start, ()), other)
    return found


def _names(claim: str, source: Source) -> Iterator[Finding]:
    own = own_names(source.title, source.abstract)
    everywhere = forms(source.title + " . " + source.abstract)
    for name in names(claim):
        if form(name) in own or mentions(name, source.span, source.title, source.abstract):
            continue
        other = _other_name(name, claim, source)
        if other:
            yield Finding("contradicted", f"says {name}, the abstract says {other}", "name")
        elif form(name) in everywhere or mentions(name, source.abstract, source.title, source.abstract):
            yield Finding("partial", f"{name} is in the abstract, but not in the cited passage", "name")
        else:
            yield Finding("unsupported", f"{name} is not in the abstract", "name")


def _other_name(name: str, claim: str, source: Source) -> str:
    """A name that the span has where the claim has this one: the same word right before or right after."""
    mine = _neighbours(name, claim)
    for other in names(source.span):
        if form(other) in forms(claim) or form(other) == form(name):
            continue
        theirs = _neighbours(other, source.span)
        if any(a and a == b for a, b in zip(mine, theirs, strict=True)):
            return other
    return ""


def _neighbours(name: str, text: str) -> tuple[str, str]:
    text = normalize(text)
    at = text.find(name)
    before, after = words(text[:at])[-1:], words(text[at + len(name) :])[:1]
    return (before[0].stem if before else "", after[0].stem if after else "")
