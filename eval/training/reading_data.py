"""Turns supervision into batches of tensors for the reading network."""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from assistant.embeddings.embedders import PackagedEmbedder
from assistant.reading.layout import lay_out
from assistant.types import Vectors
from eval.training import supervision
from eval.training.reading_network import padded
from eval.training.supervision import STATED, Library, Row


class Remembering(PackagedEmbedder):
    """The packaged encoder, which stores what it encoded in a file for the next run."""

    def __init__(self) -> None:
        super().__init__()
        path = Path(tempfile.gettempdir()) / "reader-vectors.npz"
        self._path, self._known = path, dict[str, Vectors]()
        if path.exists():
            with np.load(path) as stored:
                self._known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))

    def prepare(self, texts: Iterable[str]) -> None:
        """Encodes texts all at once, which is faster than one after the other."""
        fresh = [t for t in dict.fromkeys(texts) if t not in self._known]
        if fresh:
            self._known.update(zip(fresh, super().encode(fresh), strict=True))
            np.savez(self._path, texts=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See Embedder.encode."""
        missing = [t for t in texts if t not in self._known]
        if missing:
            self._known.update(zip(missing, super().encode(missing), strict=True))
        return np.stack([self._known[t] for t in texts])


def texts(library: Library, files: Sequence[Path]) -> Iterator[str]:
    """All texts and all sentences that they are compared with."""
    used = set[str]()
    for row in (r for f in files for r in supervision.lines(f)):
        yield row.get("text") or row.get("question") or row["claim"]
        if "evidence" in row and isinstance(row["evidence"], str) and "id" in row:
            used.add(f"scifact:{row['id'].split(':')[1]}")
        used |= set(row.get("paper_ids") or [row.get("paper_id") or library.by_title.get(row.get("title", ""))])
    for paper in sorted(p for p in used if p in library.texts):
        yield from (library.texts[paper][1][a:b] for a, b in library.parts(paper))


class Batch(NamedTuple):
    """Tensors of some rows; marks are 1, 0 or -1 for unknown."""

    ids: Tensor
    sides: Tensor
    allowed: Tensor
    marks: Tensor
    pairs: Tensor


class Data:
    """Rows with their tokens."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.laid = lay_out([row.reading for row in rows])

    def batches(self, tokens: int, seed: int) -> list[list[int]]:
        """Shuffled batches of at most `tokens`, of rows of similar length; a text and its minimal pairs stay together."""
        rng = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
        units: dict[str, list[int]] = defaultdict(list)
        for i, row in enumerate(self.rows):
            units[row.group or str(i)].append(i)
        order = list(units.values())
        rng.shuffle(order)
        chunks = [order[i : i + 600] for i in range(0, len(order), 600)]
        found: list[list[int]] = []
        for chunk in chunks:
            chunk.sort(key=lambda unit: max(len(self.laid[i].ids) for i in unit))
            at, width = list[int](), 0
            for unit in chunk:
                wide = max(width, *(len(self.laid[i].ids) for i in unit))
                if at and wide * (len(at) + len(unit)) > tokens:
                    found.append(at)
                    at, wide = [], max(len(self.laid[i].ids) for i in unit)
                at, width = [*at, *unit], wide
            found.append(at)
        rng.shuffle(found)
        return found

    def loader(self, tokens: int, seed: int, workers: int = 0) -> DataLoader[Batch]:
        """The batches of one epoch in their order, prepared by `workers` processes."""
        return DataLoader(
            _Batches(self, self.batches(tokens, seed)), batch_size=None, shuffle=False, num_workers=workers
        )

    def batch(self, rows: Sequence[int]) -> Batch:
        """The tensors of some rows."""
        ids, sides = padded([self.laid[i].ids for i in rows]), padded([self.laid[i].sides for i in rows])
        allowed = torch.zeros(len(rows), 3)
        marks = torch.full((*ids.shape, 2), -1.0)
        for n, i in enumerate(rows):
            allowed[n, list(self.rows[i].classes)] = 1.0
            self._mark(i, marks[n])
        groups = [self.rows[i].group for i in rows]
        pairs = [
            (a, b)
            for a, i in enumerate(rows)
            for b, j in enumerate(rows)
            if groups[a] and groups[a] == groups[b] and self._true(i) and STATED not in self.rows[j].classes
        ]
        return Batch(ids, sides, allowed, marks, torch.tensor(pairs, dtype=torch.long).reshape(-1, 2))

    def _true(self, i: int) -> bool:
        return self.rows[i].classes == (STATED,)

    def _mark(self, i: int, marks: Tensor) -> None:
        row, laid = self.rows[i], self.laid[i]
        if row.wrong is not None:
            for at, (a, b) in enumerate(laid.text, start=1):
                marks[at, 0] = float(any(a < e and s < b for s, e in row.wrong))
        if row.stating is not None:
            for number, (first, offsets) in enumerate(laid.evidence):
                for at, (a, b) in enumerate(offsets, start=first):
                    marks[at, 1] = float(any(n == number and a < e and s < b for n, s, e in row.stating))


class _Batches(Dataset[Batch]):
    def __init__(self, data: Data, batches: list[list[int]]) -> None:
        self._data = data
        self._batches = batches

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, i: int) -> Batch:
        return self._data.batch(self._batches[i])
