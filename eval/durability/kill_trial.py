"""One kill trial: an action starts, is killed, and is done again; the end must be that of an uninterrupted run."""

from __future__ import annotations

import os
import random
import shutil
import time
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from eval.durability.actions import ACTIONS, EDITED, OFTEN, PAPERS, Action
from eval.durability.children import in_child
from eval.durability.library import TrialLibrary, fill, write_papers, write_vectors_early


@dataclass(frozen=True)
class Trial:
    """One kill and its outcome."""

    action: str
    where: str
    killed: bool
    acknowledged: int
    lost: int = 0
    duplicates: int = 0
    differs: bool = False
    crash: str = ""

    @property
    def failed(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.lost or self.duplicates or self.differs or self.crash)


class Harness:
    """A folder with the libraries that actions start from, and what an uninterrupted run of each action ends with."""

    def __init__(self, work: Path, seed: int) -> None:
        self._work, self._log = work, work / "log.txt"
        self._rng = random.Random(seed)
        write_vectors_early()
        papers = write_papers(work / "papers.jsonl", PAPERS)
        (work / "edited").mkdir()
        write_papers(work / "edited" / "papers.jsonl", PAPERS, edited=EDITED)
        filled = in_child(lambda: fill(work / "base", papers), self._log)
        assert not filled.error, filled.error
        self._expected = {a.name: self._uninterrupted(a) for a in ACTIONS}

    def trial(self, action: Action, point: str | None) -> Trial:
        """Kills the action at the n-th pass of a fail point, or (None) at a random moment."""
        home = self._home(action)
        passes = self._rng.choice((1, 2, 3)) if point in OFTEN else 1
        whole, expected = self._expected[action.name]
        seconds = whole * self._rng.uniform(0, 1)
        reader = self._start_reader(home) if "reader" in action.name else None
        killed, acknowledged = self._kill(action, home, f"{point}:{passes}" if point else "", seconds)
        crash = self._stop_reader(reader) if reader is not None else ""
        done = in_child(lambda: _after(action, home, self._work, acknowledged), self._log)
        trial = Trial(action.name, point or "random moment", killed, acknowledged, crash=crash)
        if done.signal or done.error:
            return replace(trial, crash=crash + done.signal + done.error)
        lost, duplicates, end = done.result
        return replace(trial, lost=lost, duplicates=duplicates, differs=end != expected)

    def _home(self, action: Action) -> Path:
        home = self._work / "home"
        shutil.rmtree(home, ignore_errors=True)
        if action.base:
            shutil.copytree(self._work / "base", home)
        return home

    def _uninterrupted(self, action: Action) -> tuple[float, Any]:
        """How many seconds the action takes, and what it ends with."""

        def work() -> tuple[float, Any]:
            started = time.perf_counter()
            action.do(home, self._work, lambda n: None)
            return time.perf_counter() - started, _content(TrialLibrary(home, action.embedder))

        home = self._home(action)
        outcome = in_child(work, self._log)
        assert not outcome.error, outcome.error
        seconds, content = outcome.result
        assert not content["complaints"]
        return seconds, content

    def _kill(self, action: Action, home: Path, point: str, seconds: float) -> tuple[bool, int]:
        """Whether the child was killed before it was done, and what it had acknowledged by then."""
        read, write = os.pipe()

        def work() -> None:
            if point:
                os.environ["ASSISTANT_FAILPOINT"] = point
            action.do(home, self._work, acknowledge)

        def acknowledge(n: int) -> None:
            os.write(write, f"{n}\n".encode())

        outcome = in_child(work, self._log, kill_after=None if point else seconds, inherited=write)
        with os.fdopen(read, encoding="utf-8") as pipe:
            lines = pipe.read().split("\n")
        assert not outcome.error, outcome.error
        assert outcome.signal in ("", "SIGKILL"), outcome.signal
        return outcome.signal == "SIGKILL", int(lines[-2]) if len(lines) > 1 else 0

    def _start_reader(self, home: Path) -> tuple[int, Path]:
        report = self._work / "reader.txt"
        report.unlink(missing_ok=True)
        (home / "stop").unlink(missing_ok=True)
        child = os.fork()
        if child == 0:
            outcome = in_child(lambda: _read_until_stopped(home), self._log)
            report.write_text(outcome.signal + outcome.error or f"ok {outcome.result}")
            os._exit(0)
        return child, report

    def _stop_reader(self, reader: tuple[int, Path]) -> str:
        """What went wrong with the reader."""
        child, report = reader
        (self._work / "home" / "stop").touch()
        os.waitpid(child, 0)
        outcome = report.read_text()
        return "" if outcome.startswith("ok") else f"reader: {outcome}"


def _read_until_stopped(home: Path) -> int:
    """Searches until a file appears; every search must find as many papers as before."""
    library, count = TrialLibrary(home), 0
    while not (home / "stop").exists() or count == 0:
        found = library.results()
        assert min(map(len, found)) >= 8, f"fewer results: {found}"
        count += 1
    library.close()
    return count


def _after(action: Action, home: Path, work: Path, acknowledged: int) -> tuple[int, int, dict[str, Any]]:
    """What is lost and what is there twice after the kill, and what doing the action again ends with."""
    library = TrialLibrary(home, action.embedder)
    lost = action.lost(library, work, acknowledged)
    titles = [p.title for p in library.store.papers()]
    questions = [r.answer.question for r in library.answers.newest()]
    duplicates = len(titles) - len(set(titles)) + len(questions) - len(set(questions))
    if not library.is_stale():
        state = library.state()
        duplicates += sum(len(hits) - len({i for i, _ in hits}) for hits in state["found"])
        lost += bool(state["complaints"])
    library.close()
    action.do(home, work, lambda n: None)
    library = TrialLibrary(home, action.embedder)
    end = _content(library)
    library.close()
    return lost, duplicates, end


def _content(library: TrialLibrary) -> dict[str, Any]:
    """Everything that must be equal in the end, to the last byte of a vector."""
    store = library.store
    rows = sorted((c.paper_id, c.ordinal, c.start, c.end, c.text, v.tobytes().hex()) for c, v in store.chunks())
    return {
        **library.state(),
        "fingerprint": store.fingerprint,
        "chunks": _hash(rows),
        "texts": _hash(sorted(repr(p) for p in store.papers())),
        "answers": _hash(sorted(r.answer.question for r in library.answers.newest())),
    }


def _hash(values: object) -> str:
    return sha256(repr(values).encode()).hexdigest()
