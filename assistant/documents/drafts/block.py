"""A paragraph of a draft as plain text, every character of which knows the characters of the file that it stands for."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = {
    "times": "×", "cdot": "·", "pm": "±", "sim": "~", "approx": "≈", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "to": "→", "rightarrow": "→", "ldots": "…", "dots": "…", "infty": "∞", "neq": "≠", "circ": "°",
}  # fmt: skip
_AUTHORS = "the authors"
"""What stands in the plain text for a citation that is a word of its sentence, as of \\citet."""
_OPENS = re.compile(r"(?:^|[.!?]\s+)$")


class Block:
    """Built from left to right; offsets are those of the file."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._places: list[tuple[int, int]] = []
        self.cites: list[tuple[int, str]] = []
        """Offset in the plain text, and the key."""

    @property
    def text(self) -> str:
        """The plain text so far."""
        return "".join(self._text)

    def copy(self, text: str, at: int) -> None:
        """Adds text of the file, which begins there at `at`."""
        for i, c in enumerate(text):
            self._text.append(" " if c.isspace() else c)
            self._places.append((at + i, at + i + 1))

    def put(self, text: str, start: int, end: int) -> None:
        """Adds text that stands for the characters from `start` to `end` of the file."""
        self._text += text
        self._places += [(start, end)] * len(text)

    def cite(self, keys: list[str], start: int, end: int, *, as_word: bool) -> None:
        """Adds a citation; one that is a word of its sentence leaves words in its place."""
        self.cites += [(len(self._text), key) for key in keys]
        if as_word:
            words = _AUTHORS.capitalize() if _OPENS.search("".join(self._text[-9:])) else _AUTHORS
            self.put(words, start, end)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the file behind a stretch of the plain text, which is not empty."""
        return self._places[start][0], self._places[end - 1][1]


def formula(source: str) -> str:
    r"""A short formula in plain characters: `3\times` becomes `3×`, `\alpha` becomes `α`; the rest loses its markup."""
    text = re.sub(r"\\(?:text|mathrm|mathbf|mathit|operatorname)\s*\{([^{}]*)\}", r"\1", source)
    text = re.sub(r"\\([%$#&_{}])", lambda m: m[1] if m[1] not in "{}" else "", text)
    text = re.sub(r"\\([A-Za-z]+)\s*", lambda m: _sign(m[1]), text)
    text = re.sub(r"\\[,;:! ]", " ", text)
    return " ".join(text.translate({ord(c): None for c in "{}$"}).split())


def _sign(name: str) -> str:
    if name in _SIGNS:
        return _SIGNS[name]
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.upper()}")
    except KeyError:
        return ""
