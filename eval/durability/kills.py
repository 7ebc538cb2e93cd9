"""SIGKILL at every fail point and at random moments of everything that writes.

What was acknowledged must be there, once, and going on must end where an uninterrupted run ends.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from assistant.failpoints import POINTS
from eval.durability.actions import ACTIONS, PAPERS, Action
from eval.durability.kill_trial import Harness, Trial


def run(work: Path, kills: int, seed: int, real: int = 0) -> Iterator[Trial]:
    """Trials until so many processes have been killed; some are done before their moment comes.

    `real`: so many of the kills hit `assistant index` with the packaged encoder. In the others, a forked child runs the
    same code over a cheap embedder.
    """
    harness, rng = Harness(work, seed), random.Random(seed)
    for _ in range(real):
        yield _real_trial(work, rng)
    planned = _plan(rng)
    while kills > real:
        trial = harness.trial(*next(planned))
        kills -= trial.killed
        yield trial


def table(done: Sequence[Trial]) -> str:
    """One row per action, and per place where it was killed, as Markdown."""
    head = "| | trials | killed | acknowledged | lost | duplicates | other results | crashes |\n|---|---|---|---|---|---|---|---|"
    rows = []
    for name in [*dict.fromkeys(t.action for t in done), *dict.fromkeys(t.where for t in done), "all"]:
        some = [t for t in done if name in (t.action, t.where, "all")]
        figures = [len(some), sum(t.killed for t in some), sum(t.acknowledged for t in some), sum(t.lost for t in some)]
        figures += [sum(t.duplicates for t in some), sum(t.differs for t in some), sum(bool(t.crash) for t in some)]
        rows.append(f"| {name} | {' | '.join(map(str, figures))} |")
    return "\n".join([head, *rows])


def _plan(rng: random.Random) -> Iterator[tuple[Action, str | None]]:
    """Every fail point once and every action at a random moment; then all combinations of these, over and over."""
    for i, point in enumerate(POINTS):
        having = [a for a in ACTIONS if point in a.points]
        yield having[i % len(having)], point
    for action in ACTIONS:
        yield action, None
    aimed = [(a, p) for a in ACTIONS for p in a.points]
    rest: list[tuple[Action, str | None]] = [*aimed, *((a, None) for a, _ in aimed)]
    while True:
        rng.shuffle(rest)
        yield from rest


def _real_trial(work: Path, rng: random.Random) -> Trial:
    """Kills the command itself, with the packaged encoder, then runs it again."""
    home, papers = work / "real", work / "papers.jsonl"
    shutil.rmtree(home, ignore_errors=True)
    command = [sys.executable, "-m", "assistant", "index", str(papers), "--home", str(home), "--json"]
    point = rng.choice(POINTS)
    environment = {**os.environ, "ASSISTANT_FAILPOINT": point}
    first = subprocess.run(command, capture_output=True, env=environment, check=False)
    with closing(sqlite3.connect(home / "library.sqlite3")) as db:
        (acknowledged,) = db.execute("SELECT count(*) FROM papers").fetchone()
    killed = first.returncode == -9
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    if again.returncode:
        return Trial("assistant index", point, killed, acknowledged, crash=again.stderr)
    report = json.loads(again.stdout)
    return Trial(
        "assistant index",
        point,
        killed,
        acknowledged,
        lost=PAPERS - report["papers"],
        duplicates=report["duplicates"],
        differs=report["added"] != PAPERS - acknowledged,
    )
