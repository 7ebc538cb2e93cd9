"""Answers questions about records exactly: which papers pass, the newest ones, and how many papers have each value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from assistant.collection.conditions import NAMES, in_words, unjudged
from assistant.collection.reply import MOST_LISTED, Reply, joined, listed, named, papers
from assistant.library.store import Store
from assistant.plan import Filters
from assistant.query.metadata import Asked
from assistant.types import Paper

_MOST_VALUES = 20
"""Values that a text names."""
_FIELDS = {"link": "url", "author count": "author_count"}
"""Fields of `Paper` that questions call otherwise."""
_PLURALS = {
    "authors": "authors",
    "year": "years",
    "venue": "journals and conferences",
    "categories": "categories",
    "organisation": "organisations",
    "sources": "source files",
    "doi": "DOIs",
    "link": "links",
    "date": "dates",
}


class Metadata:
    """What the records of one library's papers say."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def passing(self, filters: Filters | None) -> Reply:
        """How many papers pass the filters, and which."""
        wanted = filters or Filters()
        ids = self._store.select(wanted)
        total, words = self._store.count(), in_words(wanted)
        if not words:
            text = f"Your library holds {papers(total)}" + (
                f"; {len(ids):,} are not excluded." if wanted.exclude else "."
            )
        else:
            text = f"{len(ids):,} of the {papers(total)} in your library {'is' if len(ids) == 1 else 'are'} {words}."
        return self._listed(text, words or "all papers", ids, total, unjudged(wanted, self._store))

    def answer(self, asked: Asked, filters: Filters | None) -> Reply:
        """What the records of the papers that pass say."""
        if asked.operation in ("recorded", "not recorded"):
            return self._recorded(asked, filters)
        if asked.operation in ("highest", "lowest"):
            return self._extreme(asked, filters)
        return self._values(asked, filters)

    def _recorded(self, asked: Asked, filters: Filters | None) -> Reply:
        wanted = filters or Filters()
        lacking = set(self._store.records.lacking(_FIELDS.get(asked.field, asked.field)))
        all_ids = self._store.select(wanted)
        ids = [i for i in all_ids if (i in lacking) == (asked.operation == "not recorded")]
        name = NAMES[_FIELDS.get(asked.field, asked.field)]
        how = "without a recorded" if asked.operation == "not recorded" else "with a recorded"
        criterion = ", ".join(filter(None, [f"{how} {name}", in_words(wanted)]))
        text = f"{len(ids):,} of the {papers(len(all_ids))} {_scope(wanted)}{'is' if len(ids) == 1 else 'are'} {how} {name}."
        return self._listed(text, criterion, ids, len(all_ids), "")

    def _extreme(self, asked: Asked, filters: Filters | None) -> Reply:
        """The papers with the highest or lowest value; all that share it, where one is asked for."""
        wanted = filters or Filters()
        found = self._valued(asked.field, wanted)
        high = asked.operation == "highest"
        what = {"date": ("newest", "oldest"), "added": ("latest added", "first added")}.get(
            asked.field, ("paper with the most authors", "paper with the fewest authors")
        )[not high]
        noun = what if "paper" in what else f"{what} paper"
        if not found:
            name = {"date": "date", "added": "date of being added"}.get(asked.field, "number of authors")
            return Reply(
                f"The {name} is not recorded for any paper{_of(wanted)}.", listed(noun, [], 0, self._count(wanted))
            )
        found.sort(key=lambda row: row[1].title)
        found.sort(key=lambda row: row[0], reverse=high)
        ties = [row for row in found if row[0] == found[0][0]]
        chosen = ties if asked.count == 1 else found[: asked.count]
        values = {paper.paper_id: _shown(value, asked.field) for value, paper in chosen}
        listing = listed(noun, ((p.paper_id, p.title) for _, p in chosen), len(chosen), self._count(wanted))
        if len(chosen) == 1:
            text = f"The {noun}{_of(wanted)} is “{chosen[0][1].title}” ({values[chosen[0][1].paper_id]})."
        elif asked.count == 1:
            text = f"{len(chosen)} papers share the place of the {noun}{_of(wanted)}:\n{named(listing, values)}"
        else:
            text = f"The {len(chosen)} {noun.replace('paper', 'papers')}{_of(wanted)}:\n{named(listing, values)}"
        unknown = self._count(wanted) - len(found)
        return Reply(text + (f"\n{_unknown(unknown, asked.field)}" if unknown else ""), listing)

    def _values(self, asked: Asked, filters: Filters | None) -> Reply:
        """How many papers have each value of a field: the first ones alone for a ranking."""
        wanted = filters or Filters()
        holders: dict[str, list[tuple[str, str]]] = {}
        read = empty = 0
        for paper in self._passing(wanted):
            read += 1
            found = _values_of(paper, asked.field)
            empty += not found
            for value in found:
                holders.setdefault(value, []).append((paper.paper_id, paper.title))
        plural = _PLURALS.get(asked.field, asked.field)
        if not holders:
            return Reply(f"The {plural} are not recorded for any paper{_of(wanted)}.", listed(plural, [], 0, read))
        counts = Counter({value: len(rows) for value, rows in holders.items()})
        rest = f" {_unknown(empty, asked.field)}" if empty else ""
        if asked.operation == "ranking":
            most = max(counts.values())
            first = sorted(value for value, count in counts.items() if count == most)
            text = (
                f"{joined(first[:_MOST_VALUES])} {_has(asked.field, len(first))} the most papers{_of(wanted)}: {most:,}"
            )
            text += f" each.{rest}" if len(first) > 1 else f".{rest}"
            unique = dict(row for value in first for row in holders[value])
            return Reply(
                text, listed(f"most papers: {joined(first[:_MOST_VALUES])}", unique.items(), len(unique), read)
            )
        ordered = sorted(counts) if asked.field == "year" else [value for value, _ in _by_count(counts)]
        shown = ", ".join(f"{value} ({counts[value]:,})" for value in ordered[:_MOST_VALUES])
        more = f" and {len(ordered) - _MOST_VALUES:,} more" if len(ordered) > _MOST_VALUES else ""
        text = f"{len(counts):,} {plural if len(counts) != 1 else plural.removesuffix('s')} in {papers(read)}: {shown}{more}.{rest}"
        unique = dict(row for value in ordered for row in holders[value])
        return Reply(text, listed(plural, unique.items(), len(unique), read))

    def _listed(self, text: str, criterion: str, ids: list[str], of: int, rest: str) -> Reply:
        titles = self._store.titles(ids[:MOST_LISTED])
        listing = listed(criterion, ((i, titles[i]) for i in ids[:MOST_LISTED]), len(ids), of)
        parts = [f"{text} {rest}".strip(), named(listing) if criterion != "all papers" else ""]
        return Reply("\n".join(filter(None, parts)), listing)

    def _valued(self, field: str, filters: Filters) -> list[tuple[str | int, Paper]]:
        """The papers with what they are ordered by, without those whose record leaves it empty."""
        found = list(self._passing(filters))
        if field == "added":
            added = self._store.arrivals.of([p.paper_id for p in found])
            return [(added[p.paper_id], p) for p in found if p.paper_id in added]
        read: Callable[[Paper], str | int | None] = _dated if field == "date" else author_count
        return [(value, p) for p in found if (value := read(p)) is not None]

    def _passing(self, filters: Filters) -> Iterable[Paper]:
        return self._store.papers(self._store.select(filters)) if filters.restrict else self._store.papers()

    def _count(self, filters: Filters) -> int:
        return len(self._store.select(filters))


def author_count(paper: Paper) -> int | None:
    """How many authors the record of a paper gives."""
    return paper.author_count or len(paper.authors) or None


def _dated(paper: Paper) -> str | None:
    """The date, as far as it is known with its year."""
    date = paper.date or (str(paper.year) if paper.year else None)
    return date if date and not date.startswith("-") else None


def _values_of(paper: Paper, field: str) -> tuple[str, ...]:
    value = getattr(paper, _FIELDS.get(field, field))
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(str(v) for v in value))
    return () if value is None else (str(value),)


def _by_count(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))


def _shown(value: str | int, field: str) -> str:
    return f"{value} authors" if isinstance(value, int) else f"added {value[:10]}" if field == "added" else value


def _unknown(count: int, field: str) -> str:
    name = NAMES.get(_FIELDS.get(field, field), field)
    return f"The {name} of {papers(count)} is not recorded."


def _of(filters: Filters) -> str:
    words = in_words(filters)
    return f" {words}" if words else ""


def _scope(filters: Filters) -> str:
    words = in_words(filters)
    return f"{words} " if words else "in your library "


def _has(field: str, count: int) -> str:
    return "wrote" if field == "authors" else "have" if count > 1 else "has"
