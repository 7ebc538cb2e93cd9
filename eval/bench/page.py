"""Renders a benchmark run as one page: which targets are met, and a bar for each peer under each measure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval import templates

MEASURES = (
    ("papers_per_second", "Indexing, papers per second (model loaded)", True),
    ("whole_papers_per_second", "Indexing, papers per second (whole process)", True),
    ("ask_seconds", "One question in a new process, seconds", False),
    ("query_p50_ms", "Retrieval, median ms", False),
    ("query_p95_ms", "Retrieval, 95th percentile ms", False),
    ("index_peak_mb", "Peak memory while indexing, MB", False),
    ("ask_peak_mb", "Peak memory of one question, MB", False),
    ("query_peak_mb", "Peak memory while searching, MB", False),
    ("disk_mb", "Index on disk, MB", False),
    ("right_first", "A right paper first, share of questions", True),
    ("recall_at_10", "Right papers among the first ten, share", True),
)
"""Name, title, and whether more is better."""
_TEMPLATE = Path(__file__).parent / "page.html"


def render(document: Mapping[str, Any]) -> str:
    """The page as HTML that needs nothing but itself."""
    finished = {name: peer["figures"] for name, peer in document["peers"].items() if not peer["dnf"]}
    charts = [
        (title, more, [(name, figures[measure]) for name, figures in finished.items() if measure in figures])
        for measure, title, more in MEASURES
    ]
    facts = {name: document[name] for name in ("papers", "repeats", "machine", "targets", "peers")}
    return templates.render(_TEMPLATE, **facts, charts=charts, spelled=spelled)


def spelled(figure: Mapping[str, Any] | None) -> str:
    """The median as text, with the range where there is one."""
    if figure is None:
        return "–"
    middle, low, high = (_short(figure[name]) for name in ("median", "low", "high"))
    return middle if low == high else f"{middle} ({low}–{high})"


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
