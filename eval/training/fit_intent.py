"""Fits `assistant/query/intents.npz`: `python -m eval.training.fit_intent [--out FILE]`.

It learns from `intents.jsonl`, 720 questions by three writers, and from ordinary questions of `items.jsonl`. The printed
figures leave out each writer in turn; ordinary questions are those of `eval/questions.jsonl`, none of which is learnt from.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.embeddings.minilm import shared
from assistant.query.learned_intent import INTENTS, WEIGHTS, WORD_SCALE, Model, features, learned_intent

HERE = Path(__file__).parent
ORDINARY, WEIGHT = 1200, 0.3
"""Ordinary questions to learn from, and what each of them counts."""
Row = dict[str, Any]


def main() -> None:
    """Print the figures and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    out: Path = parser.parse_args().out
    rows = [json.loads(line) for line in (HERE / "intents.jsonl").read_text(encoding="utf-8").splitlines()]
    ordinary = _ordinary()
    asked = (HERE.parent / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    others = [row["question"] for row in map(json.loads, asked) if row["type"] != "list"]
    for writer in sorted({row["writer"] for row in rows}):
        model = fit([r for r in rows if r["writer"] != writer], ordinary)
        figures = _figures(model, [r for r in rows if r["writer"] == writer], others)
        print(json.dumps({"without writer": writer} | figures))
    model = fit(rows, ordinary)
    stored = {name: np.asarray(getattr(model, name), dtype=np.float16) for name in Model.__slots__}
    np.savez_compressed(out, allow_pickle=False, **stored)


def fit(rows: list[Row], ordinary: list[str]) -> Model:
    """The weights that these rows give."""
    texts = [row["question"] for row in rows] + ordinary
    labels = [INTENTS.index(row["intent"]) for row in rows] + [0] * len(ordinary)
    vectors, words = shared().words(texts)
    inputs = np.stack([features(text, vector) for text, vector in zip(texts, vectors, strict=True)])
    weights = [1.0] * len(rows) + [WEIGHT] * len(ordinary)
    intents = LogisticRegression(C=10, max_iter=2000).fit(inputs, labels, sample_weight=weights)
    states, inside = [], []
    for row, found in zip(rows, words, strict=False):
        if row["topic"]:
            topic = set(re.findall(r"\w+", row["topic"].casefold()))
            states += list(found.vectors * WORD_SCALE)
            inside += [word in topic for word in found.words]
    tagger = LogisticRegression(C=0.3, max_iter=2000).fit(np.stack(states), inside)
    return Model(intents.coef_, intents.intercept_, tagger.coef_[0], tagger.intercept_[0])


def _ordinary() -> list[str]:
    rows = map(json.loads, (HERE / "items.jsonl").read_text(encoding="utf-8").splitlines())
    texts = [row["text"] for row in rows if row["kind"] == "question"]
    random.Random(0).shuffle(texts)  # noqa: S311 - a choice that must be the same each time
    return texts[:ORDINARY]


def _figures(model: Model, rows: list[Row], others: list[str]) -> dict[str, Any]:
    right = topics = lost = 0
    for row in rows:
        read = learned_intent(row["question"], shared().words, model)
        lost += row["intent"] == "lookup" and read is not None
        if read is not None and read.intent == row["intent"]:
            right += 1
            topics += row["topic"] != "" and row["question"][read.start : read.end] == row["topic"]
    library = [row for row in rows if row["intent"] not in ("lookup", "metadata")]
    return {
        "of the library": len(library),
        "right": right,
        "with exactly the topic": topics,
        "ordinary ones of the writer rerouted": lost,
        "ordinary ones of the evaluation rerouted": sum(bool(learned_intent(q, shared().words, model)) for q in others),
    }


if __name__ == "__main__":
    main()
