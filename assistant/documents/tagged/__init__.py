"""Reads text whose fields carry tags or labels: RIS, MEDLINE, Web of Science, EndNote, Ovid, PubMed and their like."""

from __future__ import annotations

from assistant.documents.tagged import (
    annotated,
    hyphen,
    labelled,
    pubmed_text,
    refer,
    refworks,
    savedrecs,
    scopus_text,
    web_of_science,
)

__all__ = [
    "annotated",
    "hyphen",
    "labelled",
    "pubmed_text",
    "refer",
    "refworks",
    "savedrecs",
    "scopus_text",
    "web_of_science",
]
