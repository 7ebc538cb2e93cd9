"""Fits `assistant/verification/premise.json`: when a question is said to take for granted what an abstract contradicts.

    python -m eval.training.fit_premise_model --shared FOLDER [--reader FILE] [--out premise.json] [--bench]

Fitted on the premises and questions of writers whom the network has not seen, and on the project's own dev questions about
one paper. It prints, cross-fitted over two halves of the papers, what the parts reach alone and with the rules; `--bench`
prints in addition what the model does on `FOLDER/bench/premises`, by kind.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from assistant.answerability.model import AnswerabilityModel
from assistant.embeddings.embedders import PackagedEmbedder
from assistant.query.scope import scope_of
from assistant.reading.evidence import EvidenceFinder
from assistant.reading.network import WEIGHTS, Reader
from assistant.verification.false_premise import (
    FEATURES,
    Asked,
    Conflict,
    PremiseModel,
    features,
    find_conflict,
    objections,
)
from eval import questions, statistics
from eval.training import supervision
from eval.training.fit_support_model import Floats, half, matrix
from eval.training.supervision import Library
from eval.training.train_reader import HELD_OUT, HERE

ACCUSED = {"premise": 0.05, "question": 0.01}
"""Share of true twins, and of the other honest questions, that the network alone may accuse."""
PARTS = {**{name: (name,) for name in FEATURES}, "both": FEATURES}


@dataclass(frozen=True)
class Example:
    """A question about one paper."""

    question: str
    paper: str
    false: bool
    kind: str
    """`premise` with its true twins, or `question`; on the bench the kind of the false premise."""
    span: str = ""
    """The words of the abstract that contradict it, or bear its twin out."""


@dataclass(frozen=True)
class Measured:
    """An example with its features, and what would be named if it were called false."""

    example: Example
    features: dict[str, float]
    conflict: Conflict | None
    quote: str
    suspect: bool
    """Whether the question is read as a claim at all."""
    objected: bool
    """Whether a rule for claims objects to it."""

    @property
    def named(self) -> bool:
        """Whether the sentence that would be shown says what the abstract says."""
        return bool(self.quote and self.example.span) and (
            self.quote in self.example.span or self.example.span in self.quote
        )


def written(library: Library, shared: Path) -> Iterator[Example]:
    """Premises and questions of the writers that were held out."""
    for file in (shared / "training/by_hand/items.jsonl", HERE / "groups.jsonl"):
        for row in supervision.lines(file):
            if row["writer"] in HELD_OUT and row["what"] in ("premise", "question"):
                false, abstract = row["what"] == "premise" and row["false"], library.texts[row["paper_id"]][1]
                span = abstract[slice(*row["at"])] if "at" in row else row.get("span") or ""
                yield Example(row["question"], row["paper_id"], false, row["what"], span)


def own(library: Library) -> Iterator[Example]:
    """The project's dev questions about one paper, without those that need a conversation."""
    for row in questions.load():
        if row.split == "dev" and len(row.gold_papers) == 1 and not row.history and row.gold_papers[0] in library.texts:
            abstract, said = library.texts[row.gold_papers[0]][1], row.correction or ""
            yield Example(
                row.question, row.gold_papers[0], row.type == "false-premise",
                "premise" if row.type == "false-premise" else "question", said if said in abstract else "",
            )  # fmt: skip


def bench(shared: Path) -> Iterator[Example]:
    """The development half of the premises, on which nothing is fitted."""
    for row in supervision.lines(shared / "bench/premises/premises.jsonl"):
        yield Example(row["question"], row["paper_id"], row["false"], row["kind"], row["span"])


def measure(rows: Sequence[Example], library: Library, reader: Reader) -> list[Measured]:
    """Reads every question beside its paper; questions whose wording is about several papers are left out."""
    model, always, found = AnswerabilityModel(reader), PremiseModel({}, 0.0, 0.0), []
    for row in rows:
        title, abstract = library.texts[row.paper]
        (read,) = model.read(row.question, [(title, abstract)])
        if read.passage is None or read.outcome is None or scope_of(row.question) in ("several", "list"):
            continue
        as_claim = read.as_claim or model.as_claim(row.question, title, abstract)
        asked = Asked(row.question, title, abstract, read.passage, read.outcome, as_claim, read.closeness)
        conflict = find_conflict(asked, always)
        quote = abstract[conflict.span.start : conflict.span.end] if conflict else ""
        suspect = read.as_claim is not None
        found.append(Measured(row, features(as_claim), conflict, quote, suspect, bool(objections(asked))))
    return found


def fit(rows: Sequence[Measured], names: Sequence[str]) -> LogisticRegression:
    """A logistic regression in which the false premises weigh as much as all honest questions together."""
    x, y = matrix([r.features for r in rows], names), np.array([r.example.false for r in rows])
    return LogisticRegression(C=0.3, class_weight="balanced", max_iter=2_000).fit(x, y)


def threshold(rows: Sequence[Measured], scores: Floats) -> float:
    """The score that at most `ACCUSED` of the true twins, and of the other honest questions, reach."""
    honest: dict[str, list[float]] = defaultdict(list)
    for score, row in zip(scores, rows, strict=True):
        if not row.example.false:
            honest[row.example.kind].append(float(score))
    return float(max(np.quantile(found, 1 - ACCUSED[kind]) for kind, found in honest.items()))


def scored(model: LogisticRegression, rows: Sequence[Measured], names: Sequence[str]) -> Floats:
    """The probability that each is a false premise."""
    chances: Floats = model.predict_proba(matrix([r.features for r in rows], names))[:, 1]
    return chances


def report(name: str, rows: Sequence[Measured], names: Sequence[str]) -> None:
    """Cross-fits over the halves and prints one line."""
    side = np.array([half(r.example.paper) for r in rows])
    scores, called = np.zeros(len(rows)), np.zeros(len(rows), bool)
    for this in (0, 1):
        rest, here = [r for r, s in zip(rows, side, strict=True) if s != this], side == this
        model = fit(rest, names)
        scores[here] = scored(model, [r for r, s in zip(rows, side, strict=True) if s == this], names)
        called[here] = scores[here] >= threshold(rest, scored(model, rest, names))
    auroc = statistics.auroc(scores, np.array([r.example.false for r in rows]))
    print(f"{name}: AUROC {auroc:.3f}; {counts(rows, called)}; with rules: {counts(rows, called | objected(rows))}")


def objected(rows: Sequence[Measured]) -> npt.NDArray[np.bool_]:
    """Which questions a rule objects to."""
    return np.array([r.objected for r in rows])


def counts(rows: Sequence[Measured], called: npt.NDArray[np.bool_]) -> str:
    """Shares of the false premises that are called so, and named with what the abstract says, and of the accused others."""
    cells: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for row, yes in zip(rows, called, strict=True):
        example = row.example
        yes = bool(yes) and row.suspect and row.conflict is not None
        cells[f"false {example.kind}" if example.false else f"true {example.kind}"].append((yes, row.named))
        cells["false" if example.false else "true"].append((yes, row.named))
    return ", ".join(
        f"{kind} {np.mean([c for c, _ in found]):.2f}"
        + (f" (named {np.mean([c and n for c, n in found]):.2f})" if kind.startswith("false") else "")
        + f" of {len(found)}"
        for kind, found in sorted(cells.items())
    )


def main() -> None:
    """Prints the tables and writes the model that is fitted on everything."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", required=True, type=Path)
    parser.add_argument("--reader", type=Path, default=WEIGHTS)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--bench", action="store_true")
    args = parser.parse_args()
    library, reader = Library(args.shared, EvidenceFinder(PackagedEmbedder()).relevance), Reader(args.reader)
    rows = measure([*written(library, args.shared), *own(library)], library, reader)
    for name, chosen in PARTS.items():
        report(name, rows, chosen)
    model = fit(rows, FEATURES)
    weights = dict(zip(FEATURES, (round(float(w), 4) for w in model.coef_[0]), strict=True))
    least = threshold(rows, scored(model, rows, FEATURES))
    print(json.dumps(weights), least)
    if args.bench:
        asked = measure(list(bench(args.shared)), library, reader)
        for name, chosen in PARTS.items():
            fitted = fit(rows, chosen)
            lowest = threshold(rows, scored(fitted, rows, chosen))
            called = scored(fitted, asked, chosen) >= lowest
            print(f"bench, {name}: {counts(asked, called)}; with rules: {counts(asked, called | objected(asked))}")
    if args.out:
        stored = {"coefficients": weights, "intercept": round(float(model.intercept_[0]), 4), "named": round(least, 4)}
        args.out.write_text(json.dumps(stored, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
