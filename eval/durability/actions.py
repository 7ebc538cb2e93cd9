"""Everything that writes to a library: how the kill trials do it, and what must be there once it is acknowledged."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.failpoints import POINTS
from assistant.types import Answer
from eval.durability.library import TrialLibrary

PAPERS, EDITED, DELETED, ANSWERS = 60, 30, 24, 20
Acknowledge = Callable[[int], None]


@dataclass(frozen=True)
class Action:
    """Something that writes to a library."""

    name: str
    base: bool
    """Whether it starts from a library with all papers, or from none."""
    do: Callable[[Path, Path, Acknowledge], None]
    lost: Callable[[TrialLibrary, Path, int], int]
    """How many of the first n acknowledged changes are missing."""
    points: tuple[str, ...] = POINTS
    embedder: str = "words"


def _index(embedder: str) -> Callable[[Path, Path, Acknowledge], None]:
    def do(home: Path, work: Path, acknowledge: Acknowledge) -> None:
        library = TrialLibrary(home, embedder)
        library.pipeline.add([work / "papers.jsonl"], lambda p: acknowledge(p.stored))
        library.close()

    return do


def _edit(home: Path, work: Path, acknowledge: Acknowledge) -> None:
    library = TrialLibrary(home)
    edited = work / "edited" / "papers.jsonl"
    library.pipeline.add([edited], lambda p: acknowledge(p.stored))
    library.close()


def _delete(home: Path, work: Path, acknowledge: Acknowledge) -> None:
    library = TrialLibrary(home)
    ids = sorted(titles(work).values())[:DELETED]
    for i in range(0, DELETED, 6):
        library.pipeline.delete(ids[i : i + 6])
        acknowledge(i + 6)
    library.close()


def _rebuild(home: Path, work: Path, acknowledge: Acknowledge) -> None:
    library = TrialLibrary(home)
    library.pipeline.rebuild()
    library.close()


def _answer(home: Path, work: Path, acknowledge: Acknowledge) -> None:
    library = TrialLibrary(home)
    for i in range(len(library.answers.newest()), ANSWERS):
        answer = Answer(f"Question {i}?", "", "abstained", "no_match", "", (), (), (), (), 0.0, "quotes")
        assert library.answers.log(answer).record_id, "not logged"
        acknowledge(i + 1)
    library.close()


def titles(work: Path) -> dict[str, str]:
    """Title to id of the papers, in the order of their file, as an uninterrupted run stores them."""
    with closing(sqlite3.connect(work / "base" / "library.sqlite3")) as db:
        rows = dict(db.execute("SELECT json_extract(record, '$.title'), paper_id FROM papers"))
    lines = (work / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    return {title: rows[title] for title in (json.loads(line)["title"] for line in lines)}


def _missing(library: TrialLibrary, work: Path, n: int) -> int:
    have = {p.title for p in library.store.papers()}
    return sum(title not in have for title in list(titles(work))[:n])


def _missing_edits(library: TrialLibrary, work: Path, n: int) -> int:
    abstracts = {p.title: p.abstract for p in library.store.papers()}
    names = list(titles(work))
    unedited = sum("They measure" not in abstracts.get(t, "") for t in names[:n])
    return unedited + sum(t not in abstracts for t in names[n:])


def _undeleted(library: TrialLibrary, work: Path, n: int) -> int:
    have = {p.paper_id for p in library.store.papers()}
    ids = sorted(titles(work).values())
    return sum(i in have for i in ids[:n]) + sum(i not in have for i in ids[DELETED:])


def _missing_answers(library: TrialLibrary, work: Path, n: int) -> int:
    logged = {r.answer.question for r in library.answers.newest()}
    return sum(f"Question {i}?" not in logged for i in range(n))


def _all_missing(library: TrialLibrary, work: Path, n: int) -> int:
    return _missing(library, work, PAPERS)


_STORE = ("store-before-commit", "store-after-commit")
OFTEN = {"embedded", *_STORE}
"""Points that every action that has them passes at least three times."""
_INDEX = tuple(p for p in POINTS if p.startswith(("dense", "lexical")))
ACTIONS = (
    Action("first index", False, _index("words"), _missing),
    Action("changed abstracts", True, _edit, _missing_edits),
    Action("delete", True, _delete, _undeleted, (*_STORE, *_INDEX)),
    Action("rebuild", True, _rebuild, _all_missing, _INDEX),
    Action("other embedder", True, _index("others"), _all_missing, embedder="others"),
    Action("answers", True, _answer, _missing_answers, _STORE),
    Action("index, a reader searching", True, _edit, _missing_edits),
)
