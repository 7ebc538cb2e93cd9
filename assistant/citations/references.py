"""The formats in which papers go to a reference manager or a citation processor."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assistant.citations.bibtex import to_bibtex
from assistant.citations.csl import to_csl
from assistant.citations.ris import to_ris
from assistant.errors import SettingsError
from assistant.types import Paper

WRITERS: dict[str, Callable[[Iterable[Paper]], str]] = {"bibtex": to_bibtex, "ris": to_ris, "csl": to_csl}
SUFFIXES = {"bibtex": "bib", "ris": "ris", "csl": "json"}
"""The formats, each with the suffix of its files."""


def references(papers: Iterable[Paper], form: str) -> str:
    """The papers as `bibtex`, `ris` or `csl` (CSL-JSON). Raises SettingsError for another form."""
    if form not in WRITERS:
        raise SettingsError(f"form {form!r} is not known; use {', '.join(WRITERS)}")
    return WRITERS[form](papers)
