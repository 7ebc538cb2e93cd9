"""What the library really holds that a question can name: authors, venues, categories, organisations, files, titles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.documents.identity import title_key
from assistant.library.selection import is_category, is_named
from assistant.library.store import Store

_LONGEST_TITLE = 40
"""Words up to which a title is looked for in a question."""

_MOST_NAMESAKES = 3
"""Papers that may go by one name."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title in a question."""

    start: int
    end: int
    papers: tuple[str, ...]
    """Ids of the papers that have it."""
    is_name: bool
    """Whether it is no phrase that may mean a subject as well: a whole title, or a part of one written with capitals."""


class Holdings:
    """The names in the records of one library, read again after every change of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._revision = -1
        self._known: dict[str, tuple[str, ...]] = {}

    def has_author(self, name: str) -> bool:
        """Whether any paper has an author of this name."""
        return self._store.records.has_author(name)

    def has_venue(self, name: str) -> bool:
        """Whether any paper appeared in a venue of this name."""
        return any(is_named(venue, name) for venue in self._values("venue"))

    def has_organisation(self, name: str) -> bool:
        """Whether any paper comes from an organisation of this name."""
        return any(is_named(organisation, name) for organisation in self._values("organisation"))

    def has_category(self, name: str) -> bool:
        """Whether any paper is in this category, or in a part of it."""
        return any(is_category(category, name) for category in self._values("categories"))

    def sources(self) -> tuple[str, ...]:
        """The names of all files that papers come from."""
        return self._values("sources")

    def _values(self, field: str) -> tuple[str, ...]:
        if self._revision != self._store.revision:
            self._known, self._revision = {}, self._store.revision
        if field not in self._known:
            self._known[field] = self._store.records.values(field)
        return self._known[field]

    def named(self, name: str) -> tuple[str, ...]:
        """Ids of the papers with this title or short title, else of those that introduce something of this name; none
        where the name is that of too many to mean a paper."""
        key = title_key(name)
        if not key:
            return ()
        papers = self._store.records.titled(key, head=True) or self._store.facts.introducing(name.strip(" “”\"'"))
        return papers if len(papers) <= _MOST_NAMESAKES else ()

    def titles_in(self, question: str) -> list[Title]:
        """The titles of papers in the question, or their parts before a colon, longest first; none within another."""
        words = list(re.finditer(r"[^\W_]+", question))
        spans = [
            (words[first].start(), words[last].end())
            for first in range(len(words))
            for last in range(first, min(len(words), first + _LONGEST_TITLE))
        ]
        found: list[Title] = []
        for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
            if any(t.start <= start and end <= t.end for t in found) or not _may_be_title(question, start, end):
                continue
            key = title_key(question[start:end])
            if papers := self._store.records.titled(key, head=True):
                capital = any(c.isupper() for c in question[start:end])
                is_name = capital or bool(self._store.records.titled(key, head=False))
                found.append(Title(start, end, papers, is_name))
        return found


def _may_be_title(question: str, start: int, end: int) -> bool:
    """A single word may be any word, unless it is written as a name."""
    words = question[start:end]
    return " " in words or any(c.isupper() for c in words[1:]) or question[start - 1 : start] in ("“", '"')
