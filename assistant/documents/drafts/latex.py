"""Reads the paragraphs of a LaTeX draft: text in its order, without what is not printed as prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents.drafts.block import Block, formula
from assistant.documents.latex import decode

_TOKEN = re.compile(
    r"""(?P<comment>%[^\n]*(?:\n[ \t]*)?) | (?P<paragraph>\n[ \t]*(?:\n\s*)+)
    | (?P<display>\$\$.*?\$\$|\\\[.*?\\\]) | (?P<math>\\\(.*?\\\)|\$(?:\\.|[^$\\])*\$)
    | \\begin\s*\{(?P<begin>[^{}]*)\} | \\end\s*\{(?P<end>[^{}]*)\}
    | (?P<accent>\\["'`^~=.]\s*(?:\{\s*\\?[A-Za-z]\s*\}|\\[ij](?![A-Za-z])|[A-Za-z])|\\[cvuHkbdr]\s*\{\s*\\?[A-Za-z]\s*\})
    | (?P<escaped>\\[%&$\#_{}]) | (?P<space>~|\\[\s,;:!/]|\\\\(?:\[[^\]]*\])?)
    | \\(?P<macro>[A-Za-z@]+)\*? | (?P<brace>[{}]) | (?P<dash>-{2,3}) | (?P<quote>``|'')""",
    re.VERBOSE | re.S,
)
_NOT_PROSE = re.compile(
    r"(?:figure|table|tabular\w?|longtable|equation|align\w*|gather|multline|eqnarray|math|displaymath|verbatim|Verbatim|"
    r"lstlisting|minted|algorithm\w*|tikzpicture|thebibliography|comment|array|wrapfigure|filecontents)\*?"
)
_HEADINGS = {
    "part",
    "chapter",
    "section",
    "subsection",
    "subsubsection",
    "paragraph",
    "title",
    "author",
    "date",
    "thanks",
}
_SILENT = {
    "label", "ref", "eqref", "autoref", "cref", "Cref", "pageref", "url", "input", "include", "usepackage", "vspace",
    "hspace", "bibliography", "bibliographystyle", "addbibresource", "includegraphics", "newcommand", "renewcommand",
    "documentclass", "hypersetup", "setlength", "pagestyle", "caption", "nocite", "affil", "email", "keywords", "index",
}  # fmt: skip
"""Macros whose arguments are not prose."""
_CITING = re.compile(r"[A-Za-z]*[cC]ite[a-z]*")
_AS_WORD = re.compile(r"(?:[cC]itet|[tT]extcite|[cC]iteauthor|[cC]iteA|newcite|[cC]itealt)[a-z]*")
_BRACKET = re.compile(r"\\.|[{}\[\]]", re.S)
_LONGEST_GROUP = 20_000
"""Characters after which a brace counts as never closed; without a limit a file of nothing but braces takes forever."""
_ARGUMENT = re.compile(r"\s*(?=[\[{])")
_LETTERS = re.compile(
    r"(?:ss|o|O|l|L|ae|AE|oe|OE|aa|AA|i|j|dh|DH|th|TH|dj|DJ|textendash|textemdash|ldots|dots|text\w+)"
)


def blocks(text: str) -> Iterator[Block]:
    """One block for each paragraph or item, and for each footnote, which comes after its paragraph."""
    begun = re.search(r"\\begin\s*\{document\}", text)
    over = re.search(r"\\end\s*\{document\}", text)
    reader = _Reader(text, over.start() if over else len(text))
    reader.read(begun.end() if begun else 0, reader.stop)
    yield from reader.blocks


def bibliographies(text: str) -> Iterator[str]:
    r"""The files that \bibliography and \addbibresource name."""
    for names in re.findall(r"^[^%\n]*?\\(?:bibliography|addbibresource)\s*(?:\[[^\]]*\])?\{([^{}]*)\}", text, re.M):
        yield from (n if n.endswith(".bib") else f"{n}.bib" for n in map(str.strip, names.split(",")) if n)


class _Reader:
    """Walks through the text once."""

    def __init__(self, text: str, stop: int) -> None:
        self._text, self.stop = text, stop
        self.blocks: list[Block] = [Block()]
        self._notes: list[tuple[int, int]] = []

    def read(self, at: int, stop: int) -> None:
        while at < stop:
            match = _TOKEN.search(self._text, at, stop)
            if match is None:
                self._block.copy(self._text[at:stop], at)
                break
            self._block.copy(self._text[at : match.start()], at)
            at = self._token(match)
        self._end_paragraph()

    @property
    def _block(self) -> Block:
        return self.blocks[-1]

    def _end_paragraph(self) -> None:
        self.blocks.append(Block())
        notes, self._notes = self._notes, []
        for start, end in notes:
            self.read(start, end)

    def _token(self, match: re.Match[str]) -> int:
        """Adds what a token prints; returns where to go on."""
        start, end = match.span()
        kind = match.lastgroup
        if kind == "macro":
            return self._macro(match["macro"], start, end)
        if kind == "begin":
            return self._environment(match["begin"], end)
        if kind in ("end", "paragraph"):
            self._end_paragraph()
        elif kind == "math":
            self._block.put(formula(match[0].strip("$").removeprefix("\\(").removesuffix("\\)")), start, end)
        elif kind in ("accent", "dash", "quote"):
            dashes = {"--": "–", "---": "—"}
            self._block.put(dashes.get(match[0]) or decode(match[0]), start, end)
        elif kind == "escaped":
            self._block.put(match[0][1], start, end)
        elif kind == "space":
            self._block.put(" ", start, end)
        return end

    def _environment(self, name: str, at: int) -> int:
        self._end_paragraph()
        if _NOT_PROSE.fullmatch(name):
            closing = self._text.find(f"\\end{{{name}}}", at)
            return closing if closing >= 0 else self.stop
        return self._arguments(at)[1]

    def _macro(self, name: str, start: int, end: int) -> int:
        if name in ("item", "par"):
            self._end_paragraph()
            return end
        if _CITING.fullmatch(name) and name != "nocite":
            given, after = self._arguments(end)
            keys = [key.strip() for key in given[-1].split(",") if key.strip()] if given else []
            self._block.cite(keys, start, max(after, end), as_word=_AS_WORD.fullmatch(name) is not None)
            return after
        if name in _SILENT or name in _HEADINGS:
            if name in _HEADINGS:
                self._end_paragraph()
            return self._arguments(end)[1]
        if name in ("footnote", "footnotetext"):
            after = self._group(end)
            self._notes.append((end + 1, after - 1))
            return after
        if name == "href":
            return self._group(end)
        if _LETTERS.fullmatch(name):
            self._block.put(re.sub(r"\\[A-Za-z]+", "", decode(f"\\{name}{{}}")).strip("{}"), start, end)
        return end

    def _arguments(self, at: int) -> tuple[list[str], int]:
        """The arguments that begin at `at`, without their brackets, and the offset of their end."""
        found: list[str] = []
        while match := _ARGUMENT.match(self._text, at, self.stop):
            if "\n\n" in match[0]:
                break
            end = self._group(match.end())
            if end == match.end():
                break
            found.append(self._text[match.end() + 1 : end - 1])
            at = end
        return found, at

    def _group(self, at: int) -> int:
        """The end of the group in brackets that opens at `at`; `at` where none opens or it never closes."""
        closing = {"{": "}", "[": "]"}.get(self._text[at : at + 1])
        if closing is None:
            return at
        depth = 0
        for match in _BRACKET.finditer(self._text, at, min(self.stop, at + _LONGEST_GROUP)):
            depth += (match[0] == "{") - (match[0] == "}")
            if depth < 0:
                break
            if depth == 0 and match[0] == closing:
                return match.end()
        return at
