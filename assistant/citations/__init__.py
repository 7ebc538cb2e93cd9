"""Reads citation markers from a model's text, numbers citations by first use, and writes answers as documents."""

from assistant.citations.bibtex import to_bibtex
from assistant.citations.details import details
from assistant.citations.listing_export import FORMS as LISTING_FORMS
from assistant.citations.markdown import plain, to_markdown
from assistant.citations.markers import Marked, MarkerParser
from assistant.citations.numbering import Numbering, render
from assistant.citations.references import SUFFIXES as REFERENCE_FORMS
from assistant.citations.references import references

__all__ = [
    "LISTING_FORMS",
    "REFERENCE_FORMS",
    "Marked",
    "MarkerParser",
    "Numbering",
    "details",
    "plain",
    "references",
    "render",
    "to_bibtex",
    "to_markdown",
]
