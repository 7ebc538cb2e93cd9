"""BM25 over titles and abstracts, from a tantivy index. Knows nothing about vectors or fusion.

tantivy commits atomically and can be updated in place; the revision of the store up to which it is current stands in
a file beside it, written after the commit. A crash between the two only repeats an update.
"""

from __future__ import annotations

import logging
import math
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.errors import LibraryError
from assistant.types import Paper

_LOG = logging.getLogger(__name__)
_STAMP = "revision"
_HEAP = 50_000_000
_K1 = 1.2
"""Fixed in tantivy, as is b = .75."""
_LONGEST_QUERY = 200
"""Words of a question that are searched for."""
_FEW = 2_000
"""Allowed papers up to which the filter goes into the query; beyond, more is fetched and filtered after."""

STOPWORDS = frozenset(
    """a about an and any are as at be been being between both but by can could did do does doing during each for from
    had has have having how i if in into is it its many me more most much my no nor not of on or other our over own
    paper papers please same should so some such tell than that the their them then there these they this those to too
    under until up used uses using very was we were what when where which while who whom whose why will with would you
    your""".split()
)
"""Words that say nothing about what is asked for."""


class LexicalIndex:
    """The index in one folder, created when it is not there."""

    def __init__(self, folder: Path) -> None:
        """Opens or creates the index. Raises LibraryError when the folder cannot be used or holds a damaged one."""
        import tantivy

        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            builder = tantivy.SchemaBuilder()
            builder.add_text_field("paper_id", stored=True, tokenizer_name="raw", index_option="basic")
            # Title and abstract in one field: nDCG@10 on SciFact (train) is .70 so, .65 with a boosted title of its own.
            builder.add_text_field("text", stored=False, tokenizer_name="en_stem")
            self._schema = builder.build()
            self._analyzer = (
                tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
                .filter(tantivy.Filter.lowercase())
                .filter(tantivy.Filter.stemmer("english"))
                .build()
            )
            self._index = tantivy.Index(self._schema, path=str(folder))
            self._searcher = self._index.searcher()
        except (ValueError, OSError) as error:
            raise LibraryError(f"lexical index {folder} cannot be opened ({error})") from error

    @property
    def revision(self) -> int:
        """The store's revision up to which this index is current; -1 when it was never filled."""
        try:
            return int((self._folder / _STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return -1

    def count(self) -> int:
        """Papers in it."""
        return int(self._searcher.num_docs)

    def update(self, revision: int, papers: Iterable[Paper], deleted: Sequence[str]) -> None:
        """Replaces or adds `papers`, removes `deleted`, then stamps `revision`. Raises LibraryError."""
        import tantivy

        try:
            writer = self._index.writer(heap_size=_HEAP, num_threads=1)
            for paper_id in deleted:
                writer.delete_documents_by_term("paper_id", paper_id)
            for paper in papers:
                writer.delete_documents_by_term("paper_id", paper.paper_id)
                text = f"{paper.title}\n{paper.abstract}"
                writer.add_document(tantivy.Document(paper_id=paper.paper_id, text=text))
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
            self._searcher = self._index.searcher()
            (self._folder / _STAMP).write_text(str(revision), encoding="utf-8")
        except (ValueError, OSError) as error:
            raise LibraryError(f"lexical index {self._folder}: {error}; run: assistant rebuild") from error

    def search(self, question: str, n: int, allowed: Sequence[str] | None = None) -> dict[str, float]:
        """Paper id -> share of the question that the paper matches, for the best `n` (of the `allowed` ones if given).

        The share is the BM25 score over what a text would score that repeats every word of the question without end:
        Σ idf · (k1 + 1). A word that occurs in no paper counts in the whole and can be matched by none.
        """
        import tantivy

        terms = self._stems(question)
        if not terms or n < 1:
            return {}
        try:
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "text", t)) for t in terms]
            )
            limit, keep = n, None
            if allowed is not None and len(allowed) <= _FEW:
                only = tantivy.Query.term_set_query(self._schema, "paper_id", list(allowed))
                query = tantivy.Query.boolean_query(
                    [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.const_score_query(only, 0.0))]
                )
            elif allowed is not None:
                limit, keep = max(self.count(), 1), frozenset(allowed)
            whole = self._weight(terms)
            found: dict[str, float] = {}
            for score, address in self._searcher.search(query, limit).hits:
                paper_id = self._searcher.doc(address)["paper_id"][0]
                if keep is None or paper_id in keep:
                    found[paper_id] = float(score) / whole
                if len(found) == n:
                    break
            return found
        except (ValueError, OSError) as error:
            raise LibraryError(f"lexical index {self._folder} failed ({error}); run: assistant rebuild") from error

    def weights(self, question: str) -> dict[str, float]:
        """The question's stems, each with its share of the question's weight (they add up to 1)."""
        weights = {t: self._weight([t]) for t in self._stems(question)}
        whole = sum(weights.values()) or 1.0
        return {t: w / whole for t, w in weights.items()}

    def rare(self, question: str, most: int) -> frozenset[str]:
        """The question's stems that occur in one to `most` papers."""
        return frozenset(t for t in self._stems(question) if 1 <= self._searcher.doc_freq("text", t) <= most)

    def coverage(self, question: str, texts: Sequence[str]) -> list[dict[str, float]]:
        """For each text, the question's stems that it has, with their weights."""
        weights = self.weights(question)
        stems = [frozenset(self._analyzer.analyze(text)) for text in texts]
        return [{t: w for t, w in weights.items() if t in found} for found in stems]

    def _stems(self, question: str) -> list[str]:
        analyzed = (self._analyzer.analyze(word) for word in query_words(question)[:_LONGEST_QUERY])
        return list(dict.fromkeys(stem for stems in analyzed for stem in stems))

    def _weight(self, terms: Sequence[str]) -> float:
        """Σ idf · (k1 + 1) over the question's stems, with tantivy's own idf."""
        total = self.count()
        counts = [self._searcher.doc_freq("text", t) for t in terms]
        return sum(math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in counts) * (_K1 + 1)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """As the constructor, but a damaged index is thrown away and comes back empty, to be filled again."""
        try:
            return cls(folder)
        except LibraryError as error:
            _LOG.warning("%s; it will be rebuilt from the store", error)
            return cls.create(folder)

    @classmethod
    def create(cls, folder: Path) -> LexicalIndex:
        """An empty index in place of whatever was there."""
        shutil.rmtree(folder, ignore_errors=True)
        return cls(folder)


def query_words(question: str) -> list[str]:
    """The words of a question that carry its content, in order, once each; all of them if none would be left."""
    words = list(dict.fromkeys(re.findall(r"\w+", question.casefold())))
    return [w for w in words if w not in STOPWORDS] or words
