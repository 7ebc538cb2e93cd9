"""Finds the sentence of each paper that is closest to the question, for a plain search."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.embeddings.embedders import encode_question
from assistant.injections.screening import are_planted, safe_title
from assistant.text import sentences
from assistant.types import Embedder, Hit, Passage


def best_sentences(question: str, passages: Sequence[Passage], embedder: Embedder) -> list[Hit]:
    """One hit per passage, in the same order, with the sentence whose vector is closest. Raises EmbeddingError."""
    spans = [(p, s) for p in passages for s in sentences.split(p.paper.abstract)]
    asked, _ = encode_question(embedder, question)
    closeness = embedder.encode([p.paper.abstract[s.start : s.end] for p, s in spans]) @ asked
    texts = [p.paper.abstract[s.start : s.end] for p, s in spans]
    ranked = [
        sorted((i for i, (p, _) in enumerate(spans) if p is passage), key=lambda i: -closeness[i])
        for passage in passages
    ]
    hits = []
    for passage, rows in zip(passages, ranked, strict=True):
        best = next((i for i in rows if not are_planted([texts[i]])[0]), None)
        paper, quote = passage.paper, texts[best] if best is not None else ""
        hits.append(Hit(paper.paper_id, safe_title(paper), passage.score, quote))
    return hits
