"""Makes libraries with the tables of Zotero 5 to 8, and programs that hold them open as Zotero does."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

TYPES = ("note", "attachment", "annotation", "journalArticle", "conferencePaper", "bookSection", "preprint", "patent",
         "case", "thesis", "book")  # fmt: skip
FIELDS = (
    "title", "abstractNote", "date", "publicationTitle", "proceedingsTitle", "bookTitle", "repository", "DOI", "url",
    "language", "extra", "archiveID", "citationKey", "caseName", "university", "volume", "PMID",
)  # fmt: skip
ROLES = ("author", "editor", "contributor", "inventor", "translator")
_PRIMARY = {"patent": "inventor"}
_TABLES = {
    "version": "schema TEXT PRIMARY KEY, version INT NOT NULL",
    "settings": "setting TEXT, key TEXT, value, PRIMARY KEY (setting, key)",
    "libraries": "libraryID INTEGER PRIMARY KEY, type TEXT NOT NULL, editable INT NOT NULL, filesEditable INT NOT NULL, version INT NOT NULL DEFAULT 0, archived INT NOT NULL DEFAULT 0",
    "groups": "groupID INTEGER PRIMARY KEY, libraryID INT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT NOT NULL, version INT NOT NULL",
    "feeds": "libraryID INTEGER PRIMARY KEY, name TEXT NOT NULL, url TEXT NOT NULL UNIQUE, lastUpdate TIMESTAMP",
    "feedItems": "itemID INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, readTime TIMESTAMP",
    "itemTypes": "itemTypeID INTEGER PRIMARY KEY, typeName TEXT, templateItemTypeID INT, display INT DEFAULT 1",
    "fields": "fieldID INTEGER PRIMARY KEY, fieldName TEXT, fieldFormatID INT",
    "creatorTypes": "creatorTypeID INTEGER PRIMARY KEY, creatorType TEXT",
    "itemTypeCreatorTypes": "itemTypeID INT, creatorTypeID INT, primaryField INT, PRIMARY KEY (itemTypeID, creatorTypeID)",
    "items": "itemID INTEGER PRIMARY KEY, itemTypeID INT NOT NULL, dateAdded TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, dateModified TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, libraryID INT NOT NULL, key TEXT NOT NULL, version INT NOT NULL DEFAULT 0, synced INT NOT NULL DEFAULT 0, UNIQUE (libraryID, key)",
    "itemDataValues": "valueID INTEGER PRIMARY KEY, value UNIQUE",
    "itemData": "itemID INT, fieldID INT, valueID, PRIMARY KEY (itemID, fieldID)",
    "itemNotes": "itemID INTEGER PRIMARY KEY, parentItemID INT, note TEXT, title TEXT",
    "itemAttachments": "itemID INTEGER PRIMARY KEY, parentItemID INT, linkMode INT, contentType TEXT, path TEXT",
    "itemAnnotations": "itemID INTEGER PRIMARY KEY, parentItemID INT NOT NULL, type INTEGER NOT NULL, text TEXT, comment TEXT",
    "creators": "creatorID INTEGER PRIMARY KEY, firstName TEXT, lastName TEXT, fieldMode INT, UNIQUE (lastName, firstName, fieldMode)",
    "itemCreators": "itemID INT NOT NULL, creatorID INT NOT NULL, creatorTypeID INT NOT NULL DEFAULT 1, orderIndex INT NOT NULL DEFAULT 0, UNIQUE (itemID, orderIndex)",
    "collections": "collectionID INTEGER PRIMARY KEY, collectionName TEXT NOT NULL, parentCollectionID INT DEFAULT NULL, libraryID INT NOT NULL, key TEXT NOT NULL",
    "collectionItems": "collectionID INT NOT NULL, itemID INT NOT NULL, orderIndex INT NOT NULL DEFAULT 0, PRIMARY KEY (collectionID, itemID)",
    "tags": "tagID INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE",
    "itemTags": "itemID INT NOT NULL, tagID INT NOT NULL, type INT NOT NULL, PRIMARY KEY (itemID, tagID)",
    "deletedItems": "itemID INTEGER PRIMARY KEY, dateDeleted DEFAULT CURRENT_TIMESTAMP NOT NULL",
    "deletedCollections": "collectionID INTEGER PRIMARY KEY, dateDeleted DEFAULT CURRENT_TIMESTAMP NOT NULL",
    "retractedItems": "itemID INTEGER PRIMARY KEY, data TEXT, flag INT DEFAULT 0",
}
LACKING = {5: ("itemAnnotations", "deletedCollections", "retractedItems"), 6: (), 7: (), 8: ()}
"""The tables that a release of Zotero does not have yet."""


class ZoteroLibrary:
    """A data folder of Zotero that can be changed while nobody holds it."""

    def __init__(self, folder: Path, release: int = 7, *, wal: bool = False, prefix: str = "KEY") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "storage").mkdir(exist_ok=True)
        self.folder, self.path, self.prefix = folder, folder / "zotero.sqlite", prefix
        with self.open() as db:
            if wal:
                db.execute("PRAGMA journal_mode = WAL")
            for name, columns in _TABLES.items():
                if name not in LACKING[release]:
                    db.execute(f"CREATE TABLE {name} ({columns})")
            db.execute("INSERT INTO version VALUES ('userdata', ?)", ({5: 95, 6: 117, 7: 123, 8: 125}[release],))
            db.execute("INSERT INTO libraries (libraryID, type, editable, filesEditable) VALUES (1, 'user', 1, 1)")
            db.executemany("INSERT INTO itemTypes (typeName) VALUES (?)", [(t,) for t in TYPES])
            db.executemany("INSERT INTO fields (fieldName) VALUES (?)", [(f,) for f in FIELDS])
            db.executemany("INSERT INTO creatorTypes (creatorType) VALUES (?)", [(r,) for r in ROLES])
            for kind in TYPES[3:]:
                for role in ROLES:
                    row = (TYPES.index(kind) + 1, ROLES.index(role) + 1, int(role == _PRIMARY.get(kind, "author")))
                    db.execute("INSERT INTO itemTypeCreatorTypes VALUES (?, ?, ?)", row)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path)) as db:
            db.execute("PRAGMA synchronous = OFF")
            yield db
            db.commit()

    def add_group(self, group_id: int, name: str) -> int:
        with self.open() as db:
            db.execute("INSERT INTO libraries (type, editable, filesEditable) VALUES ('group', 1, 1)")
            (library,) = db.execute("SELECT max(libraryID) FROM libraries").fetchone()
            db.execute("INSERT INTO groups VALUES (?, ?, ?, '', 1)", (group_id, library, name))
        return int(library)

    def add_feed(self, name: str) -> int:
        with self.open() as db:
            db.execute("INSERT INTO libraries (type, editable, filesEditable) VALUES ('feed', 0, 0)")
            (library,) = db.execute("SELECT max(libraryID) FROM libraries").fetchone()
            db.execute(
                "INSERT INTO feeds (libraryID, name, url) VALUES (?, ?, ?)", (library, name, f"https://x.org/{library}")
            )
        return int(library)

    def add_collection(self, name: str, parent: int | None = None, library: int = 1) -> int:
        with self.open() as db:
            db.execute(
                "INSERT INTO collections (collectionName, parentCollectionID, libraryID, key) VALUES (?, ?, ?, ?)",
                (name, parent, library, f"COL{name}"),
            )
            (number,) = db.execute("SELECT max(collectionID) FROM collections").fetchone()
        return int(number)

    def add(
        self,
        kind: str = "journalArticle",
        *,
        library: int = 1,
        creators: Sequence[tuple[str, str, str]] = (),
        tags: Sequence[str] = (),
        automatic: Sequence[str] = (),
        collections: Sequence[int] = (),
        **fields: str | int,
    ) -> int:
        """Adds an item, whose key is the prefix and its number; returns the number. `creators`: role, first name (empty for an
        institution), last name."""
        with self.open() as db:
            row = (TYPES.index(kind) + 1, library)
            number = db.execute("INSERT INTO items (itemTypeID, libraryID, key) VALUES (?, ?, '')", row).lastrowid
            db.execute("UPDATE items SET key = ? WHERE itemID = ?", (f"{self.prefix}{number:05}", number))
            for name, value in fields.items():
                self._set(db, number, name, value)
            for place, (role, first, last) in enumerate(creators):
                row = (first, last, int(not first))
                db.execute("INSERT OR IGNORE INTO creators (firstName, lastName, fieldMode) VALUES (?, ?, ?)", row)
                sql = "SELECT creatorID FROM creators WHERE firstName = ? AND lastName = ? AND fieldMode = ?"
                (creator,) = db.execute(sql, row).fetchone()
                db.execute(
                    "INSERT INTO itemCreators VALUES (?, ?, ?, ?)", (number, creator, ROLES.index(role) + 1, place)
                )
            for kind_of_tag, names in enumerate((tags, automatic)):
                for name in names:
                    db.execute("INSERT OR IGNORE INTO tags (name) VALUES (?)", (name,))
                    db.execute(
                        "INSERT INTO itemTags SELECT ?, tagID, ? FROM tags WHERE name = ?", (number, kind_of_tag, name)
                    )
            db.executemany(
                "INSERT INTO collectionItems (collectionID, itemID) VALUES (?, ?)", [(c, number) for c in collections]
            )
        return int(number or 0)

    def set(self, number: int, **fields: str | int) -> None:
        with self.open() as db:
            for name, value in fields.items():
                self._set(db, number, name, value)

    def _set(self, db: sqlite3.Connection, number: int | None, name: str, value: str | int) -> None:
        field = FIELDS.index(name) + 1
        db.execute("DELETE FROM itemData WHERE itemID = ? AND fieldID = ?", (number, field))
        if value != "":
            db.execute("INSERT OR IGNORE INTO itemDataValues (value) VALUES (?)", (value,))
            (found,) = db.execute("SELECT valueID FROM itemDataValues WHERE value = ?", (value,)).fetchone()
            db.execute("INSERT INTO itemData VALUES (?, ?, ?)", (number, field, found))

    def execute(self, sql: str, *values: object) -> None:
        with self.open() as db:
            db.execute(sql, values)

    def add_better_bibtex(self, citekeys: dict[int, str]) -> None:
        with closing(sqlite3.connect(self.folder / "better-bibtex.sqlite")) as db:
            db.execute("CREATE TABLE citationkey (itemID PRIMARY KEY, itemKey, libraryID, citationKey, pinned)")
            rows = [(n, f"KEY{n:05}", 1, key, 0) for n, key in citekeys.items()]
            db.executemany("INSERT INTO citationkey VALUES (?, ?, ?, ?, ?)", rows)
            db.commit()

    def traces(self) -> dict[str, tuple[int, int, bytes]]:
        """Everything in the folder that a reader could have changed: names, times, contents."""
        files = [path for path in sorted(self.folder.rglob("*")) if path.is_file()]
        traces = {str(p): (p.stat().st_mtime_ns, p.stat().st_size, p.read_bytes()) for p in files}
        folders = [self.folder, *(p for p in self.folder.rglob("*") if p.is_dir())]
        return traces | {str(p): (p.stat().st_mtime_ns, 0, b"") for p in folders}


_HOLDER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA locking_mode = EXCLUSIVE")
db.execute("PRAGMA cache_size = 5")
for statement in sys.argv[2:]:
    db.execute(statement)
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_open(path: Path, *statements: str) -> Iterator[None]:
    """Another process holds the database with an exclusive lock, as Zotero does, after these statements."""
    arguments = [sys.executable, "-c", _HOLDER, str(path), *statements]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield
        finally:
            process.stdin.close()


def filled(folder: Path, count: int = 200, release: int = 7, *, wal: bool = False) -> tuple[ZoteroLibrary, list[int]]:
    """A library of so many articles in nested collections, with tags, notes and attachments; and their numbers."""
    library = ZoteroLibrary(folder, release, wal=wal)
    thesis = library.add_collection("Thesis")
    chapters = [library.add_collection(f"Chapter {n}", thesis) for n in (1, 2)]
    numbers = []
    for n in range(count):
        place = ("harbour", "estuary", "lagoon", "fjord")[n % 4]
        number = library.add(
            title=f"Drift of moored boats in {place} number {n}",
            abstractNote=f"We measure how boat {n} drifts in a {place} at night. The error is {n + 2} metres in station {n * 7}.",
            date=f"20{n % 20:02}-03-00 March 20{n % 20:02}",
            publicationTitle="Journal of Moorings",
            DOI=f"10.1234/Moor.{n}",
            volume=n,
            creators=[("author", "Ann", "Beek"), ("author", "", "Harbour Board"), ("editor", "Ed", "Itor")],
            tags=["boats"],
            automatic=["Drift"],
            collections=[chapters[n % 2]],
        )
        numbers.append(number)
        if n % 5 == 0:
            note = library.add("note")
            library.execute("INSERT INTO itemNotes VALUES (?, ?, '<p>Read this.</p>', 'Read this')", note, number)
            attachment = library.add("attachment", title="Full Text PDF", abstractNote="An attachment has no abstract.")
            library.execute(
                "INSERT INTO itemAttachments VALUES (?, ?, 0, 'application/pdf', 'storage:a.pdf')", attachment, number
            )
    (folder / "storage" / "KEY00001").mkdir()
    (folder / "storage" / "KEY00001" / "notes.txt").write_text("A title\nAn attachment that is a text file.\n")
    return library, numbers
