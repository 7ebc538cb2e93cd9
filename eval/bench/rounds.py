"""Runs the rounds: every peer does every step once per round, in a rotating order, so that a noisy minute hits all alike."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.bench.corpus import Task
from eval.bench.processes import StepFailed, drive, run
from eval.bench.venvs import PeerSpec
from eval.metrics import percentiles


@dataclass
class Measured:
    """What one peer took: one value per round under each name; `dnf` says why it did not finish."""

    values: dict[str, list[float]] = field(default_factory=dict)
    dnf: str = ""

    def note(self, **figures: float) -> None:
        """Adds the figures of a round."""
        for name, value in figures.items():
            self.values.setdefault(name, []).append(value)


def measure(
    peers: Sequence[PeerSpec],
    pythons: Mapping[str, Path],
    task: Task,
    repeats: int,
    scratch: Path,
    report: Callable[[str], None],
) -> dict[str, Measured]:
    """Runs all rounds; a peer that fails once is left out from then on, with the reason."""
    found = {peer.name: Measured() for peer in peers}
    for turn in range(repeats):
        for peer in [*peers[turn % len(peers) :], *peers[: turn % len(peers)]]:
            measured = found[peer.name]
            if measured.dnf:
                continue
            report(f"round {turn + 1} of {repeats}: {peer.name}")
            folder = scratch / "index"
            shutil.rmtree(folder, ignore_errors=True)
            try:
                _once(peer, pythons[peer.name], task, turn, folder, measured)
            except StepFailed as error:
                measured.dnf = str(error)
    return found


def _once(peer: PeerSpec, python: Path, task: Task, turn: int, folder: Path, measured: Measured) -> None:
    settings = dict(peer.settings)

    def step(name: str, **request: Any) -> Any:
        base = {"step": name, "records": str(task.records), "folder": str(folder)}
        return drive(python, peer.driver, {**base, **request}, settings)

    built = step("index")
    measured.note(
        papers_per_second=task.papers / built.result["seconds"],
        whole_papers_per_second=task.papers / built.wall,
        pieces=built.result["pieces"],
        index_peak_mb=built.peak_mb,
    )
    if not peer.searches:
        return
    measured.note(disk_mb=sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6)
    question = task.questions[turn * 7 % len(task.questions)]
    if peer.command_line:
        _ours_alone(folder, question, task, settings, measured)
    else:
        asked = step("ask", question=question)
        measured.note(ask_seconds=asked.wall, ask_peak_mb=asked.peak_mb)
    queried = step("queries", questions=list(task.questions))
    measured.note(query_peak_mb=queried.peak_mb, **_latency(queried.result["seconds"]))
    measured.note(**_quality(queried.result["found"], task))


def _ours_alone(folder: Path, question: str, task: Task, settings: Mapping[str, str], measured: Measured) -> None:
    """Measures our command line: a cold question with its checked answer, and a second indexing of the same papers."""
    command = [sys.executable, "-c", "from assistant.cli import main; main()"]
    home = ["--home", str(folder), "--json"]
    wall, peak, _ = run([*command, "ask", question, "--llm", "quotes", "--no-cache", *home], settings)
    measured.note(ask_seconds=wall, ask_peak_mb=peak)
    wall, peak, out = run([*command, "index", str(task.records), *home], settings)
    indexed = json.loads(out)
    if indexed["unchanged"] + indexed["duplicates"] != task.papers:
        raise StepFailed(f"a second indexing changed something: {out[:200]}")
    measured.note(no_op_seconds=wall, no_op_peak_mb=peak)


def _latency(seconds: Sequence[float]) -> dict[str, float]:
    found = percentiles([1000 * s for s in seconds], (50, 95))
    return {"query_p50_ms": found["p50"], "query_p95_ms": found["p95"]}


def _quality(found: Sequence[Sequence[str]], task: Task) -> dict[str, float]:
    """The share of questions with a right paper first, and of the right papers among the first ten."""
    pairs = list(zip(found, task.gold, strict=True))
    first = sum(bool(ids) and ids[0] in gold for ids, gold in pairs)
    recall = sum(len(gold & set(ids)) / len(gold) for ids, gold in pairs)
    return {"right_first": first / len(pairs), "recall_at_10": recall / len(pairs)}
