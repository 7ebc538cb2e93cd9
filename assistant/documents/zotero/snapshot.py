"""Copies the database of a running program, and makes sure that the copy is not one of half a write.

Zotero holds an exclusive lock as long as it runs, so its database cannot be opened, but its bytes can be read. Its log
is copied too: opening the copy adds what stands in the log alone, or takes back a transaction that was not committed.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from assistant.errors import DocumentError

_MAGIC = b"SQLite format 3\0"
_PAUSES = (0.0, 0.1, 0.3, 1.0, 2.0)
"""Seconds before each try: a transaction of Zotero takes far less."""
_HEADS = {"": 100, "-wal": 32, "-journal": 28}
"""The files of a database, and the size of the header that changes when the file is begun anew."""


def is_sqlite(path: Path) -> bool:
    """Whether the file begins as SQLite files do."""
    return _head(path, len(_MAGIC)) == _MAGIC


def copy(path: Path, folder: Path, tables: Sequence[str]) -> Path:
    """Copies a database into a folder. Raises DocumentError, for one that is damaged or is written all the time.

    `tables`: those that will be read; they alone are checked.
    """
    path = path.resolve()  # the log of a linked database lies beside the database itself
    target = folder / path.name
    stable, damage = False, ""
    for pause in _PAUSES:
        time.sleep(pause)
        before = _state(path)
        _copy_files(path, target)
        stable = _state(path) == before
        if stable and not (damage := _damage(target, tables)):
            return target
    if stable:
        raise DocumentError(f"the database is damaged ({damage}); restore a backup, such as {path.name}.bak beside it")
    raise DocumentError("the database is being written all the time; wait until Zotero has synced, then run it again")


def open_copy(path: Path) -> sqlite3.Connection:
    """Opens a copy; what is not UTF-8 in it is replaced."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.text_factory = lambda data: data.decode("utf-8", "replace")
    return db


def _state(path: Path) -> tuple[object, ...]:
    """Changes when the database is written, or its log begun anew; what is added to a log does not count, since the
    copy of an unfinished entry is ignored when the copy is opened."""
    status = path.stat()
    heads = (_head(path.with_name(path.name + suffix), size) for suffix, size in _HEADS.items())
    return (status.st_mtime_ns, status.st_size, *heads)


def _head(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(size)
    except FileNotFoundError:
        return b""


def _copy_files(path: Path, target: Path) -> None:
    for suffix in (*_HEADS, "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    for suffix in _HEADS:  # the logs come last: what was added to them meanwhile is whole or ignored
        try:
            shutil.copyfile(path.with_name(path.name + suffix), target.with_name(target.name + suffix))
        except FileNotFoundError:
            if not suffix:
                raise
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DocumentError(
                    f"no room in {target.parent.parent} for a copy of it ({path.stat().st_size / 1e6:,.0f} MB); free "
                    "some, or name another folder in the environment variable TMPDIR"
                ) from error
            raise


def _damage(target: Path, tables: Sequence[str]) -> str:
    """What SQLite finds wrong with these tables, as far as the copy has them; empty where it finds nothing."""
    try:
        with closing(open_copy(target)) as db:
            present = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            for table in present.intersection(tables):
                (found,) = db.execute(f"PRAGMA quick_check({table})").fetchone()
                if found != "ok":
                    return str(found).splitlines()[-1]
    except sqlite3.DatabaseError as error:
        return str(error)
    return ""
