"""Drives our own side through the public names that any program would use."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import Assistant, Settings
from eval.bench.peers.contract import drive, unique

_FIRST = json.dumps({"title": "Warm", "abstract": "One abstract is indexed before the clock runs. " * 80})
"""A paper of several chunks, so that everything that indexing needs is loaded, as with the other peers."""


class Ours:
    """The `ASSISTANT_CHUNK_*` variables set the size of the chunks."""

    _assistant: Assistant
    _retriever: Any

    def load(self) -> None:
        """Loads everything by indexing one paper in another folder."""
        with TemporaryDirectory() as folder:
            records = Path(folder) / "first.jsonl"
            records.write_text(_FIRST, encoding="utf-8")
            with Assistant(Settings(home=Path(folder) / "home", llm="quotes")) as assistant:
                assistant.add([records])

    def index(self, records: Path, folder: Path) -> int:
        """Builds a library with both indexes."""
        with Assistant(Settings(home=folder, llm="quotes")) as assistant:
            assistant.add([records])
            return assistant.stats().chunks

    def open(self, folder: Path) -> None:
        """Opens the library as a retriever."""
        self._assistant = Assistant(Settings(home=folder, llm="quotes"))
        self._retriever = self._assistant.as_retriever(10)

    def search(self, question: str, k: int) -> list[str]:
        """Searches with the hybrid retriever."""
        return unique([n.metadata["paper_id"] for n in self._retriever.retrieve(question)], k)


if __name__ == "__main__":
    drive(Ours())
