"""Reads the paragraphs of a Markdown draft; citations are Pandoc's: `[@key, p. 3; @other]`, `@key`."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator

from assistant.documents.drafts.block import Block, formula

_FRONT_MATTER = re.compile(r"\A---\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_KEY = r"@(?:\{([^{}\s]+)\}|([\w][\w:.#$%&+?<>~/-]*[\w/]|\w))"
_URL = r"(?:[^()\s]|\([^()\s]*\))*(?:\s[^()]*)?"
_INLINE = re.compile(
    rf"""(?P<escape>\\[^\w\s])
    | (?P<comment><!--.*?(?:-->|\Z))
    | (?P<image>!\[[^\]]*\](?:\({_URL}\)|\[[^\]]*\])?)
    | (?P<cited>\[[^\[\]]*(?<![\w])-?{_KEY}[^\[\]]*\])
    | (?P<note>\[\^[^\]]+\]:?) | (?P<number>(?<!\s)\s*+\[\d+(?:\s*[,;–-]\s*\d+)*\](?![(\[]))
    | (?P<link>\[(?P<label>[^\[\]]+)\](?:\({_URL}\)|\[[^\]]*\]))
    | (?P<word>(?<![\w.])-?{_KEY}(?:[ ]\[[^\]]*\])?)
    | (?P<display>\$\$.*?\$\$) | (?P<math>(?<![\\\w])\$(?=\S)[^$]*?(?<=\S)\$(?!\d))
    | (?P<code>(?<!`)(?P<ticks>`++)(?P<inside>.+?)(?<!`)(?P=ticks)(?!`))
    | (?P<emphasis>\*+|~~|(?<!\w)_+(?=\w)|(?<=[\w.,;:!?)])_+(?!\w))
    | (?P<tag></?[A-Za-z][^<>]*>) | (?P<entity>&\#?\w+;)""",
    re.VERBOSE | re.S,
)
_LEFT_OUT = {"comment", "image", "note", "number", "display", "emphasis", "tag"}


def blocks(text: str) -> Iterator[Block]:
    """One block for each paragraph, item or quotation; headings, code, tables and HTML are left out."""
    from markdown_it import MarkdownIt

    matter = _FRONT_MATTER.match(text)
    skipped = matter.end() if matter else 0
    body = text[skipped:]
    starts = [0, *(m.end() for m in re.finditer("\n", body))]
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    for before, token in itertools.pairwise(tokens):
        if before.type == "paragraph_open" and token.type == "inline" and token.map is not None:
            yield _block(body, token.content, starts[token.map[0] :], skipped)


def bibliographies(text: str) -> Iterator[str]:
    """The files that the front matter names under `bibliography`."""
    matter = _FRONT_MATTER.match(text)
    named = re.search(r"^bibliography:[ \t]*(.*(?:\r?\n[ \t]*-.*)*)", matter[1], re.M) if matter else None
    yield from re.findall(r"[^\s,\[\]\"']+\.bib\b", named[1]) if named else ()


def _block(body: str, content: str, starts: list[int], skipped: int) -> Block:
    """The paragraph whose lines, freed from the marks of lists and quotations, are `content`."""
    places: list[int] = []
    for line, start in zip(content.split("\n"), starts, strict=False):
        end = body.find("\n", start)
        written = body[start : end if end >= 0 else len(body)]
        at = skipped + start + max(0, written.rfind(line))
        places += range(at, at + len(line) + 1)  # and its line break
    block = Block()
    _inline(block, content, places)
    return block


def _inline(block: Block, content: str, places: list[int]) -> None:
    done = 0
    for match in _INLINE.finditer(content):
        _copy(block, content, places, done, match.start())
        done = match.end()
        _put(block, content, places, match)
    _copy(block, content, places, done, len(content))


def _put(block: Block, content: str, places: list[int], match: re.Match[str]) -> None:
    start, end = places[match.start()], places[match.end() - 1] + 1
    kind = next(k for k in _KINDS if match[k] is not None)
    if kind == "escape":
        block.put(match[0][1], start, end)
    elif kind in ("cited", "word"):
        keys = [a or b for a, b in re.findall(_KEY, match[0])]
        block.cite(keys, start, end, as_word=kind == "word")
    elif kind == "link":
        first, last = match.span("label")
        _inline(block, content[first:last], places[first:last])
    elif kind == "math":
        block.put(formula(match[0]), start, end)
    elif kind == "code":
        block.put(match["inside"], start, end)
    elif kind == "entity":
        block.put(html.unescape(match[0]), start, end)


_KINDS = ("escape", "cited", "link", "word", "math", "code", "entity", *sorted(_LEFT_OUT))


def _copy(block: Block, content: str, places: list[int], start: int, end: int) -> None:
    for i in range(start, end):
        block.copy(content[i], places[i])
