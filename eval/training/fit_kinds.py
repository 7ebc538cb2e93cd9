"""Fits `assistant/answerability/kinds.npz`: `python -m eval.training.fit_kinds [--out FILE]`.

It learns from `kinds.jsonl`, where `{X}` stands for what a question is about, from ordinary questions, and from the sentences
of the bundled sample, which state next to nothing of these kinds. The printed figures are cross-fitted over five parts;
ordinary questions are those of `eval/questions.jsonl`, none of which is learnt from.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

import assistant
from assistant.answerability.asked_kind import KINDS, WEIGHTS, Model, is_stated, kind_asked, unnamed
from assistant.embeddings.minilm import shared
from assistant.query.learned_intent import features
from assistant.text import sentences

HERE, PACKAGE = Path(__file__).parent, Path(assistant.__file__).parent
FOLDS, ORDINARY, CLAIMS, WEIGHT = 5, 3000, 1200, 0.3
SUBJECTS = (
    "DINOv3", "SkipNet", "the coffee trial", "TabPFN", "the study on gout", "GenView", "“Walking groups for people with gout”",
    "Matryoshka Representation Learning", "the new optimiser", "WIDER FACE", "BEIT-3", "the vaccine", "CREAM", "the survey",
)  # fmt: skip
OF_A_KIND = re.compile(r"(?i)limitation|drawback|weakness|shortcoming|future|fund|licen[cs]e")
"""What an ordinary question must not hold to be taken for one of no kind."""
Row = dict[str, Any]
_FEATURES: dict[str, Any] = {}
"""Texts stand in several fits."""


def main() -> None:
    """Print the figures and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    out: Path = parser.parse_args().out
    rng = random.Random(0)  # noqa: S311 - a choice that must be the same each time
    rows = _lines(HERE / "kinds.jsonl")
    rng.shuffle(rows)
    asked, said = [r for r in rows if "asks" in r], [r for r in rows if "states" in r]
    figures = {"asked": 0, "of": len(asked), "stated": 0, "of sentences": len(said)}
    missed = []
    for fold in range(FOLDS):
        model = fit(
            [r for i, r in enumerate(asked) if i % FOLDS != fold], [r for i, r in enumerate(said) if i % FOLDS != fold]
        )
        for row in asked[fold::FOLDS]:
            text = unnamed(row["text"].replace("{X}", SUBJECTS[fold]))
            right = kind_asked(text, shared().vectors([text])[0], model) == (row["asks"] or None)
            figures["asked"] += right
            missed += [] if right else [text]
        for row in said[fold::FOLDS]:
            vector = shared().vectors([row["text"]])
            found = [kind for kind in KINDS if is_stated(kind, [row["text"]], vector, model)]
            right = row["states"] in found if row["states"] else not found
            figures["stated"] += right
            missed += [] if right else [row["text"]]
    print(json.dumps(figures | {"missed": missed}))
    model = fit(asked, said)
    others = [unnamed(r["question"]) for r in _lines(HERE.parent / "questions.jsonl")]
    lost = [q for q, v in zip(others, shared().vectors(others), strict=True) if kind_asked(q, v, model)]
    print(json.dumps({"ordinary questions": len(others), "of a kind": lost}))
    np.savez_compressed(
        out,
        allow_pickle=False,
        **{name: np.asarray(getattr(model, name), dtype=np.float16) for name in Model.__slots__},
    )


def fit(asked: list[Row], said: list[Row]) -> Model:
    """The weights that these rows give."""
    rng = random.Random(1)  # noqa: S311 - as above
    texts = [(unnamed(r["text"].replace("{X}", x)), r["asks"], 1.0) for r in asked for x in rng.sample(SUBJECTS, 4)]
    texts += [(unnamed(text), "", WEIGHT) for text in _ordinary()]
    labels = [0 if not kind else 1 + KINDS.index(kind) for _, kind, _ in texts]
    questions = LogisticRegression(C=10, max_iter=300).fit(
        _features([t for t, _, _ in texts]), labels, sample_weight=[w for _, _, w in texts]
    )
    others = _sentences()
    inputs = _features([*(r["text"] for r in said), *others])
    weights = [1.0] * len(said) + [WEIGHT] * len(others)
    states = [
        LogisticRegression(C=3, max_iter=300).fit(
            inputs, [r["states"] == kind for r in said] + [False] * len(others), sample_weight=weights
        )
        for kind in KINDS
    ]
    return Model(
        questions.coef_.astype(np.float32),
        questions.intercept_.astype(np.float32),
        np.concatenate([s.coef_ for s in states]).astype(np.float32),
        np.concatenate([s.intercept_ for s in states]).astype(np.float32),
    )


def _features(texts: list[str]) -> Any:
    fresh = [t for t in dict.fromkeys(texts) if t not in _FEATURES]
    _FEATURES.update((t, csr_matrix(features(t, v))) for t, v in zip(fresh, shared().vectors(fresh), strict=True))
    return vstack([_FEATURES[t] for t in texts])


@cache
def _ordinary() -> list[str]:
    rows = [r["text"] for r in _lines(HERE / "items.jsonl") if r["kind"] == "question"]
    rows += [r["question"] for r in _lines(HERE / "groups.jsonl") if r["what"] == "question"]
    rows = [text for text in rows if not OF_A_KIND.search(text)]
    random.Random(0).shuffle(rows)  # noqa: S311 - as above
    return rows[:ORDINARY]


@cache
def _sentences() -> list[str]:
    abstracts = [r["abstract"] for r in _lines(PACKAGE / "sample.jsonl")]
    lines = [abstract[s.start : s.end] for abstract in abstracts for s in sentences.split(abstract)]
    written = [r["text"] for r in _lines(HERE / "groups.jsonl") if r["what"] == "sentence" and r["kind"] == "true"]
    lines += random.Random(2).sample(written, CLAIMS)  # noqa: S311 - as above
    return [line for line in lines if not OF_A_KIND.search(line)]


def _lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
