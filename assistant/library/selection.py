"""The statement that selects the papers which pass filters, and the functions by which it compares names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.library.database import Database, marks
from assistant.text.language_names import is_language
from assistant.types import Filters

AUTHOR_COUNT = "coalesce(json_extract(record, '$.author_count'), nullif(json_array_length(record, '$.authors'), 0))"
_DATE = "json_extract(record, '$.date')"
_FIRST_DAY = f"substr({_DATE} || '-01-01', 1, 10)"
_LAST_DAY = (
    f"CASE length({_DATE}) WHEN 4 THEN {_DATE} || '-12-31' "
    f"WHEN 7 THEN date({_DATE} || '-01', '+1 month', '-1 day') ELSE {_DATE} END"
)
"""A paper that is dated by its month or year is in a range where all of that month or year is."""
_ADDED = "(SELECT added FROM arrivals WHERE arrivals.paper_id = papers.paper_id)"
_LAST_SECOND = "~"
"""Sorts behind everything that can follow the beginning of an ISO date or time."""

GONE = ("retracted", "withdrawn", "retraction notice")
"""The editorial status of papers that the filter `no_retracted` leaves out."""

Condition = tuple[str, Sequence[object]]


def define_functions(db: Database) -> None:
    """Registers the functions that the statement calls."""
    db.define("is_author", lambda recorded, *asked: any(same_author(str(recorded), str(a)) for a in asked))
    db.define("is_named", lambda recorded, *asked: any(is_named(str(recorded or ""), str(a)) for a in asked))
    db.define("is_category", lambda recorded, *asked: any(is_category(str(recorded), str(a)) for a in asked))
    db.define("is_collection", lambda recorded, *asked: any(is_collection(str(recorded), str(a)) for a in asked))
    db.define("is_language", lambda recorded, *asked: any(is_language(str(recorded or ""), str(a)) for a in asked))
    db.define("is_type", lambda recorded, *asked: any(is_type(str(recorded or ""), str(a)) for a in asked))


def selection(filters: Filters, among: Sequence[str] | None) -> tuple[str, list[object]]:
    """The statement, with its parameters, that selects the sorted ids of the papers that pass.

    `among` limits it to these papers. Excluded papers are left to the caller: there may be more of them than one
    statement can take.
    """
    conditions = list(_conditions(filters, among))
    where = " AND ".join(sql for sql, _ in conditions) or "1"
    return f"SELECT paper_id FROM papers WHERE {where} ORDER BY paper_id", [v for _, vs in conditions for v in vs]  # noqa: S608 - built from constants and question marks


def _conditions(filters: Filters, among: Sequence[str] | None) -> Iterator[Condition]:
    if among is not None:
        yield f"paper_id IN ({marks(among)})", among
    yield from _range("year", filters.year_from, filters.year_to)
    for name, test in (
        ("sources", "value IN ({})"),
        ("authors", "is_author(value, {})"),
        ("categories", "is_category(value, {})"),
        ("keywords", "is_named(value, {})"),
        ("collections", "is_collection(value, {})"),
    ):
        if asked := getattr(filters, name):
            yield f"EXISTS (SELECT 1 FROM json_each(record, '$.{name}') WHERE {test.format(marks(asked))})", asked  # noqa: S608 - as above
    for field, test, asked in (
        ("venue", "is_named", filters.venues),
        ("organisation", "is_named", filters.organisations),
        ("language", "is_language", filters.languages),
        ("publication_type", "is_type", filters.publication_types),
    ):
        if asked:
            yield f"{test}(json_extract(record, '$.{field}'), {marks(asked)})", asked
    if filters.date_from is not None:
        yield f"{_DATE} >= '0' AND {_FIRST_DAY} >= ?", (f"{filters.date_from}-01-01"[:10],)
    if filters.date_to is not None:
        yield f"{_DATE} >= '0' AND {_LAST_DAY} <= ?", (filters.date_to + _LAST_SECOND,)
    if filters.added_from is not None:
        yield f"{_ADDED} >= ?", (filters.added_from,)
    if filters.added_to is not None:
        yield f"{_ADDED} <= ?", (filters.added_to + _LAST_SECOND,)
    yield from _range(AUTHOR_COUNT, filters.authors_from, filters.authors_to)
    if filters.no_retracted:
        yield f"coalesce(json_extract(record, '$.editorial_status'), '') NOT IN ({marks(GONE)})", GONE
    if filters.kinds:
        facts = "SELECT 1 FROM facts WHERE facts.paper_id = papers.paper_id AND facts.kind = 'paper kind'"
        yield f"EXISTS ({facts} AND facts.value IN ({marks(filters.kinds)}))", filters.kinds


def _range(value: str, low: int | None, high: int | None) -> Iterator[Condition]:
    if low is not None:
        yield f"{value} >= ?", (low,)
    if high is not None:
        yield f"{value} <= ?", (high,)


@lru_cache(50_000)
def folded(text: str) -> tuple[str, ...]:
    """The words of a name for comparison: without accents, case and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return tuple(re.findall(r"\w+", plain.casefold()))


def same_author(recorded: str, asked: str) -> bool:
    """Whether a recorded author has this name: the last name, and first names as far as both give them."""
    own, wanted = folded(recorded), folded(asked)
    if not own or not wanted or own == wanted:
        return bool(own) and own == wanted
    if own[-len(wanted) :] == wanted:  # a last name of one or several words, or a name without the first ones
        return True
    if own[-1] != wanted[-1]:
        return False
    given, others = iter(own[:-1]), wanted[:-1]
    return all(any(_same_given(name, other) for name in given) for other in others)


def _same_given(name: str, asked: str) -> bool:
    return name == asked or (len(min(name, asked, key=len)) == 1 and name[0] == asked[0])


def is_named(recorded: str, asked: str) -> bool:
    """Whether the recorded name of a venue or an organisation has these words, side by side."""
    own, wanted = f" {' '.join(folded(recorded))} ", f" {' '.join(folded(asked))} "
    return bool(wanted.strip()) and wanted in own


def is_collection(recorded: str, asked: str) -> bool:
    """Whether the collection is the one asked for or lies in it: `Thesis/Chapter 2` in `Thesis`, and is `Chapter 2`."""
    own, wanted = ([folded(part) for part in path.split("/")] for path in (recorded, asked))
    starts = range(len(own) - len(wanted) + 1)
    return any(wanted) and any(own[at : at + len(wanted)] == wanted for at in starts)


def is_type(recorded: str, asked: str) -> bool:
    """Whether the type of publication has these words, side by side; `journalArticle` is `journal-article`."""
    apart = (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name) for name in (recorded, asked))
    return is_named(*apart)


def is_category(recorded: str, asked: str) -> bool:
    """Whether the category is the one asked for or, as `cs.LG` in `cs`, a part of it."""
    own, wanted = recorded.casefold(), asked.casefold()
    return own == wanted or own.startswith(f"{wanted}.")
