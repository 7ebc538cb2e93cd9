"""Fits `assistant/collection/find.json`, the weights by which `find` judges papers, and measures them on other criteria.

    python -m eval.training.fit_find [--shared FOLDER] [--out find.json]

It is fitted on the dev topics and questions of `eval/find_all.jsonl` over the bundled sample and, with `--shared`, on two sets
over the papers in `FOLDER/corpus`: the criteria in `FOLDER/bench/find_all/criteria.jsonl`, and those in `criteria.jsonl`,
which judge the papers with hand-written rows alone. The printed figures leave out each criterion in turn, with all of its
wordings, and judge it by weights fitted on the others.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant import Assistant, Settings
from assistant.assembly import OpenLibrary
from assistant.collection import features, find
from assistant.collection.criterion import criterion_of
from assistant.collection.find import Finder
from assistant.collection.library_text import Floats
from assistant.types import Filters
from eval.find_all import CRITERIA, AllCriterion, load, score_sets

OUT = Path(find.__file__).with_name("find.json")
OURS = Path(__file__).with_name("criteria.jsonl")


@dataclass
class Rows:
    """One wording of a criterion: features and labels (1, 0, or -1 where the gold is unsure) of every paper."""

    criterion: str
    wording: str
    features: Floats
    labels: Floats


def rows(
    criteria: list[AllCriterion], paths: list[Path] | None, judged: frozenset[str] | None = None
) -> Iterator[Rows]:
    """The rows of all wordings over the papers in these files (None: the bundled sample); `judged`: papers with gold."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), llm="quotes")
        with Assistant(settings) as assistant:
            assistant.add(paths)
        opened = OpenLibrary.of(settings, None)
        finder = Finder(opened.library, opened.retriever(settings), opened.embedder)
        ids = opened.library.store.select(Filters())
        for criterion in criteria:
            for wording in (criterion.topic, *criterion.questions):
                if criterion_of(wording).statement is not None:
                    continue  # decided by patterns, not by weights
                scored = finder.score(wording, ids)
                ids_read = [t.paper_id for t in scored.texts]
                unsure = criterion.neutral | (frozenset(ids_read) - judged if judged is not None else frozenset())
                labels = [-1 if i in unsure else int(i in criterion.yes) for i in ids_read]
                yield Rows(criterion.id, wording, scored.features, np.array(labels, dtype=float))
        opened.close()


def fit(data: list[Rows]) -> LogisticRegression:
    """The logistic regression; every wording counts alike, whatever the number of its papers."""
    known = [(r.features[r.labels >= 0], r.labels[r.labels >= 0]) for r in data]
    weights = np.concatenate([np.full(len(y), 1 / (y.sum() + 5)) for _, y in known])
    x, y = np.concatenate([x for x, _ in known]), np.concatenate([y for _, y in known])
    return LogisticRegression(C=1.0, max_iter=3000).fit(x, y, sample_weight=weights / weights.mean())


def _judged(items: Path) -> frozenset[str]:
    """The papers with hand-written rows."""
    return frozenset(json.loads(line)["paper_id"] for line in items.read_text(encoding="utf-8").splitlines())


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    data = list(rows(load(CRITERIA, "dev"), None))
    if options.shared:
        corpus = [options.shared / "corpus"]
        data += rows(load(options.shared / "bench/find_all/criteria.jsonl"), corpus)
        data += rows(load(OURS), corpus, _judged(options.shared / "training/by_hand/items.jsonl"))
    for threshold in (0.3, 0.4, 0.5, 0.6):
        found = []
        for row in data:
            model = fit([r for r in data if r.criterion != row.criterion])
            chosen = model.predict_proba(row.features)[:, 1] >= threshold
            yes, sure = row.labels == 1, row.labels >= 0
            found.append(score_sets(set(np.flatnonzero(chosen & sure)), set(np.flatnonzero(yes))))
            if threshold == find.STATED:
                print(
                    f"  {row.criterion:4s} F1 {found[-1].f1:.2f} precision {found[-1].precision:.2f} recall {found[-1].recall:.2f}  {row.wording}"
                )
        print(
            f"threshold {threshold}: F1 {np.mean([s.f1 for s in found]):.3f} precision {np.mean([s.precision for s in found]):.3f} recall {np.mean([s.recall for s in found]):.3f}"
        )
    model = fit(data)
    weights = dict(zip(features.NAMES, (round(float(w), 4) for w in model.coef_[0]), strict=True))
    options.out.write_text(
        json.dumps({**weights, "intercept": round(float(model.intercept_[0]), 4)}, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
