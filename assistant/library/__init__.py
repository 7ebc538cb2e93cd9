"""The library on disk: papers, chunks, vectors and answers in one SQLite file, which everything else is derived from."""
