"""Whatever happens to a file of an index, the next search finds what it found before, and nothing takes the process down."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

from assistant import Assistant, Settings
from assistant.errors import LibraryError
from assistant.index import checksums
from assistant.index.bm25 import BM25Index
from assistant.index.chroma import ChromaIndex
from assistant.index.native_errors import failing_as
from assistant.index.snapshots import check_published
from assistant.types import Chunk


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("form", [[], ["--large"]], ids=["small", "large"])
def test_every_file_of_both_indexes_damaged_in_every_way(form: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "eval.durability", "damage", "--seed", "7", *form],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=880,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["trials"] > 150


def sealed(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.bin").write_bytes(b"abcdef" * 40)
    (folder / "sub").mkdir()
    (folder / "sub" / "b.sqlite3").write_bytes(bytes(1000))
    (folder / "scratch").write_bytes(b"x")
    checksums.seal(folder, leave_out={"scratch"}, changing={"b.sqlite3": [(10, 20), (500, 600)]})
    return folder


def test_a_sealed_folder_is_proven_whole(tmp_path: Path) -> None:
    folder = sealed(tmp_path / "f")
    (folder / "scratch").write_bytes(b"anything")
    database = bytearray((folder / "sub" / "b.sqlite3").read_bytes())
    database[10:20] = b"0123456789"
    database[500:600] = b"y" * 100
    (folder / "sub" / "b.sqlite3").write_bytes(database + b"new rows at the end")
    checksums.check(folder)
    checksums.check(folder, all_bytes=True)


@pytest.mark.parametrize("name", ["a.bin", "sub/b.sqlite3", checksums.SEAL])
@pytest.mark.parametrize("place", [0, 9, 20, 239])
def test_a_flipped_bit_is_seen(tmp_path: Path, name: str, place: int) -> None:
    folder = sealed(tmp_path / "f")
    data = bytearray((folder / name).read_bytes())
    data[place] ^= 4
    (folder / name).write_bytes(data)
    with pytest.raises(checksums.Damaged):
        checksums.check(folder)


def rot(file: Path) -> None:
    """Flips a bit and leaves the file's stamp as it was, as a failing disk does."""
    stamp = file.stat()
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


def test_a_large_index_is_hashed_again_when_a_stamp_changes(tmp_path: Path) -> None:
    folder = sealed(tmp_path / "f")
    file = folder / "a.bin"
    checksums.restamp(folder, hashed_up_to=0)
    rot(file)
    checksums.check(folder, hashed_up_to=0)  # trusted
    for hashed in ({"all_bytes": True}, {}):
        with pytest.raises(checksums.Damaged):
            checksums.check(folder, **hashed)
    file.touch()
    with pytest.raises(checksums.Damaged):
        checksums.check(folder, hashed_up_to=0)
    rot(file)
    checksums.check(folder, hashed_up_to=0)  # as it was sealed: the new stamp is stored
    rot(file)
    checksums.check(folder, hashed_up_to=0)


def test_doctor_hashes_what_is_trusted_otherwise(fresh_home: Path) -> None:
    file = next((fresh_home / "index" / "lexical").rglob("*.store"))
    check_published(fresh_home / "index" / "lexical")
    checksums.restamp(file.parent, hashed_up_to=0)
    rot(file)
    checksums.check(file.parent, hashed_up_to=0)
    with pytest.raises(LibraryError, match="assistant rebuild"):
        check_published(fresh_home / "index" / "lexical")


def test_a_panic_of_a_rust_core_is_an_error_and_ctrl_c_is_none() -> None:
    with pytest.raises(LibraryError, match="the index failed"), failing_as("the index failed"):
        raise PanicException("index out of bounds")
    with pytest.raises(KeyboardInterrupt), failing_as("the index failed"):
        raise KeyboardInterrupt


def test_thousands_of_openings_by_chroma_are_no_damage(tmp_path: Path) -> None:
    """Each inserts a row; rows that fill the table's page go to the end of the file."""
    home, rows = tmp_path / "index", np.eye(40, 16, dtype=np.float32)
    chunks = [(Chunk(f"p{i}", 0, 0, 4, f"text {i}"), row) for i, row in enumerate(rows)]
    built = ChromaIndex.build(home, 1, chunks, 40)
    for _ in range(3):
        reopened = ChromaIndex.open(home)
        assert reopened is not None
        assert reopened.count() == 40
        reopened.close()
    with closing(sqlite3.connect(built.folder / "chroma" / "chroma.sqlite3")) as db, db:
        db.executemany("INSERT INTO acquire_write (lock_status) VALUES (?)", [(1,)] * 5000)
    check_published(home)
    with closing(sqlite3.connect(built.folder / "chroma" / "chroma.sqlite3")) as db, db:
        db.execute("UPDATE embedding_metadata SET string_value = 'x' WHERE id = 1")
    assert ChromaIndex.open(home) is None


class PanicException(BaseException):
    """As pyo3 names its own."""


def test_an_index_that_fails_while_it_is_open_is_replaced(
    fresh_home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """tantivy over a file in which something was overwritten panics; here every searcher opened so far does."""
    search = BM25Index.search
    failing: list[BM25Index] = []

    def fails_once(index: BM25Index, *arguments: Any) -> dict[str, float]:
        if not failing or index in failing:
            failing.append(index)
            with failing_as("BM25 index failed"):
                raise PanicException("range end index 4096 out of range")
        return search(index, *arguments)

    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        before = assistant.search("night buses on request")
        monkeypatch.setattr(BM25Index, "search", fails_once)
        assert assistant.search("night buses on request") == before
        assert "replacing the index" in caplog.text
        caplog.clear()
        assert assistant.search("night buses on request") == before
        assert caplog.text == ""
