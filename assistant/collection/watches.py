"""Standing questions: asked again after each change of the library, of the new and changed papers alone."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.collection import watch_files
from assistant.collection.watch import Found, Watch, WatchChange, WatchKind, found_from
from assistant.documents.clean import clean
from assistant.errors import NotFoundError, QuestionError
from assistant.library.library import Library
from assistant.library.watch_store import WatchRow
from assistant.listing import Listing
from assistant.types import Answer, Filters, Step

Find = Callable[[str, Filters, Sequence[str]], Listing]
"""Which of these papers state a criterion."""
Ask = Callable[[str, Filters, str], Answer]
"""The answer to a question, by the model named."""
Touches = Callable[[str, Filters, Sequence[str]], bool]
"""Whether any of these papers may bear on the answer to a question."""
FOLDER = "watches"
"""Where the files are, in the library's folder."""
_NO_MODEL = "quotes"


@dataclass(frozen=True, slots=True)
class Watches:
    """The standing questions of one library."""

    library: Library
    find: Find
    ask: Ask
    touches: Touches

    def add(
        self, question: str, kind: WatchKind = "list", filters: Filters | None = None, llm: str = _NO_MODEL
    ) -> Watch:
        """Stores a standing question with what it finds today. The same question is stored once.

        `llm` names the model that an `answer` asks, each time; no other is ever asked. Raises QuestionError.
        """
        question = clean(question)
        if not question:
            raise QuestionError("the question to watch is empty")
        document = {"question": question, "kind": kind, "filters": (filters or Filters()).given(), "llm": llm}
        store = self.library.store
        for row in store.watches.all():
            if row.question == document:
                return _watch(row)
        revision = store.revision
        found = self._all(question, kind, filters or Filters(), llm)
        now = _now()
        row = WatchRow(secrets.token_hex(4), now, now, revision, document, [asdict(f) for f in found])
        store.watches.add(row)
        self.write()
        return _watch(row)

    def all(self) -> list[Watch]:
        """All standing questions, oldest first."""
        return [_watch(row) for row in self.library.store.watches.all()]

    def remove(self, watch_id: str) -> None:
        """Removes a standing question with its changes. Raises NotFoundError."""
        if not self.library.store.watches.remove(watch_id):
            raise NotFoundError(f"no watch {watch_id}; `assistant watch list` lists them")
        self.write()

    def changes(self) -> list[WatchChange]:
        """All changes, newest first."""
        questions = {w.watch_id: w.question for w in self.all()}
        return [
            _change(number, watch_id, questions[watch_id], created, document)
            for number, watch_id, created, document in self.library.store.watches.changes()
            if watch_id in questions
        ]

    def run(self, step: Step | None = None) -> list[WatchChange]:
        """Asks again what papers that came, changed or went since the last run may affect; returns the changes.

        Each question is stored with its change before the next is asked, so that an interrupted run goes on from there.
        """
        before = {c.number for c in self.changes()}
        rows = self.library.store.watches.all()
        for done, row in enumerate(rows):
            if step is not None:
                step(done, len(rows))
            self._run(row)
        changed = [c for c in self.changes() if c.number not in before]
        if changed or not (self.library.home / FOLDER).exists():
            self.write()
        return changed

    def write(self, folder: Path | None = None) -> Path:
        """Writes all watches and changes as Markdown, JSON and an Atom feed; the same ones give the same bytes.

        `folder`: `watches` in the library's folder unless given. Raises LibraryError.
        """
        return watch_files.write(folder or self.library.home / FOLDER, self.all(), self.changes())

    def _run(self, row: WatchRow) -> None:
        store, watch = self.library.store, _watch(row)
        revision = store.revision
        if revision == row.revision:
            return
        written, deleted = store.changed_since(row.revision)
        passing = store.select(watch.filters, written) if written else []
        found = self._again(watch, passing, {*written, *deleted})
        old, new = {f.key for f in watch.found}, {f.key for f in found}
        added = [f for f in found if f.key not in old]
        removed = [f for f in watch.found if f.key not in new]
        change: dict[str, Any] = {}
        if added or removed:
            happened = self._happened(row.ran, watch, written, deleted, [*added, *removed])
            change = {
                "added": [asdict(f) for f in added],
                "removed": [asdict(f) for f in removed],
                "because": happened,
            }
        store.watches.advance(row, revision, [asdict(f) for f in found], _now(), change)

    def _again(self, watch: Watch, passing: Sequence[str], touched: set[str]) -> tuple[Found, ...]:
        """What the watch finds now, reading only papers that changed."""
        if watch.kind == "list":
            kept = [f for f in watch.found if f.paper_id not in touched]
            new = _listed(self.find(watch.question, watch.filters, passing)) if passing else ()
            return tuple(sorted((*kept, *new), key=lambda f: f.key))
        rests_on = {f.paper_id for f in watch.found}
        if not rests_on & touched and not self.touches(watch.question, watch.filters, passing):
            return watch.found
        return self._all(watch.question, watch.kind, watch.filters, watch.llm)

    def _all(self, question: str, kind: WatchKind, filters: Filters, llm: str) -> tuple[Found, ...]:
        if kind == "list":
            everything = self.library.store.select(filters)
            return tuple(sorted(_listed(self.find(question, filters, everything)), key=lambda f: f.key))
        answer = self.ask(question, filters, llm)
        return tuple(Found(c.paper_id, c.title, c.quote, c.start, c.end) for c in answer.citations)

    def _happened(
        self, ran: str, watch: Watch, written: Sequence[str], deleted: Sequence[str], spans: Sequence[Found]
    ) -> list[list[str]]:
        """What happened to the papers of these spans; where none of them changed, every change may be the reason."""
        added = self.library.store.arrivals.of(written)
        known = {f.paper_id for f in watch.found} | {i for i in written if added.get(i, "") < ran}
        what = {i: "changed" if i in known else "new" for i in written} | dict.fromkeys(deleted, "deleted")
        ids = {f.paper_id for f in spans} & what.keys() or what.keys()
        return [[paper_id, what[paper_id]] for paper_id in sorted(ids)]


def _watch(row: WatchRow) -> Watch:
    asked = row.question
    filters = Filters.from_dict(asked["filters"])
    return Watch(
        row.watch_id, row.created, asked["question"], asked["kind"], filters, asked["llm"], found_from(row.found)
    )


def _change(number: int, watch_id: str, question: str, created: str, document: dict[str, Any]) -> WatchChange:
    added, removed = found_from(document["added"]), found_from(document["removed"])
    because = tuple((paper_id, what) for paper_id, what in document["because"])
    return WatchChange(number, watch_id, question, created, added, removed, because)


def _listed(listing: Listing) -> tuple[Found, ...]:
    return tuple(Found(p.paper_id, p.title, p.quote, p.start, p.end, p.where) for p in listing.papers)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
