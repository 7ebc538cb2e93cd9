"""The shapes that several rules look for: names, lists of names, numbers, and the ends of noun phrases."""

from __future__ import annotations

import re

from assistant.text.names import has_name_shape

WORD = r"[A-Za-z][\w'’^+]*(?:[-/.@][\w+]+)*"
CAPITAL = r"[A-Z][\w'’^+]*(?:[-/.@][\w+]+)*"
NAME = rf"(?:{CAPITAL}|[a-z]+[A-Z][\w^+]*(?:[-/.][\w+]+)*|[a-z]\d?-?[A-Z]\w*(?:[-/.][\w+]+)*|\d[A-Z]\w+)"
"""A word that begins with a capital or has one inside, as `VectorFit`, `i2RMB`, `Market-1501`."""
COUNT = r"(?:\d+(?:,\d{3})*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty)"
NUMBER = r"\d[\d,]*(?:\.\d+)?"
_ADJECTIVAL = re.compile(
    r"(?i)-(?:based|like|style|styled|inspired|aware|free|specific|guided|driven|level|wise|only|type|oriented|trained)$"
)


def is_name(word: str) -> bool:
    """Whether it is a name wherever it stands: by capitals inside, or by a digit. `BERT-based` is none."""
    return has_name_shape(word) and not _ADJECTIVAL.search(word)


def first_mention(name: str, text: str, at: int) -> bool:
    """Whether the text has not used the name before this place."""
    return not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text[:at])
