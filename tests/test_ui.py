"""The page without a browser: what it renders, how it queues and indexes, and who may reach it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Generator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from assistant import (
    Assistant,
    AssistantError,
    Evidence,
    Filters,
    IndexProgress,
    Paper,
    Passage,
    Place,
    ServerError,
    Settings,
    SettingsError,
    Topic,
    TopicMap,
)
from assistant.ui import launch, read_auth, trust
from assistant.ui.chat import Chat
from assistant.ui.evidence import pieces
from assistant.ui.indexing import Indexing, pace
from assistant.ui.library_cache import LibraryCache
from assistant.ui.page import owner
from assistant.ui.papers import TableView, find, render_table
from assistant.ui.pictures import render_map, render_years
from assistant.ui.render import render_turn
from assistant.ui.security import SecurityMiddleware
from assistant.ui.session_settings import OfferedSettings
from assistant.ui.text import link
from assistant.ui.turn import Mark, Turn
from assistant.ui.wait_queue import WaitQueue
from eval.trust_figures import trust_figures

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


# -- the queue -------------------------------------------------------------------------------------------------------------


def test_the_queue_is_fair_and_reports_how_many_are_before() -> None:
    queue, log = WaitQueue(1, 3), []

    def work(name: str) -> Generator[str]:
        yield f"{name} starts"
        yield f"{name} ends"

    async def visit(name: str) -> None:
        async for step in queue.serve(lambda: work(name), lambda before: f"{name} waits behind {before}"):
            log.append(step)

    async def three_and_one_too_many() -> None:
        visitors = [asyncio.create_task(visit(name)) for name in "abc"]
        await asyncio.sleep(0)
        with pytest.raises(AssistantError, match="waiting"):
            await visit("d")
        await asyncio.gather(*visitors)

    asyncio.run(three_and_one_too_many())
    assert log.index("a ends") < log.index("b starts") < log.index("b ends") < log.index("c starts")
    assert "b waits behind 1" in log
    assert "c waits behind 2" in log
    assert len(queue) == 0


def test_a_visitor_who_leaves_frees_the_place() -> None:
    queue, closed = WaitQueue(1, 3), []

    def endless() -> Generator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    async def visit() -> None:
        steps = queue.serve(endless, lambda before: -before)
        assert await anext(steps) == 1
        task = asyncio.ensure_future(anext(steps))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await steps.aclose()
        while len(queue):
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(visit(), 20))
    assert closed == [True]


# -- who may enter --------------------------------------------------------------------------------------------------------


def test_a_public_address_needs_a_password(assistant: Assistant) -> None:
    with pytest.raises(SettingsError, match="password"):
        launch(assistant, host="0.0.0.0", block=False)  # noqa: S104 - it is refused


def test_a_taken_port_is_named(assistant: Assistant) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=f"port {port}"):
            launch(assistant, port=port, block=False)


def test_passwords_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text("# who\nann:pass:word\n\nbob:x\n", encoding="utf-8")
    assert read_auth("eve:1", file) == [("eve", "1"), ("ann", "pass:word"), ("bob", "x")]
    file.write_text("secretwithoutname\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="line 1") as error:
        read_auth(None, file)
    assert "secretwithoutname" not in str(error.value)


def test_a_visitor_cannot_pass_as_a_user() -> None:
    assert owner("ann", "0" * 32) == "user:ann"
    assert owner(None, "0" * 32) == "browser:" + "0" * 32
    assert owner(None, "user:ann") == owner(None, "") == ""


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ({"data": ["What is http://x?", None], "session_hash": "a"}, True),
        (
            {
                "data": [
                    [
                        {
                            "path": "/uploads/a/b.bib",
                            "url": "http://127.0.0.1/b.bib",
                            "meta": {"_type": "gradio.FileData"},
                        }
                    ]
                ]
            },
            True,
        ),
        ({"data": ["q", {"path": "http://evil.test/x", "meta": {"_type": "gradio.FileData"}}]}, False),
        ({"data": [{"deep": [{"path": " HTTPS://evil.test/x", "meta": {}}]}]}, False),
        ({"data": ["x" * 3_000_000]}, False),
        ("not { json", False),
    ],
)
def test_events_that_would_make_the_server_fetch_are_refused(body: object, passes: bool) -> None:
    sent, given = [], body if isinstance(body, str) else json.dumps(body)

    async def app(scope, receive, send):  # type: ignore[no-untyped-def]  # as ASGI
        sent.append((await receive())["body"])

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": given.encode()}

    async def send(message: object) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/gradio_api/queue/join",
        "headers": [(b"content-type", b"text/plain")],
    }
    asyncio.run(SecurityMiddleware(app)(scope, receive, send))
    assert (sent == [given.encode()]) is passes


# -- trust and settings ----------------------------------------------------------------------------------------------------


def test_what_the_check_does_with_sentences_is_shown_by_kind() -> None:
    report = trust.load(None)
    shares = {
        name: {"value": v, "n_scored": 36} for name, v in (("supported", 0.05), ("marked", 0.25), ("taken_out", 0.7))
    }
    shown = trust.render_figures({**report, "support": {"sentences": {"kinds": {"swap": shares}}}})
    assert "two things that changed places" in shown
    assert "70.0&nbsp;%" in shown
    assert "Labelled claims" not in shown
    assert trust_figures({**report, "support": {}})["support"] == {}


def test_the_committed_figures_are_shown_with_their_origin() -> None:
    figures = trust.load(None)
    shown = trust.render_figures(figures)
    assert "126 papers (sample)" in shown
    assert "answered by quotes" in shown
    for words in ("Key facts that appear in the answer", "Unanswerable questions that are answered", "False premises"):
        assert words in shown
    assert shown.count("<tr>") > 8
    constructed = {"citation_recall", "citation_precision", "verified", "span_validity", "coverage"}
    measured = constructed & figures["summary"]["all"].keys()
    assert shown.count(">holds by construction<") == len(measured) >= 4, (
        "verbatim quotes that cite themselves prove nothing"
    )


def test_the_committed_figures_are_those_of_a_run_over_the_sample() -> None:
    report = trust.load(None)
    assert trust_figures(report) == report
    with pytest.raises(AssistantError, match="bundled sample"):
        trust_figures({**report, "manifest": {**report["manifest"], "corpus": {"name": "mine"}}})


def test_a_report_of_ones_own_is_shown_and_anything_else_is_refused(tmp_path: Path) -> None:
    figure = {"value": 0.5, "n_scored": 4, "n_total": 8, "low": 0.25, "high": 0.75}
    document = {"manifest": {"llm": "<b>model</b>"}, "summary": {"all": {"questions": 8, "hit@1": figure}}}
    (tmp_path / "report.json").write_text(json.dumps(document), encoding="utf-8")
    shown = trust.render_figures(trust.load(tmp_path))
    assert "50.0&nbsp;%" in shown
    assert "25.0&nbsp;% to 75.0&nbsp;%" in shown
    assert "&lt;b&gt;model" in shown
    assert "by construction" not in shown
    (tmp_path / "report.json").write_text("[]", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"report\.json"):
        trust.load(tmp_path)


def test_only_what_is_offered_can_be_chosen_and_each_visitor_chooses_alone(assistant: Assistant) -> None:
    library = LibraryCache(assistant)
    chat, offered = Chat(assistant, library, Indexing(assistant, library.invalidate)), OfferedSettings(assistant)
    one, other = chat.new_session("one"), chat.new_session("other")
    with pytest.raises(SettingsError, match="not offered"):
        offered.apply(one, replace(offered.default, llm="http://127.0.0.1:9/v1#spy"))
    with pytest.raises(SettingsError, match="not offered"):
        offered.apply(one, replace(offered.default, judge="nli:/etc"))
    offered.apply(one, replace(offered.default, k=3))
    assert (one.assistant.settings.k, other.assistant.settings.k) == (3, offered.default.k)


def test_settings_change_in_the_middle_of_a_conversation(fresh_home: Path) -> None:
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        library = LibraryCache(assistant)
        chat, offered = Chat(assistant, library, Indexing(assistant, library.invalidate)), OfferedSettings(assistant)
        session = chat.new_session("one")
        session.conversation.ask("What does OwlRoute do for night buses?")
        offered.apply(session, replace(offered.default, min_confidence=0.2))
        answer = session.conversation.ask("And where does it transfer without retraining?")
        assert "Turku" in answer.text
        assert len(session.conversation.answers) == 2
