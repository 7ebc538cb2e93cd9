"""The report of an import: thousands of faults are a few lines, each with a count and a place, and a file has the rest."""

from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import write_papers
from ingesting import CountingEmbedder, opened
from typer.testing import CliRunner

from assistant import IndexReport
from assistant.cli import app
from assistant.cli.index_report import print_report

_WORDS = "kelp barge oboe lichen tram quartz heron loom basil dune".split()
_EACH = 2_500
"""Records of each of four formats; every tenth is faulty."""
_PAPERS = 75
"""Different papers in each format, so that the test spends its time on reading."""


def _title(kind: str, n: int) -> str:
    n %= _PAPERS
    return f"{kind} study {n} of the {_WORDS[n % 10]} and the {_WORDS[n // 10 % 10]}"


def _abstract(kind: str, n: int) -> str:
    n %= _PAPERS
    return f"We count {n} cases of {_WORDS[n % 10]} in {kind} and find that {_WORDS[n // 100 % 10]} helps."


def _fault(n: int) -> int:
    """0 for a sound record; 1 to 3 for one without an abstract, without a title, or that cannot be parsed."""
    return n // 10 % 3 + 1 if n % 10 == 0 else 0


def _json_line(n: int) -> str:
    record = {"title": _title("JSON", n), "abstract": _abstract("json", n)}
    match _fault(n):
        case 1:
            del record["abstract"]
        case 2:
            del record["title"]
        case 3:
            return json.dumps(record)[:-9]
    return json.dumps(record)


def _entry(n: int) -> str:
    fields = {"title": _title("BibTeX", n), "abstract": _abstract("bib", n)}
    match _fault(n):
        case 1:
            del fields["abstract"]
        case 2:
            del fields["title"]
        case 3:
            return f"@article{{key{n}, title = {{{fields['title']}}} abstract {fields['abstract']}}}\n"
    return f"@article{{key{n}, {', '.join(f'{name} = {{{value}}}' for name, value in fields.items())}}}\n"


def _ris(n: int) -> str:
    lines = ["TY  - JOUR", f"TI  - {_title('RIS', n)}", f"AB  - {_abstract('ris', n)}", "ER  - \n"]
    match _fault(n):
        case 1 | 3:
            del lines[2]
        case 2:
            del lines[1]
    return "\n".join(lines)


def _row(n: int) -> list[str]:
    fault = _fault(n)
    return ["" if fault == 2 else _title("CSV", n), "" if fault in (1, 3) else _abstract("csv", n)]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """10,000 records in four formats, every tenth of them faulty."""
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "a.jsonl").write_text("\n".join(map(_json_line, range(_EACH))), encoding="utf-8")
    (folder / "b.bib").write_text("".join(map(_entry, range(_EACH))), encoding="utf-8")
    (folder / "c.ris").write_text("".join(map(_ris, range(_EACH))), encoding="utf-8")
    with (folder / "d.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Title", "Abstract"], *map(_row, range(_EACH))])
    return folder


@pytest.fixture(scope="module")
def report(mixed: Path, tmp_path_factory: pytest.TempPathFactory) -> IndexReport:
    """The report of adding them."""
    with opened(tmp_path_factory.mktemp("home"), CountingEmbedder()) as library:
        return library.pipeline.add([mixed])


def test_all_faults_are_counted_by_reason_and_written_to_a_file(report: IndexReport) -> None:
    assert (report.added + report.duplicates, report.added) == (9_000, 4 * _PAPERS)
    assert (report.failures, len(report.failed)) == (1_000, 1_000)
    assert report.files == {"JSON lines": 1, "BibTeX": 1, "RIS or MEDLINE": 1, "CSV": 1}
    no_abstract = next(r for r in report.reasons if r.text == "no abstract")
    assert no_abstract.count == 84 + 84 + 167 + 167
    assert (no_abstract.source.split("/")[-1], no_abstract.line, no_abstract.title) == ("a.jsonl", 1, _title("JSON", 0))
    details = [json.loads(line) for line in Path(report.details or "").read_text("utf-8").splitlines()]
    assert Counter(d["kind"] for d in details) == {"failed": 1_000}
    assert all(d["source"] and d["line"] and d["text"] for d in details)


def test_the_report_of_ten_thousand_records_fits_one_screen(
    report: IndexReport, capsys: pytest.CaptureFixture[str]
) -> None:
    print_report(report)
    printed = capsys.readouterr()
    assert _height(printed.out + printed.err) <= 24
    assert "1,000 failed" in printed.out
    assert "Files read: JSON lines (1), BibTeX (1), RIS or MEDLINE (1), CSV (1)" in printed.out
    assert re.search(r"^\d+ records: no abstract; first: \S+a\.jsonl:1 “JSON study 0 of", printed.err, re.M)
    assert printed.err.splitlines()[-1] == f"All details: {report.details}"


def test_a_report_of_countless_reasons_fits_one_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for n in range(60):
        (folder / f"{_WORDS[n % 10]}{n}.x{chr(97 + n % 26)}{chr(97 + n // 26)}").write_text("words\n" * 9)
    with opened(tmp_path / "home", CountingEmbedder()) as library:
        report = library.pipeline.add([folder])
    print_report(report)
    printed = capsys.readouterr()
    assert _height(printed.out + printed.err) <= 24
    assert report.failures == 60


def test_a_thousand_records_without_an_abstract_are_one_line(tmp_path: Path) -> None:
    file = tmp_path / "search.ris"
    file.write_text("".join(f"TY  - JOUR\nTI  - Study {n}\nER  - \n\n" for n in range(1_000)))
    result = CliRunner().invoke(app, ["index", str(file), "--home", str(tmp_path / "home")])
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == f"1,000 records: no abstract; first: {file}:1 “Study 0”"


def test_one_fault_is_told_with_its_place_and_title(tmp_path: Path) -> None:
    file = tmp_path / "two.ris"
    file.write_text("TY  - JOUR\nTI  - Sound\nAB  - It is sound.\nER  - \n\nTY  - JOUR\nTI  - Bare\nER  - \n")
    result = CliRunner().invoke(app, ["index", str(file), "--home", str(tmp_path / "home")])
    assert result.stderr.splitlines() == [f"{file}:6: no abstract “Bare”"]


def test_merges_and_skipped_files_are_told_too(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    copies = [
        {"title": f"{name} {n}", "abstract": f"{'We count' if name == 'Study' else 'Here we count'} {n} kelp in bay {n}.",
         "doi": f"10.1000/kelp.{n}"}
        for n in range(30) for name in ("Study", "The study")
    ]  # fmt: skip
    write_papers(folder / "a.jsonl", copies)
    (folder / "LICENSE").write_text("MIT License\n\nPermission is hereby granted, free of charge, to any person\n")
    with opened(tmp_path / "home", CountingEmbedder()) as library:
        report = library.pipeline.add([folder])
    told = {r.kind: r for r in report.reasons}
    assert (told["merged"].text, told["merged"].count) == ("same DOI …", 30)
    assert "licence" in told["notice"].text


def test_a_sound_run_removes_the_details_of_the_run_before(tmp_path: Path) -> None:
    home, file = tmp_path / "home", write_papers(tmp_path / "a.jsonl", [{"title": "Bare"}])
    with opened(home, CountingEmbedder()) as library:
        assert Path(library.pipeline.add([file]).details or "").exists()
        write_papers(file, [{"title": "Bare", "abstract": "It is no longer bare."}])
        assert library.pipeline.add([file]).details is None
    assert not (home / "index-report.jsonl").exists()


def test_details_that_cannot_be_written_cost_nothing_else(tmp_path: Path) -> None:
    home, file = tmp_path / "home", write_papers(tmp_path / "a.jsonl", [{"title": "Bare"}] * 3)
    (home / "index-report.jsonl").mkdir(parents=True)
    with opened(home, CountingEmbedder()) as library:
        report = library.pipeline.add([file])
    assert (report.failures, report.details) == (3, None)


def _height(text: str) -> int:
    """Lines on a terminal of 80 columns."""
    return sum(max(1, math.ceil(len(line) / 80)) for line in text.splitlines())
