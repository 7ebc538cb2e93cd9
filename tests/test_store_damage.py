"""The one file that everything is made from: damage to it is found, reported in one line, and spreads no further."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from conftest import PAPERS, ROOT, write_papers
from permissions import heed_permissions, set_writable

from assistant import Assistant, Settings
from assistant.cli import main
from assistant.errors import LibraryError
from assistant.library.store import Store
from eval.durability.damage import damage

QUESTION = "How accurate is counting barley ears from kites?"


def run_cli(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["assistant", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.mark.parametrize("way", ["emptied", "halved", "garbage", "deleted", "folder"])
def test_a_lost_library_is_one_line_and_its_indexes_stay(
    fresh_home: Path, way: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    indexes = {p: p.stat().st_size for p in (fresh_home / "index").rglob("*")}
    damage(fresh_home / "library.sqlite3", way, random.Random(1))
    for command in (["search", QUESTION], ["index"], ["doctor"]):
        assert run_cli(monkeypatch, *command, "--home", str(fresh_home)) == 1
        said = capsys.readouterr().err
        assert "library.sqlite3" in said
        assert "Traceback" not in said
        assert said.strip().count("\n") == 0
    assert {p: p.stat().st_size for p in (fresh_home / "index").rglob("*")} == indexes


def test_a_changed_byte_in_a_text_or_a_vector_is_found_by_doctor(fresh_home: Path) -> None:
    """SQLite itself would read it as if it had been written so."""
    file = fresh_home / "library.sqlite3"
    with closing(Store(file)) as store:
        assert store.damage() == ""
        vector = next(vector for _, vector in store.chunks()).tobytes()[:16]
    whole = file.read_bytes()
    for written, instead in ((b"88.9%", b"98.9%"), (vector, bytes([vector[0] ^ 1]) + vector[1:])):
        file.write_bytes(whole.replace(written, instead))
        with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
            wrong = [c for c in assistant.doctor() if not c.ok]
        assert [c.name for c in wrong] == ["store"]
        assert "not as they were stored: t:" in wrong[0].detail


def test_a_paper_that_cannot_be_read_is_one_line(
    fresh_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = fresh_home / "library.sqlite3"
    file.write_bytes(file.read_bytes().replace(b'"abstract": "Drones', b'"abstract"; "Drones'))
    assert run_cli(monkeypatch, "papers", "--home", str(fresh_home)) == 1
    assert "a stored paper is damaged" in capsys.readouterr().err


def test_damaged_hashes_of_merged_versions_are_reported(fresh_home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(fresh_home / "library.sqlite3")) as db, db:
        db.execute("UPDATE papers SET variants = '['")
    with (
        Assistant(Settings(home=fresh_home, llm="quotes")) as assistant,
        pytest.raises(LibraryError, match="a stored paper is damaged"),
    ):
        assistant.add(
            [write_papers(tmp_path / "more.jsonl", [{**PAPERS[0], "abstract": "Another text about the same thing."}])]
        )


def test_a_damaged_answer_hides_no_other(fresh_home: Path) -> None:
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        first, second = (assistant.ask(q).record_id for q in (QUESTION, "What is TideNet?"))
        with closing(sqlite3.connect(fresh_home / "library.sqlite3")) as db, db:
            db.execute(
                "UPDATE answers SET answer = replace(answer, '{\"question\"', '{') WHERE record_id = ?", (first,)
            )
            db.execute("UPDATE answer_cache SET answer = 'x' || answer")
        assert [r.record_id for r in assistant.records()] == [second]
        assert "cache" not in assistant.ask(QUESTION).timings_ms, "nor is a damaged one given from the cache"


@pytest.mark.parametrize("open_between", [True, False])
def test_a_library_file_restored_from_a_backup(fresh_home: Path, tmp_path: Path, open_between: bool) -> None:
    """Its next revisions have the numbers of those that the indexes hold, but not their papers."""
    file, backup = fresh_home / "library.sqlite3", tmp_path / "backup"
    shutil.copy(file, backup)
    lost, new = (
        write_papers(tmp_path / f"{n}.jsonl", [{"title": f"On {n}", "abstract": f"We weigh {n} in the morning light."}])
        for n in ("glowworms", "marzipan")
    )
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        assistant.add([lost])
    shutil.copy(backup, file)
    if open_between:
        with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
            assert "On glowworms" not in {h.title for h in assistant.search("glowworms in the morning")}
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        assistant.add([new])
        assert assistant.search("marzipan in the morning")[0].title == "On marzipan"
        assert all(c.ok for c in assistant.doctor())


def test_what_another_process_has_indexed_is_found_in_an_open_library(fresh_home: Path, tmp_path: Path) -> None:
    new = write_papers(tmp_path / "n.jsonl", [{"title": "On marzipan", "abstract": "We weigh marzipan at noon."}])
    with Assistant(Settings(home=fresh_home, llm="quotes")) as reader:
        assert reader.search("marzipan")[0].title != "On marzipan"
        with Assistant(Settings(home=fresh_home, llm="quotes")) as writer:
            writer.add([new])
        published = (fresh_home / "index" / "CURRENT").read_text()
        assert reader.search("marzipan")[0].title == "On marzipan"
        assert (fresh_home / "index" / "CURRENT").read_text() == published, "opened, not built a second time"


def test_what_an_interrupted_build_has_left_is_removed(fresh_home: Path) -> None:
    index = fresh_home / "index"
    (index / "gen-9-1-abcdef" / "chroma").mkdir(parents=True)
    (index / "lexical" / "gen-9-1-abcdef").mkdir()
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        assistant.add([write_papers(fresh_home.parent / "papers.jsonl")])
    assert not list(index.rglob("gen-9-*"))


def test_the_clock_goes_back(fresh_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        first = assistant.chat()
        first.ask(QUESTION)
        monkeypatch.setattr("assistant.library.answer_log.now", lambda: "1999-12-31T23:59:59+00:00")
        second = assistant.chat()
        second.ask("What is TideNet?")
        newest = [c.conversation_id for c in assistant.conversations()]
        assert newest == [second.conversation_id, first.conversation_id]
        assert [r.conversation_id for r in assistant.records()] == newest


def test_a_layout_or_revision_that_is_no_number(fresh_home: Path) -> None:
    with closing(sqlite3.connect(fresh_home / "library.sqlite3")) as db, db:
        db.execute("UPDATE meta SET value = 'x' WHERE key = 'schema'")
    with pytest.raises(LibraryError, match="is damaged"):
        Store(fresh_home / "library.sqlite3")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of this kind")
@pytest.mark.parametrize("full", ["store", "indexes"])
def test_a_disk_that_is_full(tmp_path: Path, full: str) -> None:
    """The library's file may not grow, or it may and the indexes may not: one line, and nothing is lost."""
    command = [sys.executable, "-m", "eval.durability", "full-disk", tmp_path, "--full", full]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["error"].count("\n") == 0
    assert ("nothing of this step was stored" if full == "store" else "the papers themselves are stored") in told[
        "error"
    ]
    assert told["stored"] >= 45
    assert told["found_when_full"] == told["found_after"]
    assert told["complaints"] == []
    assert told["papers_in_the_end"] == told["papers_asked_for"]


def test_a_library_of_the_first_release_is_carried_over_with_its_indexes(fresh_home: Path) -> None:
    """It had no answers, no digests, no checksums, and its indexes were neither sealed nor had they generations."""
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        expected = {h.paper_id: h.score for h in assistant.search(QUESTION)}
    with closing(sqlite3.connect(fresh_home / "library.sqlite3")) as db, db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in tables - {"meta", "papers", "chunks", "deleted", "sqlite_sequence"}:
            db.execute(f"DROP TABLE {table}")
        db.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    index = fresh_home / "index"
    generation = next(index.glob("gen-*"))
    (generation / "sealed.json").unlink()
    (generation / "manifest.json").write_text(json.dumps({"revision": 2, "chunks": 6, "files": {}}))
    for file in list((index / "lexical").glob("gen-*/*")):
        shutil.move(file, index / "lexical" / file.name)
    shutil.rmtree(next((index / "lexical").glob("gen-*")))
    (index / "lexical" / "CURRENT").unlink()
    (index / "lexical" / "revision").write_text("2")
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        assert {h.paper_id: h.score for h in assistant.search(QUESTION)} == pytest.approx(expected)
        assert all(c.ok for c in assistant.doctor())
        report = assistant.add([write_papers(fresh_home.parent / "papers.jsonl", PAPERS)])
        assert (report.added, report.unchanged) == (0, 6), "nothing is embedded again"


def test_damaged_indexes_that_cannot_be_rebuilt_in_their_place(untouched_home: Path, tmp_path: Path) -> None:
    """A folder that cannot be written: the vectors are compared one by one, the words indexed elsewhere."""
    homes = [Path(shutil.copytree(untouched_home, tmp_path / name)) for name in ("whole", "damaged")]
    for file in ("chroma.sqlite3", "*.store"):
        damage(next((homes[1] / "index").rglob(file)), "garbage", random.Random(1))
    program = (
        "import json, sys\nfrom assistant import Assistant, Settings\nfor home in sys.argv[1:]:\n"
        f"    with Assistant(Settings(home=home, llm='quotes')) as a:\n"
        f"        print(json.dumps([(h.paper_id, round(h.score, 4)) for h in a.search({QUESTION!r})]))\n"
    )
    set_writable(homes[1], False)
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, *homes],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            preexec_fn=heed_permissions,
        )
    finally:
        set_writable(homes[1], True)
    assert done.returncode == 0, done.stderr
    whole, damaged = done.stdout.splitlines()
    assert damaged == whole
    assert "chroma.sqlite3 is not as it was written" in done.stderr
    assert "compared one by one" in done.stderr


def test_a_library_that_may_not_even_be_read(untouched_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(untouched_home, tmp_path / "home"))
    home.chmod(0)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", "search", QUESTION],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            preexec_fn=heed_permissions,
            env={**os.environ, "ASSISTANT_HOME": str(home)},
        )
    finally:
        home.chmod(0o755)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(home) in done.stderr
