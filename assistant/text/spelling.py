"""Writes a text in one spelling, in which a question and the papers are compared: Greek letters, units, accents, powers.

The text that is shown and cited stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_POWER = re.compile(r"(?<=\d)[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SIGNS = str.maketrans({"‐": "-", "‑": "-", "−": "-", "º": "°", "˚": "°", "µ": "μ", "\N{ANGSTROM SIGN}": "Å"})
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe"}
)
"""Letters with strokes and ligatures, which Unicode does not take apart."""
_ACCENT = re.compile(r"(?<=[A-Za-z])[\u0300-\u036f]+")
_MICRO = {
    "g": "micrograms",
    "l": "microliters",
    "L": "microliters",
    "m": "micrometers",
    "M": "micromolar",
    "s": "microseconds",
    "mol": "micromoles",
    "V": "microvolts",
    "A": "microamperes",
    "W": "microwatts",
}
_MICRO_UNIT = re.compile(rf"μ({'|'.join(_MICRO)})(?![A-Za-z])")
_TYPED_MICRO_UNIT = re.compile(rf"u(?:(?<=\du)|(?<=\d u)|(?<=\bu)(?=[glL]/))({'|'.join(_MICRO)})(?![A-Za-z])")
_ANGSTROM = re.compile(r"(?<=[\d\s(/-])Å(?![^\W\d_])")
_DEGREES = re.compile(r"\s?°\s?([CFK])\b|\s?\bdeg(?:rees?)?\.?\s(C|F|Celsius|Fahrenheit|centigrade)\b", re.IGNORECASE)
_PLUS_MINUS = re.compile(r"\s?\+/?-\s?(?=\d)")
_EXPONENT = re.compile(r"(?:(?<=\d)\s?[x×*·]\s?)?\b10\^[{(]?([-+]?\d+)[})]?")
_SYMBOL = re.compile(r"(?<![\u0370-\u03ff])[Α-ω]{1,2}(?![\u0370-\u03ff])")
"""One or two Greek letters; more are a word of the language."""
_COMPOUND = re.compile(r"(?<![\w-])[A-Za-z0-9]+(?:-[A-Za-z0-9]+){1,3}(?![\w-])")
GREEK = "alpha|beta|gamma|delta|epsilon|kappa|lambda|omega"
_GREEK = re.compile(GREEK)
_WITH_GREEK = re.compile(rf"(?<![\w-])\w*(?:{GREEK})\w*")
_WORD = re.compile(r"[a-z]{5,}")
_AMERICAN = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"(?<=\w\w)our(?=$|s|e[dr]|ing|ful|less|abl|ab|al|ist|it)", "or"),
        (r"(?<=\w\w\w)is(?=(?:e[dsr]?|ers|ing|ations?|able)$)", "iz"),
        (r"(?<=\w\w)ys(?=(?:e[dsr]?|ers|ing)$)", "yz"),
        (r"(?<=\w\w)ll(?=(?:ed|ing|ers?)$)", "l"),
        (r"(?<=[bt])re(?=s?$)", "er"),
        (r"(?<=\w\w)ogue(?=s?$)", "og"),
        (r"(?<=\w)geing$", "ging"),
        (r"[ao]e(?=\w\w)", "e"),
        (r"(?<=gram)me(?=s?$)", ""),
        (r"sulph", "sulf"),
    )
)


@lru_cache(maxsize=8192)
def canonical(text: str) -> str:
    """The text in its one spelling: `TGF-β1` as `TGF-beta1`, `5 µg` as `5 micrograms`, `10⁻³` as `10^-3`, `Löwdin` as
    `Lowdin`; no word or sentence is added or left out."""
    if not text.isascii():
        text = _POWER.sub(lambda m: "^" + m[0].translate(_SUPERSCRIPTS), text)
        text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
        text = _ANGSTROM.sub("angstroms", text)
        text = _MICRO_UNIT.sub(_micro, text)
        text = _SYMBOL.sub(lambda m: "".join(map(_name, m[0])), text)
        text = _without_accents(text)
    if "u" in text:
        text = _TYPED_MICRO_UNIT.sub(_micro, text)
    if "°" in text or " deg" in text:
        text = _DEGREES.sub(lambda m: f" degrees {(m[1] or m[2])[0].upper()}", text)
    if "+/-" in text or "+-" in text or "±" in text:
        text = _PLUS_MINUS.sub(" ± ", text)
    return _EXPONENT.sub(_power, text) if "10^" in text else text


@lru_cache(maxsize=2048)
def respellings(text: str) -> tuple[str, ...]:
    """Further spellings of the words in a canonical text, in lower case: `finetuning` for `fine-tuning`, `tgfb1` for
    `TGF-beta1`, `color` for `colour`."""
    found = []
    lower = text.lower()
    compounds = _COMPOUND.findall(lower)
    if _GREEK.search(lower):
        compounds += _WITH_GREEK.findall(lower)
    for compound in dict.fromkeys(compounds):
        joined = compound.replace("-", "")
        short = _GREEK.sub(lambda m: m[0][0], joined)
        found += [spelling for spelling in dict.fromkeys((joined, short)) if spelling != compound]
    words = dict.fromkeys(_WORD.findall(lower))
    return (*found, *(other for word in words if (other := american(word)) != word))


@lru_cache(maxsize=65536)
def american(word: str) -> str:
    """What a word in lower case has in common with its other spelling: `color` for both `colour` and `color`.

    Words that have one spelling may change as well, as `flour` to `flor`: only such forms are compared with each other.
    """
    for british, by in _AMERICAN:
        word = british.sub(by, word)
    return word


def _micro(match: re.Match[str]) -> str:
    """The unit in words, apart from the figure before it."""
    return " " * match.string[: match.start()][-1:].isdigit() + _MICRO[match[1]]


def _power(match: re.Match[str]) -> str:
    power = f"10^{match[1].removeprefix('+')}"
    return f" × {power}" if match[0][:2] != "10" else power


def _name(letter: str) -> str:
    """`beta` for β and for ϐ, `Delta` for Δ."""
    words = unicodedata.name(letter, "").split()
    name = next((w for w in words[3:] if w not in ("FINAL", "LUNATE")), letter)
    name = {"LAMDA": "LAMBDA"}.get(name, name)
    return name.lower() if "SMALL" in words or letter == name else name.capitalize()


def _without_accents(text: str) -> str:
    """The Latin letters of the text without accents; those of other scripts are letters of their own with them."""
    bare = _ACCENT.sub("", unicodedata.normalize("NFD", text.translate(_LETTERS)))
    return unicodedata.normalize("NFC", bare)
