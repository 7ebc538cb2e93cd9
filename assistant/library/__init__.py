"""Stores papers, chunks, vectors and answers in one SQLite file, from which everything else is derived."""
