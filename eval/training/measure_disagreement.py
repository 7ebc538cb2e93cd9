"""Measures how sure it is that a paper contradicts a claim about its own subject, and what the word rules add.

    python -m eval.training.measure_disagreement --shared FOLDER [--reader FILE] [--most 400]

Claims and abstracts are SciFact's: pairs that contradict against pairs that support and pairs that say nothing, and each
claim in addition beside an abstract about something else, which must contradict nothing.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from assistant.embeddings.embedders import PackagedEmbedder
from assistant.reading.network import WEIGHTS, Reader
from assistant.text import sentences
from assistant.verification.contradictions import disagree
from assistant.verification.observations import Question, Text
from assistant.verification.same_subject import contradicts
from assistant.verification.verifier import Verifier
from eval.training import supervision


class Pair(NamedTuple):
    """A claim with one abstract; `label` is SUPPORT, CONTRADICT, NEI (nothing about it) or `elsewhere`."""

    claim: str
    paper: Text
    label: str


def pairs(shared: Path, most: int) -> list[Pair]:
    """A repeatable choice of the pairs, each claim also beside the abstract of another one."""
    texts = {
        r["_id"]: Text(r.get("title", ""), r["text"])
        for r in supervision.lines(shared / "bench/beir/scifact/corpus.jsonl")
    }
    rows = supervision.lines(shared / "bench/pairs/scifact_abstract_train.jsonl")
    random.Random(0).shuffle(rows)  # noqa: S311 - a repeatable choice, not a secret
    known = [(r["claim"], texts[i], r["label3"]) for r in rows[:most] if (i := r["id"].split(":")[1]) in texts]
    found = [Pair(*row) for row in known]
    others = [p.paper for p in found]
    return found + [Pair(p.claim, others[i - len(others) // 2], "elsewhere") for i, p in enumerate(found)]


def main() -> None:
    """Prints how many pairs of each label every way calls a contradiction."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", required=True, type=Path)
    parser.add_argument("--reader", type=Path, default=WEIGHTS)
    parser.add_argument("--most", type=int, default=400)
    args = parser.parse_args()
    verifier = Verifier(PackagedEmbedder(), Reader(args.reader))
    rows = pairs(args.shared, args.most)
    judged = verifier.judge_all([Question(r.claim, [r.paper]) for r in rows])
    called: dict[str, Counter[str]] = {
        name: Counter() for name in ("verdict", "sure, same subject", "word rules", "either")
    }
    for row, judgement in zip(rows, judged, strict=True):
        abstract = row.paper.abstract
        sure = contradicts(row.claim, row.paper, judgement)
        worded = any(disagree(row.claim, abstract[s.start : s.end]) for s in sentences.split(abstract))
        yes = (judgement.verdict == "contradicted", sure, worded, sure or worded)
        for name, found in zip(called, yes, strict=True):
            called[name][row.label] += found
    total = Counter(r.label for r in rows)
    for name, counts in called.items():
        print(f"{name}: " + ", ".join(f"{label} {counts[label]} of {n}" for label, n in sorted(total.items())))


if __name__ == "__main__":
    main()
