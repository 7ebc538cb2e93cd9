r"""Resolves LaTeX in running text: `\emph{x}`, `\textsuperscript{2}`, `\%`, `~`, `--`, accents; formulas stay.

Braces and backslashes that belong to no known command stay, because text of other formats may hold them.
"""

from __future__ import annotations

import re

from assistant.documents.latex import accented, symbol
from assistant.documents.latex_symbols import LETTERS, TEXT
from assistant.documents.markup.scripts import subscript, superscript

FORMULA = re.compile(
    # Each form begins with a sign, so that the search can pass over all other text at once.
    r"\$(?<!\\\$)\$[^$]{1,5000}\$\$|\$(?<![\\$]\$)(?![\s$])(?:\\.|[^$\\]){1,5000}?(?<![\s\\])\$(?![\d$])"
    r"|\$(?<![\\$]\$)\\[A-Za-z]{2,20}\$"
    r"|\\\((?:(?!\\\().){1,5000}?\\\)|\\\[(?:(?!\\\[).){1,5000}?\\\]"
    r"|\\begin\{(equation|align|eqnarray|displaymath|math)\*?\}(?:(?!\\begin).){1,5000}?\\end\{\1\*?\}",
    re.S,
)
_STYLES = set(
    "textit textbf textsc texttt textrm textsf textsl textup textmd textnormal textlf emph text mbox hbox fbox underline "
    "uline uwave sout url path uppercase lowercase MakeUppercase MakeLowercase NoCaseChange enquote num ce ch gls Gls "
    "acrshort ac acs acl acf textls href textcolor color footnotesize emphasize title section subsection paragraph "
    "textsubscript textsuperscript mathrm mathit mathbf mathsf textquote abstract nolinkurl foreignlanguage".split()
)
_TWO = {"href", "textcolor", "foreignlanguage"}
"""Commands whose second argument is the text."""
_DROPPED = set(
    "cite citep citet citealp citealt citeauthor citeyear citeyearpar parencite textcite autocite footcite nocite label "
    "ref eqref autoref cref Cref pageref footnote footnotemark footnotetext thanks vspace hspace index bibitem cellcolor "
    "rowcolor color".split()
)
_SWITCHES = (
    r"(?:it|bf|em|sc|tt|rm|sf|sl|itshape|bfseries|scshape|ttfamily|normalfont|small|footnotesize|large|selectfont)"
)
_BARE = re.compile(
    r"\\(?:noindent|par|newline|linebreak|smallskip|medskip|bigskip|xspace|maketitle|centering|protect|relax|item)"
    r"(?![A-Za-z])\s*(?:\{\})?|\\(?:begin|end)\{abstract\}"
)
_GROUP = re.compile(r"\\([A-Za-z]+)\*?\s?((?:\[[^\[\]{}]{0,200}\]){0,2})\{([^{}]*)\}(\s?\{([^{}]*)\})?")
_SWITCHED = re.compile(rf"\{{\s*\\{_SWITCHES}(?![A-Za-z])\s*([^{{}}]*)\}}")
_SWITCH = re.compile(rf"\\{_SWITCHES}(?![A-Za-z]) ?")
_BRACED = re.compile(
    r"""(\\[A-Za-z]+\s?)?\{\s?(\\(?:[A-Za-z]+(?:\{\})?|["'`^~=.]\s?(?:\{\s?\\?[A-Za-z]\s?\}|\\?[A-Za-z])"""
    r"""|[cvuHkbdr]\s?\{\s?\\?[A-Za-z]\s?\}|[cvuHkbdr] [A-Za-z]|[%&$#_]))\s?\}"""
)
"""One sign in braces of its own, with the command whose argument it is."""
_ENSURED = re.compile(r"\\ensuremath\s?\{((?:[^{}]|\{[^{}]*\}){0,2000})\}")
_SYMBOL = re.compile(r"\\([A-Za-z]{2,20}|[SPLlOoij])(?![A-Za-z])(\{\})?([ \t]*)")
_SPACES = re.compile(
    r"\\(?:[,;:> ](?<=[\w.,;:)%°]..)\s?|[,;:>](?=\S)|\\(?:\[[^\]]{0,20}\])?(?=\s)|(?:quad|qquad)(?![A-Za-z])\s?)"
)
_ANGLES = re.compile(r"\\text(less|greater)(?=[A-Za-z/])")
"""Angle brackets of a tag that lost their braces, as in `\\textlessp\\textgreaterKrill`."""
_NOTHING = re.compile(r"\\(?:[!/@]|-(?<=[a-z]\\-)(?=[a-z]))")
_ESCAPED = re.compile(r"\\([%&$#_])")
_APOSTROPHE = re.compile(r"\\'(?<=[A-Za-z]\\')(?=(?:s|t|d|m|re|ve|ll)\b)")
_ESCAPED_QUOTE = re.compile(r"""\\"(?![A-Za-z{\\])""")
_TIE = re.compile(r"~(?:(?<=[^\W_]~)(?:(?=[^\W_])|(?=[($\\%°µ±<>{\[]))|(?<=[.,)\]}]~)(?=[\w($\\]))")
_QUOTED = re.compile(r"``([^`]{1,500}?)''")
_RANGE = re.compile(r"--(?<=[\d%]--)(?=\d)")
"""Elsewhere two hyphens may be typed as such, as in `--verbose`."""
_NESTING = 20
"""Levels of braces that are resolved; without a limit a file of nothing but braces would take forever."""
_MARK = "\ue002"


def holds_commands(text: str) -> bool:
    """Whether there may be a command outside the formulas."""
    rest = FORMULA.sub(" ", text) if "$" in text else text
    return "\\" in rest or "~" in rest


def plain_commands(text: str) -> str:
    """The text without LaTeX's commands; `$...$` and unknown commands stay."""
    if not ("\\" in text or "~" in text or "--" in text or "``" in text):
        return text
    text = text.replace(_MARK, "")
    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        formulas.append(match[0])
        return _MARK

    has_formula = "$" in text or "\\(" in text or "\\[" in text or "\\begin" in text
    pieces = _resolved(FORMULA.sub(keep, text) if has_formula else text).split(_MARK)
    if len(pieces) != len(formulas) + 1:
        # A dropped command held a formula: where it stood is not known, so the text stays as it is.
        return text
    return pieces[0] + "".join(formula + piece for formula, piece in zip(formulas, pieces[1:], strict=True))


def _resolved(text: str) -> str:
    if "\\" in text:
        text = _without_groups(text) if "{" in text else _signs(_unquoted(text))
        text = _SWITCH.sub("", text)
    text = _TIE.sub(_untied, text)
    text = _QUOTED.sub("“\\1”", text)
    return _RANGE.sub("–", text)


def _without_groups(text: str) -> str:
    """Resolves signs and commands, with those that have arguments in braces."""
    text = _ENSURED.sub(_ensured, text)
    text = _signs(_BRACED.sub(_unbraced, _unquoted(text)))
    for _ in range(_NESTING):
        before = text
        text = _SWITCHED.sub(r"\1", _groups(text))
        if text == before:
            break
    return text


def _unquoted(text: str) -> str:
    r"""The text with quotes that a program escaped, as in `don\'t` and `the \"best\"`, which are no accents."""
    text = _APOSTROPHE.sub("'", text)
    return text.replace(r"\"", '"') if _ESCAPED_QUOTE.search(text) else text


def _signs(text: str) -> str:
    """Resolves accents, signs, spaces and escapes."""
    text = _ANGLES.sub(lambda match: "<" if match[1] == "less" else ">", text)
    text = _SPACES.sub(" ", _BARE.sub(" ", accented(text)))
    return _ESCAPED.sub(r"\1", _SYMBOL.sub(_symbol, _NOTHING.sub("", text)))


def _ensured(match: re.Match[str]) -> str:
    """A formula in text: plain where it is simple, such as `10^{-3}`, else between dollars."""
    inner = _signs(re.sub(r"([\^_])\{([+−-]?\w*)\}", r"\1\2", match[1]))
    return f"${match[1]}$" if "\\" in inner or "{" in inner else inner


def _unbraced(match: re.Match[str]) -> str:
    command, sign = match[1], _signs(match[2])
    return match[0] if sign == match[2] else f"{command}{{{sign}}}" if command else sign


def _symbol(match: re.Match[str]) -> str:
    sign = symbol(match[1])
    if sign is None:
        return match[0]
    # TeX drops the space after a command; people who write `\\alpha decay` outside a formula mean to keep it.
    swallows = not match[2] and (match[1] in TEXT or match[1] in LETTERS)
    return sign + ("" if swallows else match[3])


def _groups(text: str) -> str:
    """Resolves the innermost commands with arguments, from left to right."""
    parts: list[str] = []
    at = 0
    for match in _GROUP.finditer(text):
        if match.start() < at:
            continue
        parts.append(text[at : match.start()])
        name, second = match[1], match[5]
        at = match.end()
        if name in _TWO and second is not None:
            parts.append(second)
            continue
        if name not in _TWO and second is not None:
            at = match.start(4)
        before = next((part for part in reversed(parts[-4:]) if part), "")
        if name in _DROPPED and parts:
            parts[-1] = parts[-1].rstrip("~ ")
        parts.append(_group(name, match[3], before, text[match.start() : at]))
    return "".join(parts) + text[at:]


def _group(name: str, inner: str, before: str, whole: str) -> str:
    if name == "textsuperscript":
        return superscript(before, inner)
    if name == "textsubscript":
        return subscript(before, inner)
    if name in _DROPPED:
        return ""
    return inner if name in _STYLES else whole


def _untied(match: re.Match[str]) -> str:
    """A tie is a space; between two figures, and after a variable, it means "about" or "distributed as"."""
    text, at = match.string, match.start()
    left, right = text[at - 1], text[at + 1]
    if left.isdigit() and right.isdigit():
        return "~"
    alone = at < 2 or not text[at - 2].isalnum()
    if left.isalpha() and alone and re.match(r"[A-Z][a-z]*\(|[A-Za-z]\b", text[at + 1 : at + 12]):
        return "~"
    return " "
