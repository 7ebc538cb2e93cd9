"""Every file of both indexes damaged in every way, one at a time: what is found afterwards has to be what was before.

    python tests/damage_trials.py --seed 1

Prints one line a trial that went wrong, then a table. Each trial runs in a child of its own, because a damaged file can
take a process down.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import trials

from assistant.index import checksums, chroma, dense_search

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


def files(home: Path) -> list[Path]:
    """All files of both indexes, relative to the library's folder."""
    return sorted(p.relative_to(home) for p in (home / "index").rglob("*") if p.is_file())


def tell(home: Path, file: Path | None = None, way: str = "", seed: int = 0, in_use: bool = False) -> Any:
    """What the library tells when `file` is damaged before it is opened, or while it is `in_use`."""
    rng = random.Random(f"{seed}:{file}:{way}")
    if file is not None and not in_use:
        damage(home / file, way, rng)
    library = trials.open_library(home)
    if in_use and file is not None:
        trials.told(library)
        damage(home / file, way, rng)
    result = [trials.told(library), trials.told(library)]
    library.close()
    if in_use:  # `doctor` may well complain of what is open
        library = trials.open_library(home)
        result = [{**result[0], "complaints": []}, trials.told(library)]
    return result


def as_in_a_large_library() -> None:
    """Chroma writes its vector files and is asked, and files are hashed only when their stamps have changed."""
    chroma._BATCH, chroma._WRITTEN_AT_LEAST_EVERY = 10, 20
    dense_search._SMALL = dense_search._WORTH_OPENING = -1
    checksums._SMALL = 0


def run(folder: Path, seed: int, *, in_use: bool = False) -> Iterator[tuple[str, str, str]]:
    """(file, way, what went wrong or nothing) of every trial."""
    log, whole = folder / "log.txt", folder / "whole"
    papers = trials.write_papers(folder / "papers.jsonl", 45)
    trials.in_child(lambda: trials.make_library(whole, papers), log)
    expected = trials.in_child(lambda: tell(Path(shutil.copytree(whole, folder / "oracle"))), log).result
    assert expected, log.read_text()
    assert not expected[0]["complaints"], expected
    for file in files(whole):
        for way in WAYS:
            home = Path(shutil.copytree(whole, folder / "trial"))
            outcome = trials.in_child(lambda home=home, file=file, way=way: tell(home, file, way, seed, in_use), log)
            wrong = outcome.signal or outcome.error
            if not wrong and outcome.result != expected:
                wrong = f"other results: {outcome.result}"
            yield str(file), way, wrong
            shutil.rmtree(home)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--in-use", action="store_true", help="damage while the library is open")
    parser.add_argument("--large", action="store_true", help="as in a large library")
    options = parser.parse_args()
    trials.import_everything()
    if options.large:
        as_in_a_large_library()
    count, wrong = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        for file, way, why in run(Path(folder), options.seed, in_use=options.in_use):
            count[way] += 1
            if why:
                wrong[way] += 1
                print(f"{file} {way}: {why[-1500:]}", file=sys.stderr)
    print(json.dumps({"trials": count.total(), "wrong": wrong.total(), "by way": dict(count), "wrong by way": wrong}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
