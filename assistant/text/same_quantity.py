"""Compares quantities whatever their spelling: `60 percent` and `60%`, `two thirds` and `66.7%`, `7T` and `7 Tesla`."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from assistant.text.number_words import MEASURE_OF, UNIT_LETTERS
from assistant.text.numbers import Quantity, quantities
from assistant.text.words import normalize

_CONVERTED = 0.03
"""Relative difference between one quantity in two units: a kibibyte is 2.4 % more than a kilobyte."""
_HEDGED = 0.05
"""Relative difference between a figure and what is called "about" that."""
_ABOVE, _BELOW = 0.5, 0.2
"""The farthest that "over" and "nearly" reach, as a share of the figure after them."""
_ROUNDED = 0.15
"""The largest relative difference that counts as rounding."""


def same(claim: Quantity, source: Quantity) -> bool:
    """Whether both state the same quantity: 0.93 is 93 %, half is 50 %, twice is 2x; a hedged claim may round."""
    return any(_same(one, other) for one in _readings(claim) for other in _readings(source))


def respelled(text: str, source: str) -> str:
    """The text with each figure that the source has in another notation written as there: `1,200,000` as `1.2 million`."""
    known, found, changed = _figures(source), normalize(text), False
    for item in reversed(_figures(text)):
        twins = [k.shown() for k in known if item.unit == k.unit and _close(item.value, k.value)]
        if twins and item.shown() not in twins:
            found, changed = f"{found[: item.start]}{twins[0]}{found[item.end :]}", True
    return found if changed else text


def _figures(text: str) -> list[Quantity]:
    return [q for q in quantities(text) if not q.hedge and any(c.isdigit() for c in q.text)]


def _readings(item: Quantity) -> list[Quantity]:
    """The quantity, and what it is if its letter is a unit and no scale."""
    if item.letter is None:
        return [item]
    unit = next(u for letter, u in UNIT_LETTERS.items() if letter in item.text)
    return [replace(item, letter=None), replace(item, letter=None, value=item.letter, unit=unit)]


def _same(claim: Quantity, source: Quantity) -> bool:
    if {claim.unit, source.unit} == {"%", "x"}:
        return _same_share(claim, source)
    if claim.unit and source.unit and claim.unit != source.unit:
        return _converted(claim, source)
    if _close(claim.value, source.value):
        return True
    if "%" in (claim.unit, source.unit) and claim.unit != source.unit:
        share = claim if claim.unit == "%" else source
        other = source if share is claim else claim
        if not other.unit and other.value <= 1 and _close(share.value, other.value * 100):
            return True
    if {claim.value, source.value} == {0.5, 2.0} and claim.unit == source.unit == "x":
        return True
    return (
        _within(claim, source)
        if claim.hedge in ("above", "below")
        else claim.hedge == "about" and rounds(claim, source)
    )


def _same_share(claim: Quantity, source: Quantity) -> bool:
    """Whether a percentage is a fraction or factor; that of a fraction in words is rounded: two thirds are 66.7 %."""
    percent, part = (claim, source) if claim.unit == "%" else (source, claim)
    rounding = 0.5 * _step(percent) if re.search(r"[a-z/]", part.text, re.I) and part.value < 1 else 0.0
    return _close(percent.value, part.value * 100) or abs(percent.value - part.value * 100) <= rounding


def _converted(claim: Quantity, source: Quantity) -> bool:
    """Whether both are the same in two units of one dimension: 500 ms and 0.5 s."""
    mine, theirs = MEASURE_OF.get(claim.unit), MEASURE_OF.get(source.unit)
    if mine is None or theirs is None or mine[0] != theirs[0]:
        return False
    return math.isclose(claim.value * mine[1], source.value * theirs[1], rel_tol=_CONVERTED)


def _within(claim: Quantity, source: Quantity) -> bool:
    """Whether the source's figure is just over or just under the claim's, as the claim says: 1,234,567 is over a million."""
    if claim.weak or _is_year(source):
        return False
    step, size = _step(claim), abs(claim.value)
    if claim.hedge == "above":
        return claim.value <= source.value <= claim.value + min(step, _ABOVE * size)
    return claim.hedge == "below" and claim.value - min(step, _BELOW * size) <= source.value <= claim.value


def rounds(claim: Quantity, source: Quantity) -> bool:
    """Whether the claim's figure is the source's figure, rounded: 1.2 million for 1,234,567."""
    if claim.weak or (claim.unit and source.unit and claim.unit != source.unit) or _is_year(source):
        return False
    apart, step = abs(claim.value - source.value), _step(claim)
    if step > _step(source) and apart <= _ROUNDED * abs(source.value):
        return any(_close(claim.value, part(source.value / step) * step) for part in (round, math.trunc))
    return claim.hedge != "" and float(claim.value).is_integer() and apart <= _HEDGED * abs(source.value)


def agree(one: Quantity, other: Quantity) -> bool:
    """Whether either is the other, in any spelling, hedged or rounded."""
    return any(same(a, b) or rounds(a, b) for a, b in ((one, other), (other, one)))


def _step(item: Quantity) -> float:
    """What one more in the last digit that was written adds; zeros at the end count as written unless it is hedged."""
    written = re.search(r"(\d[\d,]*)(?:\.(\d+))?", item.text)
    if written is None:
        return float(10.0 ** math.floor(math.log10(item.value))) if item.value >= 1 else 1.0
    number = float(written[0].replace(",", ""))
    whole = written[1].replace(",", "")
    zeros = len(whole) - len(whole.rstrip("0")) if item.hedge and not written[2] and number else 0
    scale = abs(item.value) / number if number else 1.0
    return float(scale * 10.0 ** (zeros - len(written[2] or "")))


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def comparable(claim: Quantity, source: Quantity) -> bool:
    """Whether one could stand in place of the other: they measure the same, or count the same thing."""
    if claim.unit or source.unit:
        mine, theirs = (MEASURE_OF.get(q.unit, (-1, 1.0))[0] for q in (claim, source))
        return claim.unit == source.unit or (mine == theirs >= 0)
    if _is_year(claim) or _is_year(source):
        return _is_year(claim) and _is_year(source)
    reach = 1 if claim.weak or source.weak else 2
    return bool(set(claim.nouns[:reach]) & set(source.nouns[:reach]))


def _is_year(item: Quantity) -> bool:
    return 1900 <= item.value <= 2100 and item.value.is_integer() and not item.nouns and "," not in item.text
