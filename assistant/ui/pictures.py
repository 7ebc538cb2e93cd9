"""Draws the library as a map of its topics (SVG) and as bars of its papers per year."""

from __future__ import annotations

from statistics import median

from assistant import TopicMap
from assistant.ui.templates import render

_WIDTH, _HEIGHT, _EDGE = 960, 540, 34
_LETTER, _LINE = 12, 24
"""Width of a letter and height of a line of a topic's name, in the picture's units."""
_MOST_YEARS = 60
_YEARS_NAMED = 24
"""Up to so many bars each has its year below it; of more, only the first year of each decade is shown."""


def render_map(topic_map: TopicMap) -> str:
    """The map with its legend: hover or arrow keys show a title, click or Enter asks about the paper."""
    dots = [(place, *(f"{value:.1f}" for value in _at(place.x, place.y))) for place in topic_map.places]
    return render(
        "map",
        width=_WIDTH,
        height=_HEIGHT,
        dots=dots,
        labels=_labels(topic_map) if len(topic_map.topics) > 1 else (),
        topics=[", ".join(topic.terms) or f"topic {i}" for i, topic in enumerate(topic_map.topics, 1)],
        counts=[topic.papers for topic in topic_map.topics],
        method=topic_map.method,
    )


def _labels(topic_map: TopicMap) -> list[tuple[str, str, str]]:
    """Each topic's first term in the middle of its papers, moved down where it would cover another."""
    middles = []
    for i, topic in enumerate(topic_map.topics):
        places = [p for p in topic_map.places if p.topic == i]
        if places and topic.terms:
            x, y = _at(median(p.x for p in places), median(p.y for p in places))
            room = len(topic.terms[0]) * _LETTER / 2 + _EDGE / 2
            middles.append((y, min(max(x, room), _WIDTH - room), topic.terms[0]))
    placed: list[tuple[float, float, str]] = []
    for y, x, term in sorted(middles):
        while any(_overlap((y, x, term), other) for other in placed):
            y += 4
        placed.append((y, x, term))
    return [(f"{x:.1f}", f"{y:.1f}", term) for y, x, term in placed]


def _overlap(one: tuple[float, float, str], other: tuple[float, float, str]) -> bool:
    room = (len(one[2]) + len(other[2])) * _LETTER / 2
    return abs(one[0] - other[0]) < _LINE and abs(one[1] - other[1]) < room


def _at(x: float, y: float) -> tuple[float, float]:
    """The unit square stretched over the picture."""
    return _EDGE + x * (_WIDTH - 2 * _EDGE), _EDGE + (1 - y) * (_HEIGHT - 2 * _EDGE)


def render_years(counted: dict[int | None, int]) -> str:
    """Papers per year as bars, years without papers included; of very long periods only the last part."""
    known = {year: count for year, count in counted.items() if year is not None}
    first = max(min(known), max(known) - _MOST_YEARS + 1) if known else 0
    span = range(first, max(known) + 1) if known else range(0)
    top = max(known.values(), default=1)
    return render(
        "years",
        bars=[
            (year, known.get(year, 0), known.get(year, 0) / top, len(span) <= _YEARS_NAMED or year % 10 == 0)
            for year in span
        ],
        first=first,
        earlier=sum(count for year, count in known.items() if year < first),
        unknown=counted.get(None, 0),
    )
