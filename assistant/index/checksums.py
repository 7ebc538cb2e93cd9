"""Proves that the files of an index are unchanged, by a sealed list of their names, sizes and checksums.

An index is never opened unchecked: a shortened file makes Chroma or tantivy take the whole process down (chroma #7238;
tantivy maps its files into memory), and a flipped bit silently changes results.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEAL = "sealed.json"
_STAMPS = "hashed.json"
HASHED_UP_TO = 64_000_000
"""Bytes of an index that is hashed as a whole at every opening (in 50 ms). In a larger one a file is trusted whose size,
time and inode are those of its last hashing: `assistant doctor` finds damage that leaves these unchanged."""
_BLOCK = 1 << 20

Ranges = list[tuple[int, int]]
"""Bytes from the first number up to, and without, the second."""


class Damaged(ValueError):
    """A file is not as it was sealed; the message names the first."""


@dataclass(frozen=True, slots=True)
class _Sealed:
    """One file of the list. With `changing` ranges it may also have grown: what follows `size` is ignored."""

    size: int
    digest: str
    changing: Ranges


def seal(folder: Path, *, leave_out: Collection[str] = (), changing: Mapping[str, Ranges] | None = None) -> None:
    """Writes the list of the files below `folder`, durably, when they are durable themselves.

    `leave_out`: names of files that hold nothing. `changing`: ranges of a file (by its name) that its owner will write
    to when it opens it. A large index's files that were hashed before are not hashed again. Raises OSError.
    """
    ranges, hashed = changing or {}, _read_stamps(folder)
    sealed: dict[str, _Sealed] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            _flush(path)
        if not path.is_file() or path.name in {SEAL, _STAMPS, *leave_out}:
            continue
        name, size = str(path.relative_to(folder)), path.stat().st_size
        _flush(path)
        digest = hashed[name][-1] if hashed.get(name, [])[:-1] == _stamp(path) else None
        blank = ranges.get(path.name, [])
        sealed[name] = _Sealed(size, digest or _digest(path, size, blank), blank)
    body = json.dumps({name: [s.size, s.digest, s.changing] for name, s in sealed.items()}, indent=0)
    write_durably(folder / SEAL, f"{_hex(body)}\n{body}")
    _write_stamps(folder, sealed)


def check(folder: Path, *, all_bytes: bool = False, hashed_up_to: int | None = None) -> None:
    """Raises Damaged, or OSError, unless every sealed file of `folder` is there as it was sealed.

    `all_bytes`: hashes everything, whatever it costs (about a second per gigabyte). `hashed_up_to`: see HASHED_UP_TO.
    """
    sealed = _read_seal(folder)
    for name, file in sealed.items():
        _check_size(folder / name, file)
    trusted = {} if all_bytes or _is_small(sealed, hashed_up_to) else _read_stamps(folder)
    unproven = [name for name, file in sealed.items() if trusted.get(name) != [*_stamp(folder / name), file.digest]]
    for name in unproven:
        file = sealed[name]
        if _digest(folder / name, file.size, file.changing) != file.digest:
            raise Damaged(f"{name} is not as it was written")
    if unproven:
        _write_stamps(folder, sealed, hashed_up_to)


def restamp(folder: Path, *, hashed_up_to: int | None = None) -> None:
    """Trusts the files as they are now, after their owner changed what it may change, right after a check."""
    with contextlib.suppress(OSError, ValueError):
        _write_stamps(folder, _read_seal(folder), hashed_up_to)


def write_durably(path: Path, text: str) -> None:
    """Writes the whole text or nothing, even through a power cut. Raises OSError."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _flush(path.parent)


def _read_seal(folder: Path) -> dict[str, _Sealed]:
    checksum, _, body = (folder / SEAL).read_text(encoding="utf-8").partition("\n")
    if checksum != _hex(body):
        raise Damaged(f"{SEAL} is not as it was written")
    return {
        name: _Sealed(size, digest, [(a, b) for a, b in changing])
        for name, (size, digest, changing) in json.loads(body).items()
    }


def _check_size(path: Path, file: _Sealed) -> None:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise Damaged(f"{path.name} is not a file")
    if found.st_size < file.size or (found.st_size > file.size and not file.changing):
        raise Damaged(f"{path.name} has {found.st_size} bytes instead of {file.size}")


def _is_small(sealed: Mapping[str, _Sealed], hashed_up_to: int | None) -> bool:
    most = HASHED_UP_TO if hashed_up_to is None else hashed_up_to
    return sum(file.size for file in sealed.values()) <= most


def _stamp(path: Path) -> list[Any]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ino]


def _read_stamps(folder: Path) -> dict[str, list[Any]]:
    """Name -> stamp and digest; empty where the file is unusable, and then all files are hashed again."""
    try:
        found = json.loads((folder / _STAMPS).read_text(encoding="utf-8"))
        return {str(name): list(row) for name, row in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _write_stamps(folder: Path, sealed: Mapping[str, _Sealed], hashed_up_to: int | None = None) -> None:
    if _is_small(sealed, hashed_up_to):
        return
    temporary = folder / f"{_STAMPS}.{os.getpid()}"
    with contextlib.suppress(OSError):  # a folder that cannot be written is hashed each time
        rows = {name: [*_stamp(folder / name), file.digest] for name, file in sealed.items()}
        temporary.write_text(json.dumps(rows), encoding="utf-8")
        temporary.replace(folder / _STAMPS)


def _digest(path: Path, size: int, blank: Ranges) -> str:
    """SHA-256 of the first `size` bytes, with those in `blank` taken as zeros."""
    whole, at = hashlib.sha256(), 0
    with path.open("rb") as file:
        while at < size and (block := bytearray(file.read(min(_BLOCK, size - at)))):
            for start, end in blank:
                a, b = max(start - at, 0), min(end - at, len(block))
                if a < b:
                    block[a:b] = bytes(b - a)
            whole.update(block)
            at += len(block)
    return whole.hexdigest()


def _hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _flush(path: Path) -> None:
    """Flushes a file, or a folder's entries where the system can, to the disk itself."""
    with contextlib.suppress(PermissionError):  # Windows does not open folders
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
