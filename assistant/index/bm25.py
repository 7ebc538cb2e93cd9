"""BM25 over titles and abstracts, from a tantivy index.

tantivy never writes a file of a segment twice, so an update is a new snapshot that shares the files of the one before
(hard links) and adds its own: what is published stays as it is, and a crash only repeats an update.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.errors import LibraryError
from assistant.failpoints import pass_by
from assistant.index.native_errors import failing_as
from assistant.index.snapshots import OWN_FILES, Snapshot, begin, is_published, publish, published
from assistant.text.spelling import american, canonical, respellings
from assistant.text.stop_words import SEARCH_STOP_WORDS
from assistant.types import Filters, Paper

_LOCKS = {".tantivy-writer.lock", ".tantivy-meta.lock"}
_HEAP = 50_000_000
_K1 = 1.2
"""Fixed in tantivy, as is b = .75."""
_FIRST_YEAR, _LAST_YEAR = -(1 << 31), 1 << 31
"""Stand for the open side of a range of years."""
_TEXT = "text_2"
"""The field of title and abstract. Its number must change whenever the same paper would be indexed otherwise: an index with
other fields is built again."""
_LONGEST_QUERY = 200
"""Different words of a question that are searched for."""


class BM25Index:
    """The published snapshot under one folder; in memory and empty where there is none."""

    def __init__(self, home: Path, *, empty: bool = False) -> None:
        """Opens the published snapshot; `empty`: begins without it. Raises LibraryError when it is damaged."""
        import tantivy

        self._home = home
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("paper_id", stored=True, tokenizer_name="raw", index_option="basic")
        # Title and abstract in one field: nDCG@10 on SciFact (train) is .70 so, .65 with a boosted title of its own.
        builder.add_text_field(_TEXT, stored=False, tokenizer_name="en_stem", index_option="freq")
        builder.add_text_field("word", stored=False, tokenizer_name="default", index_option="basic")
        builder.add_integer_field("year", fast=True)
        builder.add_text_field("source", stored=False, tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()
        self._analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.stemmer("english"))
            .build()
        )
        with failing_as(f"BM25 index {home} cannot be opened"):
            self._load(None if empty else published(home))

    def _load(self, snapshot: Snapshot | None) -> None:
        import tantivy

        self._snapshot = snapshot
        try:
            self.searcher = tantivy.Index(self.schema, path=str(snapshot.folder) if snapshot else None).searcher()
        except ValueError as error:
            if "schema does not match" not in str(error):
                raise
            raise LibraryError(f"BM25 index {self._home} was built by another release") from error

    @property
    def revision(self) -> int:
        """The store's revision up to which this index is current; -1 when it was never filled."""
        return self._snapshot.revision if self._snapshot else -1

    def superseded(self) -> bool:
        """Whether another snapshot has been published since this one was opened."""
        return self._snapshot is not None and not is_published(self._snapshot)

    def count(self) -> int:
        """Papers in it."""
        return int(self.searcher.num_docs)

    def update(self, revision: int, papers: Iterable[Paper], deleted: Sequence[str]) -> None:
        """Replaces or adds `papers`, removes `deleted`, and publishes that as `revision`; only for the holder of the
        library's lock. Raises LibraryError."""
        folder = self._home
        try:
            with failing_as(f"cannot write the BM25 index in {self._home}", "the papers themselves are stored"):
                if self._snapshot is None:
                    shutil.rmtree(self._home, ignore_errors=True)
                folder = begin(self._home, revision)
                snapshot = self._write(folder, revision, papers, deleted)
                publish(snapshot, "lexical", leave_out=_LOCKS)
                self._load(snapshot)
        except LibraryError:
            if folder != self._home:
                shutil.rmtree(folder, ignore_errors=True)
            raise

    def _write(self, folder: Path, revision: int, papers: Iterable[Paper], deleted: Sequence[str]) -> Snapshot:
        import tantivy

        if self._snapshot is not None:
            _share(self._snapshot.folder, folder)
        index = tantivy.Index(self.schema, path=str(folder))
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for paper_id in deleted:
            writer.delete_documents_by_term("paper_id", paper_id)
        for paper in papers:
            if self._snapshot is not None:
                writer.delete_documents_by_term("paper_id", paper.paper_id)
            text = canonical(f"{paper.title}\n{paper.abstract}")
            words = " ".join([text, canonical(" ".join([*paper.authors, paper.venue or ""]))])
            year = {} if paper.year is None else {"year": paper.year}
            sources = list(paper.sources)
            writer.add_document(
                tantivy.Document(paper_id=paper.paper_id, source=sources, word=words, **{_TEXT: _indexed(text)}, **year)
            )
        pass_by("lexical-before-commit")
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return Snapshot(folder, revision, int(index.searcher().num_docs))

    def search(
        self, question: str, n: int, filters: Filters | None = None, among: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Paper id -> share of the question that the paper matches, for the best `n` that pass the filters or are pinned.

        The index knows years and sources; `among` names the papers that pass filters by anything else.

        The share is the BM25 score over what a text would score that repeats every word of the question without end:
        Σ idf · (k1 + 1). A word that the question repeats counts as often. A word that occurs in no paper counts in the
        whole and can be matched by none.
        """
        import tantivy

        terms = self._stems(question)
        if not terms or n < 1:
            return {}
        with failing_as(f"BM25 index {self._home} failed"):
            query = self.query(question)
            if filters is not None and filters.restrict:
                only = tantivy.Query.const_score_query(self._allowed(filters, among), 0.0)
                query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, only)])
            whole = self._weight(terms)
            # Counting all matches as well would take ten times as long in a large library.
            hits = self.searcher.search(query, n, count=False).hits
            return {self.searcher.doc(address)["paper_id"][0]: float(score) / whole for score, address in hits}

    def _allowed(self, filters: Filters, among: Sequence[str] | None) -> Any:
        """A query for the papers that pass the filters, and the pinned ones unless they are excluded."""
        import tantivy

        only, exclude, either = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should
        conditions = [(only, tantivy.Query.all_query())]
        if filters.year_from is not None or filters.year_to is not None:
            first = _FIRST_YEAR if filters.year_from is None else filters.year_from
            last = _LAST_YEAR if filters.year_to is None else filters.year_to
            years = tantivy.Query.range_query(self.schema, "year", tantivy.FieldType.Integer, first, last)
            conditions.append((only, years))
        if filters.sources:
            conditions.append((only, tantivy.Query.term_set_query(self.schema, "source", list(filters.sources))))
        if among is not None:
            conditions.append((only, tantivy.Query.term_set_query(self.schema, "paper_id", list(among))))
        allowed = tantivy.Query.boolean_query(conditions)
        if filters.pinned:
            pinned = tantivy.Query.term_set_query(self.schema, "paper_id", list(filters.pinned))
            allowed = tantivy.Query.boolean_query([(either, allowed), (either, pinned)])
        if filters.exclude:
            excluded = tantivy.Query.term_set_query(self.schema, "paper_id", list(filters.exclude))
            allowed = tantivy.Query.boolean_query([(only, allowed), (exclude, excluded)])
        return allowed

    def weights(self, question: str) -> dict[str, float]:
        """The question's stems, each with its share of the question's weight (they add up to 1)."""
        weights = {t: self._weight({t: n}) for t, n in self._stems(question).items()}
        whole = sum(weights.values()) or 1.0
        return {t: w / whole for t, w in weights.items()}

    def rare(self, question: str, most: int) -> frozenset[str]:
        """The question's stems that occur in one to `most` papers."""
        return frozenset(t for t in self._stems(question) if 1 <= self._frequency(t) <= most)

    def coverage(self, question: str, texts: Sequence[str]) -> list[dict[str, float]]:
        """For each text, the question's stems that it has, with their weights."""
        weights = self.weights(question)
        joined = self._joined(question)
        stems = [set(self._analyzer.analyze(_indexed(canonical(text)))) for text in texts]
        for found in stems:
            found.update(part for whole, parts in joined.items() if whole in found for part in parts)
        return [{t: w for t, w in weights.items() if t in found} for found in stems]

    def word_weights(self, words: Sequence[str]) -> list[float]:
        """How rare each of these words is: Σ idf · (k1 + 1) over its stems."""
        return [self._weight(Counter(self._analyzer.analyze(word))) for word in words]

    def _stems(self, question: str) -> Counter[str]:
        """The stems of the question's words, and how often it has them."""
        times = Counter(query_words(question))
        found: Counter[str] = Counter()
        for word in list(times)[:_LONGEST_QUERY]:
            for stem in self._analyzer.analyze(word):
                found[stem] += times[word]
        return found

    def _joined(self, question: str) -> dict[str, tuple[str, str]]:
        """The stems of two neighbouring words of the question written as one, where some paper does, with their own two
        stems: `finetun` for `fine tuning`."""
        found = {}
        for first, second in pairwise(re.findall(r"\w+", canonical(question).casefold())):
            parts = [*self._analyzer.analyze(first), *self._analyzer.analyze(second)]
            whole = self._analyzer.analyze(first + second)
            if (
                len(parts) == 2
                and len(whole) == 1
                and not {first, second} & SEARCH_STOP_WORDS
                and self._frequency(whole[0])
            ):
                found[whole[0]] = (parts[0], parts[1])
        return found

    def query(self, question: str) -> Any:
        """A tantivy query for papers with any word of the question."""
        return self._any(self._stems(question), self._joined(question))

    def _any(self, terms: Mapping[str, int], joined: Mapping[str, tuple[str, str]]) -> Any:
        """A query for papers with any of the terms; two that a paper writes as one word count as both there."""
        import tantivy

        left, queries = dict(terms), []
        for whole, parts in joined.items():
            if all(part in left for part in parts) and whole not in terms:
                apart = {part: left.pop(part) for part in dict.fromkeys(parts)}
                together = self._term(whole, self._weight(apart) / self._weight({whole: 1}))
                queries.append(tantivy.Query.disjunction_max_query([self._any(apart, {}), together]))
        queries += [self._term(term, times) for term, times in left.items()]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])

    def _term(self, term: str, times: float) -> Any:
        """A query for a term that counts several times."""
        import tantivy

        query = tantivy.Query.term_query(self.schema, _TEXT, term)
        return query if times == 1 else tantivy.Query.boost_query(query, float(times))

    def _frequency(self, term: str) -> int:
        """Number of papers with this term."""
        with failing_as(f"BM25 index {self._home} failed"):
            return int(self.searcher.doc_freq(_TEXT, term))

    def _weight(self, terms: Mapping[str, int]) -> float:
        """Σ idf · (k1 + 1) over stems, each as often as it is there, with tantivy's own idf."""
        total = self.count()
        counts = [(times, self._frequency(t)) for t, times in terms.items()]
        return sum(times * math.log(1 + (total - n + 0.5) / (n + 0.5)) for times, n in counts) * (_K1 + 1)


def _share(old: Path, new: Path) -> None:
    """Puts the files of one snapshot into the folder of the next, as hard links where these are possible."""
    for file in old.iterdir():
        if file.name in _LOCKS | OWN_FILES:
            continue
        if file.suffix != ".json":  # a segment; tantivy rewrites the others, and so do the checksums
            with contextlib.suppress(OSError):
                os.link(file, new / file.name)
                continue
        shutil.copyfile(file, new / file.name)


def _indexed(text: str) -> str:
    """A canonical text with the other spellings of its compounds and names."""
    return " ".join([text, *respellings(text)])


def query_words(question: str) -> list[str]:
    """The words of a question that carry its content, in order; all of them if none would be left."""
    words = [american(word) for word in re.findall(r"\w+", canonical(question).casefold())]
    return [w for w in words if w not in SEARCH_STOP_WORDS] or words
