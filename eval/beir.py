"""Measures the search on any dataset in BEIR's layout: BM25 alone, dense alone, and hybrid, on the same questions.

The layout: `corpus.jsonl` (_id, title, text), `queries.jsonl` (_id, text), `qrels/SPLIT.tsv` (query, document, grade).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant import AssistantError
from eval import external, statistics
from eval.external import Text
from eval.metrics import UNSCORED, Score
from eval.ranking import RETRIEVERS, rankers, ranking_scores

PUBLISHED = {
    ("scifact", "test"): {
        "BM25 flat (Anserini)": 0.6789,
        "bge-base-v1.5 (Anserini)": 0.7408,
        "RRF of both (Anserini)": 0.7420,
        "normalised average of both (Anserini)": 0.7472,
    }
}
"""nDCG@10 as published on Anserini's reproduction pages; each holds for this dataset and split alone."""
Qrels = dict[str, dict[str, float]]


def evaluate(
    folder: Path, split: str | None, home: Path | None, tick: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Retriever -> metric -> figure over the questions of the split that have a right document.

    Raises AssistantError when the folder lacks a part of the layout or has no such split.
    """
    part, qrels = _qrels(folder, split)
    texts = {
        str(row["_id"]): str(row["text"]) for row in external.rows(folder / "queries.jsonl") if str(row["_id"]) in qrels
    }
    scores: dict[str, list[dict[str, Score]]] = {name: [] for name in RETRIEVERS}
    with external.library(_documents(folder), home) as (assistant, ids), rankers(assistant.settings) as rank:
        for query, grades in qrels.items():
            found = _ranked(rank, texts.get(query, ""))
            for name in RETRIEVERS:
                scores[name].append(_scored(found, name, grades, ids))
            tick()
        papers = assistant.stats().papers
    return {
        "set": folder.name,
        "split": part,
        "documents": papers,
        "questions": len(qrels),
        "retrievers": {name: _figures(rows) for name, rows in scores.items()},
        "published": {other: values for (known, other), values in PUBLISHED.items() if known == folder.name},
    }


def _ranked(rank: Callable[[str], Mapping[str, list[str]]], question: str) -> Mapping[str, list[str]] | None:
    try:
        return rank(question)
    except AssistantError:  # empty or overlong
        return None


def _scored(
    found: Mapping[str, list[str]] | None, retriever: str, grades: Mapping[str, float], ids: Mapping[str, str]
) -> dict[str, Score]:
    """Documents that the library lacks stay in the ideal order, so that losing one lowers the score."""
    relevance = {ids.get(document, f"missing {document}"): grade for document, grade in grades.items()}
    if found is None:
        return dict.fromkeys(("ndcg@10", "mrr@10", "recall@10", "hit@1"), UNSCORED)
    return dict(ranking_scores(found[retriever], relevance))


def _figures(rows: list[dict[str, Score]]) -> dict[str, Any]:
    return {name: statistics.to_dict(statistics.figure([row[name] for row in rows])) for name in rows[0]}


def _documents(folder: Path) -> Iterator[Text]:
    for row in external.rows(folder / "corpus.jsonl"):
        yield Text(str(row["_id"]), str(row.get("title") or ""), str(row.get("text") or ""))


def _qrels(folder: Path, split: str | None) -> tuple[str, Qrels]:
    known = {path.stem: path for path in sorted((folder / "qrels").glob("*.tsv"))}
    if not known:
        raise AssistantError(f"{folder} has no qrels/*.tsv; it is not a dataset in BEIR's layout; see --beir")
    name = split or ("test" if "test" in known else next(iter(known)))
    if name not in known:
        raise AssistantError(f"{folder} has no split {name}; it has {', '.join(known)}")
    found: Qrels = {}
    with known[name].open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter="\t"):
            if len(row) >= 3 and row[2].strip().lstrip("-").isdigit() and int(row[2]) > 0:
                found.setdefault(row[0], {})[row[1]] = float(row[2])
    if not found:
        raise AssistantError(f"{known[name]} grades no document above 0")
    return name, found
