"""Adds papers to a library: reads and deduplicates records, embeds and commits in batches, updates the indexes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant import documents
from assistant.embeddings.openai_endpoint import AT_ONCE, EndpointEmbedder
from assistant.errors import EmbeddingError
from assistant.index.manager import IndexManager
from assistant.ingestion.batcher import Batcher
from assistant.ingestion.dedup import Conflict, Edit, Merge, New, Repeat, decide
from assistant.ingestion.details_file import DetailsFile
from assistant.ingestion.fact_reading import read_missing_facts
from assistant.ingestion.following import Following
from assistant.ingestion.tally import Tally
from assistant.library.editorial import settle_notices
from assistant.library.library import Library
from assistant.library.rows import StoredPaper, record_digest
from assistant.library.seen_ids import SeenIds
from assistant.reports import IndexReport
from assistant.settings import Settings
from assistant.types import Complete, Embedder, Notice, Paper

BATCH = 128
"""Papers embedded and committed together: two seconds of work, the most that an interruption costs. In smaller
batches the last texts leave a core idle."""
METADATA_BATCH = 256
"""Papers with nothing but new metadata that are committed together."""
LISTED = 1_000
"""Failures, and conflicting titles, that a report lists; of further ones it gives the number."""
SAMPLE = Path(__file__).parent.parent / "sample.jsonl"
"""The bundled sample corpus."""
DETAILS = "index-report.jsonl"
"""The file in the library's folder that lists each failure, conflict, notice and merge of the last run."""
_TEMPORARY = "guests"
"""Note in the store, under the name that the first release gave it: not empty when all papers are temporary."""

Progress = Callable[["IndexProgress"], None]


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """The progress of an `add` or a `rebuild`."""

    bytes_read: int
    """Papers instead of bytes while stale papers are embedded again and while the indexes are built; `bytes_total`
    then counts papers too."""
    bytes_total: int
    stored: int
    """New or changed papers stored so far."""
    stage: str
    records: int = 0
    """Papers read so far in this stage, whether new or known."""


class IngestionPipeline:
    """Adds papers to one library, and deletes them."""

    def __init__(
        self,
        library: Library,
        indexes: IndexManager,
        embedder: Embedder,
        settings: Settings,
        *,
        batch: int | None = None,
        metadata_batch: int = METADATA_BATCH,
        listed: int = LISTED,
    ) -> None:
        """`batch`: papers embedded and committed together (None: BATCH, or what keeps an embedding endpoint busy)."""
        self._library = library
        self._indexes = indexes
        self._embedder = embedder
        self._settings = settings
        self._batch = batch or (AT_ONCE if isinstance(embedder, EndpointEmbedder) else BATCH)
        self._metadata_batch = metadata_batch
        self._listed = listed

    def add(
        self, paths: Sequence[str | Path] | None, progress: Progress | None = None, *, temporary: bool = False
    ) -> IndexReport:
        """Reads files and folders (None: the bundled sample); a paper that is known and unchanged costs one comparison.

        What was committed before an interruption stays, and the next call continues from there. `temporary` papers are
        removed when the first others are added. Raises DocumentError for a path that does not exist, LibraryError,
        EmbeddingError.
        """
        started, began = time.perf_counter(), datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        files = [SAMPLE] if paths is None else paths
        reporter = _Reporter(progress, documents.count_bytes(files))  # raises for a missing path before any change
        seen, following = SeenIds(), Following(self._library.store)
        details = DetailsFile(self._library.home / DETAILS)
        with self._indexes.writing(), closing(seen), closing(following), closing(details):
            tally = Tally(self._listed, details)
            records = documents.read(files, reporter.on_bytes, tally.choose_reader)
            batcher = self._batcher(reporter)
            batcher.refresh_stale(reporter.on_refreshed)
            batcher.add_missing_words(reporter.on_refreshed)
            read_missing_facts(self._library.store, reporter.on_read_again)
            sample_removed = self._remove_temporary() if paths is not None and not temporary else 0
            self._library.store.note(_TEMPORARY, "yes" if temporary else "")
            try:
                for record in records:
                    if isinstance(record, Paper):
                        reporter.records += 1
                        _add_record(record, batcher, seen, following, tally)
                    elif isinstance(record, Complete):
                        _follow(record, batcher, following, tally)
                    else:
                        tally.note(record)
                batcher.flush()
                settle_notices(self._library.store)
            except EmbeddingError as error:
                raise EmbeddingError(
                    f"{error}; {reporter.stored} papers were stored; run the same command again to continue"
                ) from error
            reporter.report("building the indexes")
            self._indexes.sync(locked=True, progress=reporter.on_indexed)
            if tally.added or tally.updated:
                self._library.note_run(began)
        return tally.report(self._library.store.count(), sample_removed, time.perf_counter() - started)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Builds both indexes from the store; embeds only what another embedder or chunker had prepared, and papers
        whose word vectors are missing or damaged."""
        with self._indexes.writing():
            reporter = _Reporter(progress, 0)
            batcher = self._batcher(reporter)
            batcher.refresh_stale(reporter.on_refreshed)
            self._library.store.words.remove_damaged()
            batcher.add_missing_words(reporter.on_refreshed)
            read_missing_facts(self._library.store, reporter.on_read_again)
            reporter.report("building the indexes")
            self._indexes.rebuild(reporter.on_indexed)

    def delete(self, paper_ids: Sequence[str]) -> int:
        """Deletes papers; returns how many there were."""
        with self._indexes.writing():
            count = self._library.store.delete(paper_ids)
            self._indexes.sync(locked=True)
        return count

    def _remove_temporary(self) -> int:
        store = self._library.store
        return store.delete([p.paper_id for p in store.papers()]) if store.get(_TEMPORARY) else 0

    def _batcher(self, reporter: _Reporter) -> Batcher:
        sizes = self._batch, self._metadata_batch
        return Batcher(self._library, self._embedder, self._settings, reporter.on_commit, *sizes)


def _follow(complete: Complete, batcher: Batcher, following: Following, tally: Tally) -> None:
    """Removes what a followed source, now read to its end, no longer holds."""
    batcher.flush()
    removed = following.finish(complete)
    tally.removed += removed
    tally.note(Notice(complete.label, None, f"{complete.text}; {removed} removed" if removed else complete.text))


def _add_record(record: Paper, batcher: Batcher, seen: SeenIds, following: Following, tally: Tally) -> None:
    """Stages what a record changes. `seen`: ids of the papers that earlier records of this run were found to be."""
    if (known_id := batcher.merged_into(record_digest(record))) is not None:
        tally.repeat(duplicate=seen.add(known_id))
        following.note(record, known_id)
        return
    former: tuple[StoredPaper, ...] = ()
    match decide(record, batcher.candidates(record), seen):
        case New(paper):
            tally.added += 1
            batcher.add(paper)
        case Conflict(paper, shared, other):
            tally.conflict(record, shared, other)
            batcher.add(paper)
        case Repeat(before, paper, duplicate, merged):
            tally.repeat(duplicate=duplicate)
            tally.note_merged(merged, record)
            former = (before,)
            batcher.update_metadata(before, paper)
        case Edit(before, paper):
            tally.updated += 1
            former = (before,)
            batcher.add(paper, replaces=[before.paper_id])
        case Merge(before, paper, merged, absorbed):
            tally.duplicates += 1
            tally.note_merged(merged, record)
            former = (before, *absorbed)
            batcher.add(paper, replaces=[p.paper_id for p in former])
    for paper_id in {paper.paper_id, *(p.paper_id for p in former)}:
        seen.add(paper_id)
    following.note(record, paper.paper_id, [p.paper_id for p in former])


class _Reporter:
    """Reports the progress of a run."""

    def __init__(self, progress: Progress | None, bytes_total: int) -> None:
        self._progress = progress or (lambda _: None)
        self._bytes_read, self._bytes_total = 0, bytes_total
        self.records, self.stored = 0, 0

    def report(self, stage: str) -> None:
        self._progress(IndexProgress(self._bytes_read, self._bytes_total, self.stored, stage, self.records))

    def on_bytes(self, count: int) -> None:
        self._bytes_read = count
        self.report("reading")

    def on_commit(self, count: int) -> None:
        self.stored += count
        self.report("embedding")

    def on_refreshed(self, done: int, total: int) -> None:
        self.stored = done
        self._progress(IndexProgress(done, total, done, "embedding again", done))

    def on_read_again(self, done: int, total: int) -> None:
        self._progress(IndexProgress(done, total, self.stored, "reading facts", done))

    def on_indexed(self, done: int, total: int) -> None:
        self._progress(IndexProgress(done, total, self.stored, "building the indexes", done))
