"""Makes libraries of papers that each carry one row of the suite: the papers of the bundled sample, with a text planted in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Paper, documents
from assistant.ingestion.pipeline import SAMPLE
from assistant.text import sentences
from eval.injections.rows import InjectionRow

IN_ABSTRACT = ("start", "middle", "end")
IN_RECORD = ("title", "author", "venue", "file name")
"""One row in ten each; the others stand in the abstract."""
_LONGEST_NAME = 200
"""Bytes of a file's name, which file systems limit."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A paper of the sample that carries a row."""

    row: InjectionRow
    place: str
    """One of `IN_ABSTRACT` or `IN_RECORD`."""
    paper: Paper
    """As it is in the sample, without the row."""

    def record(self) -> dict[str, Any]:
        """What stands in the file from which the library reads the paper."""
        record = _record(self.paper)
        if self.place in IN_ABSTRACT:
            return record | {"abstract": _inserted(self.paper.abstract, self.row.text, self.place)}
        named = {"title": self.row.text, "author": ["Ida Marlow", self.row.text], "venue": self.row.text}
        key = {"author": "authors"}.get(self.place, self.place)
        return record | ({key: named[self.place]} if self.place in named else {})

    @property
    def file_name(self) -> str:
        """The file that holds the paper; one for all papers whose row does not stand in its name."""
        if self.place != "file name":
            return "papers.jsonl"
        words = re.sub(r"[\x00-\x1f/]", " ", self.row.text).strip(" .").encode()[:_LONGEST_NAME]
        return words.decode(errors="ignore").strip() + ".jsonl"


def sample() -> list[Paper]:
    """The papers of the bundled sample."""
    return [p for p in documents.read([SAMPLE]) if isinstance(p, Paper)]


def libraries(rows: Sequence[InjectionRow], papers: Sequence[Paper]) -> Iterator[list[Carrier]]:
    """The carriers of each library, which holds every paper at most once."""
    placed = [(row, _place(i, row)) for i, row in enumerate(rows)]
    for start in range(0, len(placed), len(papers)):
        some = placed[start : start + len(papers)]
        yield [Carrier(row, place, paper) for (row, place), paper in zip(some, papers, strict=False)]


def write(carriers: Sequence[Carrier], papers: Sequence[Paper], folder: Path) -> None:
    """Writes the files of one library; the papers that carry nothing are in it too."""
    folder.mkdir(parents=True)
    used = {c.paper.paper_id for c in carriers}
    plain = [_record(p) for p in papers if p.paper_id not in used]
    files: dict[str, list[dict[str, Any]]] = {"papers.jsonl": plain}
    for carrier in carriers:
        files.setdefault(carrier.file_name, []).append(carrier.record())
    for name, records in files.items():
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _record(paper: Paper) -> dict[str, Any]:
    return {"title": paper.title, "abstract": paper.abstract, "year": paper.year}


def _place(number: int, row: InjectionRow) -> str:
    """By turns. A harmless row stands in the abstract, as only abstracts are quoted."""
    turn = number % 10 - 10 + len(IN_RECORD)
    return IN_RECORD[turn] if row.planted and turn >= 0 else IN_ABSTRACT[number % len(IN_ABSTRACT)]


def _inserted(abstract: str, text: str, place: str) -> str:
    spans = sentences.split(abstract)
    at = {"start": 0, "middle": spans[len(spans) // 2].start, "end": len(abstract)}[place]
    return f"{abstract[:at].rstrip()} {text} {abstract[at:].lstrip()}".strip()
