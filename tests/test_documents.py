"""Files, kinds, encodings and limits of `assistant.documents`. All records here are invented."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.documents import count_bytes, read
from assistant.documents.detect import reader_for
from assistant.documents.source import Source
from assistant.errors import DocumentError
from assistant.types import Failure, Item, Notice, Paper

ABSTRACT = "We sort spoons by colour with a lantern. The lantern works in nine of ten kitchens. Costs stay low."
LINE = json.dumps({"title": "Sorting Spoons", "abstract": ABSTRACT}) + "\n"
CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus"


def one(path: Path, content: bytes | str) -> list[Item]:
    """The papers and failures in one file."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [item for item in read([path]) if not isinstance(item, Notice)]


def error(path: Path, content: bytes | str) -> str:
    """The only record, which must be a failure of the whole file in one line."""
    (failure,) = one(path, content)
    assert isinstance(failure, Failure)
    assert failure.source == str(path)
    assert failure.line is None
    assert "\n" not in failure.error
    assert "unexpected" not in failure.error
    return failure.error


def papers(records: list[Item]) -> list[Paper]:
    return [record for record in records if isinstance(record, Paper)]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")
def test_shared_corpus() -> None:
    records = [list(read([path])) for path in sorted(CORPUS.glob("*.txt"))]
    assert [len(r) for r in records] == [84, 68, 240, 72, 71]
    found = [p for r in records for p in r if isinstance(p, Paper)]
    assert len(found) == 535, "no failure among them"
    assert len({p.paper_id for p in found if p.year}) == 55
    assert sum(p.author_count is not None for p in found) == 70
    assert [p.date for p in found if p.organisation] == ["--08-13"]
    for path, of_file in zip(sorted(CORPUS.glob("*.txt")), records, strict=True):
        lines = {line.strip().removeprefix("Subscribe") for line in path.read_text().splitlines()}
        assert all(p.title in lines and p.abstract in lines for p in of_file if isinstance(p, Paper))


def test_missing_path_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINE)
    with pytest.raises(DocumentError, match=r"nowhere\.txt.*check the path"):
        read([tmp_path / "a.jsonl", tmp_path / "nowhere.txt"])
    with pytest.raises(DocumentError):
        count_bytes([tmp_path / "nowhere.txt"])
    for odd in ("", "a\0b", "x" * 5000):
        with pytest.raises(DocumentError):
            read([odd])


def test_folder_is_read_recursively_and_sorted_without_hidden_files(tmp_path: Path) -> None:
    root = tmp_path / "library"
    for name in ("b.jsonl", "a/z.jsonl", ".hidden.jsonl", ".git/x.jsonl"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(LINE)
    (root / "c.png").write_bytes(b"\x89PNG")
    (root / "d.xyz").write_text("hello")
    (root / "loop").symlink_to(root, target_is_directory=True)
    records = list(read([root]))
    assert [p.sources for p in papers(records)] == [("a/z.jsonl",), ("b.jsonl",)]
    failures = {r.source: r.error for r in records if isinstance(r, Failure)}
    assert set(failures) == {"library/c.png", "library/d.xyz"}
    assert "images are not read" in failures["library/c.png"]
    assert "'.xyz'" in failures["library/d.xyz"]


def test_same_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINE)
    assert len(list(read([tmp_path, tmp_path / "a.jsonl"]))) == 1


def test_empty_folder_and_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    records = list(read([tmp_path / "empty", tmp_path / "pipe.txt"]))
    assert [r.error.split(";")[0] for r in records if isinstance(r, Failure)] == [
        "the folder holds no files",
        "not a regular file",
    ]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied"), "permission denied; make the file readable"),
        (OSError(5, "Input/output error"), "cannot be read: Input/output error"),
        (KeyError("surprise"), "unexpected KeyError"),
    ],
)
def test_error_in_a_file_costs_that_file_only(tmp_path: Path, error: Exception, reason: str) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text(LINE)

    def broken(_: Source) -> Iterator[Item]:
        raise error

    first, second = read([tmp_path], choose_reader=lambda s: broken if s.name == "a.jsonl" else reader_for(s))
    assert isinstance(first, Failure)
    assert reason in first.error
    assert isinstance(second, Paper)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", "%PDF-1.7", "PDF is not read; export the abstracts as BibTeX, RIS, CSV or text"),
        ("a.txt", "%PDF-1.7 in disguise", "PDF is not read"),
        ("a.csv", b"PK\x03\x04 a spreadsheet", "Office file"),
        ("a.html", "<html></html>", "save the page as text"),
        ("a.txt", "<!DOCTYPE html><p>x</p>", "save the page as text"),
        ("a.txt", "", "empty"),
        ("a.bib", "  \r\n\t ", "empty"),
        ("a.txt", "\ufeff", "empty"),
        ("a.json", bytes(range(256)) * 20, "binary"),
        ("a.txt", b"\0" * 100, "binary"),
        ("a.txt", "これは日本語の文章です。".encode("shift-jis") * 20, "UTF-8"),
        ("a.zzz", "some words", "'.zzz' files are not read; save it as a text page, JSON"),
        ("a.bib", "no entry here", "no papers"),
        ("a.ris", "no record here", "no papers"),
        ("a.json", "[]", "no papers"),
        ("a.jsonl.gz", gzip.compress(LINE.encode())[:-30], "gzip"),
    ],
)
def test_whole_file_refused(tmp_path: Path, name: str, content: bytes | str, reason: str) -> None:
    assert reason in error(tmp_path / name, content)


@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.jsonl", "a.dat", "noname", "a.csv"])
def test_json_lines_are_recognised_under_any_name(tmp_path: Path, name: str) -> None:
    (paper,) = one(tmp_path / name, LINE)
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract, paper.sources) == ("Sorting Spoons", ABSTRACT, (name,))


@pytest.mark.parametrize(
    "content",
    [
        "@article{k,\n title = {Sorting Spoons},\n abstract = {" + ABSTRACT + "}\n}",
        "TY  - JOUR\nTI  - Sorting Spoons\nAB  - " + ABSTRACT + "\nER  - \n",
        f"title;abstract\nSorting Spoons;{ABSTRACT}\n",
        f"<feed><entry><title>Sorting Spoons</title><summary>{ABSTRACT}</summary></entry></feed>",
        json.dumps([{"title": "Sorting Spoons", "abstract": ABSTRACT}], indent=2),
        f"Sorting Spoons\n\n{ABSTRACT}\n",
    ],
)
@pytest.mark.parametrize("pack", [False, True])
def test_every_format_in_a_text_file_also_packed(tmp_path: Path, content: str, pack: bool) -> None:
    data = content.encode()
    (paper,) = one(tmp_path / ("a.txt.gz" if pack else "a.txt"), gzip.compress(data) if pack else data)
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract) == ("Sorting Spoons", ABSTRACT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, end: str) -> None:
    text = f"Café Spoons – Sorted Naïvely\n\n{ABSTRACT} “Façade” costs 5 €.".replace("\n", end)
    (paper,) = one(tmp_path / "a.txt", text.encode(encoding))
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract) == (
        "Café Spoons – Sorted Naïvely",
        ABSTRACT + " “Façade” costs 5 €.",
    )


def test_control_characters_and_white_space(tmp_path: Path) -> None:
    dirty = {
        "title": " Sorting\u0000  Spoons\n\x1b",
        "abstract": "Line one\n  line\u00a0two\t$x_{1}$ \\alpha.\x07\ud800 ",
    }
    for text in (json.dumps(dirty), json.dumps(dirty).replace("\\u0000", "\0")):
        (paper,) = one(tmp_path / "a.jsonl", text)
        assert isinstance(paper, Paper)
        assert (paper.title, paper.abstract) == ("Sorting Spoons", "Line one line two $x_{1}$ α.")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.jsonl", '{"title": "T", "abstract": "', '"}\n' + LINE),
        ("a.json", '[{"title": "T", "abstract": "', '"},\n' + LINE + "]"),
        ("a.csv", "title,abstract\nT,", f"\nSorting Spoons,{ABSTRACT}\n"),
        ("a.ris", "TY  - JOUR\nAB  - ", "\nER  - \nTY  - JOUR\nTI  - Sorting Spoons\nAB  - " + ABSTRACT),
        ("a.bib", "@misc{a, title={", "}}\n@misc{b, title={Sorting Spoons}, abstract={" + ABSTRACT + "}}"),
        ("a.txt", "", f"\n\nSorting Spoons\n\n{ABSTRACT}\n"),
    ],
)
def test_huge_line_is_skipped(tmp_path: Path, name: str, before: str, after: str) -> None:
    records = one(tmp_path / name, before + "x" * 50_000_000 + after)
    assert isinstance(records[0], Failure)
    assert "longer than 10 million characters" in records[0].error
    assert records[0].line in (1, 2)
    assert [p.title for p in papers(records)] == ["Sorting Spoons"]


def test_progress_counts_to_the_total(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINE * 5000)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(LINE.encode() * 5000))
    (tmp_path / "c.pdf").write_bytes(b"%PDF")
    seen: list[int] = []
    assert len(papers(list(read([tmp_path], progress=seen.append)))) == 10_000
    assert seen == sorted(seen)
    assert len(set(seen)) > 5
    assert seen[-1] == count_bytes([tmp_path]) == sum(p.stat().st_size for p in tmp_path.iterdir())


def test_records_are_streamed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(LINE * 50_000)
    seen: list[int] = []
    records = read([path], progress=seen.append)
    for _ in range(65):
        next(records)
    assert seen[-1] < path.stat().st_size / 10


def test_arxiv_id_names_the_paper(tmp_path: Path) -> None:
    (paper,) = one(tmp_path / "a.jsonl", json.dumps({"id": "2205.13147v3", "title": "T u", "abstract": "A b."}))
    assert isinstance(paper, Paper)
    assert (paper.paper_id, paper.url) == ("arxiv:2205.13147", "https://arxiv.org/abs/2205.13147")
