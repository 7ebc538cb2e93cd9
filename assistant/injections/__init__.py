"""Recognizes text that was planted in a paper to steer whoever, or whatever, reads it (prompt injection)."""
