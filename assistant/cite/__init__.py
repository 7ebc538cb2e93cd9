"""Citation markers: read from a model's stream, numbered by first use, written out; answers as documents for elsewhere."""

from assistant.cite.bibtex import to_bibtex
from assistant.cite.markdown import to_markdown
from assistant.cite.markers import Marked, MarkerParser
from assistant.cite.numbering import Numbering, render

__all__ = ["Marked", "MarkerParser", "Numbering", "render", "to_bibtex", "to_markdown"]
