"""Compares figures, names and direction of a claim with the cited span, by rules alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.text import sentences
from assistant.text.names import form, forms, mentions, names, own_names
from assistant.text.numbers import Quantity, comparable, digits_in_names, quantities, rounds, same
from assistant.text.words import normalize, squeeze, stems, words
from assistant.types import Verdict
from assistant.verification import comparisons, negation
from assistant.verification.number_roles import misplaced


@dataclass(frozen=True, slots=True)
class Finding:
    """An objection of one rule to a claim."""

    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """The cited text that a claim is compared with, and the paper around it."""

    title: str
    abstract: str
    span: str


def is_quote(claim: str, source: Source) -> bool:
    """Whether the span holds the claim word for word, or the title is the claim."""
    wanted = squeeze(claim)
    return len(wanted) > 3 and (wanted in squeeze(source.span) or wanted == squeeze(source.title))


def findings(claim: str, source: Source) -> list[Finding]:
    """Every objection to the claim, in no order."""
    line = _closest_sentence(claim, source.span)
    found = [*_figures(claim, line, source), *_names(claim, source)]
    why = (
        negation.reverses(claim, line)
        or comparisons.reversed_roles(claim, source.title, source.abstract, source.span)
        or negation.denies(claim, line)
    )
    if why:
        found.append(Finding("contradicted", why))
    return found


def _closest_sentence(claim: str, span: str) -> str:
    """The sentence of the span that shares most words with the claim; the shorter one of two."""
    parts = [span[s.start : s.end] for s in sentences.split(span)]
    wanted = stems(claim)
    return max(parts, key=lambda part: (len(stems(part) & wanted), -len(part)), default=span)


def _figures(claim: str, line: str, source: Source) -> Iterator[Finding]:
    """Objections to the claim's figures; `line` is the sentence of the span that is closest to the claim."""
    known = quantities(source.span)
    wider = quantities(source.title + " ; " + source.abstract)
    inside = digits_in_names(source.span) | digits_in_names(source.title) | {q.value for q in quantities(source.title)}
    paired = _aligned(claim, line)
    wrong = misplaced(claim, line)
    if wrong is not None:
        yield Finding("contradicted", _says(*wrong))
    for item in quantities(claim):
        rival = next((q for q in paired.get(item.start, ()) if not same(item, q)), None)
        if any(same(item, q) for q in known):
            if rival is not None and not any(same(item, q) for q in paired[item.start]) and not item.weak:
                yield Finding("contradicted", _says(item, rival))
            elif _miscounted(item, known):
                yield Finding("contradicted", _says(item, _count_of_same(item, known)))
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
    """The objection to a figure that the span does not hold; `wider` are the figures of the whole paper."""
    close = next((q for q in known if rounds(item, q)), None)
    if close is not None:
        return Finding("partial", f"rounds {close.shown()} to {item.shown()}")
    against = rival or (None if item.text == "one" else next(iter(_rivals(item, known)), None))
    if against is not None:
        return Finding("contradicted", _says(item, against))
    if any(same(item, q) for q in wider):
        return Finding("partial", f"{item.shown()} is in the abstract, but not in the cited passage")
    if item.weak:
        return Finding("partial", f"the cited passage does not say “{item.shown()}”")
    return Finding("unsupported", f"{item.shown()} is not in the abstract")


def _rivals(item: Quantity, known: tuple[Quantity, ...]) -> list[Quantity]:
    """Other values of what the figure measures."""
    return [q for q in known if comparable(item, q) and not same(item, q)]


def _count_of_same(item: Quantity, known: tuple[Quantity, ...]) -> Quantity:
    return next(q for q in known if set(q.nouns[:1]) & set(item.nouns[:1]) and not same(item, q))


def _miscounted(item: Quantity, known: tuple[Quantity, ...]) -> bool:
    """Whether the span counts other things to this value and gives the claim's things another count."""
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


def _aligned(claim: str, sentence: str) -> dict[int, tuple[Quantity, ...]]:
    """For each figure of the claim (by offset) the figures at the same place of a sentence that runs parallel."""
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
            yield Finding("contradicted", f"says {name}, the abstract says {other}")
        elif form(name) in everywhere or mentions(name, source.abstract, source.title, source.abstract):
            yield Finding("partial", f"{name} is in the abstract, but not in the cited passage")
        else:
            yield Finding("unsupported", f"{name} is not in the abstract")


def _other_name(name: str, claim: str, source: Source) -> str:
    """The span's name in the place of this one (the same word right before or after it), or ''."""
    mine = _neighbours(name, claim)
    for other in names(source.span):
        if form(other) in forms(claim) or form(other) == form(name):
            continue
        theirs = _neighbours(other, source.span)
        if any(a and a == b for a, b in zip(mine, theirs, strict=True)):
            return other
    return ""


def _neighbours(name: str, text: str) -> tuple[str, str]:
    """Stems of the words right before and right after the name."""
    text = normalize(text)
    at = text.find(name)
    before, after = words(text[:at])[-1:], words(text[at + len(name) :])[:1]
    return (before[0].stem if before else "", after[0].stem if after else "")
