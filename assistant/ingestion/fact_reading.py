"""Reads the facts of stored papers that lack those of the present rules; nothing is embedded."""

from __future__ import annotations

from assistant.extraction.extract import facts_of
from assistant.library.store import Store
from assistant.types import Step

_BATCH = 256
"""Papers whose facts are committed together: some two seconds of work."""


def read_missing_facts(store: Store, on_read: Step) -> int:
    """Makes and stores them, the lock being held; returns of how many papers. Each batch is committed.

    `on_read` receives the papers done and their total.
    """
    ids = store.facts.lacking()
    for i in range(0, len(ids), _BATCH):
        papers = list(store.papers(ids[i : i + _BATCH]))
        store.facts.put({p.paper_id: facts_of(p) for p in papers})
        on_read(i + len(papers), len(ids))
    return len(ids)
