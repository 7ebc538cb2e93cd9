"""Reads the supervision of the reading network: hand-written sentences, questions and premises, and public sets.

What a row teaches is written as the classes that are right for it (several where the label leaves it open), the words of
the text that make it wrong, and the places in the evidence that state or contradict it.
"""

from __future__ import annotations

import difflib
import gzip
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.documents import read
from assistant.reading.layout import Reading
from assistant.text import sentences
from assistant.types import Paper

STATED, CONTRADICTED, NOT_STATED = 0, 1, 2
_LABELS = {"entailment": (STATED,), "contradiction": (CONTRADICTED,), "neutral": (NOT_STATED,)}
_OLD = {
    "supported": (STATED,), "answerable": (STATED,), "contradicted": (CONTRADICTED,), "not_stated": (NOT_STATED,),
}  # fmt: skip
LICENSED = (
    "mnli", "cad_nli", "scone", "breaking_nli", "negation_mnli", "negation_snli", "negation_rte", "med", "fever",
    "fever_symmetric", "fm2", "vitaminc", "dialfact", "check_covid", "evidence_inference", "falke", "begin",
)  # fmt: skip
"""Public entailment sets whose licence allows weights to ship, and which cannot be solved without reading."""
ASKING = ("squad2", "condaqa", "clapnq", "covid_qa")
"""Licensed public sets of questions."""
_MOST = {"fever": 12_000, "breaking_nli": 1_500, "scone": 3_000, "begin": 1_500, "med": 3_000}
ASKED = 8
"""Sentences that are read for a question."""
_WORD = re.compile(r"\w+(?:[.,'-]\w+)*|%")
Rank = Callable[[str, Sequence[str]], Sequence[float]]
"""How much each sentence says about a text."""
Span = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """A reading with what is right for it."""

    reading: Reading
    classes: tuple[int, ...]
    """Classes of which one is right."""
    wrong: tuple[Span, ...] | None = None
    """Characters of the text that make it wrong; None where that is unknown."""
    stating: tuple[tuple[int, int, int], ...] | None = None
    """(passage, start, end) of the characters that state or contradict the text; None where that is unknown."""
    group: str = ""
    """Rows of one group are a text with its minimal pairs; they stand in one batch."""
    source: str = ""
    kind: str = ""


class Library:
    """The abstracts by id, and how evidence is chosen from them."""

    def __init__(self, shared: Path, rank: Rank) -> None:
        self._rank = rank
        self.texts: dict[str, tuple[str, str]] = {}
        self.by_title: dict[str, str] = {}
        for paper in read([shared / "corpus"]):
            if isinstance(paper, Paper):
                self.texts[paper.paper_id] = paper.title, paper.abstract
                self.by_title[paper.title] = paper.paper_id
        for name in ("scifact", "pubmedqa"):
            for row in lines(shared / f"bench/beir/{name}/corpus.jsonl"):
                self.texts[f"{name}:{row['_id']}"] = row.get("title", ""), row["text"]
        self._split: dict[str, list[Span]] = {}

    def parts(self, paper: str) -> list[Span]:
        """The sentences of an abstract."""
        if paper not in self._split:
            self._split[paper] = [(s.start, s.end) for s in sentences.split(self.texts[paper][1])]
        return self._split[paper]

    def evidence(self, text: str, paper: str, most: int | None, needed: Sequence[Span] = ()) -> tuple[str, list[Span]]:
        """Title and at most `most` sentences (None: all), those that overlap `needed` first, and where these stand then."""
        title, abstract = self.texts[paper]
        parts = self.parts(paper)
        chosen = set(range(len(parts)))
        if most is not None and len(parts) > most:
            found = self._rank(text, [abstract[a:b] for a, b in parts])
            must = [any(a < e and s < b for s, e in needed) for a, b in parts]
            key = [m * 10 + r for m, r in zip(must, found, strict=True)]
            chosen = set(sorted(range(len(parts)), key=lambda i: -key[i])[:most])
        passage, places = f"{title}." if title else "", []
        for i in sorted(chosen):
            a, b = parts[i]
            passage += (" " if passage else "") + abstract[a:b]
            moved = len(passage) - b
            places += [(max(s, a) + moved, min(e, b) + moved) for s, e in needed if a < e and s < b]
        return passage, places


def lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON lines file, compressed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def written(library: Library, files: Iterable[Path], avoid: frozenset[str]) -> Iterator[Row]:
    """The rows of the hand-written files; papers of `avoid` are left out."""
    for file in files:
        for rows in _grouped(lines(file)):
            if not avoid & {p for r in rows for p in _papers(r)}:
                yield from _group(library, rows)


def _grouped(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    groups: dict[tuple[object, object], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["writer"], row.get("group") or row["paper_id"]].append(row)
    yield from groups.values()


def _papers(row: dict[str, Any]) -> list[str]:
    return row.get("paper_ids") or [row["paper_id"]]


def _group(library: Library, rows: list[dict[str, Any]]) -> Iterator[Row]:
    said = [r for r in rows if r["what"] == "sentence"]
    for number, row in enumerate(said):
        true = said[row["pair"]]["text"] if row["pair"] is not None else None
        wrong: tuple[Span, ...] | None = () if row["kind"] == "true" else None
        if true is not None:
            wrong = changed(true, row["text"])
        group = f"{_name(row)}/{row['pair'] if row['pair'] is not None else number}"
        yield _sentence(library, row, wrong, group)
    for what, key in (("question", "twin"), ("premise", "span")):
        twins: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in (r for r in rows if r["what"] == what):
            twins[f"{row['paper_id']}/{row.get('twin') or row.get(key) or row.get('at')}"].append(row)
        for name, both in twins.items():
            yield from _questions(library, both, what, f"{_name(both[0])}/{what}/{name}")


def _name(row: dict[str, Any]) -> str:
    return f"{row['writer']}/{row.get('group') or row['paper_id']}"


def _sentence(library: Library, row: dict[str, Any], wrong: tuple[Span, ...] | None, group: str) -> Row:
    ids = _papers(row)
    spans = row["spans"] if "spans" in row else [{"paper_id": ids[0], "span": row["span"]}] if row["span"] else []
    most = 4 if len(ids) == 1 else 3
    passages, stating = [], []
    for number, paper in enumerate(ids):
        needed = [place for s in spans if s["paper_id"] == paper for place in _places(library.texts[paper][1], s)]
        passage, places = library.evidence(row["text"], paper, most, needed)
        passages.append(passage)
        stating += [(number, a, b) for a, b in places]
    context = row.get("context") or ""
    if not context and tenth(row["text"]) < 3:  # so that a context gives no label away
        context = row.get("question") or ""
    reading = Reading(row["text"], tuple(passages), context)
    return Row(
        reading, _LABELS[row["label3"]], wrong, tuple(stating) if stating else None, group,
        f"sentence {row['writer']}", row["type"] or row["kind"],
    )  # fmt: skip


def _questions(library: Library, rows: list[dict[str, Any]], what: str, group: str) -> Iterator[Row]:
    for row in rows:
        paper = row["paper_id"]
        bad = row["false"] if what == "premise" else not row["answerable"]
        needed = list(_places(library.texts[paper][1], row))
        passage, places = library.evidence(row["question"], paper, ASKED, needed)
        other = next((r["question"] for r in rows if r is not row), None)
        wrong = changed(other, row["question"]) if bad and other else None if bad else ()
        if what == "premise":
            classes: tuple[int, ...] = (CONTRADICTED,) if bad else (STATED, NOT_STATED)
        else:
            classes = (NOT_STATED,) if bad else (STATED,)
        stating = tuple((0, a, b) for a, b in places) if needed else ()
        yield Row(
            Reading(row["question"], (passage,), question=True), classes, wrong, stating, group,
            f"{what} {row['writer']}", row.get("kind") or what,
        )  # fmt: skip


def _places(abstract: str, row: dict[str, Any]) -> Iterator[Span]:
    """The characters of the abstract that a row names, by their offsets or as text."""
    if "at" in row:
        yield tuple(row["at"])
    for key in ("span", "answer", "evidence"):
        at = abstract.find(row[key]) if row.get(key) else -1
        if at >= 0:
            yield at, at + len(row[key])


def changed(true: str, false: str) -> tuple[Span, ...] | None:
    """The characters of `false` that differ from `true`, with the word before where words were only left out."""
    mine = [(m.start(), m.end()) for m in _WORD.finditer(false)]
    theirs = [m.group().casefold() for m in _WORD.finditer(true)]
    match = difflib.SequenceMatcher(None, theirs, [false[a:b].casefold() for a, b in mine], autojunk=False)
    if match.ratio() < 0.6 or not mine:
        return None
    found = []
    for what, _, _, start, end in match.get_opcodes():
        if what != "equal":
            start, end = (start, end) if end > start else (max(0, start - 1), min(len(mine), start + 1))
            found.append((mine[start][0], mine[end - 1][1]))
    return tuple(found)


def older(library: Library, folder: Path, avoid: frozenset[str]) -> Iterator[Row]:
    """The questions, claims and minimal pairs of `items.jsonl` and `pairs.jsonl`."""
    rows = [*lines(folder / "items.jsonl"), *lines(folder / "pairs.jsonl")]
    twins: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number, row in enumerate(rows):
        twins[row.get("pair") or f"alone {number}"].append(row)
    for name, both in twins.items():
        for row in both:
            paper = library.by_title.get(row["title"])
            if paper is None or paper in avoid:
                continue
            question = row.get("kind", "question") == "question"
            needed = list(_places(library.texts[paper][1], row))
            passage, places = library.evidence(row["text"], paper, ASKED if question else 4, needed)
            other = next((r["text"] for r in both if r is not row), None)
            good = _OLD[row["label"]] == (STATED,)
            wrong = () if good else changed(other, row["text"]) if other else None
            stating = tuple((0, a, b) for a, b in places) if needed else () if question and not good else None
            reading = Reading(row["text"], (passage,), question=question)
            yield Row(reading, _OLD[row["label"]], wrong, stating, f"old/{name}", "older", row.get("kind", "question"))


def scifact(library: Library, shared: Path, which: Callable[[str], bool]) -> Iterator[Row]:
    """SciFact's training claims about the papers that `which` accepts."""
    for row in lines(shared / "bench/pairs/scifact_abstract_train.jsonl"):
        paper = f"scifact:{row['id'].split(':')[1]}"
        if paper in library.texts and which(paper):
            label = {"SUPPORT": STATED, "CONTRADICT": CONTRADICTED}.get(row["label3"], NOT_STATED)
            passage, _ = library.evidence(row["claim"], paper, 4)
            yield Row(Reading(row["claim"], (passage,)), (label,), group=f"scifact/{row['id']}", source="scifact")


def answers(library: Library, shared: Path) -> Iterator[Row]:
    """A strong model's sentences, which nothing is trained on; those that are true in part are left out."""
    for row in lines(shared / "bench/answers/sentences.jsonl"):
        if row["kind"] != "partial":
            most = 4 if len(row["paper_ids"]) == 1 else 3
            evidence = tuple(library.evidence(row["text"], p, most)[0] for p in row["paper_ids"])
            classes = (STATED,) if row["kind"] == "true" else (CONTRADICTED, NOT_STATED)
            yield Row(Reading(row["text"], evidence), classes, kind=row["type"] or "true")


def tenth(name: str) -> int:
    """A fixed number from 0 to 9 for a name, by which papers are held out."""
    return hashlib.sha256(name.encode()).digest()[0] % 10


def public(folder: Path, seed: int) -> Iterator[Row]:
    """Rows of the licensed public sets: entailment, and questions."""
    rng = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
    by_set: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in lines(folder / "nli.jsonl.gz"):
        if row["dataset"] in LICENSED:
            by_set[row["dataset"]].append(row)
    for name, rows in by_set.items():
        rng.shuffle(rows)
        for row in rows[: _MOST.get(name, len(rows))]:
            classes = (
                (CONTRADICTED, NOT_STATED) if row.get("binary") and row["label"] == "neutral" else _LABELS[row["label"]]
            )
            yield Row(Reading(row["hypothesis"], (row["premise"],)), classes, source=name)
    asked = (r for r in lines(folder / "answerability.jsonl.gz") if r["dataset"].startswith(ASKING))
    for row in asked:
        places = tuple((0, s, s + len(a)) for a, s in zip(row["answers"][:1], row["answer_start"][:1], strict=False))
        classes = (STATED,) if row["answerable"] else (CONTRADICTED, NOT_STATED)
        stating = places if places or not row["answerable"] else None
        reading = Reading(row["question"], (row["context"],), question=True)
        yield Row(reading, classes, None, stating, source=row["dataset"])
