"""Vectors in one flat file, row by row, with the year and the sources of each one's paper: exact search under a filter.

A graph of neighbours (HNSW) cannot be told which papers may answer, and finds few when few may. Comparing the question
with all rows that may is exact, and faster while these are not too many. The file is mapped, not read. Knows nothing
about the store or about Chroma.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.types import ChunkVector, Filters, Vectors

_VECTORS, _IDS, _YEARS, _ORIGINS, _SOURCES = "vectors.f32", "ids.npy", "years.npy", "origins.npy", "sources.json"
_NO_YEAR = np.iinfo(np.int32).min
_BLOCK = 512
"""Rows gathered at once: what a core's cache holds."""
_SCATTERED = 3
"""How many times as long a row takes that is gathered from among others."""

Rows = npt.NDArray[np.intp]
"""Row numbers, rising."""
Mask = npt.NDArray[np.bool_]
"""One a row."""


class ExactIndex:
    """Rows in the order of their paper ids."""

    def __init__(
        self,
        ids: npt.NDArray[np.bytes_],
        years: npt.NDArray[np.int32],
        origins: npt.NDArray[np.int32],
        sources: Sequence[Sequence[str]],
        vectors: Vectors,
    ) -> None:
        """Columns of the same length; a row's origin is the index of its paper's sources in `sources`."""
        self._ids, self._years, self._origins, self._sources, self._vectors = ids, years, origins, sources, vectors

    def __len__(self) -> int:
        """Rows."""
        return len(self._ids)

    def passing(self, filters: Filters | None) -> Mask | None:
        """Which rows' papers pass the filters; None when all do."""
        if not filters:
            return None
        mask = np.ones(len(self), dtype=np.bool_)
        if filters.year_from is not None:
            mask &= self._years >= filters.year_from
        if filters.year_to is not None:
            mask &= (self._years <= filters.year_to) & (self._years != _NO_YEAR)
        if filters.sources:
            wanted = np.array([not set(filters.sources).isdisjoint(s) for s in self._sources], dtype=np.bool_)
            mask &= wanted[self._origins]
        mask[self.rows(filters.exclude)] = False
        return mask

    def rows(self, paper_ids: Iterable[str]) -> Rows:
        """The rows of these papers; papers that are not here have none."""
        wanted = np.array(sorted(i.encode() for i in set(paper_ids)), dtype=np.bytes_)
        if not len(wanted) or not len(self):
            return np.zeros(0, dtype=np.intp)
        starts, ends = np.searchsorted(self._ids, wanted), np.searchsorted(self._ids, wanted, side="right")
        return np.fromiter(chain.from_iterable(map(range, starts, ends)), dtype=np.intp)

    def passed(self, paper_ids: Sequence[str], mask: Mask) -> Mask:
        """For each paper whether its rows are in the mask; False for one that is not here."""
        wanted = np.array([i.encode() for i in paper_ids], dtype=np.bytes_)
        if not len(wanted) or not len(self):
            return np.zeros(len(wanted), dtype=np.bool_)
        rows = np.minimum(np.searchsorted(self._ids, wanted), len(self) - 1)
        return np.asarray(mask[rows] & (self._ids[rows] == wanted))

    def search(self, vector: Vectors, n: int, rows: Rows | None = None) -> list[tuple[str, float]]:
        """The `n` nearest of these rows (of all when None) as (paper id, cosine), best first."""
        scores = self._scores(vector, rows)
        best = np.argpartition(-scores, n - 1)[:n] if len(scores) > n else np.arange(len(scores))
        order = best[np.argsort(-scores[best], kind="stable")]
        return [(self._ids[i if rows is None else rows[i]].decode(), float(scores[i])) for i in order]

    def effort(self, count: int) -> int:
        """What comparing so many rows, scattered among all, comes to in rows that lie together (50 ns each)."""
        return min(_SCATTERED * count, len(self))

    def _scores(self, vector: Vectors, rows: Rows | None) -> npt.NDArray[np.float32]:
        # Not `@`: BLAS shares it out among threads, which wait for one another on a busy machine.
        if rows is None or _SCATTERED * len(rows) > len(self):
            scores = np.vecdot(self._vectors, vector)
            return np.asarray(scores if rows is None else scores[rows])
        scores = np.empty(len(rows), dtype=np.float32)
        block = np.empty((_BLOCK, self._vectors.shape[1]), dtype=np.float32)
        for start in range(0, len(rows), _BLOCK):
            part = rows[start : start + _BLOCK]
            np.take(self._vectors, part, axis=0, out=block[: len(part)], mode="clip")
            np.vecdot(block[: len(part)], vector, out=scores[start : start + len(part)])
        return scores

    # -- in a folder -----------------------------------------------------------------------------------------------

    @classmethod
    def write(cls, folder: Path, rows: Iterable[ChunkVector]) -> int:
        """Writes the columns of `rows`, which come in the order of their paper ids; returns how many. Raises OSError."""
        columns = _Columns()
        with (folder / _VECTORS).open("wb") as file:
            for row in rows:
                columns.add(row)
                file.write(row.vector.tobytes())
        ids, years, origins = columns.arrays()
        for name, column in ((_IDS, ids), (_YEARS, years), (_ORIGINS, origins)):
            np.save(folder / name, column)
        (folder / _SOURCES).write_text(json.dumps(columns.sources()), encoding="utf-8")
        return len(ids)

    @classmethod
    def open(cls, folder: Path) -> ExactIndex:
        """Reads the columns in `folder` (about 30 MB a million rows), maps the vectors. Raises OSError and ValueError."""
        ids, years, origins = (np.load(folder / name) for name in (_IDS, _YEARS, _ORIGINS))
        sources = json.loads((folder / _SOURCES).read_text(encoding="utf-8"))
        flat = np.memmap(folder / _VECTORS, dtype=np.float32, mode="r") if len(ids) else np.zeros(0, dtype=np.float32)
        return cls(ids, years, origins, sources, flat.reshape(len(ids), -1 if len(ids) else 0))

    @classmethod
    def of(cls, rows: Iterable[ChunkVector]) -> ExactIndex:
        """In memory, of rows in any order."""
        columns, vectors = _Columns(), []
        for row in sorted(rows, key=lambda r: r.paper_id.encode()):
            columns.add(row)
            vectors.append(row.vector)
        ids, years, origins = columns.arrays()
        matrix = np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)
        return cls(ids, years, origins, columns.sources(), matrix)


class _Columns:
    """Gathers what is not the vector itself."""

    def __init__(self) -> None:
        self._ids: list[bytes] = []
        self._years: list[int] = []
        self._origins: list[int] = []
        self._known: dict[tuple[str, ...], int] = {}

    def add(self, row: ChunkVector) -> None:
        self._ids.append(row.paper_id.encode())
        self._years.append(_NO_YEAR if row.year is None else row.year)
        self._origins.append(self._known.setdefault(row.sources, len(self._known)))

    def arrays(self) -> tuple[npt.NDArray[np.bytes_], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        ids = np.array(self._ids, dtype=np.bytes_)
        return ids, np.array(self._years, dtype=np.int32), np.array(self._origins, dtype=np.int32)

    def sources(self) -> list[tuple[str, ...]]:
        return list(self._known)
