"""Counts how many papers have each value of a field of their records, or name each data set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from assistant.collection.conditions import in_words, not_recorded
from assistant.collection.facts import of_papers
from assistant.collection.reply import Reply, joined, listed, papers
from assistant.library.library import Library
from assistant.plan import Filters
from assistant.query.metadata import Asked
from assistant.types import Paper

_MOST_VALUES = 20
"""Values that a text names."""
_MOST_RANKED = 10
_BATCH = 256
_FIELDS = {"link": "url"}
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
    "data": "data sets",
    "keywords": "keywords",
    "collections": "collections",
    "language": "languages",
    "publication_type": "types of publication",
    "pmid": "PMIDs",
}
_SINGULARS = {"categories": "category", "venue": "journal or conference", "publication_type": "type of publication"}
Holders = dict[str, dict[str, str]]
"""Value -> the papers that have it, id -> title."""


def values(library: Library, asked: Asked, filters: Filters | None) -> Reply:
    """How many papers have each value of a field: the first ones alone for a ranking."""
    wanted = filters or Filters()
    holders, read, empty = _holders(library, asked.field, wanted)
    plural, of = _PLURALS.get(asked.field, asked.field), f" {words}" if (words := in_words(wanted)) else ""
    if not holders:
        said = "named in the abstract of" if asked.field == "data" else "recorded for"
        return Reply(f"The {plural} are not {said} any paper{of}.", listed(plural, [], 0, read))
    if asked.field == "data":
        rest = f" {papers(empty)} name{'s' * (empty == 1)} none." if empty else ""
    else:
        rest = f" {not_recorded(asked.field, empty, read)}" if empty else ""
    if asked.operation == "ranking":
        return _ranking(asked, holders, read, of, rest)
    order = sorted(holders) if asked.field == "year" else _by_count(holders)
    more = f" and {len(order) - _MOST_VALUES:,} more" if len(order) > _MOST_VALUES else ""
    name = plural if len(order) != 1 else _SINGULARS.get(asked.field, plural.removesuffix("s"))
    text = f"{len(order):,} {name} in {papers(read)}{of}: {_counted(holders, order[:_MOST_VALUES])}{more}.{rest}"
    unique = _of_all(holders, order)
    return Reply(text, listed(plural, unique.items(), len(unique), read))


def _ranking(asked: Asked, holders: Holders, read: int, of: str, rest: str) -> Reply:
    order = _by_count(holders)
    most = len(holders[order[0]])
    first = [value for value in order if len(holders[value]) == most]
    unique = _of_all(holders, first)
    listing = listed(f"most papers: {joined(first[:_MOST_VALUES])}", unique.items(), len(unique), read)
    if asked.field == "data":
        text = f"The data sets that most papers{of} name: {_counted(holders, order[:_MOST_RANKED])}.{rest}"
        return Reply(text, listing)
    verb = "wrote" if asked.field == "authors" else "have" if len(first) > 1 else "has"
    each = " each" if len(first) > 1 else ""
    more = f" and {len(first) - _MOST_VALUES:,} more" if len(first) > _MOST_VALUES else ""
    names = joined(first[:_MOST_VALUES]) if not more else ", ".join(first[:_MOST_VALUES]) + more
    return Reply(f"{names} {verb} the most papers{of}: {most:,}{each}.{rest}", listing)


def _holders(library: Library, field: str, wanted: Filters) -> tuple[Holders, int, int]:
    """Who has which value; how many papers were read, and how many of them have none."""
    found: Holders = {}
    spelled: dict[str, Counter[str]] = {}
    read = empty = 0
    for paper, own in _valued(library, field, wanted):
        read += 1
        empty += not own
        for value in own:
            key = value.casefold()
            spelled.setdefault(key, Counter())[value] += 1
            found.setdefault(key, {})[paper.paper_id] = paper.title
    # A value is shown in its commonest spelling.
    return {spelled[key].most_common(1)[0][0]: ids for key, ids in found.items()}, read, empty


def _valued(library: Library, field: str, wanted: Filters) -> Iterator[tuple[Paper, tuple[str, ...]]]:
    store = library.store
    all_papers = store.papers(store.select(wanted)) if wanted.restrict else store.papers()
    if field != "data":
        yield from ((paper, _values_of(paper, field)) for paper in all_papers)
        return
    held = list(all_papers)
    for at in range(0, len(held), _BATCH):
        batch = held[at : at + _BATCH]
        for paper, facts in zip(batch, of_papers(library, batch), strict=True):
            yield paper, tuple(dict.fromkeys(f.value for f in facts.facts if f.kind == "data" and _is_name(f.value)))


def _is_name(value: str) -> bool:
    """Whether a data set is called by a name, not counted or described ("six data sets")."""
    return any(c.isupper() for c in value)


def _values_of(paper: Paper, field: str) -> tuple[str, ...]:
    value = getattr(paper, _FIELDS.get(field, field))
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(str(v) for v in value))
    return () if value is None else (str(value),)


def _by_count(holders: Holders) -> list[str]:
    return sorted(holders, key=lambda value: (-len(holders[value]), value))


def _counted(holders: Holders, order: list[str]) -> str:
    return ", ".join(f"{value} ({len(holders[value]):,})" for value in order)


def _of_all(holders: Holders, order: list[str]) -> dict[str, str]:
    return {paper_id: title for value in order for paper_id, title in holders[value].items()}
