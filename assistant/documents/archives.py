"""Opens zip and tar archives, whose files are read as if they lay in a folder.

Nothing is ever written to a place that an archive names: what is unpacked goes to a nameless temporary file. Limits
keep a small archive from filling the memory, the disk or the day.
"""

from __future__ import annotations

import io
import lzma
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Literal, cast

from assistant.documents.clean import clean
from assistant.documents.source import Source
from assistant.errors import DocumentError
from assistant.types import Failure

SUFFIXES = frozenset({".zip", ".tar", ".tgz", ".tbz", ".tbz2", ".txz"})
MAX_FILES = 10_000
MAX_UNPACKED = 16_000_000_000
"""Bytes of all files of one archive."""
MAX_RATIO = 200
"""How many times its own size an archive may unpack to; text rarely packs to less than a thirtieth."""
_FREE = 64_000_000
"""Bytes that any archive may unpack to."""
MAX_DEPTH = 2
"""Archives in one another."""
_IN_MEMORY = 8_000_000
"""Bytes of an unpacked file that are kept in memory; a longer one goes to disk."""
_LONGEST_TAR_HEADER = 1_000_000
_OFFICE = frozenset({".docx", ".odp", ".ods", ".odt", ".pptx", ".xlsx", ".epub"})
_OF_OTHER_KINDS = {
    "[Content_Types].xml": "Office files are not read; save it as CSV or text",
    "mimetype": "Office files and e-books are not read; save it as CSV or text",
    "META-INF/MANIFEST.MF": "programs are not read; export the abstracts as BibTeX, RIS, CSV or text",
}
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, ValueError, struct.error)
_UNPACK = "unpack it and index the folder"

Kind = Literal["zip", "tar"]


@dataclass
class _Budget:
    """What an archive, with the archives in it, may still unpack to."""

    unpacked: int
    files: int = MAX_FILES

    def take_file(self) -> None:
        self.files -= 1
        if self.files < 0:
            raise DocumentError(f"it holds more than {MAX_FILES:,} files; {_UNPACK}")

    def take(self, size: int) -> None:
        self.unpacked -= size
        if self.unpacked < 0:
            raise DocumentError(f"it unpacks to far more than its size, as only harmful archives do; {_UNPACK}")


class Member(Source):
    """A file in an archive, called `archive.zip/inner.bib`."""

    def __init__(self, archive: Source, name: str, data: IO[bytes], size: int, budget: _Budget, depth: int) -> None:
        # The path lies below a file, and so names nothing that exists.
        super().__init__(archive.path / name, f"{archive.name}/{name}", f"{archive.label}/{name}", size)
        self._data, self.budget, self.depth = data, budget, depth

    @contextmanager
    def opened(self) -> Iterator[io.BufferedReader]:
        """The file's bytes as they lie in the archive."""
        self._data.seek(0)
        yield io.BufferedReader(_Unclosing(self._data))


class _Unclosing(io.RawIOBase):
    """A view of a file that can be closed without closing the file."""

    def __init__(self, data: IO[bytes]) -> None:
        self._data = data

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's buffer has no length
        piece = self._data.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._data.seek(offset, whence)


def kind_of(source: Source) -> Kind | None:
    """Whether a file is an archive. Reading it raises OSError, EOFError, zlib.error or lzma.LZMAError."""
    if source.suffix in _OFFICE:
        return None
    with source.binary() as stream:
        start = stream.read(512)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    return "tar" if start[257:262] == b"ustar" else None


def members(source: Source, kind: Kind) -> Iterator[Member | Failure]:
    """The files in an archive, each to be read before the next is asked for; one that cannot be unpacked is a `Failure`.

    Raises DocumentError past a limit, for a damaged archive and for an Office file.
    """
    depth = source.depth + 1 if isinstance(source, Member) else 1
    if depth > MAX_DEPTH:
        raise DocumentError(f"archives in one another are read {MAX_DEPTH} deep; {_UNPACK}")
    allowed = min(MAX_UNPACKED, max(_FREE, MAX_RATIO * source.size))
    budget = source.budget if isinstance(source, Member) else _Budget(allowed)
    with source.binary() as stream:
        try:
            yield from (_zipped if kind == "zip" else _tarred)(source, stream, budget, depth)
        except _DAMAGED:
            what = "zip archive or Office file" if kind == "zip" else "tar archive"
            raise DocumentError(f"the {what} is damaged or cut off; what came before was read") from None


def _zipped(source: Source, stream: BinaryIO, budget: _Budget, depth: int) -> Iterator[Member | Failure]:
    with zipfile.ZipFile(stream) as archive:
        for other, reason in _OF_OTHER_KINDS.items():
            if other in archive.NameToInfo:
                raise DocumentError(reason)
        for info in archive.infolist():
            budget.take_file()
            name = _shown(info.filename)
            if info.is_dir() or not name:
                continue
            if info.flag_bits & 1:
                yield Failure(f"{source.label}/{name}", None, f"encrypted; {_UNPACK} with its password")
                continue
            # Only deflate unpacks in bounded steps: of the others, 4 kB can become 80 MB.
            step = 65_536 if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else 4_096
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as data:
                try:
                    with archive.open(info) as packed:
                        size = _copy(packed, data, budget, step)
                except (*_DAMAGED, NotImplementedError, RuntimeError, OSError) as error:
                    if getattr(error, "errno", None):
                        raise  # the disk's fault, not the archive's
                    reason = "packed in a way that is not read" if isinstance(error, RuntimeError) else "damaged"
                    yield Failure(f"{source.label}/{name}", None, f"{reason}; {_UNPACK}")
                    continue
                yield Member(source, name, cast(IO[bytes], data), size, budget, depth)


def _tarred(source: Source, stream: BinaryIO, budget: _Budget, depth: int) -> Iterator[Member | Failure]:
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_BoundedHeader) as archive:
        for info in archive:
            budget.take_file()
            name = _shown(info.name)
            if not info.isfile() or not name:
                budget.take(info.size)
                continue
            packed = archive.extractfile(info)
            if packed is None:
                continue
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as data:
                size = _copy(packed, data, budget, 65_536)
                yield Member(source, name, cast(IO[bytes], data), size, budget, depth)


class _BoundedHeader(tarfile.TarInfo):
    """Refuses names and attributes that would fill the memory, which tarfile reads whole."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _BoundedHeader:
        """Like the original. Raises tarfile.ReadError."""
        made = super().frombuf(buf, encoding, errors)
        if not made.isreg() and made.size > _LONGEST_TAR_HEADER:
            raise tarfile.ReadError("a header is too long")
        return made


def _copy(packed: IO[bytes], data: tempfile.SpooledTemporaryFile[bytes], budget: _Budget, step: int) -> int:
    size = 0
    while piece := packed.read(step):
        budget.take(len(piece))
        size += data.write(piece)
    return size


def _shown(name: str) -> str:
    """The name of a file in an archive, as a path below it; empty for a hidden file and for what macOS adds."""
    parts = [clean(part) for part in PurePosixPath(name.replace("\\", "/")).parts]
    parts = [part for part in parts if part not in ("/", "..", ".", "")]
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return "" if hidden else Path(*parts).as_posix() if parts else ""
