"""Fits `assistant/verification/support.json`: how much the network and each rule count, and where the thresholds lie.

    python -m eval.training.fit_support_model --shared FOLDER [--out support.json]

The sentences are those of writers whom the network has not seen, and a strong model's. It prints, cross-fitted over two
halves of the questions, what rules alone, the network alone and both reach, also on the sentences of `unseen.jsonl`, on
which nothing is fitted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from assistant.embeddings.embedders import PackagedEmbedder
from assistant.reading.evidence import EvidenceFinder
from assistant.reading.network import WEIGHTS, Reader
from assistant.verification.finding import Kind
from assistant.verification.observations import FEATURES, Observation, Observer, Question, Text
from assistant.verification.verifier import VETOES, quoted
from eval import statistics
from eval.training import supervision
from eval.training.supervision import Library
from eval.training.train_reader import HELD_OUT, UNSEEN

VARIANTS = {"rules": (("closeness",), True), "network": (("stated", "contradicted"), False), "both": (FEATURES, True)}
"""Features, and whether exact findings of the rules end a sentence alone."""
FALSE_SUPPORTED, TRUE_REMOVED = 0.07, 0.03
"""Shares of the false sentences above `supported`, and of the true ones below `partial`, at which the thresholds are set."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A sentence with what it cites."""

    claim: str
    cited: tuple[Text, ...]
    true: bool
    kind: str
    half: int
    source: str
    context: str = ""


def half(name: str) -> int:
    """0 or 1, fixed for a name."""
    return hashlib.sha256(name.encode()).digest()[0] % 2


def examples(library: Library, shared: Path) -> list[Example]:
    """A strong model's sentences, those of the writers that were held out, and the `unseen` ones, on which nothing is
    fitted; partly true ones are left out."""
    found = []
    for row in supervision.lines(shared / "bench/answers/sentences.jsonl"):
        found.append((row, half(row["id"]), "answers"))
    for name in ("items", "groups"):
        for row in supervision.lines(shared / f"training/by_hand/{name}.jsonl"):
            if row["writer"] in HELD_OUT and row["what"] == "sentence":
                found.append((row, half(str(row.get("group") or row["paper_id"])), "written"))
    for row in supervision.lines(UNSEEN):
        if row["what"] == "sentence":
            found.append((row, half(row["group"]), "unseen"))
    return [
        Example(
            row["text"], tuple(Text(*library.texts[p]) for p in row.get("paper_ids") or [row["paper_id"]]),
            row["kind"] == "true", row["type"] or row["kind"], side, source, row.get("context") or "",
        )
        for row, side, source in found
        if row["kind"] != "partial"
    ]  # fmt: skip


def observe(rows: Sequence[Example], observer: Observer) -> list[Observation]:
    """The observation of each example."""
    return [observer.observe([Question(r.claim, r.cited, r.context)])[0] for r in rows]


def matrix(features: Sequence[dict[str, float]], names: Sequence[str]) -> Floats:
    """One row for each example, one column for each name."""
    return np.array([[f[n] for n in names] for f in features])


def fit(x: Floats, y: npt.NDArray[np.bool_]) -> LogisticRegression:
    """A logistic regression, with both labels weighing the same."""
    return LogisticRegression(C=0.3, class_weight="balanced", max_iter=2_000).fit(x, y)


def thresholds(scores: Floats, true: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """(supported, partial)"""
    return float(np.quantile(scores[~true], 1 - FALSE_SUPPORTED)), float(np.quantile(scores[true], TRUE_REMOVED))


def vetoed(seen: Sequence[Observation]) -> npt.NDArray[np.bool_]:
    """Which examples a rule ends alone."""
    return np.array([any(f.kind in VETOES for f in s.findings) for s in seen])


def report(name: str, rows: Sequence[Example], seen: Sequence[Observation]) -> None:
    """Cross-fits over the halves and prints what is called supported, and what is shown, by kind."""
    names, vetoes = VARIANTS[name]
    ended, x, true = (
        vetoed(seen) & vetoes,
        matrix([s.features() for s in seen], names),
        np.array([r.true for r in rows]),
    )
    side, source = np.array([r.half for r in rows]), np.array([r.source for r in rows])
    score, supported, shown = np.zeros(len(rows)), np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    for this in (0, 1):
        others, here = (side != this) & (source != "unseen"), side == this
        model, there = fit(x[others], true[others]), others & (source == "answers")
        found = np.where(ended, 0.0, model.predict_proba(x)[:, 1])
        high, low = thresholds(found[there], true[there])
        score[here], supported[here], shown[here] = found[here], found[here] >= high, found[here] >= low
    for which in ("answers", "written", "unseen"):
        chosen = np.flatnonzero(source == which).tolist()
        kinds: dict[str, list[int]] = defaultdict(list)
        for i in chosen:
            kinds["true" if rows[i].true else "false"].append(i)
            if not rows[i].true:
                kinds[rows[i].kind].append(i)
        cells = [f"{k} {supported[v].mean():.2f}/{shown[v].mean():.2f}" for k, v in kinds.items()]
        print(
            f"{name}, {which}: AUROC {statistics.auroc(score[chosen], true[chosen]):.3f}; supported/shown "
            + ", ".join(cells)
        )


def main() -> None:
    """Prints the tables and writes the model that is fitted on everything."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", required=True, type=Path)
    parser.add_argument("--reader", type=Path, default=WEIGHTS)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    finder = EvidenceFinder(PackagedEmbedder())
    library = Library(args.shared, finder.relevance)
    rows = examples(library, args.shared)
    rows = [r for r in rows if quoted(r.claim, r.cited) is None]
    seen = observe(rows, Observer(finder, Reader(args.reader)))
    for name in VARIANTS:
        report(name, rows, seen)
    answers = [i for i, r in enumerate(rows) if r.source == "answers"]
    for kind in get_args(Kind):
        made = Counter(rows[i].true for i in answers if any(f.kind == kind for f in seen[i].findings))
        print(f"{kind}: on {made[True]} true and {made[False]} false of {len(answers)}")
    x, true = matrix([s.features() for s in seen], FEATURES), np.array([r.true for r in rows])
    fitted = [i for i, r in enumerate(rows) if r.source != "unseen"]
    model = fit(x[fitted], true[fitted])
    found = np.where(vetoed(seen), 0.0, model.predict_proba(x)[:, 1])
    high, low = thresholds(found[answers], true[answers])
    stored = {
        "coefficients": dict(zip(FEATURES, (round(float(w), 4) for w in model.coef_[0]), strict=True)),
        "intercept": round(float(model.intercept_[0]), 4),
        "supported": round(high, 4),
        "partial": round(low, 4),
    }
    print(json.dumps(stored))
    if args.out:
        args.out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
