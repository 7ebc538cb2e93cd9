"""docs/formats.md names every suffix and every reader, so that a user learns what becomes of a file."""

from __future__ import annotations

import importlib
import pkgutil

from conftest import ROOT

from assistant import documents
from assistant.documents.formats import SUFFIXES

FOLDER = ROOT / "assistant" / "documents"
PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


def _readers() -> list[str]:
    """The files and folders that read a format, as the page names them."""
    modules = pkgutil.walk_packages(documents.__path__, "assistant.documents.")
    names = [m.name for m in modules if hasattr(importlib.import_module(m.name), "recognizes")]
    parts = {name.split(".")[2] for name in names}
    return [f"documents/{part}{'/' if (FOLDER / part).is_dir() else '.py'}" for part in sorted(parts)]


def test_every_suffix_is_named() -> None:
    assert [suffix for suffix in sorted(SUFFIXES) if suffix and f"`{suffix}`" not in PAGE] == []


def test_every_reader_is_named() -> None:
    readers = _readers()
    assert len(readers) > 3
    assert [name for name in readers if f"`{name}" not in PAGE] == []
