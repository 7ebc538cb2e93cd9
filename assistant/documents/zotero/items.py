"""Reads the items of a copied database, in batches, from the tables of Zotero 5 and later."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.documents.source import RECORD_LIMIT
from assistant.errors import DocumentError

_ESSENTIAL = ("items", "itemTypes", "fields", "itemData", "itemDataValues", "version")
_COLUMNS = {
    "libraries": "libraryID, type",
    "groups": "libraryID, groupID, name",
    "feeds": "libraryID",
    "feedItems": "itemID",
    "deletedItems": "itemID",
    "deletedCollections": "collectionID",
    "retractedItems": "itemID, flag",
    "creators": "creatorID, firstName, lastName, fieldMode",
    "creatorTypes": "creatorTypeID, creatorType",
    "itemCreators": "itemID, creatorID, creatorTypeID, orderIndex",
    "itemTypeCreatorTypes": "itemTypeID, creatorTypeID, primaryField",
    "collections": "collectionID, collectionName, parentCollectionID",
    "collectionItems": "collectionID, itemID",
    "tags": "tagID, name",
    "itemTags": "itemID, tagID, type",
}
"""The further tables that are read; a release that lacks one of them, or a column, holds nothing of its kind."""
TABLES = (*_ESSENTIAL, *_COLUMNS)
_FIRST_VERSION = 80
"""The `userdata` schema of Zotero 5.0; earlier releases have other tables."""
_BATCH = 200
_HIDDEN = 1
"""The flag of a retraction about which the user wants to hear no more."""
_ITEMS = f"""
FROM items JOIN itemTypes USING (itemTypeID)
    LEFT JOIN groups USING (libraryID)
    LEFT JOIN retractedItems ON retractedItems.itemID = items.itemID AND coalesce(flag, 0) != {_HIDDEN}
    LEFT JOIN citekeys ON citekeys.itemID = items.itemID
WHERE typeName NOT IN ('attachment', 'note', 'annotation')
    AND items.itemID NOT IN (SELECT itemID FROM deletedItems UNION SELECT itemID FROM feedItems)
    AND libraryID NOT IN (SELECT libraryID FROM feeds UNION SELECT libraryID FROM libraries WHERE type = 'feed')
"""  # noqa: S608 - a constant
_FIELDS = """
SELECT itemID, fieldName, value IS NOT NULL AND length(value) > ?, substr(value, 1, ?)
FROM itemData JOIN fields USING (fieldID) JOIN itemDataValues USING (valueID) WHERE itemID IN ({})
"""
_CREATORS = """
SELECT itemID, creatorType, coalesce(primaryField, creatorType = 'author'), firstName, lastName, fieldMode
FROM itemCreators JOIN creators USING (creatorID) JOIN creatorTypes USING (creatorTypeID) JOIN items USING (itemID)
    LEFT JOIN itemTypeCreatorTypes USING (itemTypeID, creatorTypeID)
WHERE itemID IN ({}) ORDER BY orderIndex
"""
_TAGS = "SELECT itemID, name FROM itemTags JOIN tags USING (tagID) WHERE itemID IN ({}) ORDER BY type, name"
_COLLECTIONS = "SELECT itemID, collectionID FROM collectionItems WHERE itemID IN ({})"


@dataclass(frozen=True, slots=True)
class Creator:
    """A person or an institution, with its role, such as `editor`."""

    role: str
    primary: bool
    """Whether the role is the main one of this type of item: the author of an article, the inventor of a patent."""
    given: str
    family: str
    """The whole name of an institution."""


@dataclass(slots=True)
class ZoteroItem:
    """One item as Zotero holds it."""

    key: str
    kind: str
    group_id: int | None
    """None in the user's own library."""
    group: str | None
    retracted: bool
    citekey: str | None
    """From the database of Better BibTeX."""
    fields: dict[str, str] = field(default_factory=dict)
    too_long: bool = False
    creators: list[Creator] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)


def prepare(db: sqlite3.Connection) -> None:
    """Adds to a copy the tables and columns that its release of Zotero lacks, empty. Raises DocumentError where it is
    no database of Zotero 5 or later."""
    present = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not present.issuperset(_ESSENTIAL):
        raise DocumentError(
            "a SQLite database, but not one of Zotero; export the abstracts as BibTeX, RIS, CSV or text"
        )
    row = db.execute("SELECT version FROM version WHERE schema = 'userdata'").fetchone()
    if row and int(row[0]) < _FIRST_VERSION:
        raise DocumentError("written by Zotero 4 or older; open it once with a newer Zotero, then run it again")
    for table, columns in _COLUMNS.items():
        db.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
        known = {name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,))}
        for column in columns.split(", "):
            if column not in known:
                db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    db.execute("CREATE TEMP TABLE citekeys (itemID INTEGER PRIMARY KEY, citekey TEXT)")


def add_citekeys(db: sqlite3.Connection, better_bibtex: str) -> None:
    """Takes the citekeys from a copy of Better BibTeX's database. Raises sqlite3.DatabaseError."""
    db.execute("ATTACH ? AS bbt", (better_bibtex,))
    present = {name for (name,) in db.execute("SELECT name FROM bbt.sqlite_master WHERE type = 'table'")}
    if "citationkey" in present:
        db.execute("INSERT OR REPLACE INTO citekeys SELECT itemID, citationKey FROM bbt.citationkey")
    elif "better-bibtex" in present:  # until 2023
        db.execute(
            "INSERT OR REPLACE INTO citekeys SELECT json_extract(value, '$.itemID'), json_extract(value, '$.citekey') "
            "FROM bbt.\"better-bibtex\", json_each(data, '$.data') WHERE name = 'better-bibtex.citekey'"
        )


def count(db: sqlite3.Connection) -> int:
    """The number of items that `items` yields."""
    return int(db.execute("SELECT count(*)" + _ITEMS).fetchone()[0])


def items(db: sqlite3.Connection) -> Iterator[ZoteroItem]:
    """The items that are neither notes nor files nor in the bin nor of a feed; the user's own library first."""
    paths = _collection_paths(db)
    columns = "items.itemID, key, typeName, groupID, groups.name, retractedItems.itemID IS NOT NULL, citekey"
    cursor = db.execute(f"SELECT {columns} {_ITEMS} ORDER BY groupID, items.itemID")
    while rows := cursor.fetchmany(_BATCH):
        batch = {
            number: ZoteroItem(key, kind, group_id, group, bool(retracted), citekey)
            for number, key, kind, group_id, group, retracted, citekey in rows
        }
        _fill(db, batch, paths)
        yield from batch.values()


def _fill(db: sqlite3.Connection, batch: dict[int, ZoteroItem], paths: dict[int, str]) -> None:
    """Reads what other tables hold about these items."""
    ids, marks = tuple(batch), ", ".join("?" * len(batch))
    for item_id, name, too_long, value in db.execute(_FIELDS.format(marks), (RECORD_LIMIT, RECORD_LIMIT, *ids)):
        batch[item_id].fields[name] = str(value if value is not None else "")
        batch[item_id].too_long |= bool(too_long)
    for item_id, role, primary, given, family, mode in db.execute(_CREATORS.format(marks), ids):
        name = ("" if mode == 1 else given or "", family or "")
        batch[item_id].creators.append(Creator(role, bool(primary), *name))
    for item_id, tag in db.execute(_TAGS.format(marks), ids):
        batch[item_id].tags.append(tag)
    for item_id, collection in db.execute(_COLLECTIONS.format(marks), ids):
        if collection in paths:
            batch[item_id].collections.append(paths[collection])
    for item in batch.values():
        item.collections.sort()


def _collection_paths(db: sqlite3.Connection) -> dict[int, str]:
    """The collections that are not in the bin, each with its path, such as `Thesis/Chapter 2`."""
    rows = db.execute(
        "SELECT collectionID, collectionName, parentCollectionID FROM collections "
        "WHERE collectionID NOT IN (SELECT collectionID FROM deletedCollections)"
    ).fetchall()
    inside = defaultdict(list)
    for number, name, parent in rows:
        inside[parent].append((number, str(name)))
    paths = dict(inside[None])
    waiting = list(paths)
    while waiting:
        above = waiting.pop()
        for number, name in inside[above]:
            paths[number] = f"{paths[above]}/{name}"
            waiting.append(number)
    return paths
