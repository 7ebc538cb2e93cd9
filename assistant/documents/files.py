"""Finds the files under the given paths."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.documents import zotero
from assistant.documents.source import Source
from assistant.errors import DocumentError
from assistant.types import Failure


def find_files(paths: Sequence[str | Path]) -> list[Source | Failure]:
    """The files to read, each once, in order; a path that cannot be opened as a file is a `Failure` in its place.

    Raises DocumentError, before any file is opened, when one of the paths does not exist.
    """
    given = [paths] if isinstance(paths, (str, Path)) else list(paths)
    roots = [_existing(path) for path in given]
    items: list[Source | Failure] = []
    seen: set[Path] = set()
    for root in roots:
        for item in _under(root):
            if isinstance(item, Source):
                real = item.path.resolve()
                if real in seen:
                    continue
                seen.add(real)
            items.append(item)
    return items


def printable(path: Path) -> str:
    """The path as text that can be stored and printed, whatever bytes it consists of."""
    return os.fsencode(path).decode("utf-8", "replace")


def _existing(given: str | Path) -> Path:
    if database := zotero.address(str(given)):
        return database
    try:
        path = Path(given).expanduser()
        if str(given) and path.exists():
            return path
        reason = "it is empty" if not str(given) else "no such file or folder"
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(getattr(error, "strerror", None) or error)
    shown = str(given).encode("utf-8", "replace").decode().replace("\n", " ")
    raise DocumentError(f"Cannot read '{shown}': {reason}; check the path and try again.")


def _under(root: Path) -> Iterator[Source | Failure]:
    if not root.is_dir():
        yield _file(root, root.name, printable(root))
        return
    shown = root.name or root.resolve().name
    found = False
    for item in _walk(root, root, shown, ()):
        found = True
        yield item
    if not found:
        yield Failure(printable(root), None, "the folder holds no files")


def _walk(folder: Path, root: Path, shown: str, above: tuple[Path, ...]) -> Iterator[Source | Failure]:
    """The visible files below a folder, sorted; `above` holds the folders above it, so that loops of links end."""
    real = folder.resolve()
    label = printable(Path(shown) / folder.relative_to(root))
    if real in above:
        return
    if zotero.is_data_folder(folder):
        database = folder / zotero.DATABASE
        yield _file(database, printable(database.relative_to(root)), f"{label}/{zotero.DATABASE}")
        return
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield Failure(label, None, f"the folder cannot be listed: {error.strerror or error}")
        return
    for entry in entries:
        if entry.name.startswith(".") or zotero.is_own_file(entry):
            continue
        inside = entry.relative_to(root)
        if entry.is_dir():
            yield from _walk(entry, root, shown, (*above, real))
        else:
            yield _file(entry, printable(inside), printable(Path(shown) / inside))


def _file(path: Path, name: str, label: str) -> Source | Failure:
    try:
        status = path.stat()
    except OSError as error:
        return Failure(label, None, f"cannot be opened: {error.strerror or error}")
    if not stat.S_ISREG(status.st_mode):
        # A pipe or device could block forever, or never end.
        return Failure(label, None, "not a regular file; save its content to a file first")
    return Source(path, name, label, status.st_size)
