"""Fits `assistant/answerability/coefficients.json` and measures the answerability model on papers that it has not seen.

    python -m eval.training.fit_answerability --corpus FOLDER --network held.xml --hold-out FILE
        [--more rows.jsonl ...] [--out coefficients.json]

`--hold-out` maps each title that `train_span_extractor --hold-out` left out to `dev` or `test`. `--more` adds questions by
independent authors: rows of `title`, `text`, `label` (and `pair`), or of `question`, `answerable`, `gold_papers`,
`key_facts`, `type`. Every figure is cross-fitted: coefficients fitted on one half of the papers are measured on the other.
The control asks the same questions of a wrong abstract: an AUROC above .5 there comes from the style of the question.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from scipy.stats import binned_statistic
from sklearn.linear_model import LogisticRegression

from assistant.answerability.model import AnswerabilityModel, Signals, inputs
from assistant.documents.identity import paper_id
from eval import statistics
from eval.training.examples import Text, load, places, read_corpus

Array = npt.NDArray[np.float64]
WORDS = ("best", "similarity", "lacks_number", "lacks_name", "open_question", "head_absent", "head_apart", "length")
SLOTS = ("unknown_name", "name_apart", "uncounted", "lacks_figure", "unlisted", "terms_apart")
PARTS = {"words": WORDS, "words, slots": WORDS + SLOTS, "span extractor": ("odds",), "all": ("odds", *WORDS, *SLOTS)}
COVERAGE = 3.0
"""The weight of a sentence's coverage beside half its log odds: chosen on dev, where 1 to 4 do equally well."""
_NEAR = ("figure", "method", "lay", "near-domain")
_WRONG = 0.3
"""The weight of a wrong abstract beside a right one in the fit: retrieval has already chosen."""

INDEPENDENT = [Path(__file__).parent / "independent.jsonl", Path(__file__).parent.parent / "questions.jsonl"]
"""Minimal pairs and questions whose authors did not write the training questions; never trained on."""


@dataclass
class Row:
    """A question about one held-out paper; `gold` are the sentences that hold the answer."""

    source: str
    split: str
    title: str
    text: str
    answered: bool
    pair: str = ""
    gold: tuple[int, ...] = ()
    right: Signals | None = None
    wrong: Signals | None = None


def collect(corpus: dict[str, Text], held_out: dict[str, str], more: Sequence[Path]) -> list[Row]:
    """Every question about a held-out paper."""
    rows = []
    ids = {paper_id(title): title for title in held_out}
    for source in ("items", "pairs"):
        for r in load(source):
            if r["title"] in held_out and r.get("kind", "question") == "question":
                rows.append(_row(source, r, corpus, held_out))
    for r in (json.loads(line) for path in more for line in path.read_text(encoding="utf-8").splitlines()):
        if "question" not in r:
            if r["title"] in held_out:
                rows.append(_row("independent: pairs", r, corpus, held_out))
        elif r["type"] in _NEAR and not r["history"] and len(r["gold_papers"]) == 1 and r["gold_papers"][0] in ids:
            title = ids[r["gold_papers"][0]]
            facts = [v.lower() for f in r["key_facts"] for v in f]
            gold = tuple(j for j, s in enumerate(corpus[title].sentences) if any(v in s.lower() for v in facts))
            source = "independent: lay" if r["type"] == "lay" else "independent: near"
            rows.append(Row(source, held_out[title], title, r["question"], r["answerable"], "", gold))
    return sorted(rows, key=lambda r: r.title)


def _row(source: str, r: dict[str, str], corpus: dict[str, Text], held_out: dict[str, str]) -> Row:
    answered = r["label"] == "answerable"
    gold = [j for j, found in enumerate(places(corpus[r["title"]], r["answer"])) if found] if answered else []
    return Row(source, held_out[r["title"]], r["title"], r["text"], answered, r.get("pair", ""), tuple(gold))


def measure(rows: Sequence[Row], corpus: dict[str, Text], held_out: Sequence[str], model: AnswerabilityModel) -> None:
    """Computes the signals of every question with its own abstract and with another one."""
    titles = sorted(t for t in held_out if t in corpus)
    for i, row in enumerate(rows):
        wrong = titles[(titles.index(row.title) + 17) % len(titles)]
        papers = [(t, corpus[t].abstract) for t in (row.title, wrong)]
        row.right, row.wrong = model.signals(row.text, papers)
        if i % 200 == 199:
            print(f"{i + 1} of {len(rows)} measured", flush=True)


def values(found: Sequence[Signals | None], names: Sequence[str]) -> Array:
    """One row of inputs for each reading."""
    return np.array([[inputs(f)[n] for n in names] for f in found if f is not None])


def fit(rows: Sequence[Row], names: Sequence[str]) -> tuple[float, Array]:
    """The bias and the coefficients of a logistic regression; answered questions with a wrong abstract are negatives too."""
    yes = [r for r in rows if r.answered]
    x = np.concatenate([values([r.right for r in rows], names), values([r.wrong for r in yes], names)])
    y = np.array([r.answered for r in rows] + [False] * len(yes))
    scale = x.std(0) + 1e-6
    weight = np.array([1.0] * len(rows) + [_WRONG] * len(yes))
    model = LogisticRegression(C=1.0, max_iter=1000).fit(x / scale, y, sample_weight=weight)
    return float(model.intercept_[0]), np.asarray(model.coef_[0] / scale, dtype=np.float64)


def cross_fitted(rows: Sequence[Row], names: Sequence[str]) -> tuple[Array, Array]:
    """The log odds of every row with its own abstract and with the wrong one."""
    right, wrong = np.zeros(len(rows)), np.zeros(len(rows))
    for half in ("dev", "test"):
        bias, weights = fit([r for r in rows if r.split != half], names)
        mask = np.array([r.split == half for r in rows])
        right[mask] = (values([r.right for r in rows], names) @ weights + bias)[mask]
        wrong[mask] = (values([r.wrong for r in rows], names) @ weights + bias)[mask]
    return right, wrong


class Labels(NamedTuple):
    """The labels of rows as arrays: whether the question is answered, and the number of its pair."""

    answered: npt.NDArray[np.bool_]
    pair: npt.NDArray[np.int64]


def labels(rows: Sequence[Row]) -> Labels:
    """The labels of the rows; rows without a pair share one number."""
    numbers = {name: n for n, name in enumerate(sorted({r.pair for r in rows}))}
    return Labels(np.array([r.answered for r in rows]), np.array([numbers[r.pair] for r in rows]))


def auroc(known: Labels, scores: Array) -> float:
    """NaN where only one label is present."""
    found = statistics.auroc(scores, known.answered)
    return np.nan if found is None else found


def pair_accuracy(known: Labels, scores: Array) -> float:
    """The share of pairs whose answered question has the higher score; a tie counts half."""
    y, (_, pair) = known.answered, np.unique(known.pair, return_inverse=True)
    both = np.bincount(pair[y], minlength=pair.max() + 1) * np.bincount(pair[~y], minlength=pair.max() + 1) == 1
    gap = np.bincount(pair, np.where(y, scores, -scores))[both]
    return float(np.mean((gap > 0) + 0.5 * (gap == 0)))


def leak(known: Labels, scores: Array) -> float:
    """The share of unanswered questions that pass where a tenth of the answered ones is refused."""
    y = known.answered
    return float((scores[~y] >= np.quantile(scores[y], 0.1)).mean())


def calibration_error(known: Labels, scores: Array) -> float:
    """The expected calibration error in ten equal bins: Σ |Σ (p - y) within a bin| / n."""
    p = expit(scores)
    gaps = binned_statistic(p, p - known.answered, "sum", bins=10, range=(0, 1)).statistic
    return float(np.abs(gaps).sum() / len(p))


Metric = Callable[[Labels, Array], float]


def interval(rows: Sequence[Row], scores: Array, metric: Metric) -> str:
    """The value and its 95 % interval over 1,000 resamples of the papers."""
    known = labels(rows)
    by_title: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        by_title.setdefault(row.title, []).append(i)
    papers = [np.array(at) for at in by_title.values()]

    def resampled(drawn: npt.NDArray[np.int64]) -> float:
        at = np.concatenate([papers[n] for n in drawn])
        again = np.repeat(
            np.arange(len(drawn)), [len(papers[n]) for n in drawn]
        )  # a paper drawn twice has its pairs twice
        return metric(Labels(known.answered[at], known.pair[at] * len(drawn) + again), scores[at])

    low, high = statistics.bootstrap(resampled, np.arange(len(papers)), draws=1_000, vectorized=False)
    return f"{metric(known, scores):.3f} ({low:.2f}-{high:.2f})"


def report(rows: list[Row]) -> None:
    """Prints the tables as Markdown."""
    print(
        "| set | n | part | AUROC | wrong abstract | within a pair | wrong abstract | ECE | unanswered at 10 % refused |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    sets = {s: [i for i, r in enumerate(rows) if r.source == s] for s in sorted({r.source for r in rows})}
    if "independent: lay" in sets:
        sets["independent: near and lay"] = sets.pop("independent: lay") + sets["independent: near"]
    for part, names in PARTS.items():
        right, wrong = cross_fitted(rows, names)
        for source, at in sets.items():
            some, a, b = [rows[i] for i in at], right[at], wrong[at]
            pairs = [interval(some, s, pair_accuracy) if "pairs" in source else "" for s in (a, b)]
            cells = [interval(some, a, auroc), f"{auroc(labels(some), b):.3f}", *pairs]
            print(
                f"| {source} | {len(at)} | {part} | {' | '.join(cells)} "
                f"| {calibration_error(labels(some), a):.3f} | {interval(some, a, leak)} |"
            )
    print("\n| set | answered | order | first | in the first 3 | in the first 4 |\n|---|---|---|---|---|---|")
    orders = {"coverage": (0.0, 1.0), "span extractor": (1.0, 0.0), "both": (0.5, COVERAGE)}
    for source, at in sets.items():
        known = [rows[i] for i in at if rows[i].gold]
        for order, (odds, cover) in orders.items():
            hits = [_ranks(r, odds, cover) for r in known]
            shares = " | ".join(f"{np.mean([h < k for h in hits]):.3f}" for k in (1, 3, 4))
            print(f"| {source} | {len(known)} | {order} | {shares} |")


def thresholds(rows: Sequence[Row]) -> None:
    """Prints what a threshold on the confidence costs, for the independent questions about dev papers."""
    scores, _ = cross_fitted(rows, PARTS["all"])
    wanted = ("independent: near", "independent: lay")
    at = [i for i, r in enumerate(rows) if r.split == "dev" and r.source in wanted]
    y, p = np.array([rows[i].answered for i in at]), expit(scores[at])
    if y.any() and not y.all():
        print("\n| threshold (dev) | answered questions refused | unanswered ones passed |\n|---|---|---|")
        for t in (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
            print(f"| {t} | {(p[y] < t).mean():.2f} | {(p[~y] >= t).mean():.2f} |")


def _ranks(row: Row, odds: float, cover: float) -> int:
    """The rank of the best sentence that contains the answer."""
    assert row.right is not None  # noqa: S101 - for mypy; `measure` set it
    score = odds * np.array(row.right.odds.sentences) + cover * np.array(row.right.coverage)
    order: list[int] = np.argsort(-score, kind="stable").tolist()
    return min(order.index(j) for j in row.gold)


def main() -> None:
    """Reads the options, measures, prints, writes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--hold-out", type=Path, required=True)
    parser.add_argument("--more", type=Path, nargs="*", default=INDEPENDENT)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    corpus = read_corpus(options.corpus)
    held_out = {t: s for t, s in json.loads(options.hold_out.read_text(encoding="utf-8")).items() if t in corpus}
    rows = collect(corpus, held_out, options.more)
    measure(rows, corpus, list(held_out), AnswerabilityModel(options.network))
    report(rows)
    thresholds(rows)
    # of the independent questions, only the dev half enters the fit, so that the rest stays unseen
    seen = [r for r in rows if r.split == "dev" or not r.source.startswith("independent")]
    bias, weights = fit(seen, PARTS["all"])
    confidence = {"bias": bias, **dict(zip(PARTS["all"], weights.tolist(), strict=True))}
    rounded = {name: round(value, 4) for name, value in confidence.items()}
    written = json.dumps({"confidence": rounded, "sentence": {"odds": 0.5, "coverage": COVERAGE}}, indent=1) + "\n"
    print(written)
    if options.out:
        options.out.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
