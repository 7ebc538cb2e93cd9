"""The interface of every dense index, wherever its vectors are stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.types import Chunk, Vectors


class DenseIndex(Protocol):
    """A dense index that is current up to a revision of the store; later changes are compared one by one."""

    @property
    def revision(self) -> int:
        """The store's revision up to which it is current."""

    @property
    def chunks(self) -> int:
        """Chunks that it was built from."""

    @property
    def most_results(self) -> int:
        """Chunks that one search returns at most."""

    def search(self, vector: Vectors, n: int, chunk_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The `n` nearest chunks as (paper id, cosine), best first; `chunk_ids`: only among these, all of which it holds.

        Raises LibraryError when the index fails.
        """

    def count(self) -> int:
        """Chunks as the index itself counts them. Raises LibraryError when it fails."""

    def warm(self) -> None:
        """Starts to load in the background what the first search needs; returns at once."""

    def close(self) -> None:
        """Releases what it holds open."""


def chunk_id(chunk: Chunk) -> str:
    """The name of a chunk in a dense index."""
    return f"{chunk.paper_id}#{chunk.ordinal}"


def paper_of(chunk_id: str) -> str:
    """The id of the paper that a chunk belongs to."""
    return chunk_id.rpartition("#")[0]
