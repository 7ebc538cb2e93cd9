"""Opens a file of any format: unpacks gzip, bzip2 and xz, decodes text, skips overlong lines and reports the position."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from assistant.errors import DocumentError
from assistant.types import Failure, Notice

RECORD_LIMIT = 10_000_000
"""Characters of one line or record; longer ones are refused because they would fill the memory."""
TOO_LONG = f"longer than {RECORD_LIMIT // 1_000_000} million characters; skipped"
PACKED = frozenset({".gz", ".bz2", ".xz"})
"""The suffixes of single files that are packed."""
HEAD = 65_536
"""Bytes at the start of a file from which its format is detected."""

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = {c: None for c in (*range(32), *range(127, 160)) if chr(c) not in "\t\n\f\v\x85"}
_PLAIN = bytes(b for b in range(256) if b not in _CONTROL or b >= 128 or b == 13)
_SIGNATURES = (
    (b"%PDF", "PDF is not read; export the abstracts as BibTeX, RIS, CSV or text"),
    (b"PK\x03\x04", "Office files are not read; save it as CSV or text"),
    (b"PAR1", "Parquet under another name; rename it so that it ends in .parquet"),
)
_BINARY_DATA = "binary data, not text; export the abstracts as BibTeX, RIS, CSV, JSON or text"
_XML_ENCODING = re.compile(rb"""\s*<\?xml\b[^>]*\bencoding\s*=""")
_UNKNOWN_ENCODING = "text in an unknown encoding; save it as UTF-8"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decodes bytes that are not UTF-8 as Windows text, which they most likely are; an error handler for codecs."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("assistant.cp1252", _as_cp1252)


class Source:
    """A file on disk, called `name` in `Paper.sources` and `label` in `Failure.source`."""

    def __init__(self, path: Path, name: str, label: str, size: int) -> None:
        self.path, self.name, self.label, self.size = path, name, label, size
        self._raw: BinaryIO | None = None
        self._share: float | None = None

    @property
    def suffix(self) -> str:
        """The suffix in lower case, such as `.txt`, disregarding a `.gz`, `.bz2` or `.xz` after it."""
        path = self.path
        return (Path(path.stem) if path.suffix.lower() in PACKED else path).suffix.lower()

    def failure(self, error: str, line: int | None = None, title: str | None = None) -> Failure:
        """A `Failure` of this file, or of its record with this title, with the reason on one line."""
        return Failure(self.label, line, " ".join(error.split()), title)

    def notice(self, text: str, line: int | None = None) -> Notice:
        """A `Notice` about this file."""
        return Notice(self.label, line, text)

    def position(self) -> int:
        """Bytes of the file read so far; for gzip, compressed bytes."""
        if self._share is not None:
            return int(self._share * self.size)
        raw = self._raw
        return self.size if raw is None or raw.closed else min(raw.tell(), self.size)

    def advance(self, share: float) -> None:
        """Notes how much was read, 0 to 1, by a reader that knows it better than the position in the file tells."""
        self._share = share

    @contextmanager
    def opened(self) -> Iterator[io.BufferedReader]:
        """Opens the file's bytes as they are."""
        with self.path.open("rb") as raw:
            yield raw

    @contextmanager
    def binary(self) -> Iterator[BinaryIO]:
        """Opens the file's unpacked bytes. Reading them raises OSError, EOFError, zlib.error or lzma.LZMAError."""
        with self.opened() as raw:
            self._raw = raw
            yield _unpacked(raw)

    def head(self) -> str:
        """The file's first characters. Raises DocumentError for an empty file and for data that is not text."""
        with self.binary() as stream:
            data = stream.read(HEAD)
        _require_text(data)
        return data.decode(_encoding(data), _errors(data)).replace("\r\n", "\n").replace("\r", "\n")

    @contextmanager
    def text(self) -> Iterator[TextIO]:
        """Opens the file's text, with every kind of line ending read as a newline."""
        with self.binary() as stream:
            start = stream.read(4)
            stream.seek(0)
            yield io.TextIOWrapper(stream, _encoding(start), _errors(start))

    def lines(self) -> Iterator[tuple[int, str | None]]:
        """Numbered lines with their newline and without control characters; None stands for a line that is too long."""
        with self.text() as stream:
            number = 0
            while line := stream.readline(RECORD_LIMIT):
                number += 1
                if len(line) < RECORD_LIMIT or line.endswith("\n"):
                    # Most lines hold nothing to drop, and this test is much faster than the translation.
                    yield number, line if line[:-1].isprintable() else line.translate(_CONTROL)
                    continue
                while not line.endswith("\n") and (line := stream.readline(RECORD_LIMIT)):
                    pass
                yield number, None

    def pieces(self) -> Iterator[str]:
        """The text in pieces of bounded size, without control characters, for formats that are not made of lines."""
        with self.text() as stream:
            while piece := stream.read(HEAD):
                yield piece.translate(_CONTROL)


def _unpacked(raw: io.BufferedReader) -> BinaryIO:
    start = raw.peek(6)[:6]
    if start.startswith(b"\x1f\x8b"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    if re.match(rb"BZh[1-9]1A", start):
        return cast(BinaryIO, bz2.BZ2File(raw))
    return cast(BinaryIO, lzma.LZMAFile(raw)) if start == b"\xfd7zXZ\x00" else raw


def _encoding(start: bytes) -> str:
    return next((name for mark, name in _BOMS if start.startswith(mark)), "utf-8-sig")


def _errors(start: bytes) -> str:
    return "assistant.cp1252" if _encoding(start) == "utf-8-sig" else "replace"


def _require_text(data: bytes) -> None:
    for signature, reason in _SIGNATURES:
        if data.startswith(signature):
            raise DocumentError(reason)
    if _encoding(data) != "utf-8-sig":
        return
    body = data.removeprefix(codecs.BOM_UTF8).strip()
    if not body.strip(b"\0"):
        raise DocumentError(_BINARY_DATA if body else "the file is empty")
    # A few stray control characters are removed later; of random bytes, one in nine is a control character.
    if len(data.translate(None, _PLAIN)) > len(data) / 20:
        raise DocumentError(_BINARY_DATA)
    if _XML_ENCODING.match(data):
        return  # XML is decoded as it declares
    if len(data) - len(data.decode("utf-8", "ignore").encode()) > len(data) / 4:
        raise DocumentError(_UNKNOWN_ENCODING)
