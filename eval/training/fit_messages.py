"""Fits `assistant/query/messages.npz`: `python -m eval.training.fit_messages [--out FILE]`.

It learns from `messages.jsonl`, from ordinary questions, from bare subjects, titles and names, and from what is no question and
needs no writer: struck keys, sums, lines of this repository's code, rows of its files, and abstracts pasted without a question.
The printed figures are cross-fitted over five parts; ordinary questions are those of `eval/questions.jsonl`, none of which
is learnt from.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

import assistant
from assistant.embeddings.minilm import shared
from assistant.query.message_kind import KINDS, WEIGHTS, MessageKind, Model, features, kind_of
from assistant.text import sentences
from assistant.text.names import names
from assistant.text.words import content_words, words
from assistant.types import Vectors

HERE, PACKAGE = Path(__file__).parent, Path(assistant.__file__).parent
FOLDS = 5
ORDINARY, CLAIMS, NAMES, TERMS, CODE, STRUCK, SUMS = 1500, 300, 400, 400, 300, 200, 150
"""How many of each are taken: questions of two files, claims, names and terms in them; lines of code, struck keys, sums."""
SUM_OPENS = ("What is", "what's", "How much is", "calculate", "compute", "work out", "")
OPERATIONS = (
    "plus",
    "minus",
    "times",
    "divided by",
    "+",
    "-",
    "*",
    "/",
    "x",
    "over",
    "percent of",
    "to the power of",
    "% of",
)
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_MEASURED = re.compile(r"\d[\w.-]* ?[A-Za-z]{2,}(?: [a-z]{3,})?")
"""A figure with what it measures, such as `16 kHz audio`."""
Row = tuple[str, MessageKind, float]
"""A message, its kind, and what it counts."""


def main() -> None:
    """Print the figures and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    out: Path = parser.parse_args().out
    rng = random.Random(0)  # noqa: S311 - a choice that must be the same each time
    written = [(row["text"], row["kind"], 1.0) for row in _lines(HERE / "messages.jsonl")]
    rows = [*written, *_made(rng)]
    rng.shuffle(rows)
    vectors = np.stack([features(text, vector) for (text, _, _), vector in zip(rows, _vectors(rows), strict=True)])
    for kind, figures in _recall(rows, vectors, frozenset(text for text, _, _ in written)).items():
        print(json.dumps({"kind": kind} | figures))
    model = fit(rows, vectors)
    asked = [row["question"] for row in _lines(HERE.parent / "questions.jsonl") if not row.get("history")]
    lost = [q for q in asked if kind_of(q, shared().words, model) != "question"]
    print(json.dumps({"ordinary questions": len(asked), "lost": lost}))
    stored = {name: np.asarray(getattr(model, name), dtype=np.float16) for name in Model.__slots__}
    np.savez_compressed(out, allow_pickle=False, **stored)


def fit(rows: list[Row], vectors: Vectors) -> Model:
    """The weights that these rows give."""
    labels = [KINDS.index(kind) for _, kind, _ in rows]
    fitted = LogisticRegression(C=5, max_iter=300).fit(
        csr_matrix(vectors), labels, sample_weight=[w for _, _, w in rows]
    )
    return Model(fitted.coef_.astype(np.float32), fitted.intercept_.astype(np.float32))


def _recall(rows: list[Row], vectors: Vectors, written: frozenset[str]) -> dict[MessageKind, dict[str, Any]]:
    """How many written messages of each kind are known as such by the model that has not seen them."""
    total = dict.fromkeys(KINDS, 0)
    missed: dict[MessageKind, list[str]] = {kind: [] for kind in KINDS}
    for fold in range(FOLDS):
        kept = [i for i in range(len(rows)) if i % FOLDS != fold]
        model = fit([rows[i] for i in kept], vectors[kept])
        for text, kind, _ in (rows[i] for i in range(fold, len(rows), FOLDS) if rows[i][0] in written):
            total[kind] += 1
            if kind_of(text, shared().words, model) != kind:
                missed[kind].append(text)
    return {kind: {"written": total[kind], "missed": len(missed[kind]), "such as": missed[kind][:20]} for kind in KINDS}


def _made(rng: random.Random) -> Iterator[Row]:
    """Messages that need no writer."""
    rows = _lines(HERE / "items.jsonl")
    asked = [row["text"] for row in rows if row["kind"] == "question"]
    others = [*_lines(HERE / "unseen.jsonl"), *_lines(HERE / "groups.jsonl")]
    unseen = [row["question"] for row in others if row["what"] != "sentence"]
    claims = [row["text"] for row in rows if row["kind"] != "question"]
    yield from ((text, "question", 0.5) for text in [*rng.sample(asked, ORDINARY), *rng.sample(unseen, ORDINARY)])
    yield from ((text, "question", 0.5) for text in rng.sample(claims, CLAIMS))
    named = sorted({name for text in (*asked, *unseen) for name in names(f"x {text}")})
    measured = sorted({found[0] for text in claims for found in _MEASURED.finditer(text)})
    yield from ((text, "question", 0.5) for text in [*rng.sample(named, NAMES), *rng.sample(measured, NAMES // 2)])
    for row in _lines(HERE / "intents.jsonl"):
        yield row["question"], "question", 1.0
        if row["topic"]:
            yield row["topic"], "question", 0.5
    terms = []
    for paper in _lines(PACKAGE / "sample.jsonl"):
        yield paper["title"], "question", 1.0
        parts = [paper["abstract"][s.start : s.end] for s in sentences.split(paper["abstract"])]
        yield " ".join(parts), "no question", 0.5
        yield " ".join(parts[: rng.randint(3, 5)]), "no question", 0.5
        yield f"{' '.join(parts[:3])} Which other papers do the same?", "question", 0.5
        found = [w.text for w in content_words(words(paper["abstract"])) if w.text.isalpha()]
        terms += [*found, *(f"{a} {b}" for a, b in pairwise(found))]
    yield from ((text, "question", 0.5) for text in rng.sample(terms, TERMS))
    yield from ((text, "no question", 0.5) for text in rng.sample(_code(rng), CODE))
    yield from ((_struck(rng), "no question", 0.5) for _ in range(STRUCK))
    yield from ((_sum(rng), "no question", 1.0) for _ in range(SUMS))


def _code(rng: random.Random) -> list[str]:
    """Runs of lines of this repository's code, and rows of its files."""
    found = []
    for suffix in ("py", "js", "css", "html"):
        for path in sorted(PACKAGE.rglob(f"*.{suffix}")):
            lines = [line for line in path.read_text(encoding="utf-8").splitlines() if len(line.strip()) > 8]
            for _ in range(3):
                at = rng.randrange(max(1, len(lines)))
                found.append("\n".join(lines[at : at + rng.choice((1, 1, 2, 6))]).strip())
    rows = (HERE / "criteria.jsonl").read_text(encoding="utf-8").splitlines()
    return [text for text in [*found, *(row[:300] for row in rows)] if text]


def _struck(rng: random.Random) -> str:
    """What a hand leaves on the keys."""

    def run() -> str:
        row = rng.choice(KEYS)
        at = rng.randrange(len(row) - 3)
        near = row[at : at + rng.randint(4, 6)]
        keys = near if rng.random() < 0.7 else "".join(KEYS)
        return "".join(rng.choice(keys) for _ in range(rng.randint(4, 12)))

    return " ".join(run() for _ in range(rng.choice((1, 1, 2, 3))))


def _sum(rng: random.Random) -> str:
    """A sum to be worked out."""
    a, b = (rng.choice((str(rng.randint(2, 20)), str(rng.randint(20, 2000)), f"{rng.random():.1f}")) for _ in range(2))
    return f"{rng.choice(SUM_OPENS)} {a} {rng.choice(OPERATIONS)} {b}{rng.choice(('?', '', ' ='))}".strip()


def _vectors(rows: list[Row]) -> Vectors:
    return shared().vectors([text[:600] for text, _, _ in rows])


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
