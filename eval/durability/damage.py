"""Damages every file of both indexes in every way, one at a time: the results must be those from before.

Each trial runs in a child of its own, because a damaged file can end a process.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from eval.durability.children import in_child
from eval.durability.library import TrialLibrary, fill, write_papers

WAYS = ("emptied", "halved", "flip-first", "flip-last", "flip-1", "flip-2", "flip-3", "garbage", "deleted", "folder")


def damage(file: Path, way: str, rng: random.Random) -> None:
    """Damages one file in place."""
    data = bytearray(file.read_bytes())
    match way:
        case "emptied" | "halved":
            file.write_bytes(data[: len(data) // 2 if way == "halved" else 0])
        case "garbage":
            file.write_bytes(rng.randbytes(max(len(data), 1)))
        case "deleted" | "folder":
            file.unlink()
            if way == "folder":
                file.mkdir()
        case _ if data:
            place = {"flip-first": 0, "flip-last": len(data) - 1}.get(way, rng.randrange(len(data)))
            data[place] ^= 1 << rng.randrange(8)
            file.write_bytes(data)


def run(folder: Path, seed: int, *, in_use: bool = False, only: str = "") -> Iterator[tuple[str, str, str]]:
    """File, way of damage, and what went wrong (empty: nothing) of every trial; `only` files whose path contains this."""
    log, whole = folder / "log.txt", folder / "whole"
    papers = write_papers(folder / "papers.jsonl", 45)
    in_child(lambda: fill(whole, papers), log)
    expected = in_child(lambda: _states(Path(shutil.copytree(whole, folder / "oracle"))), log).result
    assert expected, log.read_text()
    assert not expected[0]["complaints"], expected
    for file in sorted(p.relative_to(whole) for p in (whole / "index").rglob("*") if p.is_file() and only in str(p)):
        for way in WAYS:
            home = Path(shutil.copytree(whole, folder / "trial"))
            outcome = in_child(partial(_states, home, file, way, seed, in_use), log)
            wrong = outcome.signal or outcome.error
            if not wrong and outcome.result != expected:
                wrong = f"other results: {outcome.result}"
            yield str(file), way, wrong
            shutil.rmtree(home)


def _states(home: Path, file: Path | None = None, way: str = "", seed: int = 0, in_use: bool = False) -> Any:
    """Two states of the library, when `file` is damaged before it is opened, or while it is `in_use`."""
    rng = random.Random(f"{seed}:{file}:{way}")
    if file is not None and not in_use:
        damage(home / file, way, rng)
    library = TrialLibrary(home)
    if in_use and file is not None:
        library.state()
        damage(home / file, way, rng)
    states = [library.state(), library.state()]
    library.close()
    if in_use:  # `doctor` may rightly complain while the damaged file is open
        library = TrialLibrary(home)
        states = [{**states[0], "complaints": []}, library.state()]
        library.close()
    return states
