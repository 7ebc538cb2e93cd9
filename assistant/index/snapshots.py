"""Snapshots of an index, each in a folder of its own, and the pointer file that names the one in use.

A snapshot is filled, sealed and then published by replacing the pointer; it is never written again. So a crash at any
moment leaves the one before, and no process ever opens half of one.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import LibraryError
from assistant.failpoints import pass_by
from assistant.index import checksums
from assistant.index.checksums import Damaged, Ranges

_LOG = logging.getLogger(__name__)
_POINTER = "CURRENT"
_MANIFEST = "manifest.json"
_NAME = re.compile(r"gen-[\w-]+")
_TRIES = 3
OWN_FILES = frozenset({_MANIFEST, checksums.SEAL})
"""Files of a snapshot that it never shares with the one before."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder, the store's revision up to which its index is current, and the number of entries in it."""

    folder: Path
    revision: int
    count: int


def begin(home: Path, revision: int) -> Path:
    """An empty folder for a new snapshot. Raises OSError."""
    folder = home / f"gen-{revision}-{os.getpid()}-{os.urandom(3).hex()}"
    folder.mkdir(parents=True)
    return folder


def publish(
    snapshot: Snapshot, kind: str, *, leave_out: Collection[str] = (), changing: Mapping[str, Ranges] | None = None
) -> None:
    """Seals a filled snapshot (see `checksums.seal`), makes it the one in use and removes the others.

    `kind` names the index at the fail points. Raises OSError; the snapshot before then stays in use.
    """
    folder, home = snapshot.folder, snapshot.folder.parent
    manifest = {"revision": snapshot.revision, "count": snapshot.count}
    (folder / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    pass_by(f"{kind}-before-seal")
    checksums.seal(folder, leave_out=leave_out, changing=changing)
    pass_by(f"{kind}-before-pointer")
    if (home / _POINTER).is_dir():
        _remove(home / _POINTER)
    checksums.write_durably(home / _POINTER, folder.name)
    pass_by(f"{kind}-after-pointer")
    _remove_all_but(folder)


def published(home: Path, *, all_bytes: bool = False) -> Snapshot | None:
    """The snapshot in use, verified (see `checksums.check`); None where there is none at all.

    Raises Damaged for one that fails the check.
    """
    if not (home / _POINTER).exists() and not any(home.glob("gen-*")):
        return None
    tries = _TRIES
    while True:
        name = _pointer(home)
        tries -= 1
        try:
            return _proven(home / name, all_bytes)
        except (OSError, ValueError, KeyError) as error:
            if not tries or _pointer(home) == name:  # else: replaced by another process while it was read
                raise Damaged(f"{home}: {error}") from error


def check_published(home: Path) -> None:
    """Hashes all that is published under `home`, trusting nothing. Raises LibraryError for damage."""
    try:
        published(home, all_bytes=True)
    except Damaged as error:
        raise LibraryError(f"index {error}; run: assistant rebuild") from error


def tidy(home: Path, revision: int) -> None:
    """Removes what interrupted builds have left, and withdraws the published snapshot where it is newer than the
    store: another library file was put in place of the store, and its next revisions would be mistaken for those that
    the index holds. Only for the holder of the library's lock."""
    with contextlib.suppress(OSError, ValueError):
        name = _pointer(home)
        _remove_all_but(home / name)
        if int(name.split("-")[1]) > revision:
            _LOG.warning("index %s is newer than the library; it will be rebuilt from the store", home)
            (home / _POINTER).unlink()


def is_published(snapshot: Snapshot) -> bool:
    """Whether the pointer still names this snapshot; costs one small read."""
    with contextlib.suppress(OSError, ValueError):
        return _pointer(snapshot.folder.parent) == snapshot.folder.name
    return False


def _remove_all_but(snapshot: Path) -> None:
    for other in snapshot.parent.glob("gen-*"):
        if other != snapshot:
            _remove(other)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _pointer(home: Path) -> str:
    try:
        name = (home / _POINTER).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Damaged(f"{home}: {error}") from error
    if not _NAME.fullmatch(name):
        raise Damaged(f"{home}: {_POINTER} is not as it was written")
    return name


def _proven(folder: Path, all_bytes: bool) -> Snapshot:
    checksums.check(folder, all_bytes=all_bytes)
    manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    return Snapshot(folder, int(manifest["revision"]), int(manifest["count"]))
