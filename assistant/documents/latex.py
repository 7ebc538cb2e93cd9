r"""Turns the LaTeX of bibliographies into plain text: accents, special letters, protecting braces; formulas stay.

Of 535 abstracts that `citations.bibtex` wrote, this module gives back all. pylatexenc 2 gives back 470, is 21 times as slow
(`python -m eval.bibtex_readers FOLDER`), and drops `\textbraceleft{}`.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.documents.latex_symbols import LETTERS, MATHEMATICS, TEXT

_MARKS = {
    '"': "\u0308",
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "c": "\u0327",
    "v": "\u030c",
    "u": "\u0306",
    "H": "\u030b",
    "k": "\u0328",
    "b": "\u0331",
    "d": "\u0323",
    "r": "\u030a",
}
_ACCENT = re.compile(
    r"""\\(?:(["'`^~=.])\s*|([cvuHkbdr])(?:\s+|(?=\{)))(?:\{\s*\\?([A-Za-z])\s*\}|\\([ij])(?![A-Za-z])|([A-Za-z]))"""
)
_RAISED = re.compile(r"\\raisebox\s*\{[^{}]*\}\s*")
"""What only moves a sign: ADS writes "about" as `\\raisebox{-0.5ex}\\textasciitilde`."""
_LINK = re.compile(r"\\href\s*\{[^{}]*\}\s*(\{[^{}]*\})")
_SECOND_ACCENT = re.compile(
    r"""\\(?:(["'`^~=.])|([cvuHkbdr])(?=\{))(?:\{\s*\{?([^\W\d_a-zA-Z])\}?\s*\}|()([^\W\d_a-zA-Z]))"""
)
_SYMBOLS = {**MATHEMATICS, **TEXT, **LETTERS}
_LETTER = re.compile(
    r"\\(" + "|".join(sorted({**TEXT, **LETTERS}, key=len, reverse=True)) + r")(?![A-Za-z])(?:\{\}|[ \t]+)?"
)
_SIGN = re.compile(r"\\([A-Za-z]{2,20})(?![A-Za-z])(?:\{\})?")
_GROUP = re.compile(r"(\\[A-Za-z]+\*?\s*)?\{([^{}]*)\}")
_STYLES = re.compile(r"\\(?:text(?:it|bf|sc|tt|rm|sf|sl|up)|emph|mbox|uppercase|url)\s*$")
_OLD_STYLES = re.compile(r"\\(?:it|bf|em|sc|tt|rm|sf)\s+")
_MATH = re.compile(r"((?<!\\)\$\$?[^$]+(?<!\\)\$\$?)")
_OPEN, _CLOSE, _FORMULA, _BACKSLASH, _TILDE, _DOLLAR = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
"""Characters of the private use area, in place of signs that would otherwise be read as LaTeX again."""
_MARKERS = {_OPEN: "{", _CLOSE: "}", _BACKSLASH: "\\", _TILDE: "~", _DOLLAR: "$"}
_NO_MARKERS = str.maketrans("", "", "".join(_MARKERS) + _FORMULA)
_TO_PLAIN = str.maketrans(_MARKERS)
_PLAIN = {
    "textbackslash": _BACKSLASH,
    "textasciitilde": _TILDE,
    "textasciicircum": "^",
    "textbraceleft": _OPEN,
    "textbraceright": _CLOSE,
    "textdollar": _DOLLAR,
}
_PLAIN_COMMAND = re.compile(r"\\(" + "|".join(_PLAIN) + r")(?![A-Za-z])(?:\{\}|[ \t]+)?")
_NESTING = 20
"""Levels of braces that are removed; without a limit a file of nothing but braces would take forever."""


def decode(text: str) -> str:
    """The text with accents, escapes and protecting braces resolved; `$...$` and unknown commands stay."""
    parts = _MATH.split(text.translate(_NO_MARKERS))
    if len(parts) == 1:
        return _plain(parts[0])
    # A brace may open before a formula and close after it, so formulas are replaced by a placeholder while decoding.
    formulas = parts[1::2]
    marked = "".join(part if i % 2 == 0 else _FORMULA for i, part in enumerate(parts))
    pieces = _plain(marked).split(_FORMULA)
    return pieces[0] + "".join(f + p for f, p in zip(formulas, pieces[1:], strict=False))


def accented(text: str) -> str:
    r"""The text with its accents resolved: `\'e`, `{\"u}`, `\v{c}`, and two on one letter, as in `\~{\^e}`."""
    once = _ACCENT.sub(_accented, text)
    return _SECOND_ACCENT.sub(_accented, once) if once != text and _SECOND_ACCENT.search(once) else once


def symbol(name: str) -> str | None:
    """The sign that a command without an argument stands for, or None."""
    return _SYMBOLS.get(name)


def _plain(text: str) -> str:
    text = text.replace(r"\{", _OPEN).replace(r"\}", _CLOSE)
    if "\\raisebox" in text:
        text = _RAISED.sub("", text)
    if "\\href" in text:
        text = _LINK.sub(r"\1", text)
    text = _PLAIN_COMMAND.sub(lambda match: _PLAIN[match[1]], text)
    text = accented(text)
    text = _LETTER.sub(lambda match: _SYMBOLS[match[1]], text)
    text = _SIGN.sub(lambda match: MATHEMATICS.get(match[1], match[0]), text)
    text = _OLD_STYLES.sub("", text)
    text = re.sub(r"\\([&%$#_])", r"\1", text)
    text = re.sub(r"(?<!\\)(?:~|\\\s)", " ", text).replace("``", "“").replace("''", "”")
    for _ in range(_NESTING):
        before, text = text, _GROUP.sub(_opened, text)
        if before == text:
            break
    # A brace without its partner protects nothing.
    return text.replace("{", "").replace("}", "").translate(_TO_PLAIN)


def _accented(match: re.Match[str]) -> str:
    mark, letter = _MARKS[match[1] or match[2]], match[3] or match[4] or match[5]
    return unicodedata.normalize("NFC", letter + mark)


def _opened(match: re.Match[str]) -> str:
    command, inside = match[1] or "", match[2]
    if not command or _STYLES.match(command):
        return inside
    return f"{command}{_OPEN}{inside}{_CLOSE}"
