"""The two derived indexes. Both can be thrown away at any time: the store holds all that they are made of."""

from assistant.index.dense import DenseIndex, best_by_paper
from assistant.index.generations import check_published, tidy
from assistant.index.lexical import LexicalIndex
from assistant.index.matrix import VectorMatrix
from assistant.index.vectors import VectorIndex

__all__ = [
    "DenseIndex",
    "LexicalIndex",
    "VectorIndex",
    "VectorMatrix",
    "best_by_paper",
    "check_published",
    "tidy",
]
