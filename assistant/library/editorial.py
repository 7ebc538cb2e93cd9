"""Settles which papers are retracted, withdrawn or corrected, as far as the rest of the library tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from assistant.documents.identity import title_key
from assistant.documents.status import editorial_status, gravest
from assistant.types import Paper

if TYPE_CHECKING:
    from assistant.library.store import Store

_AT_ONCE = 1_000
"""Papers whose names are stored together."""


def settle_notices(store: Store) -> None:
    """Gives papers the status that notices in the library state, such as a retraction, whichever came first."""
    given: dict[str, str | None] = {}
    for paper_id, status in store.identities.noticed():
        given[paper_id] = gravest(given.get(paper_id), status)
    _mark(store, ((p, gravest(p.editorial_status, given[p.paper_id])) for p in store.papers(list(given))))


def name_papers(store: Store) -> None:
    """Fills in what layout 4 added: the names of papers, and the status that their titles and abstracts state.

    Runs inside the transaction that brings the file to this layout.
    """
    papers = store.every_paper()
    while some := list(islice(papers, _AT_ONCE)):
        store.identities.insert(some)
    status = editorial_status
    _mark(
        store, ((p, status(p.title, p.abstract, p.publication_type, p.editorial_status)) for p in store.every_paper())
    )
    settle_notices(store)


def _mark(store: Store, papers: Iterable[tuple[Paper, str | None]]) -> None:
    """Stores the status of those papers that have another one."""
    changed = [replace(paper, editorial_status=status) for paper, status in papers if status != paper.editorial_status]
    stored = []
    for paper in changed:
        known = store.identities.candidates(title_key(paper.title), (paper.paper_id,))
        stored += [replace(k, paper=paper) for k in known if k.paper_id == paper.paper_id]
    if stored:
        store.update_metadata(stored)
