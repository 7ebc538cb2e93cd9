"""Collects papers, embeds them in batches and commits each batch to the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.documents.identity import names, title_key
from assistant.embeddings import word_states
from assistant.embeddings.embedders import encode_words, word_encoder
from assistant.embeddings.word_states import TextWords
from assistant.extraction.extract import facts_of
from assistant.failpoints import pass_by
from assistant.ingestion import chunking
from assistant.library.library import Library
from assistant.library.rows import Entry, StoredPaper
from assistant.library.word_store import PaperWords
from assistant.settings import Settings
from assistant.types import Embedder, Paper, Step


@dataclass(frozen=True, slots=True)
class _Staged:
    """A paper that waits to be embedded, and the ids under which the store may have it."""

    paper: StoredPaper
    replaces: tuple[str, ...] = ()


class Batcher:
    """The papers of one run that are not committed yet; look-ups show them as if they were."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        settings: Settings,
        on_commit: Callable[[int], None],
        batch: int,
        metadata_batch: int,
    ) -> None:
        """Commits after `batch` papers to embed, or `metadata_batch` papers with new metadata alone; `on_commit`
        receives the number of papers embedded and committed."""
        self._library = library
        self._embedder = embedder
        self._settings = settings
        self._on_commit = on_commit
        self._batch, self._metadata_batch = batch, metadata_batch
        self._staged: dict[str, _Staged] = {}
        self._metadata: dict[str, StoredPaper] = {}
        self._replaced: set[str] = set()
        """The ids in the store that staged papers replace."""
        self._latest: tuple[Paper | None, frozenset[str]] = None, frozenset()
        """The record that was looked up last, with its names: most are new, and stored under these."""
        self._named: dict[str, set[str]] = {}
        """Name -> ids of the waiting papers that have it, or had it before they changed."""

    def candidates(self, record: Paper) -> list[StoredPaper]:
        """The papers that have the title or another name of the record, committed or not."""
        key = title_key(record.title)
        wanted = names(record, key)
        self._latest = record, wanted
        ids = {i for name in wanted for i in self._named.get(name, ())}
        waiting = [p for i in sorted(ids) if (p := self._waiting(i)) is not None]
        stored = self._library.store.identities.candidates(key, wanted)
        return [
            *(p for p in waiting if not wanted.isdisjoint(names(p.paper, p.title_key))),
            *(p for p in stored if self._waiting(p.paper_id) is None and p.paper_id not in self._replaced),
        ]

    def merged_into(self, digest: bytes) -> str | None:
        """Id of the paper that a record with this digest was merged into, unless the paper has changed since."""
        paper_id = self._library.store.merged_into(digest)
        return None if paper_id in self._staged or paper_id in self._replaced else paper_id

    def add(self, paper: StoredPaper, replaces: Sequence[str] = ()) -> None:
        """Stages a paper to be embedded, in place of the papers with the ids `replaces`."""
        former: set[str] = set(replaces)
        for paper_id in replaces:
            self._metadata.pop(paper_id, None)
            if (staged := self._staged.pop(paper_id, None)) is not None:
                former.update(staged.replaces)
        former.discard(paper.paper_id)
        self._replaced |= former
        self._staged[paper.paper_id] = _Staged(paper, tuple(sorted(former)))
        self._note_names(paper)
        if len(self._staged) >= self._batch:
            self.flush()

    def update_metadata(self, before: StoredPaper, after: StoredPaper) -> None:
        """Stages new metadata of a paper whose text stays; under a new id it is embedded again."""
        if after.paper_id != before.paper_id:
            self.add(after, replaces=[before.paper_id])
            return
        if (staged := self._staged.get(after.paper_id)) is not None:
            self._staged[after.paper_id] = replace(staged, paper=after)
        else:
            self._metadata[after.paper_id] = after
        self._note_names(after)
        if len(self._metadata) >= self._metadata_batch:
            self._commit_metadata()

    def _waiting(self, paper_id: str) -> StoredPaper | None:
        staged = self._staged.get(paper_id)
        return self._metadata.get(paper_id) if staged is None else staged.paper

    def _note_names(self, paper: StoredPaper) -> None:
        record, own = self._latest
        for name in own if paper.paper is record else names(paper.paper, paper.title_key):
            self._named.setdefault(name, set()).add(paper.paper_id)

    def flush(self) -> None:
        """Embeds and commits everything that is staged."""
        self._commit(list(self._staged.values()))
        count, self._staged = len(self._staged), {}
        self._commit_metadata()
        self._named, self._replaced = {}, set()
        self._on_commit(count)

    def refresh_stale(self, on_refreshed: Step) -> None:
        """Embeds the stored papers again that another embedder or chunker prepared; `on_refreshed`
        receives the papers done and their total."""
        store, ids = self._library.store, self._library.store.stale(self._library.signature)
        for i in range(0, len(ids), self._batch):
            papers = list(store.papers(ids[i : i + self._batch]))
            known = [
                k
                for p in papers
                for k in store.identities.candidates(title_key(p.title), (p.paper_id,))
                if k.paper_id == p.paper_id
            ]
            self._commit([_Staged(k) for k in known])
            on_refreshed(i + len(known), len(ids))

    def add_missing_words(self, on_refreshed: Step) -> None:
        """Gives word vectors to the stored papers that lack them, as those of earlier releases do, if the embedder
        gives any; else no paper is read. Each batch is committed, so no paper is embedded twice for this;
        `on_refreshed` as above."""
        store = self._library.store
        ids = store.words.lacking()
        encode = word_encoder(self._embedder) if ids else None
        if encode is None:
            return
        for i in range(0, len(ids), self._batch):
            papers = list(store.papers(ids[i : i + self._batch]))
            chunks = list(store.chunks([p.paper_id for p in papers]))
            _, words = encode([c.text for c, _ in chunks])
            parts: dict[str, list[TextWords]] = {p.paper_id: [] for p in papers}
            for (chunk, _), some in zip(chunks, words, strict=True):
                parts[chunk.paper_id].append(some)
            store.words.put({p.paper_id: _packed(p, parts[p.paper_id]) for p in papers})
            on_refreshed(i + len(papers), len(ids))

    def _commit(self, staged: Sequence[_Staged]) -> None:
        """Chunks, embeds (all chunks in one call) and stores these papers."""
        if not staged:
            return
        tokens, overlap = self._settings.chunk_tokens, self._settings.chunk_overlap
        chunks = [chunking.chunk(s.paper.paper, tokens, overlap) for s in staged]
        vectors, words = encode_words(self._embedder, [c.text for some in chunks for c in some])
        facts = [facts_of(s.paper.paper) for s in staged]
        pass_by("embedded")
        entries: list[Entry] = []
        row = 0
        for one, some, stated in zip(staged, chunks, facts, strict=True):
            here = slice(row, row + len(some))
            row += len(some)
            packed = None if words is None else _packed(one.paper.paper, words[here])
            entries.append(Entry(one.paper, self._library.signature, some, vectors[here], one.replaces, packed, stated))
        self._library.store.put(entries)

    def _commit_metadata(self) -> None:
        if self._metadata:
            self._library.store.update_metadata(list(self._metadata.values()))
            self._metadata = {}


def _packed(paper: Paper, parts: Sequence[TextWords]) -> PaperWords:
    """The words of a paper, from those of its chunks."""
    vectors = word_states.merge(parts).vectors
    return PaperWords(word_states.count(f"{paper.title}\n{paper.abstract}"), word_states.pack(vectors))
