"""Parses Markdown into a flat list of blocks: headings, paragraphs, items of lists and rows of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal

from assistant.documents.markdown.front_matter import unlinked

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

Kind = Literal["heading", "paragraph", "item", "row", "rule"]

_MATH = re.compile(r"\$\$.+?\$\$|\$(?=\S)[^$]+?(?<=\S)\$(?!\d)", re.S)
_CALLOUT = re.compile(r"\s*\[!([\w-]+)\][+-]?[ \t]*([^\n]*)\n?")
_DROPPED_TAG = re.compile(
    r"</?(?:details|summary|div|p|span|a|img|b|strong|em|u|center|font|ul|li|h\d|hr)\b[^>]*>", re.I
)
_BREAK_TAG = re.compile(r"<br\s*/?>|</?(?:details|summary|div|p|li|h\d)\b[^>]*>", re.I)
_OTHER_MARKS = re.compile(r"==(?=\S)(.+?)==|\[\^[^\]]+\]|(?<=\s)\^[\w-]{4,}\s*$")
"""Obsidian's highlights, and the marks of footnotes and of blocks."""


@dataclass(frozen=True)
class Span:
    """Text of one style; a line break is a span of its own, `\\n`."""

    text: str
    href: str | None = None
    strong: bool = False
    emphasis: bool = False


@dataclass
class Block:
    """A block with its text and where it stands."""

    kind: Kind
    line: int
    spans: list[Span] = field(default_factory=list)
    level: int = 0
    """The rank of a heading; else the number of lists around the block."""
    quoted: bool = False
    callout: str = ""
    """The type of the Obsidian callout around it, in lower case, such as `abstract`, and its title."""
    cells: list[list[Span]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The plain text, with its line breaks."""
        return plain(self.spans)


def plain(spans: Sequence[Span]) -> str:
    """The text of the spans without Markdown's marks."""
    text = unlinked("".join(span.text for span in spans))
    return _OTHER_MARKS.sub(r"\1", text).strip()


def blocks(text: str) -> list[Block]:
    """The blocks of a text, in order; code and comments are left out."""
    return list(_walk(_parser().parse(text)))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable("code")
    parser.inline.ruler.before("escape", "math", _formula)
    return parser


def _formula(state: StateInline, silent: bool) -> bool:
    """Keeps a formula as it is written, so that its `_` and `*` are no emphasis."""
    match = _MATH.match(state.src, state.pos) if state.src[state.pos] == "$" else None
    if match and not silent:
        state.push("text", "", 0).content = match[0]
    state.pos = match.end() if match else state.pos
    return match is not None


@dataclass
class _Place:
    """Where in the document the parser is."""

    lists: int = 0
    quotes: int = 0
    heading: int = 0
    in_cell: bool = False
    begins_item: bool = False
    callout: str = ""
    cells: list[list[Span]] = field(default_factory=list)

    def move(self, token: Token) -> None:
        """Follows a token that opens or closes something."""
        match token.type:
            case "bullet_list_open" | "ordered_list_open" | "bullet_list_close" | "ordered_list_close":
                self.lists += token.nesting
            case "list_item_open":
                self.begins_item = True
            case "blockquote_open" | "blockquote_close":
                self.quotes += token.nesting
                self.callout = ""
            case "heading_open" | "heading_close":
                self.heading = int(token.tag[1]) if token.nesting > 0 else 0
            case "tr_open":
                self.cells = []
            case "th_open" | "td_open" | "th_close" | "td_close":
                self.in_cell = token.nesting > 0


def _walk(tokens: list[Token]) -> Iterator[Block]:
    place, line = _Place(), 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        place.move(token)
        if token.type == "tr_close":
            yield Block("row", line, cells=place.cells)
        elif token.type == "hr":
            yield Block("rule", line)
        elif token.type in ("inline", "html_block"):
            spans = _spans(token) if token.type == "inline" else _of_html(token.content)
            if place.in_cell:
                place.cells.append(spans)
            elif block := _block(spans, line, place):
                yield block


def _block(spans: list[Span], line: int, place: _Place) -> Block | None:
    if place.quotes and (match := _CALLOUT.match("".join(span.text for span in spans))):
        place.callout = f"{match[1]} {match[2]}".lower().strip()
        spans = spans[next((i for i, span in enumerate(spans) if span.text == "\n"), len(spans)) :]
    if not plain(spans):
        return None
    kind: Kind = "heading" if place.heading else "item" if place.lists and place.begins_item else "paragraph"
    place.begins_item = False
    return Block(kind, line, spans, place.heading or place.lists, place.quotes > 0, place.callout)


def _of_html(html: str) -> list[Span]:
    """The text of a block of HTML, such as `<details>`."""
    lines = _DROPPED_TAG.sub("", _BREAK_TAG.sub("\n", re.sub(r"<!--.*?(?:-->|\Z)", "", html, flags=re.S))).split("\n")
    return [span for line in lines if line.strip() for span in (Span(line.strip()), Span("\n"))]


def _spans(token: Token) -> list[Span]:
    found: list[Span] = []
    strong, emphasis, href = 0, 0, None
    for child in token.children or ():
        match child.type:
            case "strong_open" | "strong_close":
                strong += child.nesting
            case "em_open" | "em_close":
                emphasis += child.nesting
            case "link_open":
                href = str(child.attrs.get("href", ""))
            case "link_close":
                href = None
            case "softbreak" | "hardbreak":
                found.append(Span("\n"))
            case "html_inline" if _BREAK_TAG.fullmatch(child.content):
                found.append(Span("\n"))
            case "html_inline" if _DROPPED_TAG.fullmatch(child.content) or child.content.startswith("<!--"):
                pass
            case "text" | "code_inline" | "html_inline" if child.content:
                found.append(Span(child.content, href, strong > 0, emphasis > 0))
            case _:
                pass
    return found
