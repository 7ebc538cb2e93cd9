"""Prepares what all peers get: the papers of a corpus as JSON lines, and questions whose papers are among them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from assistant import Assistant, Settings
from eval.questions import load


@dataclass(frozen=True, slots=True)
class Task:
    """One corpus with its questions."""

    records: Path
    """JSON lines: paper_id, title, abstract."""
    papers: int
    questions: tuple[str, ...]
    gold: tuple[frozenset[str], ...]
    """Ids of the papers that answer each question."""


def prepare(corpus: Path | None, folder: Path) -> Task:
    """Reads the corpus (None: the bundled sample) into `folder`. Raises AssistantError as `Assistant.add` does.

    Indexing it once before anything is timed also lets our own side compile what it compiles once per machine.
    """
    with Assistant(Settings(home=folder / "reading", llm="quotes")) as assistant:
        assistant.add([corpus] if corpus else None)
        papers = assistant.papers()
    records = folder / "records.jsonl"
    with records.open("w", encoding="utf-8") as file:
        for p in papers:
            row = {"paper_id": p.paper_id, "title": p.title, "abstract": p.abstract}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    known = {p.paper_id for p in papers}
    asked = [
        (q.question, frozenset(q.gold_papers))
        for q in load()
        if q.answerable and q.gold_papers and known.issuperset(q.gold_papers) and not (q.history or q.exclude)
    ]
    return Task(records, len(papers), tuple(q for q, _ in asked), tuple(g for _, g in asked))
