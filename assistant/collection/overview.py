"""Says what is in a library: how many papers, from which years and files, about what, and what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np

from assistant.collection.by_date import date_of
from assistant.collection.conditions import in_words
from assistant.collection.reply import Reply, listed, papers
from assistant.library.store import Store
from assistant.library.topic_map import TopicMap
from assistant.plan import Filters
from assistant.types import Heartbeat, Paper

_MOST_GROUPED = 20_000
"""Papers up to which the topics are worked out for an answer; beyond, that takes minutes."""
_MOST_NAMED = 5
_MOST_FILES = 8


def overview(
    store: Store, filters: Filters | None, topics: Callable[[], TopicMap]
) -> Generator[Heartbeat, None, Reply]:
    """The inventory of the papers that pass; the topics take seconds where the map was not drawn yet."""
    wanted = filters or Filters()
    ids = store.select(wanted) if wanted.restrict else None
    years: Counter[int | None] = Counter()
    files: Counter[str] = Counter()
    newest: list[tuple[str, str, str]] = []
    for paper in store.every_paper() if ids is None else store.papers(ids):
        years[paper.year] += 1
        files.update(paper.sources)
        newest = sorted([*newest, _dated(paper)], reverse=True)[:_MOST_NAMED]
    count = years.total()
    words = in_words(wanted)
    lines = [
        f"Your library holds {papers(store.count())}"
        + (f"; {count:,} of them {'is' if count == 1 else 'are'} {words}." if words else ".")
    ]
    lines += [_years(years), _files(files)] if count else []
    typical: list[tuple[str, str]] = []
    if 0 < store.count() <= _MOST_GROUPED:
        yield Heartbeat("grouping the papers by topic")
        grouped, typical = _topics(topics(), None if ids is None else frozenset(ids))
        lines += grouped
    dated = [(date, title) for date, title, _ in newest if date]
    if dated:
        lines.append("Newest: " + "; ".join(f"“{title}” ({date})" for date, title in dated) + ".")
    new = dict([*typical, *((i, title) for date, title, i in newest if date)])
    return Reply("\n".join(lines), listed("typical and newest papers", new.items(), len(new), count))


def what_is_new(store: Store, filters: Filters | None) -> Reply:
    """The papers that came in last: those that pass the filters, or those of the latest day."""
    wanted = filters or Filters()
    if wanted.added_from is None and (last := store.arrivals.newest(1)):
        day = last[0][1][:10]
        wanted = replace(wanted, added_from=day, added_to=day)
    if wanted.added_from is None:
        return Reply(
            f"Your library holds {papers(store.count())}; when they were added is not recorded.",
            listed("new", [], 0, store.count()),
        )
    ids = store.select(wanted)
    titles = store.titles(ids)
    words = in_words(wanted)
    listing = listed(words, ((i, titles[i]) for i in ids), len(ids), store.count())
    shown = "\n".join(f"- “{p.title}”" for p in listing.papers[: 2 * _MOST_NAMED])
    more = f"\n- and {len(ids) - 2 * _MOST_NAMED:,} more" if len(ids) > 2 * _MOST_NAMED else ""
    text = f"{len(ids):,} of the {papers(store.count())} in your library {'was' if len(ids) == 1 else 'were'} {words}"
    return Reply(f"{text}:\n{shown}{more}" if ids else f"{text}.", listing)


def _dated(paper: Paper) -> tuple[str, str, str]:
    return date_of(paper) or "", paper.title, paper.paper_id


def _years(years: Counter[int | None]) -> str:
    known = sorted(year for year in years if year is not None)
    parts = ", ".join(f"{year}: {years[year]:,}" for year in known)
    unknown = f"{years[None]:,} without a recorded year" if years[None] else ""
    return f"Years: {'; '.join(filter(None, [parts, unknown]))}."


def _files(files: Counter[str]) -> str:
    shown = ", ".join(f"{name} ({count:,})" for name, count in files.most_common(_MOST_FILES))
    more = f" and {len(files) - _MOST_FILES:,} more" if len(files) > _MOST_FILES else ""
    return f"Source files: {shown}{more}."


def _topics(drawn: TopicMap, among: frozenset[str] | None) -> tuple[list[str], list[tuple[str, str]]]:
    """A line for each topic with its paper that lies in the middle of it, and these papers."""
    lines, typical = ["Topics:"], []
    for number, topic in enumerate(drawn.topics):
        places = [p for p in drawn.places if p.topic == number and (among is None or p.paper_id in among)]
        if not places:
            continue
        spots = np.array([(p.x, p.y) for p in places])
        middle = places[int(np.argmin(((spots - spots.mean(axis=0)) ** 2).sum(axis=1)))]
        typical.append((middle.paper_id, middle.title))
        name = ", ".join(topic.terms) or "other papers"
        lines.append(f"- {name}: {papers(len(places))}, such as “{middle.title}”")
    return (lines, typical) if typical else ([], [])
