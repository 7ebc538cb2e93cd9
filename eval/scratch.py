"""Opens libraries that are thrown away after a measurement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import Assistant, Settings


@contextmanager
def scratch_library(corpus: Path | None = None) -> Iterator[Assistant]:
    """Yields an assistant over these files (None: the bundled sample) in a temporary folder; it answers with quotes."""
    with TemporaryDirectory() as home, Assistant(uncached(Path(home))) as assistant:
        assistant.add([corpus] if corpus else None)
        yield assistant


def uncached(home: Path, **changes: Any) -> Settings:
    """Settings under which each question is answered from scratch: with quotes unless `changes` name a model."""
    return Settings(**{"home": home, "llm": "quotes", "cache": False, "log_answers": False, **changes})
