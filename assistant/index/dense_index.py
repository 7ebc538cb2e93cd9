"""What every dense index can do, wherever its vectors are kept. Knows nothing about any of them."""

from __future__ import annotations

from typing import Protocol

from assistant.index.exact import ExactIndex
from assistant.types import Vectors


class DenseIndex(Protocol):
    """A dense index that is current up to a revision of the store. What changed since is searched elsewhere."""

    @property
    def revision(self) -> int:
        """The store's revision up to which it is current."""

    @property
    def chunks(self) -> int:
        """Windows that it was built from."""

    @property
    def matrix(self) -> ExactIndex | None:
        """The same vectors row by row, for exact search under a filter; None where they are only kept elsewhere."""

    def search(self, vector: Vectors, n: int) -> list[tuple[str, float]]:
        """The `n` nearest windows as (paper id, cosine), best first. Raises LibraryError when the index fails."""

    def count(self) -> int:
        """Windows that the index itself says it holds."""

    def close(self) -> None:
        """Releases what it holds open."""
