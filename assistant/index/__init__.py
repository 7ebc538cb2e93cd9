"""The two indexes derived from a library, dense and BM25; both can be rebuilt from its store at any time."""
