"""Citation markers: read from a model's stream, numbered by first use, written into the answer's text."""

from assistant.cite.markers import Marked, MarkerParser
from assistant.cite.numbering import Numbering, render

__all__ = ["Marked", "MarkerParser", "Numbering", "render"]
