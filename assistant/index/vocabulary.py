"""The words of a library's titles and abstracts as they are written there, and the papers that have words like them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assistant.index.native_errors import failing_as

if TYPE_CHECKING:
    from assistant.index.bm25 import BM25Index

_ALIKE = 8.0
"""What a word like a misspelt one adds to a paper's score: about what a rare word adds that is the same."""


class Vocabulary:
    """The words of one BM25 index."""

    def __init__(self, index: BM25Index) -> None:
        self._index = index

    def has(self, word: str) -> bool:
        """Whether any paper has the word, in this form; lower case. Raises LibraryError."""
        with failing_as("BM25 index failed"):
            return int(self._index.searcher.doc_freq("word", word)) > 0

    def has_beginning(self, letters: str) -> bool:
        """Whether any paper has a word that begins so; lower case. Raises LibraryError."""
        with failing_as("BM25 index failed"):
            return bool(self._index.searcher.terms_with_prefix("word", letters, limit=1))

    def has_form_of(self, word: str) -> bool:
        """Whether any paper has the word in this or another form, such as the plural, or in another spelling."""
        return bool(self._index.rare(word, self._index.count()))

    def papers_with(self, question: str, alike: Mapping[str, int], n: int) -> list[str]:
        """Ids of the papers that match the question best, where its words `alike` count as matched by any word within so
        many edits (2 at most). Raises LibraryError."""
        import tantivy

        with failing_as("BM25 index failed"):
            schema, should = self._index.schema, tantivy.Occur.Should
            queries = [self._index.query(question)]
            for word, edits in alike.items():
                for distance in range(1, edits + 1):  # so that one edit counts more than two
                    like = tantivy.Query.fuzzy_term_query(schema, "word", word, distance=distance)
                    queries.append(tantivy.Query.boost_query(like, _ALIKE / edits))
            either = tantivy.Query.boolean_query([(should, query) for query in queries])
            hits = self._index.searcher.search(either, n, count=False).hits
            return [str(self._index.searcher.doc(address)["paper_id"][0]) for _, address in hits]
