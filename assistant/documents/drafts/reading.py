"""Splits the paragraphs of a draft into sentences, and gives each the citations that stand in it or right behind it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.documents.drafts import latex, markdown
from assistant.documents.drafts.block import Block
from assistant.text import sentences
from assistant.types import Span

Form = Literal["markdown", "latex"]
_LATEX = re.compile(r"\\(?:documentclass|begin|section|subsection|chapter|cite[a-z]*|usepackage)\b\*?\s*[\[{]")
_FEWEST_WORDS = 3
"""Fewer words are a heading or a fragment, and state nothing."""


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence without markup; `source[start:end]` is how the draft writes it, without citations at its end."""

    text: str
    start: int
    end: int
    line: int
    """From 1."""
    keys: tuple[str, ...]
    """What it cites, in order, each once."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its sentences, by paragraphs."""

    form: Form
    paragraphs: tuple[tuple[DraftSentence, ...], ...]


def form_of(text: str) -> Form:
    """Whether a text is LaTeX or Markdown."""
    return "latex" if _LATEX.search(text) else "markdown"


def read(text: str, form: Form | None = None) -> Draft:
    """The sentences of a draft; headings, comments, displayed formulas, code, tables and figures are left out."""
    form = form or form_of(text)
    reader = latex if form == "latex" else markdown
    lines = [0, *(m.end() for m in re.finditer("\n", text))]
    found = (tuple(_sentences(block, lines)) for block in reader.blocks(text))
    return Draft(form, tuple(p for p in found if p))


def bibliographies(text: str, form: Form) -> tuple[str, ...]:
    """The BibTeX files that a draft names, as it names them."""
    return tuple(dict.fromkeys((latex if form == "latex" else markdown).bibliographies(text)))


def _sentences(block: Block, lines: list[int]) -> Iterator[DraftSentence]:
    spans = sentences.split(block.text)
    for i, span in enumerate(spans):
        words = _tidy(block.text[span.start : span.end])
        if len(re.findall(r"[^\W\d_]{2,}", words)) < _FEWEST_WORDS:
            continue
        start, end = block.place(span.start, span.end)
        keys = dict.fromkeys(key for at, key in block.cites if _owner(spans, at, block.text) == i)
        yield DraftSentence(words, start, end, bisect.bisect_right(lines, start), tuple(keys))


def _owner(spans: list[Span], at: int, text: str) -> int:
    """The sentence that a citation belongs to: the one around it, or the one right before it."""
    for i, span in enumerate(spans):
        if at <= span.end or i + 1 == len(spans):
            return i
        following = spans[i + 1].start
        if at < following or (at == following and not text[at:].startswith(("The authors", "the authors"))):
            return i
    return -1


def _tidy(text: str) -> str:
    """The text on one line, without the gaps that citations leave."""
    text = re.sub(r"\(\s*[,;]*\s*\)", "", " ".join(text.split()))
    return re.sub(r"\s+([.,;:!?)])", r"\1", text).strip()
