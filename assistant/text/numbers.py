"""Finds the quantities in running text and compares them.

Numbers inside names (ResNet-50, GPT-3, CIFAR-10, 3D) belong to the name and are not quantities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite
from typing import Literal

from assistant.text.number_words import COUNTS, FACTORS, FRACTIONS, SCALES, UNIT_LETTERS, UNIT_OF, WORDS
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
_ARTICLE = r"(?:\s(?:an?|one|the))?\s*$"
_ABOUT = re.compile(r"(?:about|around|roughly|approximately|some|than|≈|circa|most)" + _ARTICLE, re.I)
_ABOVE = re.compile(
    r"(?:\bover|(?<!no )(?:more|greater|larger|higher) than|no (?:less|fewer) than|at least|exceed(?:s|ed|ing)?|above|"
    r"beyond|surpass(?:es|ed|ing)|upwards of|[>≥])" + _ARTICLE,
    re.I,
)
_BELOW = re.compile(
    r"(?:\bunder|(?<!no )(?:less|fewer|smaller|lower) than|no more than|at most|below|nearly|almost|close to|[<≤])"
    + _ARTICLE,
    re.I,
)
_FRACTION = re.compile(
    rf"(?:(?:\bone|(?<=\bby )an?|\ban?(?=[\s-]\w+ of\b))[\s-](?P<part>{'|'.join(FRACTIONS)})"
    rf"|\b(?P<count>{'|'.join(COUNTS)})[\s-](?P<parts>{'|'.join(w for w in FRACTIONS if w.endswith('s'))})"
    r"|(?P<above>[1-9])/(?P<below>[2-9]|10)(?= of\b))\b",
    re.I,
)
_ONES, _BELOW_TWENTY = (
    "|".join(w for w, value in COUNTS.items() if 0 < value < most and w not in ("single", "both")) for most in (10, 20)
)
_TENS = re.compile(rf"[\s-]({_ONES})\b", re.I)
_BELOW_HUNDRED = re.compile(
    rf"\s+(?:and\s+)?(?:({'|'.join(w for w, value in WORDS.items() if 20 <= value < 100)})(?:[\s-]({_ONES}))?"
    rf"|({_BELOW_TWENTY}))\b(?!-|\s+(?:hundred|thousand|million|billion|trillion|dozen)\b)",
    re.I,
)
"""What follows "two hundred": "and seventy", "and fifty-six", "eight"; not "two-layer", nor "and two hundred"."""
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
    hedge: Literal["", "about", "above", "below"] = ""
    """What the words before it make of it: "roughly", "more than", "nearly"."""
    start: int = 0
    end: int = 0
    letter: float | None = None
    """The value in `UNIT_LETTERS`, where the letter behind it may be that unit instead of a scale."""

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
    hedge = _hedge(text[max(0, match.start() - 24) : match.start()])
    fraction = _FRACTION.match(text, match.start())
    if fraction:
        end = fraction.end()
        return Quantity(_share(fraction), "x", (), fraction[0], False, hedge, match.start(), end)
    end, weak, unit, letter = match.end(), False, "", None
    if match["word"]:
        lower = match["word"].lower()
        if lower in FACTORS:
            return Quantity(FACTORS[lower], "x", (), match[0], False, hedge, match.start(), end)
        if lower not in WORDS:
            return None
        value, weak = WORDS[lower], lower in COUNTS
        ones = _TENS.match(text, end) if 20 <= value < 100 else None
        if ones:
            value, end, weak = value + COUNTS[ones[1].lower()], ones.end(), False
    else:
        value = float(f"{match['num'].replace(',', '')}e{match['exp'] or 0}")
        value *= -1 if match["sign"] and _negative(text, match) else 1
        if match["pow"]:
            value = _power(value, int(match["pow"][:4]))  # a longer exponent is as little of use as these
        if match["glued"]:
            glued = match["glued"].lower()
            if glued in UNIT_OF:
                unit = UNIT_OF[glued]
            elif glued in SCALES and match["glued"] != "m":
                letter = value if match["glued"] in UNIT_LETTERS else None
                value *= SCALES[glued]
            else:
                return None
    tail = re.match(r"[\s-]*(hundred|thousand|million|billion|trillion|dozen)\b", text[end:], re.I)
    if tail:
        value, end, weak = value * SCALES[tail[1].lower()], end + tail.end(), False
        below = _BELOW_HUNDRED.match(text, end) if match["word"] and tail[1].lower() == "hundred" else None
        if below:
            value, end = value + sum(WORDS[word.lower()] for word in below.groups() if word), below.end()
    if not isfinite(value):
        return None  # no abstract measures anything beyond 1e308
    if not unit:
        unit, size = _unit(text[end:])
        end, weak = end + size, weak and not unit
    return Quantity(value, unit, _nouns(text[end:]), text[match.start() : end], weak, hedge, match.start(), end, letter)


def _hedge(before: str) -> Literal["", "about", "above", "below"]:
    if _BELOW.search(before):
        return "below"
    return "above" if _ABOVE.search(before) else "about" if _ABOUT.search(before) else ""


def _share(match: re.Match[str]) -> float:
    if match["above"]:
        return float(match["above"]) / float(match["below"])
    return (COUNTS[match["count"].lower()] if match["count"] else 1) / FRACTIONS[
        (match["part"] or match["parts"]).lower()
    ]


def _unit(after: str) -> tuple[str, int]:
    """The unit at the start of the text and the number of its characters; '' and 0 where there is none."""
    sign = re.match(r"\+?\s?(%|×)|[\s-]{1,2}(per cent\b|[A-Za-z×]+)", after)
    if not sign:
        return "", 0
    word = sign[1] or sign[2]
    unit = UNIT_LETTERS.get(word) or UNIT_OF.get("percent" if word.lower() == "per cent" else word.lower(), "")
    return unit, sign.end() if unit else 0


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


@lru_cache(maxsize=4096)
def digits_in_names(text: str) -> frozenset[float]:
    """The numbers inside the names of `text`: a claim may write `ResNet 50` for `ResNet-50`."""
    return frozenset(
        float(d)
        for name in _NAME.findall(normalize(text))
        for d in re.findall(r"\d+(?:\.\d+)?", name)[:4]
        if len(d) < 12
    )
