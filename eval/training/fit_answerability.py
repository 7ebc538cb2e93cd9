"""Fits `assistant/answerability/coefficients.json` and measures the answerability model on questions by other authors.

    python -m eval.training.fit_answerability --shared FOLDER [--features NAME ...] [--reader FILE] [--out coefficients.json]

It is fitted on the questions of the writers of whom the reading network has seen nothing, and on the dev half of the
minimal pairs and of the questions close to a paper; the test halves are only measured. Papers are cross-fitted over two
halves wherever a figure is about questions of the fit. The control asks the same questions of a wrong abstract: an AUROC
above .5 there comes from the style of the question.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from assistant.answerability.model import AnswerabilityModel, Signals
from assistant.answering.extractive import STATING_SHARE
from assistant.reading.network import WEIGHTS, Reader
from assistant.settings import Settings
from assistant.text import sentences
from eval import questions, statistics
from eval.training import answerability_metrics as metrics
from eval.training.answerability_metrics import Floats
from eval.training.fit_support_model import half
from eval.training.supervision import Library, lines
from eval.training.train_reader import HELD_OUT, UNSEEN

NETWORK = ("stated", "contradicted", "wrong", "stating")
WORDS = ("closeness", "coverage", "lacks_name", "length")
SLOTS = ("unknown_name", "uncounted", "unlisted", "terms_apart")
FEATURES = (*NETWORK, *WORDS, *SLOTS)
PAIRS = Path(__file__).parent / "independent.jsonl"
"""Minimal pairs whose authors wrote no training questions."""
_NEAR = ("figure", "method", "lay", "near-domain")
_WRONG = 0.3
"""The weight of a wrong abstract beside a right one in the fit: retrieval has already chosen."""
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass
class Row:
    """A question about one paper; `gold` are the sentences of its abstract that hold the answer."""

    source: str
    split: str
    """`dev` rows are fitted on, `test` rows only measured."""
    paper: str
    question: str
    answered: bool
    pair: str = ""
    gold: tuple[int, ...] = ()
    right: Signals | None = None
    wrong: Signals | None = None


def collect(library: Library, shared: Path) -> Iterator[Row]:
    """Every question, without what was found."""
    for row in lines(shared / "training/by_hand/items.jsonl"):
        if row["what"] == "question" and row["writer"] in HELD_OUT:
            facts, paper = [row["span"] or ""], row["paper_id"]
            pair = f"{row['writer']}/{paper}/{row['twin']}"
            gold = _holding(library, paper, facts)
            yield Row("written", "dev", paper, row["question"], row["answerable"], pair, gold)
    for row in lines(UNSEEN):
        if row["what"] == "question":
            paper = row["paper_id"]
            facts = [library.texts[paper][1][slice(*row["at"])]] if "at" in row else []
            pair = f"{row['writer']}/{row['group']}/{paper}/{row['twin']}" if row["twin"] else ""
            yield Row("unseen", "dev", paper, row["question"], row["answerable"], pair, _holding(library, paper, facts))
    for row in lines(PAIRS):
        paper, answered = library.by_title[row["title"]], row["label"] == "answerable"
        gold = _holding(library, paper, [row.get("answer", "")])
        yield Row("pairs", row["split"], paper, row["text"], answered, row["pair"], gold)
    for asked in questions.load():
        if asked.type in _NEAR and not asked.history and len(asked.gold_papers) == 1:
            paper, source = asked.gold_papers[0], "lay" if asked.type == "lay" else "near"
            gold = _holding(library, paper, [fact for wordings in asked.key_facts for fact in wordings])
            yield Row(source, asked.split, paper, asked.question, asked.answerable, "", gold)


def _holding(library: Library, paper: str, facts: Sequence[str]) -> tuple[int, ...]:
    """The sentences that overlap one of the facts in the abstract; none for a fact that is empty."""
    abstract, found = library.texts[paper][1].casefold(), set[int]()
    for fact in (f.casefold() for f in facts if f):
        at = abstract.find(fact)
        while at >= 0:
            found |= {i for i, (a, b) in enumerate(library.parts(paper)) if a < at + len(fact) and at < b}
            at = abstract.find(fact, at + 1)
    return tuple(sorted(found))


def measure(rows: Sequence[Row], library: Library, model: AnswerabilityModel) -> None:
    """Reads every question beside its own abstract and beside another one."""
    papers = sorted({r.paper for r in rows if sentences.split(library.texts[r.paper][1])})
    for i, row in enumerate(rows, 1):
        other = papers[(papers.index(row.paper) + 17) % len(papers)]
        row.right, row.wrong = model.signals(row.question, [library.texts[row.paper], library.texts[other]])
        if i % 200 == 0:
            print(f"{i} of {len(rows)} questions read", flush=True)


def matrix(found: Sequence[Signals | None], names: Sequence[str]) -> Floats:
    """One row of features for each abstract that was read."""
    return np.array([[f.features[n] for n in names] for f in found if f is not None])


def fit(rows: Sequence[Row], names: Sequence[str]) -> tuple[float, Floats, Floats]:
    """Intercept, coefficients, and the coefficients for features of variance 1.

    Answered questions are negatives beside a wrong abstract.
    """
    yes = [r for r in rows if r.answered]
    x = np.concatenate([matrix([r.right for r in rows], names), matrix([r.wrong for r in yes], names)])
    y = np.array([r.answered for r in rows] + [False] * len(yes))
    scale = x.std(0) + 1e-6
    weight = np.array([1.0] * len(rows) + [_WRONG] * len(yes))
    model = LogisticRegression(C=0.3, max_iter=2_000).fit(x / scale, y, sample_weight=weight)
    plain = np.asarray(model.coef_[0], dtype=np.float64)
    return float(model.intercept_[0]), plain / scale, plain


def fitted(rows: Sequence[Row], names: Sequence[str]) -> tuple[Floats, Floats]:
    """The log odds of every row beside its own abstract and beside the wrong one; papers of the fit are cross-fitted."""
    own, wrong = np.zeros(len(rows)), np.zeros(len(rows))
    dev = [r for r in rows if r.split == "dev"]
    for side in (0, 1, None):
        intercept, weights, _ = fit([r for r in dev if half(r.paper) != side], names)
        chosen = np.array(
            [r.split == "test" if side is None else r.split == "dev" and half(r.paper) == side for r in rows]
        )
        own[chosen] = (matrix([r.right for r in rows], names) @ weights + intercept)[chosen]
        wrong[chosen] = (matrix([r.wrong for r in rows], names) @ weights + intercept)[chosen]
    return own, wrong


def sets(rows: Sequence[Row]) -> dict[str, list[int]]:
    """The rows to report, by name: the writers' own questions, cross-fitted, and the test halves of the rest."""
    found = {
        f"{name} (cross-fitted)": [i for i, r in enumerate(rows) if r.source == name] for name in ("written", "unseen")
    }
    for name, sources in (("pairs", ("pairs",)), ("near", ("near",)), ("near and lay", ("near", "lay"))):
        found[f"{name} (test)"] = [i for i, r in enumerate(rows) if r.source in sources and r.split == "test"]
    return found


def report(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Prints how well stated answers are told from missing ones, with parts of the features and with all."""
    print(
        "\n| set | n | features | AUROC | wrong abstract | within a pair | ECE | unanswered passed at .05, .10 refused |"
    )
    print("|---|---|---|---|---|---|---|---|")
    parts = {
        "words, slots": (*WORDS, *SLOTS),
        "network": NETWORK,
        "network, words": (*NETWORK, *WORDS),
        "chosen": tuple(names),
    }
    for part, some in parts.items():
        own, wrong = fitted(rows, some)
        for name, at in sets(rows).items():
            known = metrics.Labels.of([rows[i] for i in at])
            cells = [
                metrics.interval(known, own[at], metrics.auroc),
                f"{metrics.auroc(known, wrong[at]):.3f}",
                f"{metrics.within_pair(known, own[at]):.3f}",
                f"{metrics.calibration_error(known, own[at]):.3f}",
                f"{metrics.passed(known, own[at], 0.05):.2f}, {metrics.interval(known, own[at], metrics.passed)}",
            ]
            print(f"| {name} | {len(at)} | {part} | {' | '.join(cells)} |")


def ablate(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Prints what each feature adds, cross-fitted on the questions of the fit alone: the test halves choose nothing."""
    dev = [r for r in rows if r.split == "dev"]
    known = metrics.Labels.of(dev)

    def figures(some: Sequence[str]) -> str:
        own, _ = fitted(dev, some)
        loss = log_loss(known.answered, expit(own))
        return f"{metrics.auroc(known, own):.4f} | {metrics.within_pair(known, own):.4f} | {loss:.4f}"

    weights = dict(zip(names, fit(dev, names)[2].tolist(), strict=True))
    print("\n| without | coefficient per deviation | AUROC | within a pair | log loss |\n|---|---|---|---|---|")
    print(f"| – | | {figures(names)} |")
    for name in names:
        print(f"| {name} | {weights[name]:+.2f} | {figures([n for n in names if n != name])} |")


def risk(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Prints what a threshold on the confidence costs, and the risk at each coverage."""
    own, _ = fitted(rows, names)
    chances = expit(own)
    for split in ("dev", "test"):
        at = [i for i, r in enumerate(rows) if r.split == split and r.source in ("near", "lay")]
        answered, p = np.array([rows[i].answered for i in at]), chances[at]
        curve = statistics.risk_coverage(p.tolist(), (~answered).astype(float).tolist(), len(at))
        points = ", ".join(f"{c:.1f}: {metrics.risk_at(curve, c):.2f}" for c in np.arange(0.1, 1.05, 0.1))
        print(
            f"\nNear and lay questions ({split}): risk at coverage {points}; area {statistics.risk_area(curve):.3f}\n"
        )
        print(f"| threshold ({split}) | answered questions refused | unanswered ones passed |\n|---|---|---|")
        for least in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
            print(f"| {least} | {(p[answered] < least).mean():.2f} | {(p[~answered] >= least).mean():.2f} |")


def quoting(rows: Sequence[Row]) -> None:
    """Prints where the sentence with the answer ranks, and what is quoted at each value of `STATING_SHARE`."""
    most = Settings().max_sentences
    print("\n| set | split | n | scores | first | in the first 2 | in the first 3 |\n|---|---|---|---|---|---|---|")
    known = {
        (r.source, r.split): [x for x in rows if (x.source, x.split) == (r.source, r.split) and x.gold] for r in rows
    }
    for (source, split), some in known.items():
        for name, numbers in (("marks", False), ("marks, numbers", True)):
            ranks = np.array([metrics.rank(r.right, r.gold, numbers=numbers) for r in some if r.right])
            shares = " | ".join(f"{(ranks < k).mean():.3f}" for k in (1, 2, 3))
            print(f"| {source} | {split} | {len(some)} | {name} | {shares} |")
    print(f"\n| share (now {STATING_SHARE}) | set | split | mean sentences | with the answer |\n|---|---|---|---|---|")
    for share in SHARES:
        for (source, split), some in known.items():
            taken = [(metrics.quoted(r.right.sentence_scores, share, most), r.gold) for r in some if r.right]
            right = np.mean([bool(set(q) & set(gold)) for q, gold in taken])
            print(f"| {share} | {source} | {split} | {np.mean([len(q) for q, _ in taken]):.2f} | {right:.3f} |")


def main() -> None:
    """Reads the options, measures, prints, writes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--features", nargs="+", choices=FEATURES, default=list(FEATURES), metavar="NAME")
    parser.add_argument("--reader", type=Path, default=WEIGHTS)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    library = Library(args.shared, lambda _, found: [0.0] * len(found))
    rows = list(collect(library, args.shared))
    measure(rows, library, AnswerabilityModel(Reader(args.reader)))
    rows = [r for r in rows if r.right and r.wrong]
    report(rows, args.features)
    ablate(rows, args.features)
    risk(rows, args.features)
    quoting(rows)
    intercept, weights, _ = fit([r for r in rows if r.split == "dev"], args.features)
    stored = {"intercept": intercept, **dict(zip(args.features, weights.tolist(), strict=True))}
    written = json.dumps({name: round(value, 4) for name, value in stored.items()}, indent=1) + "\n"
    print(f"\n{written}")
    if args.out:
        args.out.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
