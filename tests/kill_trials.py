"""SIGKILL at every fail point and at random moments of everything that writes: what was acknowledged has to be there, once,
and going on has to end where an uninterrupted run ends.

    python tests/kill_trials.py --trials 300 --seed 1 --real 10

Prints a table. `--trials` counts kills; `--real`: so many of them hit `assistant index` with the packaged encoder; in the others a forked
child runs the same code over a cheap embedder (see trials.py), in batches of eight papers.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import trials
from kill_actions import ACTIONS, EDITED, OFTEN, PAPERS, Action

from assistant import Assistant
from assistant.failpoints import POINTS
from assistant.index import chroma
from assistant.ingestion import pipeline
from assistant.library.answer_log import AnswerLog


def content(library: Assistant, action: Action) -> dict[str, Any]:
    """All that has to be equal in the end, beside what `trials.told` tells: the store to the last byte of a vector."""
    rows = sorted((c.paper_id, c.ordinal, c.start, c.end, c.text, v.tobytes().hex()) for c, v in library.store.chunks())
    papers = sorted(repr(p) for p in library.store.papers())
    answers = sorted(r.answer.question for r in AnswerLog(library, library.settings).newest())
    return {
        **trials.told(library),
        "fingerprint": library.store.fingerprint,
        "chunks": sha256(repr(rows).encode()).hexdigest(),
        "texts": sha256(repr(papers).encode()).hexdigest(),
        "answers": sha256(repr(answers).encode()).hexdigest(),
    }


def after(action: Action, home: Path, work: Path, acknowledged: int) -> dict[str, Any]:
    """What is there after the kill, and what going on ends with."""
    library = trials.open_library(home, action.embedder)
    lost = action.lost(library, work, acknowledged)
    names = [p.title for p in library.store.papers()]
    kept = [r.answer.question for r in AnswerLog(library, library.settings).newest()]
    duplicates = len(names) - len(set(names)) + len(kept) - len(set(kept))
    if not library.is_stale():
        told = trials.told(library)
        duplicates += sum(len(hits) - len({i for i, _ in hits}) for hits in told["found"])
        lost += bool(told["complaints"])
    library.close()
    action.do(home, work, lambda n: None)
    library = trials.open_library(home, action.embedder)
    end = content(library, action)
    library.close()
    return {"lost": lost, "duplicates": duplicates, "end": end}


@dataclass(frozen=True)
class Trial:
    """One kill, and what came of it."""

    action: str
    where: str
    killed: bool
    acknowledged: int
    lost: int = 0
    duplicates: int = 0
    differs: bool = False
    crash: str = ""


class Harness:
    """A folder with the starting states, and what an uninterrupted run of each action leaves."""

    def __init__(self, work: Path, seed: int) -> None:
        self.work, self.log = work, work / "log.txt"
        self._rng = random.Random(seed)
        pipeline._BATCH = 8
        chroma._BATCH, chroma._WRITTEN_AT_LEAST_EVERY = 10, 20  # so that Chroma writes its vector files on the way
        trials.write_papers(work / "papers.jsonl", PAPERS)
        (work / "edited").mkdir()
        trials.write_papers(work / "edited" / "papers.jsonl", PAPERS, edited=EDITED)
        made = trials.in_child(lambda: trials.make_library(work / "base", work / "papers.jsonl"), self.log)
        assert not made.error, made.error
        self._oracles = {a.name: self._uninterrupted(a) for a in ACTIONS}

    def _home(self, action: Action) -> Path:
        home = self.work / "home"
        shutil.rmtree(home, ignore_errors=True)
        if action.base:
            shutil.copytree(self.work / "base", home)
        return home

    def _uninterrupted(self, action: Action) -> tuple[float, Any]:
        def whole() -> Any:
            started = time.perf_counter()
            action.do(home, self.work, lambda n: None)
            seconds = time.perf_counter() - started
            library = trials.open_library(home, action.embedder)
            return [seconds, content(library, action)]

        home = self._home(action)
        outcome = trials.in_child(whole, self.log)
        assert not outcome.error, outcome.error
        assert not outcome.result[1]["complaints"]
        return outcome.result[0], outcome.result[1]

    def trial(self, action: Action, point: str | None) -> Trial:
        """Kills the action at a fail point, at its n-th pass, or at a random moment of it."""
        home = self._home(action)
        passes = self._rng.choice((1, 2, 3)) if point in OFTEN else 1
        seconds = self._oracles[action.name][0] * self._rng.uniform(0, 1)
        reader = self._start_reader(home) if "reader" in action.name else None
        killed, acknowledged = self._kill(action, home, f"{point}:{passes}" if point else "", seconds)
        crash = self._stop_reader(reader) if reader is not None else ""
        done = trials.in_child(lambda: after(action, home, self.work, acknowledged), self.log)
        trial = Trial(action.name, point or "random moment", killed, acknowledged)
        if done.signal or done.error:
            return replace(trial, crash=crash + done.signal + done.error)
        expected = self._oracles[action.name][1]
        differs = done.result["end"] != expected
        return replace(
            trial, lost=done.result["lost"], duplicates=done.result["duplicates"], differs=differs, crash=crash
        )

    def _kill(self, action: Action, home: Path, point: str, seconds: float) -> tuple[bool, int]:
        """Whether the child was killed before it was done, and what it had acknowledged until then."""
        read, write = os.pipe()

        def work() -> None:
            if point:
                os.environ["ASSISTANT_FAILPOINT"] = point
            action.do(home, self.work, lambda n: os.write(write, f"{n}\n".encode()) and None)

        outcome = trials.in_child(work, self.log, kill_after=None if point else seconds, done_with=write)
        with os.fdopen(read, encoding="utf-8") as pipe:
            lines = pipe.read().split("\n")
        assert not outcome.error, outcome.error
        assert outcome.signal in ("", "SIGKILL"), outcome.signal
        return outcome.signal == "SIGKILL", int(lines[-2]) if len(lines) > 1 else 0

    def _start_reader(self, home: Path) -> tuple[int, Path]:
        report = self.work / "reader.txt"
        report.unlink(missing_ok=True)
        (home / "stop").unlink(missing_ok=True)
        child = os.fork()
        if child == 0:
            outcome = trials.in_child(lambda: _read_on(home), self.log)
            report.write_text(outcome.signal + outcome.error or f"ok {outcome.result}")
            os._exit(0)
        return child, report

    def _stop_reader(self, reader: tuple[int, Path]) -> str:
        child, report = reader
        (self.work / "home" / "stop").touch()
        os.waitpid(child, 0)
        said = report.read_text()
        return "" if said.startswith("ok") else f"reader: {said}"


def _read_on(home: Path) -> int:
    """Searches until told to stop; every search has to find as much as ever."""
    library, count = trials.open_library(home), 0
    while not (home / "stop").exists() or count == 0:
        found = trials.found(library)
        if min(map(len, found)) < 8:
            raise AssertionError(f"fewer results: {found}")
        count += 1
    library.close()
    return count


def real_trial(work: Path, rng: random.Random) -> Trial:
    """Kills the command itself, with the packaged encoder, then runs it again."""
    home, papers = work / "real", work / "papers.jsonl"
    shutil.rmtree(home, ignore_errors=True)
    command = [sys.executable, "-m", "assistant.cli", "index", str(papers), "--home", str(home), "--json"]
    point = rng.choice(POINTS)
    environment = {**os.environ, "ASSISTANT_FAILPOINT": point}
    first = subprocess.run(command, capture_output=True, env=environment, check=False)
    with closing(sqlite3.connect(home / "library.sqlite3")) as db:
        acknowledged = db.execute("SELECT count(*) FROM papers").fetchone()[0]
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    if again.returncode:
        return Trial("assistant index", point, first.returncode == -9, acknowledged, crash=again.stderr)
    report = json.loads(again.stdout)
    return Trial(
        "assistant index",
        point,
        first.returncode == -9,
        acknowledged,
        lost=PAPERS - report["papers"],
        duplicates=report["duplicates"],
        differs=report["added"] != PAPERS - acknowledged,
    )


def plan(rng: random.Random) -> Iterator[tuple[Action, str | None]]:
    """Every fail point once and every action at a random moment; then all of these combined, over and over."""
    for i, point in enumerate(POINTS):
        having = [a for a in ACTIONS if point in a.points]
        yield having[i % len(having)], point
    for action in ACTIONS:
        yield action, None
    aimed = [(a, p) for a in ACTIONS for p in a.points]
    rest = [*aimed, *((a, None) for a, _ in aimed)]
    while True:
        rng.shuffle(rest)
        yield from rest


def run(work: Path, kills: int, seed: int, real: int = 0) -> Iterator[Trial]:
    """Trials until the children have been killed so many times; some are done before their moment comes."""
    harness, rng = Harness(work, seed), random.Random(seed)
    for _ in range(real):
        yield real_trial(work, rng)
    planned = plan(rng)
    while kills > real:
        trial = harness.trial(*next(planned))
        kills -= trial.killed
        yield trial


def table(done: list[Trial]) -> str:
    """Rows of actions, and of the places where they were killed."""
    head = "| | trials | killed | acknowledged | lost | duplicates | other results | crashes |\n|---|---|---|---|---|---|---|---|"
    rows = []
    for name in [*dict.fromkeys(t.action for t in done), *dict.fromkeys(t.where for t in done), "all"]:
        some = [t for t in done if name in (t.action, t.where, "all")]
        figures = [len(some), sum(t.killed for t in some), sum(t.acknowledged for t in some), sum(t.lost for t in some)]
        figures += [sum(t.duplicates for t in some), sum(t.differs for t in some), sum(bool(t.crash) for t in some)]
        rows.append(f"| {name} | {' | '.join(map(str, figures))} |")
    return "\n".join([head, *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=300, help="kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", type=int, default=0)
    options = parser.parse_args()
    trials.import_everything()
    done: list[Trial] = []
    with tempfile.TemporaryDirectory() as work:
        for trial in run(Path(work), options.trials, options.seed, options.real):
            done.append(trial)
            if trial.lost or trial.duplicates or trial.differs or trial.crash:
                print(trial, file=sys.stderr)
    print(table(done))
    sys.exit(any(t.lost or t.duplicates or t.differs or t.crash for t in done))


if __name__ == "__main__":
    main()
