"""Small charts as inline SVG; colours come from the page's CSS. Pure functions over figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.page.html import esc

Figure = Mapping[str, Any]
"""`value`, `low`, `high`, `n_scored`, `n_total`; value is None when nothing could be scored."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart; `bad` when a long bar is bad."""

    label: str
    about: str
    figure: Figure
    bad: bool


def tile(title: str, group: str, figure: Figure, low_is_good: bool) -> str:
    """A headline figure over a track that shows its interval."""
    if figure["value"] is None:
        return f'<div class="tile"><h3>{esc(title)}</h3><p class="big">unscored</p></div>'
    value, low, high = (100 * figure[name] for name in ("value", "low", "high"))
    colour = _colour(100 - value if low_is_good else value)
    return (
        f'<div class="tile {colour}"><h3>{esc(title)}</h3><p class="big">{value:.1f}<small>%</small></p>'
        f'<svg viewBox="0 0 200 12" role="img" aria-label="95 % interval {low:.1f} to {high:.1f}">'
        f'<rect class="track" x="0" y="5" width="200" height="2"/>'
        f'<rect class="range" x="{2 * low:.1f}" y="3" width="{max(2.0, 2 * (high - low)):.1f}" height="6" rx="3"/>'
        f'<circle class="dot" cx="{2 * value:.1f}" cy="6" r="5"/></svg>'
        f"<p>{low:.1f} to {high:.1f}; {esc(group)}, {figure['n_scored']}/{figure['n_total']} scored"
        f"{'; lower is better' if low_is_good else ''}</p></div>"
    )


def _colour(share: float) -> str:
    return "good" if share >= 95 else "fair" if share >= 75 else "poor"


def curve(points: Sequence[Sequence[float]]) -> str:
    """Risk against coverage: how wrong the answers are when only the most confident are given."""
    left, top, width, height = 44, 12, 500, 220
    most = max([0.2, *(risk for _, risk in points)])

    def at(coverage: float, risk: float) -> str:
        return f"{left + coverage * width:.1f},{top + height * (1 - risk / most):.1f}"

    parts = []
    for i in range(5):
        y, x = most * i / 4, i / 4
        line = top + height * (1 - i / 4)
        parts.append(f'<line class="grid" x1="{left}" x2="{left + width}" y1="{line:.1f}" y2="{line:.1f}"/>')
        parts.append(f'<text x="{left - 6}" y="{line + 4:.1f}" text-anchor="end">{100 * y:.0f} %</text>')
        parts.append(
            f'<text x="{left + x * width:.1f}" y="{top + height + 18}" text-anchor="middle">{100 * x:.0f} %</text>'
        )
    if points:
        line_points = " ".join(at(x, y) for x, y in points)
        area = f"{at(points[0][0], 0)} {line_points} {at(points[-1][0], 0)}"
        parts += [f'<polygon class="area" points="{area}"/>', f'<polyline class="line" points="{line_points}"/>']
        end_x, end_y = at(*points[-1]).split(",")
        parts.append(f'<circle class="dot" cx="{end_x}" cy="{end_y}" r="4"/>')
    parts.append(
        f'<text x="{left + width / 2}" y="{top + height + 36}" text-anchor="middle">share of questions answered</text>'
    )
    return _svg(left + width + 14, top + height + 44, parts, "risk-coverage curve")


def bars(rows: Sequence[Bar]) -> str:
    """Horizontal bars with their intervals, one a question type."""
    left, width, step = 168, 300, 24
    parts, y, told = [], 0, ""
    for row in rows:
        if row.about != told:
            told, y = row.about, y + step
            parts.append(f'<text class="head" x="0" y="{y - 5}">{esc(told)}</text>')
        figure, kind = row.figure, "bar bad" if row.bad else "bar"
        parts.append(f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{esc(row.label)}</text>')
        parts.append(f'<rect class="track" x="{left}" y="{y + 6}" width="{width}" height="11" rx="3"/>')
        if figure["value"] is not None:
            low, high, value = (left + width * figure[name] for name in ("low", "high", "value"))
            parts.append(f'<rect class="{kind}" x="{left}" y="{y + 6}" width="{value - left:.1f}" height="11" rx="3"/>')
            parts.append(f'<line class="whisker" x1="{low:.1f}" x2="{high:.1f}" y1="{y + 11.5}" y2="{y + 11.5}"/>')
            said = f"{100 * figure['value']:.0f} %"
        else:
            said = "unscored"
        parts.append(
            f'<text x="{left + width + 8}" y="{y + 15}">{said} <tspan class="muted">n={figure["n_scored"]}</tspan></text>'
        )
        y += step
    return _svg(left + width + 100, y + 6, parts, "scores by question type")


def intervals(rows: Sequence[tuple[str, str, Figure]]) -> str:
    """Points with intervals on one scale, as (metric, leg, figure)."""
    left, width, step = 110, 340, 24
    parts, y, told = [], 0, ""
    lowest = min([0.5, *(f["low"] for _, _, f in rows if f["low"] is not None)])
    for metric, leg, figure in rows:
        if metric != told:
            told, y = metric, y + step
            parts.append(f'<text class="head" x="0" y="{y - 5}">{esc(metric)}</text>')
        parts.append(f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{esc(leg)}</text>')
        parts.append(f'<line class="grid" x1="{left}" x2="{left + width}" y1="{y + 11}" y2="{y + 11}"/>')
        if figure["value"] is not None:
            low, high, value = (
                left + width * (figure[name] - lowest) / (1 - lowest) for name in ("low", "high", "value")
            )
            kind = "strong" if leg == "hybrid" else ""
            parts.append(f'<line class="span {kind}" x1="{low:.1f}" x2="{high:.1f}" y1="{y + 11}" y2="{y + 11}"/>')
            parts.append(f'<circle class="dot {kind}" cx="{value:.1f}" cy="{y + 11}" r="5"/>')
            parts.append(f'<text x="{left + width + 10}" y="{y + 15}">{figure["value"]:.3f}</text>')
        y += step
    parts.append(f'<text x="{left}" y="{y + 14}">{lowest:.2f}</text>')
    parts.append(f'<text x="{left + width}" y="{y + 14}" text-anchor="end">1</text>')
    return _svg(left + width + 60, y + 20, parts, "search: both legs against each alone")


def latency(stages: Mapping[str, Mapping[str, float]]) -> str:
    """One bar a stage, to its median in full colour and to its 95th percentile in a lighter one."""
    left, width, step = 80, 360, 26
    longest = max([1.0, *(p.get("p95", 0.0) for p in stages.values())])
    parts = []
    for i, (stage, p) in enumerate(stages.items()):
        y = i * step
        parts.append(f'<text x="{left - 8}" y="{y + 17}" text-anchor="end">{esc(stage)}</text>')
        for name, kind in (("p95", "bar light"), ("p50", "bar")):
            parts.append(
                f'<rect class="{kind}" x="{left}" y="{y + 7}" width="{width * p.get(name, 0.0) / longest:.1f}" height="13" rx="3"/>'
            )
        said = f"{p.get('p50', 0):.0f} / {p.get('p95', 0):.0f} ms"
        parts.append(f'<text x="{left + width + 8}" y="{y + 17}">{said}</text>')
    return _svg(left + width + 110, len(stages) * step + 6, parts, "milliseconds by stage: median and 95th percentile")


def _svg(width: float, height: float, parts: Sequence[str], label: str) -> str:
    return f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{esc(label)}">{"".join(parts)}</svg>'
