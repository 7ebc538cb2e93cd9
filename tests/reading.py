"""Reads one file and sorts what came out of it; the reported cases lie beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents import read
from assistant.types import Item, Notice, Paper

CASES = Path(__file__).parents[1] / ".." / "shared" / "bench" / "cases" / "inputs"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the reported cases do not lie beside this checkout")


def items(tmp_path: Path, text: str, name: str = "page.txt") -> list[Item]:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return list(read([path]))


def papers(found: list[Item]) -> list[Paper]:
    return [item for item in found if isinstance(item, Paper)]


def pairs(found: list[Item]) -> list[tuple[str, str]]:
    return [(paper.title, paper.abstract) for paper in papers(found)]


def remarks(found: list[Item]) -> list[str]:
    return [item.text if isinstance(item, Notice) else item.error for item in found if not isinstance(item, Paper)]
