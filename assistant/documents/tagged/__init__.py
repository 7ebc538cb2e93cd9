"""Reads text whose fields carry tags or labels: RIS, MEDLINE, Web of Science, EndNote, Ovid, PubMed and their like."""

from __future__ import annotations

from assistant.documents.tagged import (
    hyphen,
    labelled,
    pubmed_text,
    refer,
    refworks,
    savedrecs,
    scopus_text,
    web_of_science,
)

READERS = (hyphen, web_of_science, savedrecs, refer, refworks, pubmed_text, scopus_text, labelled)
"""The modules that each read a format, in the order in which they are asked whether they recognise a text."""
