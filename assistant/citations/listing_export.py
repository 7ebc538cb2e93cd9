"""Exports a listing with its spans as CSV, Markdown or JSON, and its papers for a reference manager."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from assistant.citations.references import SUFFIXES, references
from assistant.citations.ris import to_ris
from assistant.errors import SettingsError
from assistant.listing import ListedPaper, Listing
from assistant.sheets import csv_text, markdown_table
from assistant.types import Paper

FORMS = {"csv": "csv", "markdown": "md", **SUFFIXES, "json": "json"}
"""The forms, each with the suffix of its files."""


def export_listing(listing: Listing, form: str, find_papers: Callable[[Sequence[str]], Iterable[Paper]]) -> str:
    """The whole listing in one of `FORMS`. A reference manager gets the papers that state the criterion; the other forms
    have the unclear ones too, marked.

    `find_papers` looks papers up by id, in this order; those that are gone have no year and no entry. Raises
    SettingsError for an unknown form.
    """
    if form == "json":
        return json.dumps(listing.to_dict(), ensure_ascii=False, indent=2) + "\n"
    if form in SUFFIXES:
        papers = list(find_papers([p.paper_id for p in listing.papers]))
        quotes = {p.paper_id: p.quote for p in listing.papers}
        return to_ris(papers, quotes) if form == "ris" else references(papers, form)
    piles = (("stated", listing.papers), ("unclear", listing.unclear))
    found = {p.paper_id: p for p in find_papers([p.paper_id for _, pile in piles for p in pile])}
    rows = [(found.get(p.paper_id), p, state) for state, pile in piles for p in pile]
    if form == "csv":
        header = ["paper", "title", "year", "state", "quote", "in", "start", "end", "doi", "judged by"]
        return csv_text([header, *(_csv_row(*row) for row in rows)])
    if form == "markdown":
        cells = ([p.title, _year(paper), state, p.quote] for paper, p, state in rows)
        return f"{listing.summary}\n\n" + markdown_table(["paper", "year", "state", "quote"], cells)
    raise SettingsError(f"form {form!r} is not known; use {', '.join(FORMS)}")


def _csv_row(paper: Paper | None, listed: ListedPaper, state: str) -> list[str]:
    span = listed.quote, listed.where, str(listed.start), str(listed.end)
    judge = listed.judged_by or "rules"
    return [listed.paper_id, listed.title, _year(paper), state, *span, _doi(paper), judge]


def _year(paper: Paper | None) -> str:
    return str(paper.year or "") if paper else ""


def _doi(paper: Paper | None) -> str:
    return (paper.doi or "") if paper else ""
