"""Answers questions about records exactly: which papers pass, which have a field, and which are the newest."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.collection.by_date import ranked, shown
from assistant.collection.conditions import MANY, NAMES, in_words, not_recorded, unjudged
from assistant.collection.reply import MOST_LISTED, Reply, listed, named, papers
from assistant.collection.values import values
from assistant.library.library import Library
from assistant.plan import Filters
from assistant.query.metadata import EVERY, Asked
from assistant.types import Paper

_FIELDS = {"link": "url", "author count": "author_count"}
"""Fields of `Paper` that questions call otherwise."""
_ENDS = {"date": ("newest paper", "oldest paper"), "added": ("latest added paper", "first added paper")}
_OF_AUTHORS = ("paper with the most authors", "paper with the fewest authors")


class Metadata:
    """What the records of one library's papers say."""

    def __init__(self, library: Library) -> None:
        self._library, self._store = library, library.store

    def answer(self, asked: Asked | None, filters: Filters | None) -> Reply:
        """What the records of the papers that pass say; without anything that is asked of them, which ones pass."""
        if asked is None:
            return self._passing(filters or Filters())
        if asked.operation in ("recorded", "not recorded"):
            return self._recorded(asked, filters or Filters())
        if asked.operation in ("highest", "lowest"):
            return self._ordered(asked, filters or Filters())
        return values(self._library, asked, filters)

    def _passing(self, wanted: Filters) -> Reply:
        """How many papers pass the filters, and which."""
        ids = self._store.select(wanted)
        total, words = self._store.count(), in_words(wanted)
        if words:
            text = f"{len(ids):,} of the {papers(total)} in your library {_are(len(ids), words)}."
        else:
            text = f"Your library holds {papers(total)}" + (
                f"; {len(ids):,} are not excluded." if wanted.exclude else "."
            )
        return self._listed(text, words or "all papers", ids, total, unjudged(wanted, self._store))

    def _recorded(self, asked: Asked, wanted: Filters) -> Reply:
        field = _FIELDS.get(asked.field, asked.field)
        lacking, all_ids = set(self._store.records.lacking(field)), self._store.select(wanted)
        ids = [i for i in all_ids if (i in lacking) == (asked.operation == "not recorded")]
        article = "" if field in MANY else "a "
        how = f"{'without' if asked.operation == 'not recorded' else 'with'} {article}recorded {NAMES[field]}"
        words = in_words(wanted)
        text = (
            f"{len(ids):,} of the {papers(len(all_ids))} {f'{words} ' if words else 'in your library '}"
            f"{_are(len(ids), how)}."
        )
        return self._listed(text, ", ".join(filter(None, [how, words])), ids, len(all_ids), "")

    def _ordered(self, asked: Asked, wanted: Filters) -> Reply:
        """The papers at one end, and all that share it where one is asked for; or all papers in order."""
        words = in_words(wanted)
        of, ids = f" {words}" if words else "", self._store.select(wanted)
        found, rest = ranked(self._store.papers(ids), asked, self._store)
        noun = _ENDS.get(asked.field, _OF_AUTHORS)[asked.operation == "lowest"]
        if not found:
            text = f"The {NAMES[_FIELDS.get(asked.field, asked.field)]} is not recorded for any paper{of}."
            return Reply(text if ids or not words else f"No paper is {words}.", listed(noun, [], 0, len(ids)))
        unknown = not_recorded(asked.field, len(rest), len(ids)) if rest else ""
        chosen = [row for row in found if row[0] == found[0][0]] if asked.count == 1 else found[: asked.count]
        rows: Sequence[Paper] = [paper for _, paper in chosen]
        if asked.count >= EVERY:
            rows = [*rows, *rest]
        details = {paper.paper_id: shown(value, asked.field) for value, paper in chosen}
        listing = listed(noun, ((p.paper_id, p.title) for p in rows[:MOST_LISTED]), len(rows), len(ids))
        if len(rows) == 1:
            text = f"The {noun}{of} is “{rows[0].title}” ({details[rows[0].paper_id]})."
        elif asked.count >= EVERY:
            text = f"{papers(len(rows))}{of}, the {noun} first:\n{named(listing, details)}"
        elif asked.count == 1:
            text = f"{len(chosen)} papers share the place of the {noun}{of}:\n{named(listing, details)}"
        else:
            text = f"The {len(chosen)} {noun.replace('paper', 'papers')}{of}:\n{named(listing, details)}"
        return Reply("\n".join(filter(None, [text, unknown])), listing)

    def _listed(self, text: str, criterion: str, ids: list[str], of: int, rest: str) -> Reply:
        titles = self._store.titles(ids[:MOST_LISTED])
        listing = listed(criterion, ((i, titles[i]) for i in ids[:MOST_LISTED]), len(ids), of)
        parts = [f"{text} {rest}".strip(), named(listing) if criterion != "all papers" else ""]
        return Reply("\n".join(filter(None, parts)), listing)


def _are(count: int, words: str) -> str:
    """The words about papers with their verb: `are from 2024`, `have 4 authors`, `have no recorded year`."""
    verb, has = ("is", "has") if count == 1 else ("are", "have")
    for lead, said in (("with ", f"{has} "), ("without a ", f"{has} no ")):
        if words.startswith(lead):
            return said + words.removeprefix(lead)
    return f"{verb} {words}"
