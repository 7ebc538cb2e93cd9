"""The run as one page: who met what, and a bar for each peer under each measure. Pure functions over the document.

Knows nothing about how the figures came about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval.page.html import esc

MEASURES = (
    ("papers_per_second", "Indexing, papers a second (model loaded)", True),
    ("whole_papers_per_second", "Indexing, papers a second (whole process)", True),
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
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:760px;margin:2rem auto;padding:0 1rem;color:#1c2330;background:#fff}
table{border-collapse:collapse;width:100%}td,th{padding:.25rem .6rem;text-align:left;border-bottom:1px solid #d8dde6}
svg{width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:currentColor}
.bar{fill:#9aa7bd}.ours{fill:#2f6fde}.range{stroke:currentColor;stroke-width:1.5}.yes{color:#176f3a}.no{color:#b3261e}
@media(prefers-color-scheme:dark){body{background:#14181f;color:#e4e8ef}td,th{border-color:#39414f}.yes{color:#6fcf97}
.no{color:#ff8a80}}
"""
_ROW, _LABEL, _WIDTH = 24, 230, 720


def render(document: Mapping[str, Any]) -> str:
    """A page that needs nothing but itself."""
    machine = document["machine"]
    head = (
        f"{document['papers']} papers, {document['repeats']} rounds, {machine['cores']} cores of {esc(machine['cpu'])}"
    )
    charts = "".join(
        f"<h2>{esc(title)}</h2><p>{'more' if more else 'less'} is better</p>{chart(document['peers'], name, title)}"
        for name, title, more in MEASURES
    )
    missing = "".join(
        f"<li>{esc(name)} did not finish: {esc(peer['dnf'])}</li>"
        for name, peer in document["peers"].items()
        if peer["dnf"]
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Against others</title><style>{_STYLE}</style>'
        f"<h1>Against others</h1><p>{head}</p>{_targets(document)}<ul>{missing}</ul>{charts}</html>"
    )


def _targets(document: Mapping[str, Any]) -> str:
    rows = []
    for one in document["targets"]:
        sign = "≥" if one["at_least"] else "≤"
        met = {True: '<td class="yes">met</td>', False: '<td class="no">missed</td>', None: "<td>not measured</td>"}
        rows.append(
            f"<tr><td>{esc(one['text'])}</td><td>{sign} {one['bound']:g}</td><td>{spelled(one['figure'])}</td>{met[one['met']]}</tr>"
        )
    return f"<table><tr><th>target</th><th>bound</th><th>median (range)</th><th></th></tr>{''.join(rows)}</table>"


def spelled(figure: Mapping[str, Any] | None) -> str:
    """Median and range as text, where there is a range."""
    if figure is None:
        return "–"
    middle, low, high = (short(figure[name]) for name in ("median", "low", "high"))
    return middle if low == high else f"{middle} ({low}–{high})"


def short(value: float) -> str:
    """Three digits that matter."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def chart(peers: Mapping[str, Any], measure: str, title: str) -> str:
    """One bar a peer with its range over the rounds; those that did not finish have none."""
    rows = [(name, p["figures"][measure]) for name, p in peers.items() if measure in p["figures"] and not p["dnf"]]
    most = max((figure["high"] for _, figure in rows), default=0.0) or 1.0
    scale = (_WIDTH - _LABEL - 130) / most
    parts = []
    for i, (name, figure) in enumerate(rows):
        y, colour = i * _ROW, "ours" if name.startswith("ours") else "bar"
        middle, end = y + _ROW / 2, _LABEL + scale * figure["median"]
        low, high = _LABEL + scale * figure["low"], _LABEL + scale * figure["high"]
        parts.append(
            f'<text x="{_LABEL - 8}" y="{middle + 4}" text-anchor="end">{esc(name)}</text>'
            f'<rect class="{colour}" x="{_LABEL}" y="{y + 5}" width="{end - _LABEL:.1f}" height="{_ROW - 10}" rx="2"/>'
            f'<line class="range" x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}"/>'
            f'<text x="{max(end, high) + 8:.1f}" y="{middle + 4}">{spelled(figure)}</text>'
        )
    return f'<svg viewBox="0 0 {_WIDTH} {max(1, len(rows)) * _ROW}" role="img" aria-label="{esc(title)}">{"".join(parts)}</svg>'
