"""An abstract becomes overlapping windows of whole sentences. Knows nothing about encoders or indexes.

llama-index's sentence splitter packs the sentences, lengths are counted with tiktoken. Both carry their data files
with them, so nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise
from typing import Any

from assistant import sentences
from assistant.types import Chunk, Paper

VERSION = "1"
"""Changes whenever the same abstract would be cut differently; part of every paper's content hash."""
_LONGEST_COUNT = 20_000
"""Characters counted exactly: tiktoken is quadratic on long runs of one character (issue #195)."""


def chunk(paper: Paper, tokens: int, overlap: int) -> tuple[Chunk, ...]:
    """Windows of at most `tokens` tokens that share about `overlap`; the title leads the text, not the span."""
    spans, position = [], 0
    for piece in _splitter(tokens, overlap).split_text(paper.abstract):
        start = paper.abstract.find(piece, position)
        if start < 0:  # cannot happen for the splitter as configured; a lost window would be a silent hole
            raise AssertionError(f"window not found in the abstract of {paper.paper_id}")
        spans.append((start, start + len(piece)))
        position = start + 1
    return tuple(
        Chunk(paper.paper_id, i, start, end, f"{paper.title}\n{paper.abstract[start:end]}")
        for i, (start, end) in enumerate(spans)
    )


@cache
def _splitter(tokens: int, overlap: int) -> Any:
    from llama_index.core.node_parser import SentenceSplitter

    return SentenceSplitter(
        chunk_size=tokens,
        chunk_overlap=overlap,
        tokenizer=_tokenizer(),
        chunking_tokenizer_fn=_pieces,
        # Abstracts are one paragraph; the default separator would only cost time.
        paragraph_separator="\n\n\n",
    )


def _pieces(text: str) -> list[str]:
    """The sentences with the whitespace that follows them: joined they give `text` again."""
    starts = [span.start for span in sentences.split(text)]
    edges = [0, *starts[1:], len(text)]
    return [text[a:b] for a, b in pairwise(edges) if b > a]


@cache
def _tokenizer() -> Callable[[str], list[int]]:
    import os
    from importlib.util import find_spec
    from pathlib import Path

    # tiktoken downloads its tables unless this names a folder that has them; llama-index ships one.
    package = find_spec("llama_index.core")
    if package and package.origin:
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(Path(package.origin).parent / "_static" / "tiktoken_cache"))
    import tiktoken

    return partial(_count, tiktoken.get_encoding("cl100k_base"))


def _count(encoding: Any, text: str) -> list[int]:
    """Token ids; text past the cap counts as one token in four characters."""
    counted = re.sub(r"(\S{200})\S+", r"\1", text[:_LONGEST_COUNT])
    ids: list[int] = encoding.encode(counted, disallowed_special=())
    return ids + [0] * ((len(text) - len(counted)) // 4)
