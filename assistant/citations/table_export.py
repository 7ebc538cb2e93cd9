"""Exports a table of papers with its spans as CSV, Markdown or JSON, and its papers for a reference manager."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from assistant.citations.listing_export import FORMS
from assistant.citations.references import references
from assistant.errors import SettingsError
from assistant.table import Table
from assistant.types import Paper


def export_table(table: Table, form: str, find_papers: Callable[[Sequence[str]], Iterable[Paper]]) -> str:
    """The whole table in one of `FORMS`; a reference manager gets its papers. Raises SettingsError for an unknown form."""
    if form == "csv":
        return table.to_csv()
    if form == "markdown":
        return table.to_markdown()
    if form == "json":
        return json.dumps(table.to_dict(), ensure_ascii=False, indent=2) + "\n"
    if form not in FORMS:
        raise SettingsError(f"form {form!r} is not known; use {', '.join(FORMS)}")
    return references(find_papers([row.paper_id for row in table.rows]), form)
