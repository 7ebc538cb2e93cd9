"""Measures the limit of indexing: our encoder over the same texts in the same chunks, and nothing else.

This driver alone reaches into the package, since no public name encodes without indexing.
"""

from __future__ import annotations

import time
from pathlib import Path

from assistant import Settings
from assistant.embeddings.embedders import make_embedder
from assistant.ingestion import chunking
from assistant.types import Paper as Record
from eval.bench.peers.contract import answer, asked, read_papers


def encode(records: Path) -> dict[str, object]:
    """Makes the chunks before the clock starts, then encodes them all in one call."""
    settings = Settings()
    embedder = make_embedder(settings)
    embedder.encode(["warm"])
    texts = [
        chunk.text
        for p in read_papers(records)
        for chunk in chunking.chunk(
            Record(p.paper_id, p.title, p.abstract), settings.chunk_tokens, settings.chunk_overlap
        )
    ]
    started = time.perf_counter()
    embedder.encode(texts)
    return {"seconds": time.perf_counter() - started, "pieces": len(texts)}


if __name__ == "__main__":
    answer(encode(Path(asked()["records"])))
