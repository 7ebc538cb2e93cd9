"""What the page renders, without a browser, and how it adds papers."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from conftest import write_papers

from assistant import (
    Assistant,
    Evidence,
    Filters,
    IndexProgress,
    Paper,
    Passage,
    Place,
    Settings,
    Topic,
    TopicMap,
)
from assistant.ui.evidence import pieces
from assistant.ui.indexing import Indexing, pace
from assistant.ui.library_cache import LibraryCache
from assistant.ui.library_tab import LibraryView
from assistant.ui.papers import TableView, find, render_table
from assistant.ui.pictures import render_map, render_years
from assistant.ui.render import render_turn
from assistant.ui.text import link
from assistant.ui.turn import Mark, Turn

HOSTILE = '<img src=x onerror="alert(1)"><script>document.title="owned"</script> [x](javascript:alert(2)) ![y](http://evil.test/z)'


def mark(label: str, abstract: str, start: int, end: int) -> Mark:
    return Mark.of(label, Evidence("t:1", "T", abstract[start:end], start, end))


def test_exact_spans_are_marked_and_nothing_is_lost() -> None:
    abstract = "One bold claim. Two & three. Four."
    shown = pieces(abstract, [mark("1", abstract, 0, 15), mark("2", abstract, 9, 28), mark("2", abstract, 3, 3)])
    assert shown == [("One bold ", "1"), ("claim.", "1 2"), (" Two & three.", "2"), (" Four.", "")]


def test_untrusted_text_is_never_markup() -> None:
    paper = Paper("t:1", HOSTILE, f"{HOSTILE} and more.", authors=(HOSTILE,), sources=(HOSTILE,), date=HOSTILE)
    turn = Turn(1, HOSTILE, "…", 1, HOSTILE, contextualized=HOSTILE)
    turn.passages = (Passage(paper, 0.5),)
    topic_map = TopicMap(
        "0",
        (Place("t:1", HOSTILE, None, 0, 0, 0), Place("t:2", HOSTILE, None, 1, 1, 1)),
        (Topic((HOSTILE,), 1),) * 2,
        "PCA",
    )
    for shown in (render_turn(turn), render_table([paper], TableView()), render_map(topic_map)):
        assert "<script" not in shown
        assert "<img" not in shown
        assert HOSTILE in unescape(shown)


def test_invisible_characters_are_dropped() -> None:
    turn = Turn(1, "a\u202eb\u200bc\x00d\ufeff", "…", 1, "quotes")
    assert ">abcd<" in render_turn(turn)


@pytest.mark.parametrize(
    ("paper_id", "doi", "expected"),
    [
        ("arxiv:2205.13147", None, "https://arxiv.org/abs/2205.13147"),
        ("t:abc", "10.1000/x y", None),
        ("t:abc", "10.1000/xyz", "https://doi.org/10.1000/xyz"),
        ("arxiv:javascript:alert(1)", "javascript:alert(1)", None),
    ],
)
def test_only_links_that_the_page_builds(paper_id: str, doi: str | None, expected: str | None) -> None:
    assert link(paper_id, doi) == expected


# -- the library tab -------------------------------------------------------------------------------------------------------


def test_the_table_searches_and_sorts() -> None:
    papers = [
        Paper("t:1", "Zebra", "", year=2020, sources=("a.bib",)),
        Paper("t:2", "Ant", "", authors=("Zoe Z",)),
        Paper("t:3", "Bee", "", year=2023),
    ]
    view = TableView()
    assert [p.title for p in find(papers, view)] == ["Ant", "Bee", "Zebra"]
    assert [p.title for p in find(papers, view.sorted_by("year").sorted_by("year"))] == ["Bee", "Zebra", "Ant"]
    assert [p.title for p in find(papers, TableView(query="zoe"))] == ["Ant"]
    assert [p.title for p in find(papers, TableView(query="A.BIB 2020"))] == ["Zebra"]
    assert view.sorted_by("<script>") == view


def test_years_leave_no_gap_out_and_no_paper() -> None:
    shown = render_years({1850: 2, 2020: 1, 2022: 3, None: 4})
    assert "2021: 0 papers" in shown
    assert "2 papers before" in shown
    assert "4 papers without a year" in shown


def test_pace_has_rate_and_remaining_time() -> None:
    half = pace(IndexProgress(500, 1000, 20, "embedding"), 10.0)
    assert half.rate == 2
    assert half.remaining is not None
    assert pace(IndexProgress(0, 190_000, 50, "embedding"), 10.0).remaining == pytest.approx(10), (
        "before a page is read to its end"
    )
    assert pace(IndexProgress(1000, 1000, 0, "reading"), 1.0).remaining is None


def test_filters_count_the_papers_that_the_search_lets_through(assistant: Assistant) -> None:
    library = LibraryCache(assistant)
    assert library.count_passing(Filters(year_from=2021)) == 3
    assert (
        library.count_passing(Filters(sources=("papers.jsonl",), exclude=(next(iter(library.papers)),)))
        == library.count - 1
    )


def test_indexing_asks_the_standing_questions(fresh_home: Path, tmp_path: Path) -> None:
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        assistant.watches.add("reinforcement learning")
        indexing = Indexing(assistant, lambda: None)
        paper: dict[str, object] = {
            "title": "Trams That Learn",
            "abstract": "Trams wait for late buses. We steer trams by reinforcement learning. Riders wait less.",
        }
        upload = tmp_path / "uploaded" / "paper.jsonl"
        upload.parent.mkdir()
        indexing.start([write_papers(upload, [paper])])
        indexing.wait()
        assert [[span.title for span in change.added] for change in indexing.changes] == [["Trams That Learn"]]
        shown = LibraryView(assistant, LibraryCache(assistant), indexing).status()
        assert "Trams That Learn" in shown
        assert "reinforcement learning" in shown
        upload.parent.mkdir()
        indexing.start([write_papers(upload, [paper])])
        indexing.wait()
        assert not indexing.changes, "what did not change is not told again"


def test_cancelled_indexing_keeps_what_is_done(tmp_path: Path) -> None:
    lines = [
        f'{{"title": "Paper number {i} on lichens", "abstract": "Lichen {i} grows {i} mm a year on slate."}}\n'
        for i in range(200)
    ]
    upload = tmp_path / "upload" / "many.jsonl"
    upload.parent.mkdir()
    upload.write_text("".join(lines), encoding="utf-8")
    with Assistant(Settings(home=tmp_path / "home", llm="quotes")) as assistant:
        ended: list[str] = []
        indexing = Indexing(assistant, lambda: ended.append("done"))
        take = assistant.add

        def cancelled_after_the_first_batch(paths, progress, **options):  # type: ignore[no-untyped-def]  # as Assistant.add
            def follow(step: IndexProgress) -> None:
                if step.stored:
                    indexing.cancel()
                progress(step)

            return take(paths, follow, **options)

        assistant.add = cancelled_after_the_first_batch  # type: ignore[method-assign]  # to cancel at a known moment
        indexing.start([upload])
        indexing.wait()
        assert "Cancelled" in indexing.problem
        assert ended == ["done"]
        assert 0 < len(assistant.papers()) < 200
        assert not upload.parent.exists(), "the uploaded copy is gone"
        assert assistant.search("lichen on slate"), "what is stored is found"


def test_files_that_arrive_as_a_run_ends_are_read(tmp_path: Path) -> None:
    uploads = [tmp_path / name / "paper.jsonl" for name in ("first", "second")]
    for upload in uploads:
        upload.parent.mkdir()
        upload.write_text(f'{{"title": "The {upload.parent.name} paper on moss", "abstract": "Moss grows on slate."}}')
    with Assistant(Settings(home=tmp_path / "home", llm="quotes")) as assistant:
        late = uploads[1:]

        def one_more() -> None:
            if late:
                indexing.start([late.pop()])

        indexing = Indexing(assistant, one_more)
        indexing.start(uploads[:1])
        for _ in uploads:
            indexing.wait()
        assert {p.title for p in assistant.papers()} == {"The first paper on moss", "The second paper on moss"}
