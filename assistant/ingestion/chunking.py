"""Cuts an abstract into overlapping chunks of whole sentences.

llama-index's sentence splitter packs the sentences, and tiktoken counts their tokens. Both packages include their data
files, so nothing is downloaded.
"""

from __future__ import annotations

import re
from functools import cache, partial
from itertools import pairwise
from typing import Any

from assistant.llm.tokens import encoding
from assistant.text import sentences
from assistant.types import Chunk, Paper

VERSION = "1"
"""Must change whenever the same abstract would be cut differently; part of every library's signature."""
_LONGEST_COUNT = 20_000
"""Characters counted exactly: tiktoken takes quadratic time on long runs of one character (its issue #195)."""


def signature(embedder: str, tokens: int, overlap: int) -> str:
    """Names the embedder and the chunking that papers are prepared with; papers stored under another name are stale."""
    return f"{embedder}|{VERSION}:{tokens}:{overlap}"


def chunk(paper: Paper, tokens: int, overlap: int) -> tuple[Chunk, ...]:
    """Chunks of at most `tokens` tokens that overlap by about `overlap`; the title is part of their text, not of their span."""
    return tuple(
        Chunk(paper.paper_id, i, start, end, f"{paper.title}\n{paper.abstract[start:end]}")
        for i, (start, end) in enumerate(_spans(paper, tokens, overlap))
    )


def _spans(paper: Paper, tokens: int, overlap: int) -> list[tuple[int, int]]:
    if paper.abstract and len(_count(encoding(), paper.abstract)) <= tokens:
        return [(0, len(paper.abstract))]  # what the splitter would return; it takes a second or more to load
    spans, position = [], 0
    for piece in _splitter(tokens, overlap).split_text(paper.abstract):
        start = paper.abstract.find(piece, position)
        if start < 0:  # cannot happen as the splitter is configured; a lost chunk would never be found
            raise AssertionError(f"chunk not found in the abstract of {paper.paper_id}")
        spans.append((start, start + len(piece)))
        position = start + 1
    return spans


@cache
def _splitter(tokens: int, overlap: int) -> Any:
    from llama_index.core.node_parser import SentenceSplitter

    return SentenceSplitter(
        chunk_size=tokens,
        chunk_overlap=overlap,
        tokenizer=partial(_count, encoding()),
        chunking_tokenizer_fn=_pieces,
        # An abstract is one paragraph; the default separator would only cost time.
        paragraph_separator="\n\n\n",
    )


def _pieces(text: str) -> list[str]:
    """The sentences with the whitespace that follows them; joined, they are `text`."""
    starts = [span.start for span in sentences.split(text)]
    borders = [0, *starts[1:], len(text)]
    return [text[a:b] for a, b in pairwise(borders) if b > a]


def _count(table: Any, text: str) -> list[int]:
    """Token ids; text that is not counted exactly counts as one token per four characters."""
    counted = re.sub(r"(\S{200})\S+", r"\1", text[:_LONGEST_COUNT])
    ids: list[int] = table.encode(counted, disallowed_special=())
    return ids + [0] * ((len(text) - len(counted)) // 4)
