"""Compares the figures of a claim with those of the cited span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from assistant.text.numbers import Quantity, digits_in_names, quantities
from assistant.text.same_quantity import comparable, rounds, same
from assistant.text.words import normalize
from assistant.verification.finding import Finding, Source
from assistant.verification.number_roles import misplaced

_WORD = r"[a-z]+|\d+(?:[.,]\d+)*"
_BESIDE = 4
"""Words on each side of a figure that tell what it is a figure of."""


def compare_figures(claim: str, line: str, source: Source) -> Iterator[Finding]:
    """Objections to the claim's figures; `line` is the sentence of the span that is closest to the claim."""
    known = quantities(source.span)
    wider = quantities(source.title + " ; " + source.abstract)
    inside = digits_in_names(source.span) | digits_in_names(source.title) | {q.value for q in quantities(source.title)}
    paired = _aligned(claim, line)
    wrong = misplaced(claim, line)
    if wrong is not None:
        yield Finding("figure misplaced", _says(*wrong), wrong[0].shown())
    for item in quantities(claim):
        rival = next((q for q in paired.get(item.start, ()) if not same(item, q)), None)
        if any(same(item, q) for q in known):
            aligned = rival is None or item.weak or any(same(item, q) for q in paired[item.start])
            if rival is not None and not aligned and not _at_home(claim, item, line, rival):
                yield Finding("figure replaced", _says(item, rival), item.shown())
            elif _miscounted(item, known):
                yield Finding("figure misplaced", _says(item, _count_of_same(item, known)), item.shown())
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
        return Finding("figure rounded", f"rounds {close.shown()} to {item.shown()}", item.shown())
    reckoned = item.unit == "x" and not re.search(r"\d", item.text)  # a reader's own "two thirds" of 62.5 %
    against = rival or (None if item.text == "one" or reckoned else next(iter(_rivals(item, known)), None))
    if against is not None:
        return Finding("figure replaced", _says(item, against), item.shown())
    if any(same(item, q) for q in wider):
        return Finding(
            "figure elsewhere", f"{item.shown()} is in the abstract, but not in the cited passage", item.shown()
        )
    if item.weak or reckoned:
        return Finding("count implied", f"the cited passage does not say “{item.shown()}”", item.shown())
    return Finding("figure missing", f"{item.shown()} is not in the abstract", item.shown())


def _at_home(claim: str, item: Quantity, line: str, rival: Quantity) -> bool:
    """Whether the line has the claim's figure between words that are as much like the claim's as those around its rival.

    Sentences run parallel only roughly: of "A rises from 1 to 2, and B from 3 to 4", a claim about B looks like the part on A.
    """
    mine = _around(claim, item)
    own = [len(mine & _around(line, q)) for q in quantities(line) if same(item, q)]
    return max(own, default=-1) >= len(mine & _around(line, rival))


def _around(text: str, item: Quantity) -> set[str]:
    """The words and figures next to a figure, on both sides."""
    text = normalize(text)
    before = re.findall(_WORD, text[: item.start].lower())[-_BESIDE:]
    return {*before, *re.findall(_WORD, text[item.end :].lower())[:_BESIDE]}


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
