"""A connection to one SQLite file that threads may share; read-only where the file cannot be written."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import LibraryError, QuestionError
from assistant.failpoints import pass_by


class Database:
    """A connection that threads may share; `read_only` when the file or its folder cannot be written."""

    def __init__(self, path: Path, schema: str, *, create: bool = True) -> None:
        """Opens the file, or creates it with `schema` (statements that may run again). Raises LibraryError."""
        self._lock = threading.RLock()
        self._path = path
        self.read_only = False
        try:
            if create and not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._connect("rwc" if create else "rw")
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA foreign_keys = ON")
                self._db.executescript(schema)
            except sqlite3.OperationalError as error:
                if not path.exists() or not _is_read_only(error):
                    raise
                self._db.close()
                self._db, self.read_only = self._open_for_reading(), True
        except (sqlite3.Error, OSError) as error:
            raise LibraryError(self._explain(error)) from error

    def _connect(self, options: str) -> sqlite3.Connection:
        uri = f"{self._path.absolute().as_uri()}?mode={options}"
        return sqlite3.connect(uri, uri=True, check_same_thread=False, timeout=30)

    def _open_for_reading(self) -> sqlite3.Connection:
        """Read-only when the write-ahead log can be read; otherwise immutable, as a file that nobody changes."""
        db = self._connect("ro")
        try:
            db.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            db.close()
            db = self._connect("ro&immutable=1")
            db.execute("SELECT 1 FROM sqlite_master").fetchone()
        return db

    def define(self, name: str, function: Callable[..., int]) -> None:
        """Registers a deterministic function of any number of values that statements can call."""
        self._db.create_function(name, -1, function, deterministic=True)

    def close(self) -> None:
        """Releases the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commits everything that is executed inside, or nothing; inside another transaction, with that. Raises LibraryError."""
        with self._lock, self._explained():
            if self._db.in_transaction:
                yield
                return
            with self._db:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                pass_by("store-before-commit")
            pass_by("store-after-commit")

    def execute(self, sql: str, values: Sequence[object] = ()) -> int:
        """Runs a statement inside the caller's transaction; returns the number of rows it changed."""
        return self._db.execute(sql, tuple(values)).rowcount

    def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Runs a statement once per row inside the caller's transaction."""
        self._db.executemany(sql, rows)

    def rows(self, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows, fetched in blocks so that the lock is not held while the caller works on them. Raises LibraryError."""
        with self._explained():
            with self._lock:
                cursor = self._db.execute(sql, tuple(values))
            while True:
                with self._lock:
                    block = cursor.fetchmany(1000)
                if not block:
                    return
                yield from block

    def one(self, sql: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """The first row, or None. Raises LibraryError."""
        with self._explained(), self._lock:
            row: tuple[Any, ...] | None = self._db.execute(sql, tuple(values)).fetchone()
        return row

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise LibraryError(self._explain(error)) from error
        except UnicodeEncodeError as error:
            # A shell passes on bytes that are none of its encoding; they stand in no record.
            raise QuestionError(f"{error.object!r} is no text; write it as UTF-8") from error

    def _explain(self, error: Exception) -> str:
        path = self._path
        if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
            return f"{path} is not a library of this program, or is damaged; move it away, or choose another --home"
        if "malformed" in str(error) or "decode" in str(error):
            return f"{path} is damaged ({error}); restore it from a backup, or move it away and index the files again"
        if "unable to open" in str(error) or isinstance(error, OSError):
            return f"cannot open the library {path} ({error}); check that its folder exists and can be written, or choose another --home"
        if "readonly" in str(error):
            return f"the library {path} is read-only; make its folder writable, or choose another --home"
        return f"library {path}: {error}; nothing of this step was stored; check the free disk space, then try again"


def _is_read_only(error: sqlite3.Error) -> bool:
    """No permission to write the file, or the folder in which SQLite creates its log."""
    return "readonly" in str(error) or "unable to open" in str(error)


def marks(values: Sequence[object]) -> str:
    """One question mark per value, for `IN (…)`."""
    return ", ".join("?" * len(values))
