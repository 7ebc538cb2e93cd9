"""Citation markers: read from a model's stream, numbered by first use, written out; answers as documents for elsewhere."""

from assistant.citations.bibtex import to_bibtex
from assistant.citations.markdown import to_markdown
from assistant.citations.markers import Marked, MarkerParser
from assistant.citations.numbering import Numbering, render

__all__ = ["Marked", "MarkerParser", "Numbering", "render", "to_bibtex", "to_markdown"]
