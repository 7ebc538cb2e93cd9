"""The library drawn: a map of its topics and its papers per year, as SVG and HTML that this package writes itself.

Knows nothing about how the map comes about.
"""

from __future__ import annotations

from statistics import median

from assistant import Place, TopicMap
from assistant.ui.text import esc, plural

_WIDTH, _HEIGHT, _EDGE = 960, 540, 34
_LETTER, _LINE = 12, 24
"""Room that a letter and a line of a topic's name take, in the picture's units."""
_TITLE = 200
_MOST_YEARS = 60
_YEARS_NAMED = 24
"""Bars up to which each has its year below it; more show only first and last of a decade."""


def topic_map(atlas: TopicMap) -> str:
    """The map with its legend: hover or arrow keys show a title, click or Enter asks about the paper."""
    if len(atlas.places) < 2:
        return '<p class="quiet">The map needs at least two papers.</p>'
    dots = "".join(_dot(place, atlas) for place in atlas.places)
    legend = "".join(
        f'<li><button type="button" class="topic" data-topic="{i}" aria-pressed="false"><span class="dot t{i}" '
        f'aria-hidden="true"></span>{esc(_words(atlas, i))} <span class="quiet">{topic.papers}</span></button></li>'
        for i, topic in enumerate(atlas.topics)
    )
    return (
        f'<svg class="map" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="application" tabindex="0" aria-label="Map of '
        f'{plural(len(atlas.places), "paper")}. Arrow keys go from paper to paper, Enter asks about one.">'
        f'<g class="dots">{dots}</g><g class="names" aria-hidden="true">{_names(atlas)}</g></svg>'
        f'<p class="unseen" role="status" data-map-status></p><ul class="legend" aria-label="Topics">{legend}</ul>'
        f'<p class="quiet">Papers of near meaning lie near each other ({esc(atlas.method)} of their vectors); the axes '
        "mean nothing. A topic is named by the terms that set it apart.</p>"
    )


def _dot(place: Place, atlas: TopicMap) -> str:
    x, y = _at(place.x, place.y)
    year = f", {place.year}" if place.year else ""
    return (
        f'<circle class="t{place.topic}" cx="{x:.1f}" cy="{y:.1f}" r="6" data-do="ask" '
        f'data-paper="{esc(place.paper_id)}" data-topic="{place.topic}" data-title="{esc(place.title[:_TITLE] + year)}" '
        f'data-words="{esc(_words(atlas, place.topic))}"></circle>'
    )


def _names(atlas: TopicMap) -> str:
    """Each topic's first term over the middle of its papers, moved down where it would lie upon another."""
    if len(atlas.topics) < 2:
        return ""
    middles = []
    for i, topic in enumerate(atlas.topics):
        places = [p for p in atlas.places if p.topic == i]
        if places and topic.terms:
            x, y = _at(median(p.x for p in places), median(p.y for p in places))
            room = len(topic.terms[0]) * _LETTER / 2 + _EDGE / 2
            x = min(max(x, room), _WIDTH - room)
            middles.append((y, x, topic.terms[0]))
    set_so_far: list[tuple[float, float, str]] = []
    for y, x, term in sorted(middles):
        while any(_overlap((y, x, term), other) for other in set_so_far):
            y += 4
        set_so_far.append((y, x, term))
    return "".join(f'<text x="{x:.1f}" y="{y:.1f}">{esc(term)}</text>' for y, x, term in set_so_far)


def _overlap(one: tuple[float, float, str], other: tuple[float, float, str]) -> bool:
    room = (len(one[2]) + len(other[2])) * _LETTER / 2
    return abs(one[0] - other[0]) < _LINE and abs(one[1] - other[1]) < room


def _at(x: float, y: float) -> tuple[float, float]:
    """The unit square stretched over the picture."""
    return _EDGE + x * (_WIDTH - 2 * _EDGE), _EDGE + (1 - y) * (_HEIGHT - 2 * _EDGE)


def _words(atlas: TopicMap, topic: int) -> str:
    return ", ".join(atlas.topics[topic].terms) or f"topic {topic + 1}"


def years(counted: dict[int | None, int]) -> str:
    """Papers per year as bars, gaps between the years included; of very long times the last part."""
    known = {year: count for year, count in counted.items() if year is not None}
    if not known:
        return _left_out(0, 0, counted.get(None, 0))
    first = max(min(known), max(known) - _MOST_YEARS + 1)
    span, top = range(first, max(known) + 1), max(known.values())
    bars = "".join(_bar(year, known.get(year, 0), top, len(span)) for year in span)
    earlier = sum(count for year, count in known.items() if year < first)
    rest = _left_out(earlier, first, counted.get(None, 0))
    return f'<ol class="years" aria-label="Papers per year">{bars}</ol>{rest}'


def _left_out(earlier: int, first: int, unknown: int) -> str:
    words = [f"{plural(earlier, 'paper')} before {first}"] if earlier else []
    words += [f"{plural(unknown, 'paper')} without a year"] if unknown else []
    return f'<p class="quiet">{", ".join(words)}.</p>' if words else ""


def _bar(year: int, count: int, top: int, bars: int) -> str:
    shown = f"’{year % 100:02d}" if bars <= _YEARS_NAMED or year % 10 == 0 else ""
    return (
        f'<li title="{year}: {plural(count, "paper")}"><span class="unseen">{year}: {plural(count, "paper")}</span>'
        f'<span class="count" aria-hidden="true">{count or ""}</span><span class="bar" style="--share:{count / top:.3f}"></span>'
        f'<span class="year" aria-hidden="true">{shown}</span></li>'
    )
