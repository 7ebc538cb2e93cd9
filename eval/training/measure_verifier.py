"""Measures the verifier on papers that nothing was fitted on, and prints the tables of SUPPORT.md.

    python -m eval.training.measure_verifier --corpus PATH [--part test] [--pairs FILE.jsonl ...]

`--pairs` takes external sets of `{claim, evidence, supported}` lines (SciFact, WiCE), cross-validated in five folds
with the same features; nothing of them is stored.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

from assistant.documents import read
from assistant.embeddings.embedders import PackagedEmbedder
from assistant.text.words import stems
from assistant.types import Paper, Span
from assistant.verification.nli import NliModel
from assistant.verification.support_model import FEATURES, SupportModel, log_odds
from assistant.verification.verifier import Verifier
from eval import statistics
from eval.training import edits
from eval.training.fit_support_model import Array, Flags, lines, logistic, part

HERE = Path(__file__).parent
REFUSED = ("unsupported", "contradicted")


def interval(k: int, n: int) -> str:
    """A share with its 95 % Wilson interval, in per cent."""
    if not n:
        return "-"
    low, high = binomtest(k, n).proportion_ci(method="wilson")
    return f"{100 * k / n:.1f} ({100 * low:.1f}-{100 * high:.1f})"


def table(title: str, counts: dict[str, Counter[str]]) -> None:
    """Prints one Markdown table: per kind, how many were refused, called partial, called contradicted."""
    print(
        f"\n{title}\n\n| kind | n | refused, % (95 %) | contradicted | partial, % | supported, % |\n"
        "|---|---|---|---|---|---|"
    )
    for kind, seen in counts.items():
        n = sum(seen.values())
        refused = sum(seen[v] for v in REFUSED)
        print(
            f"| {kind} | {n} | {interval(refused, n)} | {seen['contradicted']} | {100 * seen['partial'] / n:.1f} "
            f"| {100 * seen['supported'] / n:.1f} |"
        )


def on_edits(verifier: Verifier, papers: dict[str, str], which: str, seed: int) -> None:
    """Checks edited and rewritten sentences against their own sentence and against the whole abstract."""
    chosen = [(t, lines(a)) for t, a in sorted(papers.items()) if part(t) == which]
    everything = [(t, lines(a)) for t, a in sorted(papers.items())]
    cited: dict[str, Counter[str]] = defaultdict(Counter)
    located: dict[str, Counter[str]] = defaultdict(Counter)
    seconds = []
    for edit in edits.edits(chosen, everything, seed):
        abstract = papers[edit.title]
        start = abstract.find(edit.source)
        started = time.perf_counter()
        judged = verifier.judge(edit.claim, edit.title, abstract, [Span(start, start + len(edit.source))])
        seconds.append(time.perf_counter() - started)
        cited[edit.kind][judged.verdict] += 1
        located[edit.kind][verifier.check(edit.claim, [(edit.title, abstract)])[0][0].verdict] += 1
    table(f"Against the sentence that it came from ({which})", cited)
    table(f"Against the whole abstract ({which})", located)
    print(
        f"\njudge: median {1000 * np.median(seconds):.1f} ms, 95th percentile {1000 * np.quantile(seconds, 0.95):.1f} ms"
    )


def on_claims(verifier: Verifier, papers: dict[str, str], which: str) -> None:
    """Checks written claims against whole abstracts."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    scores, truth = [], []
    for row in (HERE / "items.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(row)
        if item["kind"] != "claim" or item["title"] not in papers or part(item["title"]) != which:
            continue
        judged = verifier.check(item["text"], [(item["title"], papers[item["title"]])])[0][0]
        counts[item["label"]][judged.verdict] += 1
        if "error" in item:
            counts["contradicted: " + item["error"]][judged.verdict] += 1
        scores.append(judged.score)
        truth.append(item["label"] == "supported")
    table(f"Written claims against the whole abstract ({which})", dict(sorted(counts.items())))
    print(f"\nAUROC supported against the rest: {statistics.auroc(scores, truth):.3f} (n={len(truth)})")


def on_pairs(model: SupportModel, path: Path, limit: int = 12_000) -> None:
    """Scores claims of another domain: with the shipped coefficients, and refitted in five folds without and with NLI."""
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    cosines, best = [], []
    for row in rows:
        title, _, body = row["evidence"].partition("\n")
        text = lines(body[:limit]) or [title]
        cosines.append(model.cosine(row["claim"], text))
        own = stems(row["claim"])
        ranked = sorted(range(len(text)), key=lambda j: -len(own & stems(text[j])))
        best.append((row["claim"], [text[j] for j in sorted(ranked[:3])]))
    truth = np.array([bool(row["supported"]) for row in rows])
    both = np.column_stack([cosines, [log_odds(p) for p in NliModel().predict(best)[:, 0]]])
    shipped = both @ np.array([model.weights.coefficients[name] for name in FEATURES])
    print(f"\n{path.name}: n={len(truth)}; shipped {statistics.auroc(shipped, truth):.3f}")
    others = {str(row.get("label3")) for row in rows if not row["supported"]}
    for name, features in (("cosine", both[:, :1]), ("cosine and NLI model", both)):
        scores = cross_validated(features, truth)
        cells = [f"five folds, {name}: {spread(scores, truth)}"]
        for other in sorted(others) if len(others) > 1 else ():
            some = np.array([bool(row["supported"]) or row["label3"] == other for row in rows])
            cells.append(f"against {other} alone {statistics.auroc(scores[some], truth[some]):.3f}")
        print("; ".join(cells))


def cross_validated(features: Array, truth: Flags) -> Array:
    """The scores of each fold by coefficients fitted on the other four."""
    folds = np.random.default_rng(0).permutation(len(truth)) % 5
    scores: Array = np.zeros(len(truth))
    for fold in range(5):
        rest = folds != fold
        slope, intercept = logistic(features[rest], truth[rest], None, 5.0)
        scores[~rest] = features[~rest] @ slope + intercept
    return scores


def spread(scores: Array, truth: Flags) -> str:
    """The AUROC with its bootstrap interval."""
    low, high = statistics.auroc_interval(scores, truth) or (math.nan, math.nan)
    return f"{statistics.auroc(scores, truth):.3f} ({low:.3f}-{high:.3f})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints every table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", required=True, type=Path)
    parser.add_argument("--part", choices=("fit", "dev", "test"), default="test")
    parser.add_argument("--pairs", type=Path, nargs="*", default=())
    parser.add_argument("--only-pairs", action="store_true")
    args = parser.parse_args(arguments)
    papers = {p.title: p.abstract for p in read([args.corpus]) if isinstance(p, Paper)}
    verifier = Verifier(PackagedEmbedder())
    if not args.only_pairs:
        on_claims(verifier, papers, args.part)
        on_edits(verifier, papers, args.part, seed=1)
    for path in args.pairs:
        on_pairs(SupportModel(PackagedEmbedder()), path)


if __name__ == "__main__":
    main()
