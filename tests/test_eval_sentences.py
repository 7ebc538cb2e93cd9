"""The sentences by which the support check is measured are sound, and malformed ones are named."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS

from assistant import Assistant, Settings
from assistant.documents import read
from assistant.documents.identity import title_key
from assistant.ingestion.pipeline import SAMPLE
from assistant.types import Paper
from eval import checked, sentences
from eval.sentences import Sentence

ALL = sentences.load()
SAMPLE_PAPERS = {p.paper_id: p for p in read([SAMPLE]) if isinstance(p, Paper)}


def test_enough_of_every_kind_in_both_splits() -> None:
    kinds = Counter((s.split, s.type or s.kind) for s in ALL)
    for split in ("dev", "test"):
        assert kinds[split, "true"] >= 100
        assert kinds[split, "partial"] >= 10
        assert all(kinds[split, name] >= 15 for name in sentences.TYPES)
    assert all(sum(kinds[split, name] for split in ("dev", "test")) >= 30 for name in sentences.TYPES)


def test_every_paper_is_in_the_sample_and_in_one_group() -> None:
    groups: dict[str, set[str]] = {}
    for sentence in ALL:
        assert set(sentence.paper_ids) <= SAMPLE_PAPERS.keys(), sentence.id
        groups.setdefault(sentence.group, set()).update(sentence.paper_ids)
    assert max(Counter(p for papers in groups.values() for p in papers).values()) == 1
    assert all(len({s.split for s in ALL if s.group == group}) == 1 for group in groups)


def test_no_sentence_or_id_stands_twice() -> None:
    assert max(Counter(s.id for s in ALL).values()) == 1
    assert max(Counter(title_key(s.text) for s in ALL).values()) == 1


def test_the_place_in_a_group_tells_nothing() -> None:
    places: dict[str, list[Sentence]] = {}
    for sentence in ALL:
        places.setdefault(sentence.group, []).append(sentence)
    first = [s.kind == "true" for group in places.values() for s in group[: len(group) // 2]]
    assert 0.4 < sum(first) / len(first) < 0.6


def test_sentences_are_in_our_own_words() -> None:
    """No run of nine words is shared with an abstract of the sample, or with one that the sample was written from."""
    papers = [*SAMPLE_PAPERS.values()]
    if CORPUS.is_dir():
        papers += [p for p in read([CORPUS]) if isinstance(p, Paper)]
    taken = {run for p in papers for run in _runs(p.abstract)}
    assert [s.id for s in ALL if _runs(s.text) & taken] == []


def _runs(text: str) -> set[tuple[str, ...]]:
    words = title_key(text).split()
    return {tuple(words[i : i + 9]) for i in range(len(words) - 8)}


ROW: dict[str, Any] = {
    "id": "s-1",
    "split": "dev",
    "group": "g-1",
    "question": "How many?",
    "kind": "true",
    "type": None,
    "label3": "entailment",
    "text": "There are four.",
    "paper_ids": ["t:1"],
    "pair": None,
}
FALSE = {"id": "s-2", "kind": "false", "type": "figure", "label3": "contradiction", "text": "There are five."}


@pytest.mark.parametrize(
    "broken",
    [
        {"split": "train"},
        {"kind": "maybe"},
        {"type": "riddle"},
        {"type": None},
        {"kind": "true"},
        {"label3": "entailment"},
        {"paper_ids": []},
        {"paper_ids": "t:1"},
        {"colour": "red"},
    ],
)
def test_malformed_sentences_are_named(tmp_path: Path, broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"s\.jsonl:2"):
        sentences.load(_file(tmp_path, ROW, ROW | FALSE | broken))


@pytest.mark.parametrize(("pair", "group"), [("s-9", "g-1"), ("s-2", "g-1"), ("s-1", "g-2")])
def test_a_pair_must_lead_to_a_true_sentence_of_the_group(tmp_path: Path, pair: str, group: str) -> None:
    with pytest.raises(ValueError, match="pair"):
        sentences.load(_file(tmp_path, ROW, ROW | FALSE | {"pair": pair, "group": group}))
    assert len(sentences.load(_file(tmp_path, ROW, ROW | FALSE | {"pair": "s-1"}))) == 2


def _file(folder: Path, *rows: dict[str, Any]) -> Path:
    file = folder / "s.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_the_product_checks_every_sentence_whose_papers_it_holds(tmp_path: Path) -> None:
    group = [s for s in ALL if s.group == "g-01"]
    source = tmp_path / "three.jsonl"
    papers = [SAMPLE_PAPERS[i] for i in sorted({i for s in group for i in s.paper_ids})]
    source.write_text("".join(json.dumps({"title": p.title, "abstract": p.abstract}) + "\n" for p in papers))
    with Assistant(Settings(home=tmp_path / "library", llm="quotes")) as assistant:
        assistant.add([source])
        found, rows = checked.check(assistant, {p.paper_id: p for p in assistant.papers()}, "dev")
    assert found["sentences"]["n_scored"] == len(group)
    assert [r["id"] for r in rows if r["id"].startswith("sentences/")] == [f"sentences/{s.id}" for s in group]
    assert all(bool(r["scores"]) == (r["kind"] != "partial") for r in rows)
    assert found["sentences"]["kinds"]["true"]["supported"]["n_total"] == 6
