"""External datasets: any folder in BEIR's layout and any file of labelled pairs can be measured; bad ones are named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import PAPERS

from assistant import AssistantError
from assistant.reading.evidence import MAX_ABSTRACT
from assistant.types import Verdict
from assistant.verification.observations import Text
from eval import ablate, beir, external, pairs, report, statistics, support
from eval.support import Row


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def beir_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six documents (one without a title, one twice) and four questions, of which one has no grade above 0."""
    folder = tmp_path_factory.mktemp("beir")
    rows = [{"_id": str(i), "title": p["title"] if i else "", "text": p["abstract"]} for i, p in enumerate(PAPERS)]
    rows.append(rows[1] | {"_id": "copy"})
    write_lines(folder / "corpus.jsonl", rows)
    asked = ["How far is the harbour current forecast off?", "counting ears of barley", "night buses", "", "ungraded"]
    write_lines(folder / "queries.jsonl", [{"_id": f"q{i}", "text": text} for i, text in enumerate(asked)])
    (folder / "qrels").mkdir()
    (folder / "qrels" / "train.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq0\t0\t1\nq1\tcopy\t1\nq2\t4\t2\nq3\t1\t1\nq4\t2\t0\n"
    )
    return folder


def test_a_beir_folder_is_measured(beir_set: Path) -> None:
    found = beir.evaluate(beir_set, None, None)
    assert (found["split"], found["questions"], found["documents"]) == ("train", 4, 6)
    assert set(found["retrievers"]) == {"bm25", "dense", "hybrid"}
    best = found["retrievers"]["hybrid"]["hit@1"]
    assert (best["value"], best["n_scored"], best["n_total"]) == (1.0, 3, 4), "an empty question is unscored"
    assert report.ranking_table(found).row_count == 3
    assert found["published"] == {}


def test_published_figures_name_their_split() -> None:
    figure = statistics.to_dict(statistics.figure([0.5, 1.0]))
    retrievers = {name: {"ndcg@10": figure} for name in ("bm25", "hybrid")}
    found = {
        "set": "scifact",
        "split": "train",
        "questions": 2,
        "documents": 2,
        "retrievers": retrievers,
        "published": {"test": beir.PUBLISHED["scifact", "test"]},
    }
    first = report.ranking_table(found).columns[0]
    assert "published, test: BM25 flat (Anserini)" in list(first.cells)


def test_what_is_no_beir_folder(tmp_path: Path, beir_set: Path) -> None:
    with pytest.raises(AssistantError, match="qrels"):
        beir.evaluate(tmp_path, None, None)
    with pytest.raises(AssistantError, match="it has train"):
        beir.evaluate(beir_set, "test", None)


def test_texts_are_found_again_by_the_ids_of_their_set() -> None:
    same = "A study of otters in three lochs. They eat eels."
    texts = [
        external.Text(*row)
        for row in (("a", "Otters", same), ("b", "Otters", same), ("c", "", "Herons wade. They wait."))
    ]
    with external.library(texts, None) as (assistant, ids):
        titles = {p.paper_id: p.title for p in assistant.papers()}
    assert ids["a"] == ids["b"]
    assert titles[ids["c"]] == "Document c"


class Says(NamedTuple):
    verdict: Verdict
    score: float


def test_a_judge_is_measured_by_kind() -> None:
    text = (Text("t", "a"),)
    rows = [
        Row("1", "a", text, "true", True),
        Row("2", "b", text, "true", True),
        Row("3", "c", text, "figure", False),
        Row("4", "d", text, "swap", False),
        Row("5", "e", text, "partial", None),
        Row("6", "f", text, "swap", False),
    ]
    said = [Says("supported", 0.9), Says("partial", 0.5), Says("contradicted", 0.1), Says("supported", 0.7)]
    found = support.measure(lambda rows: [*said, Says("partial", 0.5), None], rows)
    assert (found["n_scored"], found["n_total"]) == (5, 6)
    assert found["auroc"] == 0.75
    assert found["balanced_accuracy"] == 0.5
    assert list(found["kinds"]) == ["true", "false", "figure", "swap", "partial"]
    shares = {kind: [s[name]["value"] for name in support.SHARES] for kind, s in found["kinds"].items()}
    assert shares["true"] == [0.5, 0.5, 0.0]
    assert shares["false"] == [0.5, 0.0, 0.5]
    assert shares["swap"] == [1.0, 0.0, 0.0]
    assert found["kinds"]["swap"]["supported"]["n_total"] == 2, "what was not judged is counted as unscored"
    assert report.verdict_table("x", found).row_count == 5
    assert support.scores(rows[0], said[0]) == {"true_supported": 1.0, "true_shown": 1.0}
    assert support.scores(rows[2], said[2]) == {"false_supported": 0.0, "false_shown": 0.0}
    assert support.scores(rows[4], said[1]) == {}
    assert support.scores(rows[5], None) == {"false_supported": "unscored", "false_shown": "unscored"}


def test_the_packaged_verifier_judges_rows() -> None:
    tide = str(PAPERS[0]["abstract"])
    quote = tide.split(". ")[0] + "."
    rows = [Row("1", quote, (Text("TideNet", tide),), "true", True), Row("2", " ", (Text("", tide),), "x", False)]
    assert [v.verdict for v in support.packaged_judge()(rows) if v] == ["supported", "unsupported"]


def test_both_layouts_of_pairs(tmp_path: Path) -> None:
    plain = write_lines(tmp_path / "pairs.jsonl", [{"claim": "c", "evidence": "e", "label3": "NEI", "supported": 0}])
    assert pairs.load(plain) == [Row("1", "c", (Text("", "e"),), "NEI", False)]
    claims = write_lines(
        tmp_path / "claims.jsonl",
        [
            {
                "id": 0,
                "claim": "a",
                "evidence": {"7": [{"sentences": [0], "label": "SUPPORT"}]},
                "cited_doc_ids": [7, 8],
            },
            {
                "id": 1,
                "claim": "b",
                "evidence": {"8": [{"sentences": [1], "label": "CONTRADICT"}]},
                "cited_doc_ids": [8, 9],
            },
        ],
    )
    with pytest.raises(AssistantError, match="--corpus"):
        pairs.load(claims)
    corpus = write_lines(tmp_path / "corpus.jsonl", [{"_id": i, "title": "t", "text": "x"} for i in ("7", "8")])
    found = pairs.load(claims, corpus)
    assert [(p.claim, p.kind, p.supported, p.cited) for p in found] == [
        ("a", "SUPPORT", True, (Text("t", "x"),)),
        ("a", "NEI", False, (Text("t", "x"),)),
        ("b", "CONTRADICT", False, (Text("t", "x"),)),
    ]
    assert len(pairs.load(claims, corpus, most=2)) == 2


def test_long_evidence_becomes_untitled_abstracts_that_are_read_whole() -> None:
    evidence = " ".join(f"Sentence number {n} speaks of the harbour." for n in range(1_500))
    found = pairs.texts(evidence)
    assert len(found) == 4
    assert all(not t.title and len(t.abstract) <= MAX_ABSTRACT for t in found)
    assert " ".join(t.abstract for t in found) == evidence


@pytest.mark.parametrize(
    ("text", "message"),
    [("[1]\n", "JSON object"), ("nonsense\n", "not a file of JSON lines"), ('{"claim": "c"}\n', "supported")],
)
def test_bad_files_are_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(text)
    with pytest.raises(AssistantError, match=message):
        pairs.load(file)
    with pytest.raises(AssistantError, match="check the path"):
        pairs.load(tmp_path / "none.jsonl")


def test_the_table_of_ablations_goes_between_its_marks(tmp_path: Path) -> None:
    figures = {name: statistics.figure([1.0, 0.0, None]) for name in ("hit@1", "recall@8", "key_facts", "over_refusal")}
    rows = [
        ablate.Row("defaults", 6, figures | {"false_answer": statistics.figure([])}),
        ablate.Row("other", 9, figures | {"false_answer": statistics.figure([1.0])}),
    ]
    text = ablate.table(rows, 3)
    assert "| defaults | 6 | 0.500 [0.00, 1.00] |" in text
    assert "unscored" in text
    file = tmp_path / "README.md"
    file.write_text(f"before\n{ablate.START}\nold\n{ablate.END}\nafter\n")
    ablate.write(text, file)
    assert file.read_text() == f"before\n{ablate.START}\n{text}\n{ablate.END}\nafter\n"
    with pytest.raises(AssistantError, match="marks"):
        ablate.write(text, _bare(tmp_path))


def _bare(folder: Path) -> Path:
    file = folder / "bare.md"
    file.write_text("no marks")
    return file


def test_the_readme_holds_the_tables() -> None:
    text = ablate.README.read_text(encoding="utf-8")
    assert (
        text.index(ablate.START)
        < text.index("| **the defaults** |")
        < text.index("| **with verification** |")
        < text.index(ablate.END)
    )
    for name, _ in ablate.VARIANTS:
        assert f"| {name} |" in text, "run: python -m eval ablate"
