"""Reads citation markers from a model's text, numbers citations by first use, and writes answers as documents."""

from assistant.citations.bibtex import to_bibtex
from assistant.citations.listing_export import FORMS as LISTING_FORMS
from assistant.citations.markdown import plain, to_markdown
from assistant.citations.markers import Marked, MarkerParser
from assistant.citations.numbering import Numbering, render

__all__ = ["LISTING_FORMS", "Marked", "MarkerParser", "Numbering", "plain", "render", "to_bibtex", "to_markdown"]
