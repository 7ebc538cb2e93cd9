"""Zip and tar archives, packed single files and Parquet. All records here are invented."""

from __future__ import annotations

import bz2
import io
import json
import lzma
import sys
import tarfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents import count_bytes, read
from assistant.types import Failure, Item, Notice, Paper

ABSTRACT = "We sort spoons by colour with a lantern. Costs stay low."
FILES = {
    "spoons.jsonl": json.dumps({"title": "Sorting Spoons", "abstract": ABSTRACT}),
    "deep/forks.bib": "@misc{fork1,\n title = {Sorting Forks},\n abstract = {" + ABSTRACT + "}\n}",
    "knives.ris": f"TY  - JOUR\nTI  - Sorting Knives\nAB  - {ABSTRACT}\nER  - \n",
}
TITLES = ["Sorting Spoons", "Sorting Forks", "Sorting Knives"]


def zipped(files: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(files: dict[str, str | bytes], packing: str = "") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=f"w:{packing}") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def read_bytes(path: Path, data: bytes) -> list[Item]:
    path.write_bytes(data)
    return list(read([path]))


def titles(found: list[Item]) -> list[str]:
    return [item.title for item in found if isinstance(item, Paper)]


PACKERS: dict[str, Callable[[dict[str, str | bytes]], bytes]] = {
    "a.zip": zipped,
    "stored.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "bzip2.zip": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "lzma.zip": lambda files: zipped(files, zipfile.ZIP_LZMA),
    "a.tar": tarred,
    "a.tar.gz": lambda files: tarred(files, "gz"),
    "a.tgz": lambda files: tarred(files, "gz"),
    "a.tar.bz2": lambda files: tarred(files, "bz2"),
    "a.tar.xz": lambda files: tarred(files, "xz"),
    "without_a_suffix": zipped,
}


@pytest.mark.parametrize("name", PACKERS)
def test_files_in_an_archive_are_read_as_files(tmp_path: Path, name: str) -> None:
    found = read_bytes(tmp_path / name, PACKERS[name](dict(FILES)))
    assert titles(found) == TITLES
    assert [p.sources for p in found if isinstance(p, Paper)] == [(f"{name}/{inner}",) for inner in FILES]
    seen: list[int] = []
    list(read([tmp_path / name], progress=seen.append))
    assert seen[-1] == count_bytes([tmp_path / name])


@pytest.mark.parametrize(("suffix", "pack"), [(".bz2", bz2.compress), (".xz", lzma.compress)])
def test_packed_single_files(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]) -> None:
    data = pack(FILES["spoons.jsonl"].encode())
    assert titles(read_bytes(tmp_path / f"a.jsonl{suffix}", data)) == TITLES[:1]
    long = pack("\n".join(FILES["spoons.jsonl"] + " " * n for n in range(300)).encode())
    *_, failure = read_bytes(tmp_path / f"cut.jsonl{suffix}", long[: len(long) // 2])
    assert isinstance(failure, Failure)
    assert "damaged or cut off" in failure.error


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    junk = {
        "__MACOSX/._spoons.jsonl": b"\0\1",
        ".DS_Store": b"\0",
        "deep/.git/x.jsonl": FILES["spoons.jsonl"],
        "empty/": b"",
    }
    assert titles(found := read_bytes(tmp_path / "a.zip", zipped({**junk, **FILES}))) == TITLES
    assert len(found) == 3


def test_paths_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "secret.jsonl").write_text(json.dumps({"title": "Secret Spoons", "abstract": ABSTRACT}))
    names = [
        "../secret.jsonl",
        str(tmp_path / "secret.jsonl"),
        "a/../../secret.jsonl",
        "..\\secret.jsonl",
        "zotero.sqlite",
    ]
    before = sorted(tmp_path.rglob("*"))
    for name, pack in (("a.zip", zipped), ("a.tar", tarred)):
        found = read_bytes(tmp_path / "work" / name, pack(dict.fromkeys(names, FILES["spoons.jsonl"])))
        assert set(titles(found)) <= {"Sorting Spoons"}
        assert all(".." not in p.sources[0] for p in found if isinstance(p, Paper))
        assert all("please report" not in f.error for f in found if isinstance(f, Failure))
        (tmp_path / "work" / name).unlink()
    assert sorted(tmp_path.rglob("*")) == before
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        link = tarfile.TarInfo("link.jsonl")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "secret.jsonl")
        archive.addfile(link)
    assert titles(read_bytes(tmp_path / "work" / "links.tar", stream.getvalue())) == []


def test_limits_against_bombs(tmp_path: Path) -> None:
    bomb = zipped({"zeros.jsonl": b" " * 80_000_000, "spoons.jsonl": FILES["spoons.jsonl"]})
    (failure,) = read_bytes(tmp_path / "bomb.zip", bomb)
    assert isinstance(failure, Failure)
    assert "unpacks to far more than its size" in failure.error
    zeros = tarred({"zeros.jsonl": b" " * 80_000_000}, "xz")
    assert [
        "unpacks to far more" in f.error for f in read_bytes(tmp_path / "b.tar.xz", zeros) if isinstance(f, Failure)
    ] == [True]
    many = zipped({f"{n}.jsonl": "" for n in range(10_001)})
    last = read_bytes(tmp_path / "many.zip", many)[-1]
    assert isinstance(last, Failure)
    assert "more than 10,000 files" in last.error


def test_archives_in_archives_are_read_two_deep(tmp_path: Path) -> None:
    inner = zipped({"spoons.jsonl": FILES["spoons.jsonl"]})
    two = tarred({"inner.zip": inner}, "gz")
    found = read_bytes(tmp_path / "a.tgz", two)
    assert [p.sources for p in found if isinstance(p, Paper)] == [("a.tgz/inner.zip/spoons.jsonl",)]
    (failure,) = read_bytes(tmp_path / "three.zip", zipped({"two.tgz": two}))
    assert isinstance(failure, Failure)
    assert "2 deep" in failure.error


def test_what_cannot_be_unpacked_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    data = bytearray(zipped(dict(FILES), zipfile.ZIP_STORED))
    at = data.index(b"@misc{fork1") + 5
    data[at] ^= 1  # the checksum fails
    found = read_bytes(tmp_path / "a.zip", bytes(data))
    assert titles(found) == ["Sorting Spoons", "Sorting Knives"]
    assert [
        f.source.endswith("a.zip/deep/forks.bib") and "damaged" in f.error for f in found if isinstance(f, Failure)
    ] == [True]
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1  # the flag of encryption
    (failure, *_) = read_bytes(tmp_path / "b.zip", bytes(data))
    assert isinstance(failure, Failure)
    assert "encrypted" in failure.error


def test_office_files_are_refused_by_name_whatever_they_are_called(tmp_path: Path) -> None:
    office = zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
    for name in ("a.docx", "a.zip", "a.txt"):
        (failure,) = read_bytes(tmp_path / name, office)
        assert isinstance(failure, Failure)
        assert "Office files are not read" in failure.error


@settings(max_examples=150, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["a.zip", "a.tar", "a.tar.gz", "a.tar.bz2", "a.tar.xz"]))
def test_damaged_archive_never_raises(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, kind: str) -> None:
    whole = bytearray(PACKERS[kind](dict(FILES)))
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = whole[: data.draw(st.integers(1, len(whole)))]
    found = read_bytes(tmp_path_factory.mktemp("a") / kind, bytes(cut))
    assert found
    for item in found:
        if isinstance(item, (Failure, Notice)):
            said = item.error if isinstance(item, Failure) else item.text
            assert "please report" not in said
            assert "\n" not in said


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra 'parquet' is not installed")
    from pyarrow import parquet

    table = pyarrow.table({
        "id": [f"2301.{n:05}" for n in range(1_000)],
        "title": [f"Spoons {n}" for n in range(1_000)],
        "abstract": [ABSTRACT, None] * 500,
        "authors": [["Vandish, Ann", "Bo Torrow"]] * 1_000,
        "published": [datetime(2021, 3, 4)] * 1_000,
        "vector": [[0.5] * 8] * 1_000,
    })  # fmt: skip
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=300)
    found = list(read([tmp_path / "a.parquet"]))
    first = found[0]
    assert isinstance(first, Paper)
    assert (first.paper_id, first.authors, first.date) == (
        "arxiv:2301.00000",
        ("Ann Vandish", "Bo Torrow"),
        "2021-03-04",
    )
    assert [(f.line, f.error) for f in found if isinstance(f, Failure)][:2] == [(2, "no abstract"), (4, "no abstract")]
    assert len(found) == 1_000
    whole = (tmp_path / "a.parquet").read_bytes()
    assert len(titles(read_bytes(tmp_path / "a.zip", zipped({"inner.parquet": whole})))) == 500
    (failure,) = read_bytes(tmp_path / "cut.parquet", whole[: len(whole) // 2])
    assert isinstance(failure, Failure)
    assert "damaged Parquet" in failure.error


def test_parquet_without_its_library_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (failure,) = read_bytes(tmp_path / "a.parquet", b"PAR1....PAR1")
    assert isinstance(failure, Failure)
    assert 'pip install "abstract-assistant[parquet]"' in failure.error
