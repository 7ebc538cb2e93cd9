"""Finds the sentence of each paper that is closest to the question, for a plain search."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.embeddings.embedders import encode_question
from assistant.text import sentences
from assistant.types import Embedder, Hit, Passage


def best_sentences(question: str, passages: Sequence[Passage], embedder: Embedder) -> list[Hit]:
    """One hit per passage, in the same order, with the sentence whose vector is closest. Raises EmbeddingError."""
    spans = [(p, s) for p in passages for s in sentences.split(p.paper.abstract)]
    asked, _ = encode_question(embedder, question)
    closeness = embedder.encode([p.paper.abstract[s.start : s.end] for p, s in spans]) @ asked
    hits = []
    for passage in passages:
        rows = [i for i, (p, _) in enumerate(spans) if p is passage]
        best = spans[rows[int(np.argmax(closeness[rows]))]][1]
        paper = passage.paper
        hits.append(Hit(paper.paper_id, paper.shown_title, passage.score, paper.abstract[best.start : best.end]))
    return hits
