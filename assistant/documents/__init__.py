"""Reads papers from files: text pages, BibTeX, RIS, MEDLINE, CSV, JSON and Atom."""

from assistant.documents.reading import count_bytes, read

__all__ = ["count_bytes", "read"]
