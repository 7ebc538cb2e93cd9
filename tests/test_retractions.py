"""Papers that were retracted: never quoted without saying so, marked wherever they are listed, and left out on request."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from invariants import check_answer

from assistant import Assistant, Settings
from assistant.cli import main
from assistant.plan import Plan
from assistant.types import Filters
from assistant.ui.plan_chips import changed, chips
from eval.fake_server import serve

CLAIM = "Magnetic bracelets cured 92% of 60 seasick sailors within an hour"
PAPERS = [
    {"title": "RETRACTED: Magnetic bracelets cure seasickness in sailors", "abstract": f"{CLAIM}.", "year": 2015},
    {
        "title": "Copper socks raise the running speed of amateurs",
        "abstract": "In 24 runners, copper socks raised running speed by 4% over ten weeks.",
        "doi": "10.1234/socks",
        "year": 2017,
    },
    {
        "title": "Retraction notice to: Copper socks raise the running speed of amateurs",
        "abstract": "This article has been retracted at the request of the editor because the data of two runners were copied.",
        "doi": "10.1234/socks.r",
        "year": 2018,
    },
    {
        "title": "Ginger tea against seasickness in passengers",
        "abstract": "Ginger tea reduced seasickness in 31 of 70 passengers on a ferry.",
        "year": 2019,
    },
    {"title": "Ropes", "abstract": "Ropes of hemp hold 3 tonnes in harbours of the north.", "year": 2020},
]
QUESTION = "Do magnetic bracelets cure seasickness?"
SOCKS = "Do copper socks raise running speed?"


@pytest.fixture(scope="module", params=["forwards", "backwards"])
def assistant(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp(request.param)
    rows = PAPERS if request.param == "forwards" else PAPERS[::-1]
    with Assistant(Settings(home=folder / "home", llm="quotes")) as opened:
        for number, row in enumerate(rows):
            (folder / f"{number}.jsonl").write_text(json.dumps(row))
        opened.add([folder / f"{number}.jsonl" for number in range(len(rows))])
        yield opened


def test_a_notice_marks_the_paper_that_it_is_about(assistant: Assistant) -> None:
    status = {p.title: p.editorial_status for p in assistant.papers()}
    assert [status[str(p["title"])] for p in PAPERS] == ["retracted", "retracted", "retraction notice", None, None]
    assert assistant.paper("10.1234/socks").shown_title.endswith("(retracted)")


@pytest.mark.parametrize(("question", "title"), [(QUESTION, PAPERS[0]["title"]), (SOCKS, PAPERS[1]["title"])])
def test_an_answer_says_that_what_it_cites_was_retracted(assistant: Assistant, question: str, title: str) -> None:
    for _ in range(2):  # the second answer comes from the cache
        answer = assistant.ask(question)
        check_answer(answer, assistant)
        assert answer.status == "answered"
        assert any("was retracted" in note and title in note for note in answer.notes)
        assert "at the request" not in answer.text, "a notice is no evidence"


def test_a_model_is_told_and_its_answer_carries_the_note(assistant: Assistant) -> None:
    with serve(f"{CLAIM} [1].") as server:
        answer = assistant.using(llm=server.spec).ask(QUESTION)
        sent = json.dumps(list(server.requests), default=str)
    check_answer(answer, assistant)
    assert CLAIM in answer.text
    assert [n for n in answer.notes if n.startswith("[1]") and "was retracted" in n]
    assert "RETRACTED: Magnetic" in sent


def test_a_question_about_the_retraction_is_answered_from_the_notice(assistant: Assistant) -> None:
    answer = assistant.ask("Why were the copper socks data retracted?")
    quoted = [*answer.citations, *answer.nearest]
    assert any("copied" in piece.quote for piece in quoted)


def test_lists_mark_it(assistant: Assistant) -> None:
    found = {p.title for p in assistant.find("copper socks").papers}
    assert found == {f"{PAPERS[1]['title']} (retracted)"}
    (row,) = assistant.table("", ["result"], ["10.1234/socks"]).rows
    assert row.title.endswith("(retracted)")
    related = assistant.related(str(assistant.paper("10.1234/socks.r").paper_id), k=4)
    assert any(p.title.endswith("(retracted)") for p in related.papers)
    assert "note = {Retracted}" in assistant.export_listing(assistant.find("copper socks"), "bibtex")
    assert "N1  - Retracted" in assistant.export_listing(assistant.find("copper socks"), "ris")
    checked = assistant.check("In 24 runners, copper socks raised running speed by 4% over ten weeks.")
    assert checked.verdict == "supported"
    assert "was retracted" in checked.why


def test_a_filter_leaves_them_out(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    filters = Filters(no_retracted=True)
    assert {p.title for p in assistant.find("", filters).papers} == {PAPERS[3]["title"], PAPERS[4]["title"]}
    assert all(h.title in (PAPERS[3]["title"], PAPERS[4]["title"]) for h in assistant.search(QUESTION, 5, filters))
    assert filters.given() == {"no_retracted": True}
    assert Filters.from_dict(filters.given()) == filters
    assert Filters().given() == {}
    plan = Plan("lookup", "", filters, QUESTION)
    (chip,) = chips(plan)
    assert changed(plan, chip.field, chip.value).filters == Filters()
    monkeypatch.setattr(
        sys, "argv", ["assistant", "papers", "--no-retracted", "--json", "--home", str(assistant.settings.home)]
    )
    with pytest.raises(SystemExit):
        main()
    assert len(json.loads(capsys.readouterr().out)["papers"]) == 2


@pytest.mark.parametrize(
    "question",
    [
        f"{QUESTION[:-1]}, without retracted papers?",
        f"{QUESTION[:-1]}, leaving out retracted or withdrawn studies?",
        "Which non-retracted papers are about seasickness?",
    ],
)
def test_a_question_may_leave_them_out(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.query is not None
    assert answer.query.filters.no_retracted
    assert answer.question == question
    assert not any("RETRACTED" in piece.title for piece in (*answer.citations, *answer.nearest))


def test_a_withdrawn_preprint_is_no_evidence_for_its_title(tmp_path: Path) -> None:
    rows = [
        {
            "title": "Fast sorting of socks by colour",
            "abstract": "This paper has been withdrawn by the author due to a crucial error in equation 3.",
            "id": "2101.00001",
        },
        PAPERS[4],
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    with Assistant(Settings(home=tmp_path / "home", llm="quotes")) as opened:
        opened.add([tmp_path / "a.jsonl"])
        assert opened.paper("arXiv:2101.00001v2").editorial_status == "withdrawn"
        answer = opened.ask("How fast can socks be sorted by colour?")
        assert "withdrawn by the author" not in answer.text
