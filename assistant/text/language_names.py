"""Compares the names of languages: `en`, `eng`, `en-GB` and `English` are the same."""

from __future__ import annotations

import re

_NAMES = (
    "ar ara arabic", "bg bul bulgarian", "bn ben bengali", "ca cat catalan", "cs cze ces czech", "da dan danish",
    "de ger deu german ngerman deutsch", "el gre ell greek", "en eng english american british usenglish ukenglish",
    "es spa spanish español castilian", "et est estonian", "fa per fas persian farsi", "fi fin finnish",
    "fr fre fra french français", "he heb hebrew", "hi hin hindi", "hr hrv croatian", "hu hun hungarian",
    "id ind indonesian", "it ita italian italiano", "ja jpn japanese", "ko kor korean", "lt lit lithuanian",
    "lv lav latvian", "ms may msa malay", "nl dut nld dutch", "no nor nb nob norwegian", "pl pol polish",
    "pt por portuguese brazilian português", "ro rum ron romanian", "ru rus russian", "sk slo slk slovak",
    "sl slv slovenian slovene", "sr srp serbian", "sv swe swedish", "th tha thai", "tr tur turkish", "uk ukr ukrainian",
    "ur urd urdu", "vi vie vietnamese", "zh chi zho chinese mandarin",
)  # fmt: skip
"""ISO 639-1, ISO 639-2 and names of the languages in which most papers are written."""
_CODES = {name: names.split()[0] for names in _NAMES for name in names.split()}
_ENGLISH = {names.split()[0]: next(n for n in names.split() if len(n) > 3).capitalize() for names in _NAMES}


def language_code(name: str) -> str:
    """The code of a language by its code or name, or the folded name where it is not known."""
    first = re.split(r"[-_]", name.strip().casefold(), maxsplit=1)[0]
    return _CODES.get(first, first)


def language_name(name: str) -> str:
    """The English name of a language by its code or name, or the name itself where it is not known."""
    return _ENGLISH.get(language_code(name), name)


def is_language(recorded: str, asked: str) -> bool:
    """Whether a recorded language, or one of several, is the one asked for."""
    wanted = language_code(asked)
    return any(language_code(part) == wanted for part in re.split(r"[;,/]|\band\b", recorded))
