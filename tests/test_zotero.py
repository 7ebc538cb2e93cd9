"""Zotero's library, read in place: what becomes of its items, and that nothing of it is touched."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from zotero_library import ZoteroLibrary, filled, held_open

from assistant import documents
from assistant.errors import DocumentError
from assistant.types import Complete, Failure, Item, Notice, Paper

ABSTRACT = "Boats drift in the harbour at night. The error is two metres."


def read(path: Path | str) -> list[Item]:
    return list(documents.read([path]))


def papers(path: Path | str) -> list[Paper]:
    return [item for item in read(path) if isinstance(item, Paper)]


def only(path: Path | str) -> Paper:
    (paper,) = papers(path)
    return paper


def errors(path: Path | str) -> list[str]:
    return [item.error for item in read(path) if isinstance(item, Failure)]


@pytest.fixture
def zotero(tmp_path: Path) -> ZoteroLibrary:
    return ZoteroLibrary(tmp_path / "Zotero")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr(sys, "platform", "linux")
    return folder


def test_every_field_of_an_article_is_kept(zotero: ZoteroLibrary) -> None:
    thesis = zotero.add_collection("Thesis")
    chapter = zotero.add_collection("Chapter 2", thesis)
    reading = zotero.add_collection("To read")
    zotero.add(
        title="Drift of moored boats",
        abstractNote=ABSTRACT,
        date="2020-02-03 Feb 3 2020",
        publicationTitle="Journal of Moorings",
        DOI="10.1234/Moor.5",
        url="https://moorings.org/5",
        language="en-GB",
        extra="A remark of mine.\nPMID: 31234567\nPMCID: PMC1\nCitation Key: beekDrift2020",
        creators=[("editor", "Ed", "Itor"), ("author", "Ann", "van Beek"), ("author", "", "Harbour Board, Inc.")],
        tags=["boats"],
        automatic=["Drift"],
        collections=[chapter, reading],
    )
    paper = only(zotero.path)
    assert (paper.title, paper.abstract) == ("Drift of moored boats", ABSTRACT)
    assert paper.authors == ("Ann van Beek", "Harbour Board, Inc.")
    assert (paper.date, paper.year, paper.venue) == ("2020-02-03", 2020, "Journal of Moorings")
    assert (paper.doi, paper.pmid, paper.url) == ("10.1234/Moor.5", "31234567", "https://moorings.org/5")
    assert (paper.language, paper.publication_type, paper.citekey) == ("en-GB", "journalArticle", "beekDrift2020")
    assert paper.keywords == ("boats", "Drift")
    assert paper.collections == ("Thesis/Chapter 2", "To read")
    assert paper.zotero == "zotero://select/library/items/KEY00001"


@pytest.mark.parametrize(
    ("fields", "arxiv", "category"),
    [
        (
            {"repository": "arXiv", "archiveID": "arXiv:2001.01234", "extra": "arXiv:2001.01234 [cs.LG]"},
            "2001.01234",
            "cs.LG",
        ),
        ({"repository": "arXiv", "archiveID": "2001.01234"}, "2001.01234", None),
        ({"extra": "Comment: 8 pages\narXiv: hep-th/9901001"}, "hep-th/9901001", None),
        ({"publicationTitle": "arXiv:2001.01234 [cs, stat]"}, "2001.01234", None),
        ({"url": "http://arxiv.org/abs/2001.01234"}, "2001.01234", None),
    ],
)
def test_the_arxiv_id_is_found_where_zotero_and_its_users_put_it(
    zotero: ZoteroLibrary, fields: dict[str, str], arxiv: str, category: str | None
) -> None:
    zotero.add("preprint", title="Drift", abstractNote=ABSTRACT, **fields)
    paper = only(zotero.path)
    assert paper.paper_id == f"arxiv:{arxiv}"
    assert paper.categories == ((category,) if category else ())
    assert paper.venue is None  # an archive is no venue


@pytest.mark.parametrize(
    ("stored", "date"),
    [
        ("2020-02-03 Feb 3 2020", "2020-02-03"),
        ("2020-03-00 March 2020", "2020-03"),
        ("2020-00-00 2020", "2020"),
        ("0000-00-00 in press", None),
        ("0000-00-00 winter 1999", None),
        (2019, "2019"),
        ("2018-05", "2018-05"),
    ],
)
def test_a_date_is_as_exact_as_zotero_knows_it(zotero: ZoteroLibrary, stored: str | int, date: str | None) -> None:
    zotero.add(title="Drift", abstractNote=ABSTRACT, date=stored)
    assert only(zotero.path).date == date


def test_other_kinds_of_items_have_their_own_titles_venues_and_authors(zotero: ZoteroLibrary) -> None:
    zotero.add("case", caseName="Beek v. Harbour", abstractNote=ABSTRACT, creators=[("author", "Ann", "Beek")])
    zotero.add("patent", title="A mooring", abstractNote=ABSTRACT, creators=[("inventor", "Ivo", "Lee")])
    zotero.add(
        "book", title="On boats", abstractNote=ABSTRACT, creators=[("editor", "Ed", "Itor"), ("translator", "T", "R")]
    )
    zotero.add("bookSection", title="Ropes", abstractNote=ABSTRACT, bookTitle="On boats")
    zotero.add("conferencePaper", title="Bells", abstractNote=ABSTRACT, proceedingsTitle="Proc. of BELLS")
    found = {paper.title: paper for paper in papers(zotero.path)}
    assert found["Beek v. Harbour"].authors == ("Ann Beek",)
    assert found["A mooring"].authors == ("Ivo Lee",)
    assert found["On boats"].authors == ("Ed Itor",)
    assert (found["Ropes"].venue, found["Bells"].venue) == ("On boats", "Proc. of BELLS")


def test_notes_files_the_bin_and_feeds_are_not_read_and_items_without_abstract_are_counted(
    zotero: ZoteroLibrary,
) -> None:
    zotero.add(title="Drift", abstractNote=ABSTRACT)
    zotero.add(title="Bare")
    zotero.add(title="Blank", abstractNote=" \u200b ")
    zotero.add(title="Remark", abstractNote="No abstract available.")
    for kind in ("note", "attachment", "annotation"):
        zotero.add(kind, title=kind, abstractNote=ABSTRACT)
    zotero.add(title="From a feed", abstractNote=ABSTRACT, library=zotero.add_feed("Moorings"))
    zotero.execute(
        "INSERT INTO deletedItems (itemID) VALUES (?)", zotero.add(title="In the bin", abstractNote=ABSTRACT)
    )
    assert [type(item) for item in read(zotero.path)] == [Paper, Complete]
    complete = read(zotero.path)[-1]
    assert isinstance(complete, Complete)
    assert complete.text == "read from Zotero: 1 item; 3 more without an abstract"


def test_an_item_that_cannot_be_read_costs_itself_and_is_named_by_its_link(zotero: ZoteroLibrary) -> None:
    zotero.add(abstractNote=ABSTRACT)
    zotero.add(title="Drift", abstractNote=ABSTRACT)
    failure, paper, _ = read(zotero.path)
    assert failure == Failure("zotero://select/library/items/KEY00001", None, "no title")
    assert isinstance(paper, Paper)


def test_group_libraries_have_their_own_source_and_links(zotero: ZoteroLibrary) -> None:
    zotero.add(title="Drift", abstractNote=ABSTRACT)
    zotero.add(title="Ropes", abstractNote=ABSTRACT, library=zotero.add_group(77, "Harbour lab"))
    mine, group = papers(zotero.path)
    assert group.zotero == "zotero://select/groups/77/items/KEY00002"
    assert group.sources == (f"{mine.sources[0]}:Harbour lab",)


def test_retracted_items_are_marked_unless_the_user_hid_it(zotero: ZoteroLibrary) -> None:
    for n, flag in enumerate((0, 1, 2)):
        number = zotero.add(title=f"Drift {n}", abstractNote=ABSTRACT)
        zotero.execute("INSERT INTO retractedItems VALUES (?, '{}', ?)", number, flag)
    assert [p.editorial_status for p in papers(zotero.path)] == ["retracted", None, "retracted"]


def test_collections_in_the_bin_are_left_out(zotero: ZoteroLibrary) -> None:
    old = zotero.add_collection("Old")
    inside = zotero.add_collection("Inside", old)
    kept = zotero.add_collection("Kept")
    zotero.add(title="Drift", abstractNote=ABSTRACT, collections=[inside, kept])
    zotero.execute("INSERT INTO deletedCollections (collectionID) VALUES (?)", old)
    assert only(zotero.path).collections == ("Kept",)


@pytest.mark.parametrize("release", [5, 6, 7, 8])
def test_each_release_of_zotero_is_read(tmp_path: Path, release: int) -> None:
    library, numbers = filled(tmp_path / "Zotero", 20, release, wal=release == 8)
    assert len(papers(library.folder)) == len(numbers) == 20


def test_citekeys_come_from_zotero_from_extra_and_from_both_forms_of_better_bibtex(zotero: ZoteroLibrary) -> None:
    zotero.add(title="One", abstractNote=ABSTRACT, citationKey="fromField")
    zotero.add(title="Two", abstractNote=ABSTRACT, extra="bibtex: fromExtra")
    third = zotero.add(title="Three", abstractNote=ABSTRACT)
    zotero.add_better_bibtex({1: "ignored", 2: "ignored", third: "fromBetterBibTeX"})
    assert [p.citekey for p in papers(zotero.path)] == ["fromField", "fromExtra", "fromBetterBibTeX"]

    path = zotero.folder / "better-bibtex.sqlite"
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute('CREATE TABLE "better-bibtex" (name TEXT PRIMARY KEY, data TEXT NOT NULL)')
        data = json.dumps({"name": "citekey", "data": [{"itemID": third, "citekey": "fromAnOldRelease"}]})
        db.execute('INSERT INTO "better-bibtex" VALUES (?, ?)', ("better-bibtex.citekey", data))
        db.commit()
    assert papers(zotero.path)[2].citekey == "fromAnOldRelease"

    path.write_bytes(b"no database")
    assert len(papers(zotero.path)) == 3
    assert any(isinstance(item, Notice) and "better-bibtex.sqlite" in item.text for item in read(zotero.path))


@pytest.mark.parametrize("wal", [False, True])
def test_a_running_zotero_is_read_and_never_written(tmp_path: Path, wal: bool) -> None:
    library, numbers = filled(tmp_path / "Zotero", 40, wal=wal)
    library.add_better_bibtex({numbers[0]: "beek2000"})
    committed = "UPDATE itemDataValues SET value = 'Committed title' WHERE value LIKE 'Drift%number 1'"
    unfinished = "UPDATE itemDataValues SET value = 'Unfinished title' WHERE value LIKE 'Drift%number 2'"
    many = "UPDATE itemDataValues SET value = value || ' of a transaction that is not committed' WHERE value LIKE 'We measure%'"
    with held_open(library.path, committed, "BEGIN EXCLUSIVE", unfinished, many):
        before = library.traces()
        found = papers(library.folder)
        assert library.traces() == before
        with (
            pytest.raises(sqlite3.OperationalError, match="locked"),
            closing(sqlite3.connect(library.path, timeout=0)) as db,
        ):
            db.execute("SELECT * FROM items")
    titles = {paper.title for paper in found}
    assert len(found) == 40
    assert "Committed title" in titles
    assert "Unfinished title" not in titles
    assert not any("not committed" in paper.abstract for paper in found)
    assert found[0].citekey == "beek2000"


_WRITER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA locking_mode = EXCLUSIVE")
db.execute("PRAGMA synchronous = OFF")
db.execute("PRAGMA cache_size = 10")
for n in range(1000000):
    db.execute("BEGIN")
    db.execute("UPDATE itemDataValues SET value = 'Round ' || ? || substr(value, instr(value, ':')) WHERE value LIKE 'Round%'", (n,))
    db.execute("COMMIT")
    if n == 0:
        print("begun", flush=True)
"""


@pytest.mark.parametrize(("wal", "times"), [(False, 1), (True, 4)])
def test_a_copy_is_never_one_of_half_a_write(tmp_path: Path, wal: bool, times: int) -> None:
    """A writer changes all abstracts in one transaction, again and again; whatever is read is of one transaction."""
    library = ZoteroLibrary(tmp_path / "Zotero", wal=wal)
    for n in range(60):
        if n == 30:
            library.execute("CREATE TABLE padding (data)")
            library.execute("INSERT INTO padding VALUES (zeroblob(40000000))")  # copying takes longer than a write
        library.add(title=f"Drift {n}", abstractNote=f"Round 0: {n} " + "boats drift. " * 3000)
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(library.path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
        try:
            for _ in range(times):
                items = read(library.path)
                found = [item for item in items if isinstance(item, Paper)]
                seen = {paper.abstract.split(":")[0] for paper in found}
                # Either everything of one transaction, or a refusal in one line.
                assert (len(found), len(seen)) in ((60, 1), (0, 0)), items
                assert found or "wait until Zotero has synced" in errors_of(items)
        finally:
            writer.kill()
    assert len(papers(library.path)) == 60  # also after the writer was killed in the middle


def errors_of(items: list[Item]) -> str:
    return " ".join(item.error for item in items if isinstance(item, Failure))


def test_the_attachments_of_a_data_folder_are_not_walked_but_exports_beside_a_copy_are(tmp_path: Path) -> None:
    library, _ = filled(tmp_path / "all" / "Zotero", 5)
    assert len(papers(tmp_path / "all")) == 5
    copies = tmp_path / "copies"
    copies.mkdir()
    for name in ("zotero.sqlite", "zotero.sqlite.bak"):
        (copies / name).write_bytes(library.path.read_bytes())
    (copies / "one.jsonl").write_text(json.dumps({"title": "Ropes", "abstract": ABSTRACT}) + "\n")
    assert len(papers(copies)) == 6
    assert errors(copies) == []


def test_files_that_are_no_zotero_database_are_refused_in_one_line(tmp_path: Path, zotero: ZoteroLibrary) -> None:
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE papers (title)")
        db.commit()
    assert errors(other) == [
        "a SQLite database, but not one of Zotero; export the abstracts as BibTeX, RIS, CSV or text"
    ]

    encrypted = tmp_path / "zotero.sqlite"
    encrypted.write_bytes(bytes(range(256)) * 64)
    (error,) = errors(encrypted)
    assert "encrypted or damaged" in error

    (error,) = errors(zotero.path)
    assert "holds no items" in error

    library, _ = filled(tmp_path / "damaged", 60)
    data = bytearray(library.path.read_bytes())
    data[4096 * 3 :] = b"\xa5" * (len(data) - 4096 * 3)
    library.path.write_bytes(data)
    (error,) = errors(library.path)
    assert "damaged" in error
    assert "\n" not in error

    zotero.execute("UPDATE version SET version = 77")
    assert "Zotero 4 or older" in errors(zotero.path)[0]


def profile(home: Path, root: str, data: str | None, *, name: str = "abc.default", default: bool = True) -> None:
    folder = home / root / name
    folder.mkdir(parents=True)
    with (home / root / "profiles.ini").open("a") as ini:
        ini.write(f"[General]\nStartWithLastProfile=1\n\n[Profile{name}]\nName=x\nIsRelative=1\nPath={name}\n")
        ini.write("Default=1\n" if default else "")
    lines = ['user_pref("app.update.auto", false);']
    if data is not None:
        lines.append(f'user_pref("extensions.zotero.dataDir", {json.dumps(data)});')
        lines.append('user_pref("extensions.zotero.useDataDir", true);')
    (folder / "prefs.js").write_text("\n".join(lines))


def test_zotero_is_found_in_its_default_folder(home: Path) -> None:
    ZoteroLibrary(home / "Zotero").add(title="Drift", abstractNote=ABSTRACT)
    assert only("zotero:").sources == ("zotero",)
    assert only(home / "Zotero").sources == ("zotero",)
    assert only("zotero:~/Zotero").sources == ("zotero",)
    link = home / "linked.sqlite"
    link.symlink_to(home / "Zotero" / "zotero.sqlite")
    assert only(link).sources == ("zotero",)
    assert documents.count_bytes(["zotero:"]) == (home / "Zotero" / "zotero.sqlite").stat().st_size


@pytest.mark.parametrize(
    ("platform", "root"),
    [
        ("linux", ".zotero/zotero"),
        ("linux", "snap/zotero-snap/common/.zotero/zotero"),
        ("darwin", "Library/Application Support/Zotero"),
        ("win32", "AppData/Roaming/Zotero/Zotero"),
    ],
)
def test_zotero_is_found_where_the_profile_says(
    home: Path, monkeypatch: pytest.MonkeyPatch, platform: str, root: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("APPDATA", raising=False)
    ZoteroLibrary(home / "Zotero").add(title="Not this one", abstractNote=ABSTRACT)
    data = home / 'my "Zotero" données'
    ZoteroLibrary(data).add(title="Drift", abstractNote=ABSTRACT)
    profile(home, root, str(home / "nowhere"), name="old.other", default=False)
    profile(home, root, str(data))
    assert only("zotero:").title == "Drift"
    notices = [item.text for item in read("zotero:") if isinstance(item, Notice)]
    assert notices == [f"another Zotero library is at {home}/Zotero; read it with zotero:{home}/Zotero"]


def test_without_zotero_the_message_says_where_it_looked_and_what_to_type(home: Path, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=rf"no Zotero library in {home}/Zotero, .*zotero:/path/to/Zotero"):
        documents.read(["zotero:"])
    with pytest.raises(DocumentError, match=r"nowhere.zotero.sqlite does not exist|nowhere does not exist"):
        documents.read([f"zotero:{tmp_path}/nowhere"])


def test_a_library_on_a_disk_that_is_not_connected_is_not_replaced_by_another(home: Path) -> None:
    ZoteroLibrary(home / "Zotero").add(title="Left behind", abstractNote=ABSTRACT)
    profile(home, ".zotero/zotero", "/media/disk/Zotero")
    with pytest.raises(DocumentError, match="keeps its data in /media/disk/Zotero, but"):
        documents.read(["zotero:"])


def test_the_doi_may_stand_in_extra(zotero: ZoteroLibrary) -> None:
    zotero.add("book", title="On boats", abstractNote=ABSTRACT, extra="DOI: 10.1234/boats\n{:PMID: 31234567}")
    assert (only(zotero.path).doi, only(zotero.path).pmid) == ("10.1234/boats", "31234567")
