"""Measures what a language model makes of lists: the unclear papers that it accepts, and F1 by the rules alone and with it.

    python -m eval.model_reading [--llm gguf:PATH] [--shared FOLDER] [--criteria D1,D2] [--record]

The criteria are those of `eval/find_all.jsonl` over the bundled sample or, with `--shared`, those in
`FOLDER/bench/find_all/criteria.jsonl` over the papers in `FOLDER/corpus`, each asked by its topic.
Without `--llm`, it prints what is at stake: F1 if all unclear papers were accepted, and if the right ones were. `--record`
puts the means into the table by which `find` decides whether a model file may read unclear papers without being named.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from assistant import Assistant, Budget, Listing
from eval.find_all import CRITERIA, AllCriterion, load, score_sets
from eval.measured import record_lists
from eval.scratch import scratch_library

_NO_LIMIT = Budget(10_000, 100_000_000)


@dataclass(frozen=True, slots=True)
class Compared:
    """F1 of one criterion by the rules alone and with some unclear papers accepted: of those that state it (`states`) and of
    the others (`rest`), so many of so many."""

    rules: float
    f1: float
    states: tuple[int, int]
    rest: tuple[int, int]


def compare(rules: Listing, accepted: set[str], criterion: AllCriterion) -> Compared:
    """The figures of a criterion if these of its unclear papers are taken for stating it."""
    unclear = {p.paper_id for p in rules.unclear} - criterion.neutral
    right, wrong = unclear & criterion.yes, unclear - criterion.yes
    listed = {p.paper_id for p in rules.papers} - criterion.neutral
    return Compared(
        score_sets(listed, criterion.yes).f1,
        score_sets(listed | (accepted & unclear), criterion.yes).f1,
        (len(right & accepted), len(right)),
        (len(wrong & accepted), len(wrong)),
    )


def measure(assistant: Assistant, criterion: AllCriterion) -> dict[str, Compared]:
    """The figures of the model of this assistant or, without one, of accepting all unclear papers, and the right ones."""
    rules = assistant.find(criterion.topic)
    if assistant.model != "quotes":
        both = assistant.find(criterion.topic, budget=_NO_LIMIT)
        if both.model is not None:
            print(f"     {both.model.summary}", flush=True)
        return {assistant.model: compare(rules, {p.paper_id for p in both.papers if p.judged_by}, criterion)}
    every = {p.paper_id for p in rules.unclear}
    return {
        "all accepted": compare(rules, every, criterion),
        "the right ones accepted": compare(rules, every & criterion.yes, criterion),
    }


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--llm", default="quotes")
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--criteria", default="", help="ids, separated by commas (default: all)")
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    criteria = load(options.shared / "bench/find_all/criteria.jsonl" if options.shared else CRITERIA)
    found: dict[str, list[Compared]] = {}
    with scratch_library(options.shared / "corpus" if options.shared else None) as opened:
        assistant = opened.using(llm=options.llm)
        for criterion in criteria:
            if options.criteria and criterion.id not in options.criteria.split(","):
                continue
            for who, row in measure(assistant, criterion).items():
                found.setdefault(who, []).append(row)
                print(f"{criterion.id:4s} {criterion.topic}, {who}: {_spelled(row)}", flush=True)
    for who, rows in found.items():
        before, after = mean(r.rules for r in rows), mean(r.f1 for r in rows)
        print(f"{who}: macro F1 {before:.3f} -> {after:.3f} over {len(rows)} criteria")
        if options.record and options.llm.startswith("gguf:"):
            record_lists(Path(options.llm.removeprefix("gguf:")).stem, after, before)


def _spelled(row: Compared) -> str:
    return (
        f"{row.states[0]} of {row.states[1]} unclear papers that state it and {row.rest[0]} of {row.rest[1]} that do not; "
        f"F1 {row.rules:.2f} -> {row.f1:.2f}"
    )


if __name__ == "__main__":
    main()
