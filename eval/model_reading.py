"""Measures what a language model makes of lists: the unclear papers that it accepts, and F1 by the rules alone and with it.

    python -m eval.model_reading --llm gguf:PATH [--shared FOLDER] [--criteria D1,D2] [--record]

The criteria are those of `eval/find_all.jsonl` over the bundled sample or, with `--shared`, those in
`FOLDER/bench/find_all/criteria.jsonl` over the papers in `FOLDER/corpus`, each asked by its topic. `--record` puts the
means into the table by which `find` decides whether a model file may read unclear papers without being named for it.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assistant import Assistant, Budget, Listing, Settings
from eval.find_all import CRITERIA, AllCriterion, load, score_sets
from eval.measured import record_lists

_NO_LIMIT = Budget(10_000, 100_000_000)


@dataclass(frozen=True, slots=True)
class Compared:
    """One criterion: unclear papers by gold, of which so many were accepted, and both F1."""

    states: int
    states_accepted: int
    states_not: int
    states_not_accepted: int
    rules: float
    model: float


def compare(assistant: Assistant, criterion: AllCriterion) -> tuple[Compared, Listing]:
    """The figures of a criterion with the model of this assistant, and its list."""
    rules = assistant.find(criterion.topic)
    both = assistant.find(criterion.topic, budget=_NO_LIMIT)
    unclear = {p.paper_id for p in rules.unclear} - criterion.neutral
    accepted = {p.paper_id for p in both.papers if p.judged_by} - criterion.neutral
    right, wrong = unclear & criterion.yes, unclear - criterion.yes
    found = Compared(
        len(right),
        len(right & accepted),
        len(wrong),
        len(wrong & accepted),
        _f1(rules, criterion),
        _f1(both, criterion),
    )
    return found, both


def _f1(listing: Listing, criterion: AllCriterion) -> float:
    return score_sets({p.paper_id for p in listing.papers} - criterion.neutral, criterion.yes).f1


def _mean(values: list[float]) -> float:
    return sum(values) / max(1, len(values))


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--llm", required=True)
    parser.add_argument("--shared", type=Path)
    parser.add_argument("--criteria", default="", help="ids, separated by commas (default: all)")
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    criteria = load(options.shared / "bench/find_all/criteria.jsonl" if options.shared else CRITERIA)
    chosen = [c for c in criteria if not options.criteria or c.id in options.criteria.split(",")]
    rows: list[Compared] = []
    with (
        tempfile.TemporaryDirectory() as home,
        Assistant(Settings(home=Path(home), llm=options.llm, log_answers=False)) as assistant,
    ):
        assistant.add([options.shared / "corpus"] if options.shared else None)
        for criterion in chosen:
            row, listing = compare(assistant, criterion)
            rows.append(row)
            print(
                f"{criterion.id:4s} accepted {row.states_accepted} of {row.states} unclear papers that state it and "
                f"{row.states_not_accepted} of {row.states_not} that do not; F1 {row.rules:.2f} -> {row.model:.2f}  "
                f"{criterion.topic}",
                flush=True,
            )
            print(f"     {listing.model.summary if listing.model else 'nothing was unclear'}", flush=True)
    before, after = _mean([r.rules for r in rows]), _mean([r.model for r in rows])
    print(f"macro F1 {before:.3f} -> {after:.3f} over {len(rows)} criteria")
    stem = options.llm.removeprefix("gguf:").rpartition("/")[2].removesuffix(".gguf")
    if options.record:
        record_lists(stem, after, before)


if __name__ == "__main__":
    main()
