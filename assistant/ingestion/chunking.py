"""An abstract becomes overlapping windows of whole sentences. Knows nothing about encoders or indexes.

llama-index's sentence splitter packs the sentences, lengths are counted with tiktoken. Both carry their data files
with them, so nothing is fetched.
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
"""Changes whenever the same abstract would be cut differently; part of every paper's content hash."""
_LONGEST_COUNT = 20_000
"""Characters counted exactly: tiktoken is quadratic on long runs of one character (issue #195)."""


def signature(embedder: str, tokens: int, overlap: int) -> str:
    """Names how papers are prepared: by which embedder, and chunked how. Papers stored under another name are stale."""
    return f"{embedder}|{VERSION}:{tokens}:{overlap}"


def chunk(paper: Paper, tokens: int, overlap: int) -> tuple[Chunk, ...]:
    """Windows of at most `tokens` tokens that share about `overlap`; the title leads the text, not the span."""
    return tuple(
        Chunk(paper.paper_id, i, start, end, f"{paper.title}\n{paper.abstract[start:end]}")
        for i, (start, end) in enumerate(_windows(paper, tokens, overlap))
    )


def _windows(paper: Paper, tokens: int, overlap: int) -> list[tuple[int, int]]:
    if paper.abstract and len(_count(encoding(), paper.abstract)) <= tokens:
        return [(0, len(paper.abstract))]  # as the splitter would say, which takes a second or more to load
    spans, position = [], 0
    for piece in _splitter(tokens, overlap).split_text(paper.abstract):
        start = paper.abstract.find(piece, position)
        if start < 0:  # cannot happen for the splitter as configured; a lost window would be a silent hole
            raise AssertionError(f"window not found in the abstract of {paper.paper_id}")
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
        # Abstracts are one paragraph; the default separator would only cost time.
        paragraph_separator="\n\n\n",
    )


def _pieces(text: str) -> list[str]:
    """The sentences with the whitespace that follows them: joined they give `text` again."""
    starts = [span.start for span in sentences.split(text)]
    edges = [0, *starts[1:], len(text)]
    return [text[a:b] for a, b in pairwise(edges) if b > a]


def _count(table: Any, text: str) -> list[int]:
    """Token ids; text past the cap counts as one token in four characters."""
    counted = re.sub(r"(\S{200})\S+", r"\1", text[:_LONGEST_COUNT])
    ids: list[int] = table.encode(counted, disallowed_special=())
    return ids + [0] * ((len(text) - len(counted)) // 4)
