"""From records to a library: decides what is news, embeds it in batches, commits, counts.

Knows nothing about file formats and nothing about questions.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

from assistant import documents
from assistant.documents.identity import merge, same_abstract, second_id, title_key
from assistant.embeddings.openai_endpoint import AT_ONCE, EndpointEmbedder
from assistant.errors import EmbeddingError
from assistant.failpoints import pass_by
from assistant.index.manager import IndexManager
from assistant.ingestion import chunking
from assistant.library.library import Library
from assistant.library.rows import Entry, Known, digest
from assistant.library.seen_ids import SeenIds
from assistant.reports import IndexReport
from assistant.settings import Settings
from assistant.types import Embedder, Failure, Paper

_BATCH = 128
"""Papers embedded and committed together, two seconds of work: what an interruption costs at most. Of fewer at a time the
last ones leave a core without work. An endpoint gets more."""

_DESCRIBED = 256
"""Papers with new metadata alone that are committed together."""
_LISTED = 1_000
"""Failures, and titles that stand twice, that a report lists; of further ones it gives the number."""

SAMPLE = Path(__file__).parent.parent / "sample.jsonl"
"""The bundled sample corpus."""
_TEMPORARY = "guests"
"""Note in the store, under the name of the first release: non-empty when all papers are temporary."""

Progress = Callable[["IndexProgress"], None]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far an `add` has come: bytes read of all, papers stored so far (new or changed), and what goes on."""

    bytes_read: int
    """Or papers done, while those of another embedder are embedded anew and while the indexes are built: then
    `bytes_total` counts papers too."""
    bytes_total: int
    stored: int
    stage: str
    records: int = 0
    """Papers looked at so far in this stage, new or known."""


class IngestionPipeline:
    """Brings papers into one library, and takes them out again."""

    def __init__(self, library: Library, indexes: IndexManager, embedder: Embedder, settings: Settings) -> None:
        self._library = library
        self._indexes = indexes
        self._embedder = embedder
        self._settings = settings

    def add(
        self, paths: Sequence[str | Path] | None, progress: Progress | None = None, *, temporary: bool = False
    ) -> IndexReport:
        """Reads files and folders (None: the bundled sample); a paper that is known and unchanged costs one comparison.

        Raises DocumentError for a path that does not exist, LibraryError, EmbeddingError. What was committed before an
        interruption stays, and the next call goes on from there. `temporary` papers are removed when the first others
        are added.
        """
        started = time.perf_counter()
        store = self._library.store
        with self._indexes.writing(), closing(SeenIds()) as seen:
            files = [SAMPLE] if paths is None else paths
            run = self._run(documents.count_bytes(files), progress, seen)
            records = documents.read(files, progress=run.on_bytes)  # raises for a missing path before anything changes
            run.refresh_stale()
            if paths is not None and not temporary and store.get(_TEMPORARY):
                run.sample_removed = store.delete([p.paper_id for p in store.papers()])
            store.note(_TEMPORARY, "yes" if temporary else "")
            try:
                for record in records:
                    run.take(record)
                run.flush()
            except EmbeddingError as error:
                raise EmbeddingError(
                    f"{error}; {run.stored} papers were stored, run the same again to go on"
                ) from error
            run.report_progress("building the indexes")
            self._indexes.sync(locked=True, progress=run.on_indexed)
        return run.report(time.perf_counter() - started)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Builds both indexes from the store; embeds only what another embedder or chunker had prepared."""
        with self._indexes.writing(), closing(SeenIds()) as seen:
            run = self._run(0, progress, seen)
            run.refresh_stale()
            run.report_progress("building the indexes")
            self._indexes.rebuild(run.on_indexed)

    def delete(self, paper_ids: Sequence[str]) -> int:
        """Removes papers; returns how many there were."""
        with self._indexes.writing():
            count = self._library.store.delete(paper_ids)
            self._indexes.sync(locked=True)
        return count

    def _run(self, bytes_total: int, progress: Progress | None, seen: SeenIds) -> _Run:
        return _Run(self._library, self._embedder, self._settings, bytes_total, progress or (lambda _: None), seen)


@dataclass
class _Run:
    """One pass over the records of an `add`: decides what is news, embeds it in batches, counts."""

    library: Library
    embedder: Embedder
    settings: Settings
    bytes_total: int
    progress: Progress
    seen: SeenIds
    """Papers that records of this run went into."""
    bytes_read: int = 0
    records: int = 0
    stored: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    sample_removed: int = 0
    failed: list[Failure] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    omitted: int = 0
    _pending: dict[str, Known] = field(default_factory=dict)
    _replaces: dict[str, str] = field(default_factory=dict)
    _described: dict[str, Known] = field(default_factory=dict)

    def on_bytes(self, count: int) -> None:
        self.bytes_read = count
        self.report_progress("reading")

    def on_indexed(self, done: int, total: int) -> None:
        self.progress(IndexProgress(done, total, self.stored, "building the indexes", done))

    def report_progress(self, stage: str) -> None:
        self.progress(IndexProgress(self.bytes_read, self.bytes_total, self.stored, stage, self.records))

    def take(self, record: Paper | Failure) -> None:
        """One record: new, a known paper unchanged or changed, another copy of one, or unreadable."""
        if isinstance(record, Failure):
            self._list(self.failed, record)
            return
        self.records += 1
        mark = digest(record)
        if (known_as := self._merged_before(mark)) is not None:
            copy = self.seen.add(known_as)
            self.duplicates += copy
            self.unchanged += not copy
        else:
            self._compare(record, mark)

    def _list(self, listed: list[_T], item: _T) -> None:
        if len(listed) < _LISTED:
            listed.append(item)
        else:
            self.omitted += 1

    def _merged_before(self, mark: bytes) -> str | None:
        """The paper that this very record went into, where nothing has happened to it since."""
        paper_id = self.library.store.merged_into(mark)
        staged = paper_id in self._pending or paper_id in self._replaces.values()
        return None if staged else paper_id

    def _compare(self, record: Paper, mark: bytes) -> None:
        """A record that was not seen before, or whose paper changed since."""
        key, text_hash = title_key(record.title), _text_hash(record)
        candidates = self._candidates(key, record.paper_id)
        exact = next((k for k in candidates if text_hash == k.text_hash or text_hash in k.variants), None)
        if exact is not None:
            self._repeat(exact, record, mark)
            return
        old = next((k for k in candidates if k.paper.paper_id == record.paper_id and k.title_key != key), None)
        old = old or next((k for k in candidates if same_abstract(k.paper.abstract, record.abstract)), None)
        if old is None:
            if candidates:
                self._list(self.conflicts, record.title)
                if any(k.paper.paper_id == record.paper_id for k in candidates):
                    record = replace(record, paper_id=second_id(record))
            self.added += 1
            self._stage(Known(record, key, text_hash, digests=frozenset([mark])))
        else:
            self._change(replace(old, digests=old.digests | {mark}), record, key, text_hash)

    def _candidates(self, key: str, paper_id: str) -> list[Known]:
        """What is known under this title or id, as this run has left it."""
        staged = chain(self._described.values(), self._pending.values())
        hidden = self._described.keys() | self._pending.keys() | set(self._replaces.values())
        stored = self.library.store.known(key, paper_id)
        return [
            *(k for k in staged if k.title_key == key or k.paper.paper_id == paper_id),
            *(k for k in stored if k.paper.paper_id not in hidden),
        ]

    def _repeat(self, known: Known, record: Paper, mark: bytes) -> None:
        """A record whose very text is known: at most it adds a source or fills a gap in the metadata."""
        self._count_copy(known, record)
        merged = merge(known.paper, replace(record, title=known.paper.title, abstract=known.paper.abstract))
        merged = replace(merged, title=known.paper.title, abstract=known.paper.abstract)
        after = replace(known, paper=merged, digests=known.digests | {mark})
        if merged.paper_id != known.paper.paper_id:
            self._restage(known, after)
        elif merged.paper_id in self._pending:
            self._pending[merged.paper_id] = after
        else:
            self._describe(after)
        self.seen.add(merged.paper_id)

    def _change(self, old: Known, record: Paper, key: str, text_hash: str) -> None:
        """A record of a known paper with another text: an edit of its only source replaces it, else they merge."""
        edited = old.paper.paper_id not in self.seen and old.paper.sources == record.sources
        if edited:
            self.updated += 1
            kept = replace(merge(old.paper, record), title=record.title, abstract=record.abstract)
            self._restage(old, Known(kept, key, text_hash, old.variants, old.digests))
            return
        kept = merge(old.paper, record)
        if kept.abstract == old.paper.abstract:
            self._count_copy(old, record)
            known = replace(old, paper=kept, variants=old.variants | {text_hash})
            if kept.paper_id != old.paper.paper_id or old.paper.paper_id in self._pending:
                self._restage(old, known)
            else:
                self._describe(known)
                self.seen.add(kept.paper_id)
            return
        self.duplicates += 1
        self._restage(old, Known(kept, title_key(kept.title), text_hash, old.variants | {old.text_hash}, old.digests))

    def _count_copy(self, known: Known, record: Paper) -> None:
        copy = known.paper.paper_id in self.seen or not set(record.sources) <= set(known.paper.sources)
        self.duplicates += copy
        self.unchanged += not copy

    def _restage(self, old: Known, new: Known) -> None:
        """Stages `new` in place of `old`, remembering under which id the store may still have it."""
        before, after = old.paper.paper_id, new.paper.paper_id
        self._pending.pop(before, None)
        self._described.pop(before, None)
        stored_as = self._replaces.pop(before, before)
        if stored_as != after:
            self._replaces[after] = stored_as
        self.seen.add(before)
        self._stage(new)

    def _stage(self, known: Known) -> None:
        self._pending[known.paper.paper_id] = known
        self.seen.add(known.paper.paper_id)
        # What is asked over a network wants several requests under way.
        remote = isinstance(self.embedder, EndpointEmbedder)
        if len(self._pending) >= (AT_ONCE if remote else _BATCH):
            self.flush()

    def _describe(self, known: Known) -> None:
        self._described[known.paper.paper_id] = known
        if len(self._described) >= _DESCRIBED:
            self.library.store.describe(list(self._described.values()))
            self._described = {}

    def flush(self) -> None:
        """Embeds and commits what is pending."""
        store = self.library.store
        if self._pending:
            entries = self._embed(list(self._pending.values()), self._replaces)
            store.put(entries)
            self.stored += len(entries)
        if self._described:
            store.describe(list(self._described.values()))
        self._pending, self._replaces, self._described = {}, {}, {}
        self.report_progress("embedding")

    def _embed(self, known: Sequence[Known], replaces: dict[str, str]) -> list[Entry]:
        """Chunks and vectors of papers, all chunks of the batch in one call."""
        cut = [chunking.chunk(k.paper, self.settings.chunk_tokens, self.settings.chunk_overlap) for k in known]
        vectors = self.embedder.encode([c.text for chunks in cut for c in chunks])
        pass_by("embedded")
        entries, row = [], 0
        for one, chunks in zip(known, cut, strict=True):
            rows = vectors[row : row + len(chunks)]
            row += len(chunks)
            entries.append(Entry(one, self.library.signature, chunks, rows, replaces.get(one.paper.paper_id)))
        return entries

    def refresh_stale(self) -> None:
        """Embeds anew, from the store, what another embedder or chunker had prepared."""
        store, ids = self.library.store, self.library.stale()
        for i in range(0, len(ids), _BATCH):
            known = [
                next(k for k in store.known(title_key(p.title), p.paper_id) if k.paper.paper_id == p.paper_id)
                for p in store.papers(ids[i : i + _BATCH])
            ]
            store.put(self._embed(known, {}))
            self.stored += len(known)
            done = i + len(known)
            self.progress(IndexProgress(done, len(ids), self.stored, "embedding anew", done))

    def report(self, seconds: float) -> IndexReport:
        return IndexReport(
            papers=self.library.store.count(),
            added=self.added,
            updated=self.updated,
            unchanged=self.unchanged,
            duplicates=self.duplicates,
            failed=tuple(self.failed),
            seconds=round(seconds, 3),
            conflicts=tuple(self.conflicts),
            sample_removed=self.sample_removed,
            omitted=self.omitted,
        )


def _text_hash(paper: Paper) -> str:
    return hashlib.sha256(f"{paper.title}\n{paper.abstract}".encode()).hexdigest()
