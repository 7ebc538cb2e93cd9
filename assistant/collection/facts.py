"""The facts of a library's papers."""

from __future__ import annotations

from assistant.extraction.extract import VERSION, facts_of
from assistant.extraction.fact import Fact, Kind

__all__ = ["VERSION", "Fact", "Kind", "facts_of"]
