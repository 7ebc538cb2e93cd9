"""Finds the quantities in running text and compares them.

Numbers inside names (ResNet-50, GPT-3, CIFAR-10, 3D) belong to the name and are not quantities.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.text.number_words import COUNTS, FACTORS, SCALES, UNIT_OF, WORDS
from assistant.text.stems import stem
from assistant.text.stop_words import STOP_WORDS
from assistant.text.words import normalize

_NAME = re.compile(
    r"""https?://\S+ | \barXiv:\S+
      | \b(?=[\w./-]*\d)[A-Za-z][\w.]*(?:[-_/'][\w.]+)*(?:/\d+)*  # ResNet-50, ViT-B/14, CIFAR-10/100
      | \b\d[dD]\b | \b\d+(?:st|nd|rd|th)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_A_NAME = re.compile(r"^(?:to|sub|by|of|with|over|than|x|from|and|or|about|under|in)[-_]?\d", re.I)
_NUMBER = re.compile(
    r"""(?<![\w.])(?P<sign>-(?=\d))?
    (?: (?P<num>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+|\.\d+)(?:e(?P<exp>[-+]?\d+)|\^(?P<pow>-?\d+))?
        (?P<glued>[kKMBTx]\b(?!\s?=)|[a-zA-Z]{1,3}\b)?
      | (?P<word>[A-Za-z]+)\b )""",
    re.VERBOSE,
)
_HEDGE = re.compile(
    r"(?:about|around|roughly|nearly|almost|approximately|some|over|than|least|exceeding|≈|>|<|circa|most|"
    r"close to)\s*$",
    re.I,
)
_IDIOMS = re.compile(
    r"\b(?:one (?:of|another|can|may|could|would|might|should|must|hand|side)|no one|at one|which one|"
    r"this one|that one|zero[- ]shot|one[- ]to[- ](?:one|many)|two[- ]fold aim|single handed)\b",
    re.I,
)

_PHRASE_ENDS = frozenset("and or in on for with by from to at".split())


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit ('' where the text names none) and the stems of the words right after it."""

    value: float
    unit: str
    nouns: tuple[str, ...]
    text: str
    weak: bool = False
    """Whether it is a small count in words: a paraphrase may count things that the source merely lists."""
    hedged: bool = False
    """Whether a word such as "about" or "over" stands before it."""
    start: int = 0
    end: int = 0

    def shown(self) -> str:
        """The quantity as it stands in the text, with its unit."""
        return self.text.strip()


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity of `text`, in order; a range gives both of its ends."""
    text = normalize(text)
    plain = _IDIOMS.sub(lambda m: " " * len(m[0]), _NAME.sub(_blank_name, text))
    found: list[Quantity] = []
    position = 0
    for match in _NUMBER.finditer(plain):
        item = _parse(plain, match) if match.start() >= position else None
        if item:
            position = item.end
            found.append(item)
    for i in range(len(found) - 2, -1, -1):
        here, after = found[i], found[i + 1]
        between = plain[here.end : after.start].strip().lower()
        if not here.unit and between in {"-", "to", "and", "/", "or", ",", ", and", "±", "x", "×"}:
            unit = "" if here.weak != after.weak else after.unit
            found[i] = replace(here, unit=unit, nouns=after.nouns)
    return tuple(found)


def _blank_name(match: re.Match[str]) -> str:
    return match[0] if _NOT_A_NAME.match(match[0]) else " " * len(match[0])


def _parse(text: str, match: re.Match[str]) -> Quantity | None:
    hedged = bool(_HEDGE.search(text[max(0, match.start() - 20) : match.start()]))
    end, weak, unit = match.end(), False, ""
    if match["word"]:
        lower = match["word"].lower()
        if lower in FACTORS:
            return Quantity(FACTORS[lower], "x", (), match[0], False, hedged, match.start(), end)
        if lower not in WORDS:
            return None
        value, weak = WORDS[lower], lower in COUNTS
    else:
        value = float(match["num"].replace(",", "")) * (-1 if match["sign"] and _negative(text, match) else 1)
        if match["exp"] or match["pow"]:
            value = value * 10.0 ** int(match["exp"]) if match["exp"] else _power(value, int(match["pow"]))
        if match["glued"]:
            glued = match["glued"].lower()
            if glued in UNIT_OF:
                unit = UNIT_OF[glued]
            elif glued in SCALES and match["glued"] != "m":
                value *= SCALES[glued]
            else:
                return None
    tail = re.match(r"[\s-]*(hundred|thousand|million|billion|trillion|dozen)\b", text[end:], re.I)
    if tail:
        value, end, weak = value * SCALES[tail[1].lower()], end + tail.end(), False
    if not unit:
        sign = re.match(r"\+?\s?(%|×)|[\s-]{1,2}(per cent\b|[A-Za-z×]+)", text[end:])
        word = (sign[1] or sign[2]).lower() if sign else ""
        unit = UNIT_OF.get("percent" if word == "per cent" else word, "")
        if sign and unit:
            end += sign.end()
            weak = False
    return Quantity(value, unit, _nouns(text[end:]), text[match.start() : end], weak, hedged, match.start(), end)


def _negative(text: str, match: re.Match[str]) -> bool:
    return not re.search(r"[\w)%]\s?$", text[max(0, match.start() - 2) : match.start()])


def _power(base: float, exponent: int) -> float:
    return float(base**exponent) if abs(exponent) < 40 and abs(base) < 1e6 and base else base


def _nouns(after: str) -> tuple[str, ...]:
    """Stems of up to three content words that follow before the phrase ends."""
    found = []
    for word in re.findall(r"[A-Za-z]+|[,.;:()]", after[:80])[:5]:
        if not word.isalpha() or word.lower() in _PHRASE_ENDS:
            break
        if word.lower() not in STOP_WORDS:
            found.append(stem(word.lower()))
    return tuple(found[:3])


def same(claim: Quantity, source: Quantity) -> bool:
    """Whether both state the same quantity: 0.93 is 93 %, half is 50 %, twice is 2x; a hedged claim may round."""
    if {claim.unit, source.unit} == {"%", "x"}:
        return _close(
            claim.value / (100 if claim.unit == "%" else 1), source.value / (100 if source.unit == "%" else 1)
        )
    if claim.unit and source.unit and claim.unit != source.unit:
        return False
    if _close(claim.value, source.value):
        return True
    if "%" in (claim.unit, source.unit) and claim.unit != source.unit:
        share = claim if claim.unit == "%" else source
        other = source if share is claim else claim
        if not other.unit and other.value <= 1 and _close(share.value, other.value * 100):
            return True
    if {claim.value, source.value} == {0.5, 2.0} and claim.unit == source.unit == "x":
        return True
    return claim.hedged and rounds(claim, source)


def rounds(claim: Quantity, source: Quantity) -> bool:
    """Whether the claim's figure is the source's figure, rounded."""
    if claim.weak or (claim.unit and source.unit and claim.unit != source.unit) or _is_year(source):
        return False
    kept, given = _decimals(claim), _decimals(source)
    if kept < given:
        return _close(claim.value, round(source.value, kept)) or _close(claim.value, math.trunc(source.value))
    return claim.hedged and not kept and abs(claim.value - source.value) <= 0.05 * abs(source.value)


def _decimals(item: Quantity) -> int:
    match = re.search(r"\d\.(\d+)", item.text)
    return len(match[1]) if match else 0


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def comparable(claim: Quantity, source: Quantity) -> bool:
    """Whether one could stand in place of the other: they have the same unit, or count the same thing."""
    if claim.unit or source.unit:
        return claim.unit == source.unit
    if _is_year(claim) or _is_year(source):
        return _is_year(claim) and _is_year(source)
    reach = 1 if claim.weak or source.weak else 2
    return bool(set(claim.nouns[:reach]) & set(source.nouns[:reach]))


def _is_year(item: Quantity) -> bool:
    return 1900 <= item.value <= 2100 and item.value.is_integer() and not item.nouns and "," not in item.text


@lru_cache(maxsize=4096)
def digits_in_names(text: str) -> frozenset[float]:
    """The numbers inside the names of `text`: a claim may write `ResNet 50` for `ResNet-50`."""
    return frozenset(
        float(d)
        for name in _NAME.findall(normalize(text))
        for d in re.findall(r"\d+(?:\.\d+)?", name)[:4]
        if len(d) < 12
    )
