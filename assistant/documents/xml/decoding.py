"""Decodes XML to text and cuts it where a record or a further document begins."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from assistant.documents.source import HEAD

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""")
_LATIN = {"utf-8", "utf-8-sig", "ascii", "iso8859-1", "cp1252"}
"""Declared so often without being true that the bytes decide between UTF-8 and Windows text."""
_WIDE = ("utf-16", "utf-32")
_START_LIMIT = 256
"""Characters within which a start tag's name ends."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a file's text; `begins` is `record` or `document` where it starts with one's first tag, else empty."""

    text: str
    begins: str = ""


def pieces(stream: BinaryIO, records: Iterable[str]) -> Iterator[Piece]:
    """The text of XML in order, in pieces of bounded size, cut before each start tag that is named in `records`."""
    names = "|".join(sorted({name.rpartition("-")[2] for name in records}, key=len, reverse=True))
    starts = re.compile(rf"<(?:(\?xml)\s|(?:[\w.-]+:)?(?:{names})(?=[\s/>]))")
    begins, held = "document", ""
    for block in _blocks(stream):
        text = held + block
        end = _whole(text)
        text, held = text[:end], text[end:]
        position = 0
        for match in starts.finditer(text):
            if match.start() > position:
                yield Piece(text[position : match.start()], begins)
                position = match.start()
            begins = "document" if match[1] else "record"
        if text[position:]:
            yield Piece(text[position:], begins)
            begins = ""
    if held:
        yield Piece(held, begins)


def _whole(text: str) -> int:
    """The length of the text without a tag at its end whose name may not be whole yet."""
    last = text.rfind("<", max(0, len(text) - _START_LIMIT))
    return len(text) if last < 0 or ">" in text[last:] else last


def _blocks(stream: BinaryIO) -> Iterator[str]:
    data = stream.read(HEAD)
    name = _encoding(data)
    decoder = codecs.getincrementaldecoder(name)("assistant.cp1252" if name == "utf-8-sig" else "replace")
    while data:
        yield decoder.decode(data)
        data = stream.read(HEAD)
    yield decoder.decode(b"", True)


def _encoding(start: bytes) -> str:
    """The encoding that the first bytes show, or else the one that the declaration names."""
    if marked := next((name for mark, name in _BOMS if start.startswith(mark)), None):
        return marked
    match = _DECLARED.match(start.removeprefix(codecs.BOM_UTF8))
    try:
        name = codecs.lookup(match[1].decode()).name if match else "utf-8"
        codecs.getincrementaldecoder(name)
        "".encode(name)  # refuses codecs that are no encodings of text
    except LookupError:
        return "utf-8-sig"
    return "utf-8-sig" if name in _LATIN or name.startswith(_WIDE) or _is_utf8(start) else name


def _is_utf8(data: bytes) -> bool:
    """Whether bytes beyond ASCII form UTF-8, which they hardly do by chance; the last character may be cut off."""
    if data.startswith(codecs.BOM_UTF8):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return not data.isascii()
