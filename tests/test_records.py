"""Logged answers and conversations: nothing is lost or mixed up, and nothing breaks where nothing can be logged."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from conftest import paper_id
from invariants import check_answer
from permissions import heed_permissions, set_writable

from assistant import Answer, Assistant, Filters, LibraryError, NotFoundError, Settings, SettingsError

OWL = "What does OwlRoute do for night buses?"
QUILL = "How far does part-of-speech accuracy rise with Quill?"
_SETTINGS = {"llm": "quotes"}


def test_every_answer_is_logged_as_it_was_given(fresh: Assistant, fresh_home: Path) -> None:
    answers = [fresh.ask(OWL), fresh.ask("Who won the football final?")]
    streamed = list(fresh.stream(QUILL))[-1].answer
    assert streamed is not None
    with Assistant(Settings(home=fresh_home, **_SETTINGS)) as later:
        assert [r.answer for r in later.records()] == [streamed, *reversed(answers)]
        record = later.record(answers[0].record_id)
        assert (record.answer, record.conversation_id, record.rating) == (answers[0], "", 0)
        assert record.created.endswith("+00:00")
        check_answer(record.answer, later)
        assert len(later.records(limit=1)) == 1
    with pytest.raises(NotFoundError, match="assistant answers list"):
        fresh.record("nothing")


def test_ratings_are_logged(fresh: Assistant) -> None:
    answer = fresh.ask(OWL)
    fresh.rate(answer.record_id, -1)
    assert fresh.record(answer.record_id).rating == -1
    with pytest.raises(SettingsError):
        fresh.rate(answer.record_id, 5)
    with pytest.raises(NotFoundError):
        fresh.rate("nothing", 1)


def test_nothing_is_logged_when_that_is_the_setting(fresh_home: Path) -> None:
    with Assistant(Settings(home=fresh_home, log_answers=False, **_SETTINGS)) as assistant:
        chat = assistant.chat()
        assert chat.ask(OWL).record_id == ""
        assert chat.ask("And where does it transfer without retraining?").status == "answered"
        assert assistant.records() == []
        assert assistant.conversations() == []


def test_a_conversation_is_resumed_where_it_was_left(fresh: Assistant, fresh_home: Path) -> None:
    chat = fresh.chat(owner="ada")
    assert fresh.conversations("ada") == [], "logged from its first answer on"
    chat.ask(OWL)
    chat.pin(paper_id(fresh, "Quill"))
    chat.exclude(paper_id(fresh, "Bread"))
    with Assistant(Settings(home=fresh_home, **_SETTINGS)) as later:
        [info] = later.conversations("ada")
        assert (info.conversation_id, info.title, info.turns) == (chat.conversation_id, OWL, 1)
        again = later.chat(info.conversation_id, owner="ada")
        assert again.answers == chat.answers
        assert (again.pinned, again.excluded) == (chat.pinned, chat.excluded)
        answer = again.ask("And where does it transfer without retraining?")
        assert "Turku" in answer.text
        assert [r.answer.question for r in later.records(chat.conversation_id)] == [answer.question, OWL]


def test_a_conversation_belongs_to_its_owner(fresh: Assistant) -> None:
    chat = fresh.chat(owner="ada")
    chat.ask(OWL)
    assert fresh.conversations() == fresh.conversations("bob") == []
    for owner in ("", "bob"):
        with pytest.raises(NotFoundError):
            fresh.chat(chat.conversation_id, owner=owner)
        with pytest.raises(NotFoundError):
            fresh.delete_conversation(chat.conversation_id, owner=owner)
    fresh.delete_conversation(chat.conversation_id, owner="ada")
    assert fresh.conversations("ada") == []
    assert fresh.records() == []


def test_conversations_come_newest_first(fresh: Assistant) -> None:
    first, second = fresh.chat(), fresh.chat()
    first.ask(OWL)
    second.ask(QUILL)
    assert [c.title for c in fresh.conversations()] == [QUILL, OWL]
    first.ask("Where does it transfer?")
    assert [c.turns for c in fresh.conversations()] == [2, 1]


def test_the_last_turn_can_be_taken_back(fresh: Assistant) -> None:
    chat = fresh.chat()
    chat.ask(OWL)
    chat.ask(QUILL)
    chat.drop_last()
    assert chat.questions == [OWL]
    assert [r.answer.question for r in fresh.records(chat.conversation_id)] == [OWL]
    chat.drop_last()
    chat.drop_last()
    assert fresh.conversations() == []
    chat.ask(QUILL)
    assert [(c.title, c.turns) for c in fresh.conversations()] == [(QUILL, 1)], "the title follows the first question"


def test_pinned_papers_are_read_and_excluded_ones_never_used(fresh: Assistant) -> None:
    barley, owl = paper_id(fresh, "Barley"), paper_id(fresh, "Night Buses")
    chat = fresh.chat()
    chat.pin(barley)
    events = list(chat.stream(OWL, Filters(year_from=2022)))
    found = next(e.retrieved for e in events if e.retrieved)
    assert found[0].paper.paper_id == owl
    assert barley in {p.paper.paper_id for p in found}, "pinned although the filter would leave it out"
    assert all(p.paper.year == 2022 or p.paper.year == 2023 or p.paper.paper_id == barley for p in found)
    chat.exclude(owl)
    answer = chat.ask(OWL)
    assert owl not in {e.paper_id for e in (*answer.citations, *answer.nearest)}
    chat.exclude(barley)
    assert (chat.pinned, chat.excluded) == ((), (owl, barley))
    chat.release(owl)
    assert owl in {c.paper_id for c in chat.ask(OWL).citations}
    with pytest.raises(NotFoundError, match="assistant papers"):
        chat.pin("t:nothing")


def test_a_filter_that_only_pins_is_not_dropped(fresh: Assistant) -> None:
    barley = paper_id(fresh, "Barley")
    chat = fresh.chat()
    for question in (OWL, "And where does it transfer?"):
        events = list(chat.stream(question, Filters(pinned=(barley,))))
        found = next(e.retrieved for e in events if e.retrieved)
        assert barley in {p.paper.paper_id for p in found}


def test_a_pin_has_its_place_however_few_papers_are_read(fresh_home: Path) -> None:
    with Assistant(Settings(home=fresh_home, k=1, **_SETTINGS)) as assistant:
        barley = paper_id(assistant, "Barley")
        events = list(assistant.stream(OWL, filters=Filters(pinned=(barley, "t:gone"))))
        found = next(e.retrieved for e in events if e.retrieved)
        assert [p.paper.paper_id for p in found] == [barley]
        both = Filters(pinned=(barley,), exclude=(barley,))
        events = list(assistant.stream(OWL, filters=both))
        assert barley not in {p.paper.paper_id for e in events for p in e.retrieved or ()}


def test_a_library_of_the_previous_release_is_carried_over(fresh_home: Path, library_home: Path) -> None:
    with Assistant(Settings(home=library_home, **_SETTINGS)) as now:
        papers, stats = now.papers(), now.stats()
    with sqlite3.connect(fresh_home / "library.sqlite3") as db:
        for table in ("answers", "answer_cache", "conversations"):
            db.execute(f"DROP TABLE {table}")
        db.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    db.close()
    with Assistant(Settings(home=fresh_home, **_SETTINGS)) as carried:
        assert carried.papers() == papers
        assert carried.stats().fingerprint == stats.fingerprint
        assert carried.stats().chunks == stats.chunks
        assert carried.ask(OWL).record_id
    with sqlite3.connect(fresh_home / "library.sqlite3") as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == ("4",)
    db.close()


def test_a_library_of_a_later_release_is_left_alone(fresh_home: Path) -> None:
    with sqlite3.connect(fresh_home / "library.sqlite3") as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    db.close()
    with pytest.raises(LibraryError, match="newer release"):
        Assistant(Settings(home=fresh_home, **_SETTINGS))


def test_an_answer_document_of_the_previous_release_can_be_read(assistant: Assistant) -> None:
    answer = assistant.ask(OWL)
    document = answer.to_dict()
    del document["record_id"], document["cost"]
    assert Answer.from_dict(document).text == answer.text


def test_a_library_that_cannot_be_written_still_answers(untouched_home: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(shutil.copytree(untouched_home, Path(folder) / layout)) for layout in ("now", "before")]
        with sqlite3.connect(homes[1] / "library.sqlite3") as db:
            db.execute("DROP TABLE answers")
            db.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
        db.close()
        program = (
            f"import json\nfrom assistant import Assistant, Settings\nfor home in {[str(h) for h in homes]}:\n"
            "    with Assistant(Settings(home=home, llm='quotes')) as a:\n"
            f"        print(json.dumps([a.chat().ask({OWL!r}).to_dict(), len(a.records()), a.conversations()]))\n"
        )
        set_writable(folder, False)
        try:
            done = subprocess.run(
                [sys.executable, "-c", program],
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
                preexec_fn=heed_permissions,
            )
        finally:
            set_writable(folder, True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2
    for line in done.stdout.splitlines():
        answer, records, conversations = json.loads(line)
        assert answer["status"] == "answered"
        assert answer["record_id"] == ""
        assert "not logged" in answer["notes"][-1]
        assert (records, conversations) == (0, [])
