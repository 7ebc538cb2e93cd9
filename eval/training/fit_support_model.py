"""Fits the support model: word weights, coefficients and thresholds for `assistant/verification/support.json`.

    python -m eval.training.fit_support_model --corpus PATH [--out FILE]

It reads the papers under PATH and the written claims of `items.jsonl` beside this file. Papers are split by their
title: the NLI model and the word weights come from the first part, coefficients and thresholds from the second, and the
third is left to SUPPORT.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.documents import read
from assistant.embeddings.embedders import PackagedEmbedder
from assistant.text import sentences
from assistant.text.words import stems
from assistant.types import Paper
from assistant.verification import rules
from assistant.verification.finding import Source
from assistant.verification.nli import NliModel
from assistant.verification.support_model import FEATURES, SupportModel, Weights, log_odds
from assistant.verification.verifier import Verifier
from eval import statistics
from eval.training import edits

HERE = Path(__file__).parent
Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Example = tuple[str, str, str, list[str]]
"""Kind, claim, title, cited sentences."""
SHARE_REFUSED = 0.05
"""At most this share of the true sentences of the second part may score below the threshold of `partial`."""
SHARE_PARTIAL = 0.25
"""At most this share of them may score below the threshold of `supported`."""


def part(title: str) -> str:
    """fit 60 %, dev 20 %, test 20 %, by the hash of the title."""
    bucket = int(hashlib.sha256(("split:" + title).encode()).hexdigest(), 16) % 10
    return "fit" if bucket < 6 else "dev" if bucket < 8 else "test"


def lines(abstract: str) -> list[str]:
    """The sentences of an abstract."""
    return [abstract[s.start : s.end] for s in sentences.split(abstract)]


def word_weights(papers: dict[str, str]) -> tuple[dict[str, float], float]:
    """The inverse document frequency (0-1) of the stems in 4 or more of the papers, and the weight of the rest."""
    counts = Counter(s for title, abstract in papers.items() for s in stems(title + ". " + abstract))
    top = math.log(1 + len(papers))
    weight = {s: round(math.log(1 + len(papers) / n) / top, 3) for s, n in sorted(counts.items()) if n >= 4}
    return weight, round(math.log(1 + len(papers) / 2) / top, 3)


def examples(
    papers: dict[str, str], items: Sequence[dict[str, Any]], verifier: Verifier, which: str, seed: int
) -> list[Example]:
    """The examples of one part: written claims at their located spans, and edits; only those that pass the rules."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
    found = []
    for item in items:
        title = item["title"]
        if item["kind"] != "claim" or title not in papers or part(title) != which:
            continue
        spans = verifier.locate(item["text"], title, papers[title])
        text = " ".join(papers[title][s.start : s.end] for s in spans)
        found.append((item["label"], item["text"], title, text))
    chosen = [(t, lines(a)) for t, a in sorted(papers.items()) if part(t) == which]
    everything = [(t, lines(a)) for t, a in sorted(papers.items())]
    for edit in edits.edits(chosen, everything, seed):
        if (edit.kind in edits.TRUE or edit.kind == "other paper") and rng.random() < 0.3:
            found.append((edit.kind, edit.claim, edit.title, edit.source))
    passed = []
    for kind, claim, title, text in found:
        findings = rules.findings(claim, Source(title, papers[title], text))
        if not any(f.verdict in ("contradicted", "unsupported") for f in findings):
            passed.append((kind, claim, title, lines(text)))
    return passed


def logistic(x: Array, truth: Flags, weight: Array | None, ridge: float) -> tuple[Array, float]:
    """Coefficients and intercept of a ridge logistic regression on standardised columns, for the columns as they are."""
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=1 / ridge, solver="newton-cholesky", tol=1e-8)
    model.fit(scaler.transform(x), truth, sample_weight=weight)
    slope: Array = model.coef_[0] / scaler.scale_
    return slope, float(model.intercept_[0] - slope @ scaler.mean_)


WEIGHTS = {"supported": 4.0, "not_stated": 4.0, "contradicted": 4.0}
"""Written claims count more than edits."""


def fitted(rows: Sequence[Example], x: Array) -> tuple[Array, float]:
    """Coefficients, none negative, and the intercept: a feature that would count against a claim is left out."""
    truth = np.array([kind == "supported" or kind in edits.TRUE for kind, *_ in rows])
    weight = np.array([WEIGHTS.get(kind, 1.0) for kind, *_ in rows])
    columns = list(range(x.shape[1]))
    while True:
        slope, intercept = logistic(x[:, columns], truth, weight, ridge=3.0)
        if (slope >= 0).all():
            break
        columns.pop(int(slope.argmin()))
    coefficients = np.zeros(x.shape[1])
    coefficients[columns] = slope
    return coefficients, intercept


def thresholds(kinds: npt.NDArray[np.str_], scores: Array) -> tuple[float, float]:
    """The thresholds of `partial` and `supported`, set by the written true claims of the second part."""
    limits = np.quantile(scores[kinds == "supported"], [SHARE_REFUSED, SHARE_PARTIAL])
    return round(float(limits[0]), 4), round(float(limits[1]), 4)


def model(rows: Sequence[Example], x: Array) -> dict[str, Any]:
    """Coefficients, intercept and thresholds as `support.json` holds them."""
    slope, intercept = fitted(rows, x)
    scores = expit(x @ slope + intercept)
    kinds = np.array([kind for kind, *_ in rows])
    partial, supported = thresholds(kinds, scores)
    report(kinds, scores, partial, supported)
    coefficients = {n: round(float(c), 5) for n, c in zip(FEATURES, slope, strict=True)}
    return {
        "coefficients": coefficients,
        "intercept": round(intercept, 5),
        "partial": partial,
        "supported": supported,
    }


def main() -> None:
    """Fits, chooses thresholds, writes the file, and prints what came out."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", required=True, type=Path, help="a file or folder of papers")
    parser.add_argument("--out", type=Path, default=HERE.parent.parent / "assistant" / "verification" / "support.json")
    args = parser.parse_args()
    papers = {p.title: p.abstract for p in read([args.corpus]) if isinstance(p, Paper)}
    items = [json.loads(row) for row in (HERE / "items.jsonl").read_text(encoding="utf-8").splitlines()]
    idf, rare = word_weights({t: a for t, a in papers.items() if part(t) == "fit"})
    blank = Weights(dict.fromkeys(FEATURES, 0.0), 0.0, 0.5, 0.25, idf, rare)
    support = SupportModel(PackagedEmbedder(), blank)
    # The NLI model was trained on the first part, where it looks better than it is, so the fit uses the second.
    rows = examples(papers, items, Verifier(PackagedEmbedder(), support), "dev", seed=11)
    pairs = [(claim, cited) for _, claim, _, cited in rows]
    odds = [log_odds(p) for p in NliModel().predict(pairs)[:, 0]]
    x = np.column_stack([[support.cosine(*pair) for pair in pairs], odds])
    out = model(rows, x)
    args.out.write_text(json.dumps(out | {"rare": rare, "idf": idf}, indent=0) + "\n", encoding="utf-8")


def report(kinds: npt.NDArray[np.str_], scores: Array, partial: float, supported: float) -> None:
    """Prints what the thresholds do to each kind of row of the second part."""
    for kind in dict.fromkeys(kinds.tolist()):
        mine = scores[kinds == kind]
        below, between = ((mine < partial).mean(), ((mine >= partial) & (mine < supported)).mean())
        print(f"{kind:16s} n={len(mine):5d}  unsupported {below:.3f}  partial {between:.3f}")
    for rest in ("not_stated", "contradicted", "other paper"):
        both = (kinds == "supported") | (kinds == rest)
        print(f"AUROC against {rest}: {statistics.auroc(scores[both], kinds[both] == 'supported'):.3f}")


if __name__ == "__main__":
    main()
