"""Questions about the whole library: routed by their wording, and answered exactly from the records of all papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import CORPUS

from assistant import Assistant, Paper, Settings

Expected = Callable[[list[Paper]], list[Paper]]


def in_years(low: int, high: int) -> Expected:
    return lambda papers: [p for p in papers if p.year is not None and low <= p.year <= high]


def counted(least: int, most: int) -> Expected:
    return lambda papers: [p for p in papers if p.author_count is not None and least <= p.author_count <= most]


def from_file(number: int) -> Expected:
    def expected(papers: list[Paper]) -> list[Paper]:
        name = sorted({s for p in papers for s in p.sources})[number]
        return [p for p in papers if name in p.sources]

    return expected


def at_date(papers: list[Paper], choose: Callable[[list[str]], str]) -> list[Paper]:
    dated = {p: p.date for p in papers if p.date and not p.date.startswith("-")}
    return [p for p, date in dated.items() if date == choose(list(dated.values()))]


COUNTED: list[tuple[str, Expected]] = [
    ("How many papers are from 2024?", in_years(2024, 2024)),
    ("Which papers are from 2019 to 2021?", in_years(2019, 2021)),
    ("List the papers published in 2017.", in_years(2017, 2017)),
    ("papers since 2022", in_years(2022, 9999)),
    ("How many papers were published before 2020?", in_years(0, 2019)),
    ("Show me all papers from 2023 or later", in_years(2023, 9999)),
    ("number of papers between 2018 and 2022", in_years(2018, 2022)),
    ("Which papers are dated 2012?", in_years(2012, 2012)),
    ("How many of the papers came out after 2021?", in_years(2022, 9999)),
    ("Do we have papers from 1987?", in_years(1987, 1987)),
    ("which 2021 papers are there", in_years(2021, 2021)),
    ("How many papers until 2020?", in_years(0, 2020)),
    ("count the papers from the 2010s", in_years(2010, 2019)),
    ("papers no later than 2019", in_years(0, 2019)),
    ("What papers appeared in 2022?", in_years(2022, 2022)),
    ("How many papers are there?", lambda papers: papers),
    ("How many abstracts are in this library?", lambda papers: papers),
    ("List all papers", lambda papers: papers),
    ("How many papers have no year?", lambda papers: [p for p in papers if p.year is None]),
    ("Which papers have a year?", lambda papers: [p for p in papers if p.year is not None]),
    ("How many papers have a DOI?", lambda papers: [p for p in papers if p.doi]),
    ("papers with more than five authors", counted(6, 9999)),
    ("How many papers have a single author?", counted(1, 1)),
    ("Which papers were written by at least 10 authors?", counted(10, 9999)),
    ("How many papers have between 3 and 5 authors?", counted(3, 5)),
    ("list papers with fewer than three authors", counted(0, 2)),
    ("How many papers have exactly four authors?", counted(4, 4)),
    ("How many papers by Ann Beek are there?", lambda papers: [p for p in papers if "Ann Beek" in p.authors]),
    (
        "Which papers from 2024 have more than 4 authors?",
        lambda papers: [p for p in papers if p.year == 2024 and (p.author_count or 0) > 4],
    ),
    ("how many papers r from 2023", in_years(2023, 2023)),
    ("list everything since 2022", in_years(2022, 9999)),
    ("is there anything from 2018?", in_years(2018, 2018)),
    ("how many were published in 2019", in_years(2019, 2019)),
    ("Do any papers have more than 7 authors?", counted(8, 9999)),
    ("What has Ann Beek written?", lambda papers: [p for p in papers if "Ann Beek" in p.authors]),
    ("How many papers have a known publication year?", lambda papers: [p for p in papers if p.year is not None]),
    ("list papers w/o a year", lambda papers: [p for p in papers if p.year is None]),
    ("papers sorted by year", lambda papers: papers),
    ("newest paper", lambda papers: at_date(papers, max)),
    ("What is the oldest paper in the library?", lambda papers: at_date(papers, min)),
    (
        "What is the newest paper from 2023?",
        lambda papers: at_date([p for p in papers if p.year == 2023], max),
    ),
    (
        "Which paper has the most authors?",
        lambda papers: counted(most := max(p.author_count or 0 for p in papers), most)(papers) if any(p.author_count for p in papers) else [],
    ),
]  # fmt: skip
FILES: list[tuple[str, Expected]] = [
    ("How many papers come from the source file {}?", from_file(0)),
    ("papers from {}", from_file(-1)),
    ("Which papers are in the file {}?", from_file(0)),
]
SAID: list[tuple[str, Callable[[list[Paper]], str]]] = [
    ("Which year has the most papers?", lambda papers: str(_most(p.year for p in papers if p.year))),
    ("in wich year were most papers published", lambda papers: str(_most(p.year for p in papers if p.year))),
    ("How many different source files are there?", lambda papers: f"{len({s for p in papers for s in p.sources})} source file"),
    ("Who wrote the most papers?", lambda papers: "not recorded"),
    ("What is the DOI of “{title}”?", lambda papers: "not recorded"),
]  # fmt: skip


def _most(values: Iterator[object]) -> object:
    return Counter(values).most_common(1)[0][0]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    if not CORPUS.exists():
        pytest.skip("the pile of papers that the project is developed on is not here")
    home = tmp_path_factory.mktemp("corpus") / "home"
    with Assistant(Settings(home=home, llm="quotes", log_answers=False, cache=False)) as assistant:
        assistant.add([CORPUS])
        yield assistant


def wrong(assistant: Assistant) -> list[str]:
    """The questions whose answers are not what the records say."""
    papers = assistant.papers()
    files = sorted({s for p in papers for s in p.sources})
    failed = []
    for question, expected in [*COUNTED, *((q.format(files[-1 if "papers from" in q else 0]), e) for q, e in FILES)]:
        answer, ids = assistant.ask(question), {p.paper_id for p in expected(papers)}
        listing = answer.listing
        held = listing is not None and {p.paper_id for p in listing.papers} == ids and listing.count == len(ids)
        if not held or answer.status != "answered":
            failed.append(f"{question}: {answer.text[:100]}")
        elif question.startswith(("How many", "number", "count")) and f"{len(ids):,}" not in answer.text:
            failed.append(f"{question}: no number in {answer.text[:100]}")
    for question, said in SAID:
        answer = assistant.ask(question.format(title=papers[0].title))
        if said(papers) not in answer.text or answer.status != "answered":
            failed.append(f"{question}: {answer.text[:100]}")
    return failed


@pytest.mark.slow
def test_fifty_questions_about_the_records_are_answered_exactly(corpus: Assistant) -> None:
    assert len(COUNTED) + len(FILES) + len(SAID) == 50
    assert wrong(corpus) == []


def test_records_of_the_sample_are_answered_exactly(sample: Assistant) -> None:
    assert wrong(sample) == []


@pytest.mark.parametrize(
    "question", ["newest paper", "How many papers are there?", "What is dropout?", "what's in here"]
)
def test_a_library_without_papers_says_so(tmp_path: Path, question: str) -> None:
    with Assistant(Settings(home=tmp_path / "home", llm="quotes", log_answers=False, cache=False)) as assistant:
        assert "Your library is empty" in assistant.ask(question).text
