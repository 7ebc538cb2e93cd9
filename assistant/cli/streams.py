"""Standard input, output and error as a command uses them: no encoding, no full disk and no closed pipe fails with a traceback."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import select
import sys
from typing import TYPE_CHECKING, TextIO

from assistant import AssistantError, QuestionError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_ASCII = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "→": "->", "█": "#"}
"""Replacements for our own characters on a terminal that cannot show them."""


class OutputError(AssistantError):
    """The result cannot be written."""


def prepare() -> None:
    """Sets up the standard streams. Output whose reader has gone ends the process with status 0: the reader has enough.

    From then on, writing to stdout raises OutputError where the system refuses it, and messages that stderr does not take
    are dropped.
    """
    codecs.register_error("ascii-punctuation", _simplify)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115 - open for as long as the process
    sys.stdout = _prepared(sys.stdout, 1)
    sys.stderr = _prepared(sys.stderr, 2)


def read_question() -> str:
    """All of standard input, in one line. Raises QuestionError where it is no text."""
    return " ".join(_decoded(sys.stdin.buffer.read()).split())


def read_line() -> str:
    """The next line of standard input. Raises EOFError at its end, and QuestionError where it is no text."""
    if sys.stdin.isatty():
        return as_text(input(), sys.stdin.encoding)
    line = sys.stdin.buffer.readline()
    if not line:
        raise EOFError
    return _decoded(line).rstrip("\r\n")


def as_text(text: str, encoding: str) -> str:
    """The text; bytes in it that are none of this encoding are read as UTF-8. Raises QuestionError if they are not."""
    if text.isascii() or not any("\udc80" <= c <= "\udcff" for c in text):
        return text
    return _decoded(text.encode(encoding, "surrogateescape"))


def _decoded(data: bytes) -> str:
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16" if marked else "utf-8-sig", sys.stdin.encoding):
        with contextlib.suppress(UnicodeError):
            return data.decode(encoding)
    raise QuestionError(f"{data[:40]!r} is no text; write it as UTF-8")


def _prepared(stream: TextIO | None, number: int) -> TextIO:
    """The stream with our handling of errors. One that another program put in its place, or a Windows console, stays."""
    if stream is None or _is_file(stream):
        output = io.BufferedWriter(_Output(number, result=number == 1))
        encoding = stream.encoding if stream else "utf-8"
        by_line = number == 2 or bool(stream and (stream.isatty() or getattr(stream, "write_through", False)))
        return io.TextIOWrapper(output, encoding, "ascii-punctuation", line_buffering=by_line)
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="ascii-punctuation")
    return stream


def _is_file(stream: TextIO) -> bool:
    """Whether this is the stream that Python opened, and neither a replacement nor a Windows console."""
    if stream is not sys.__stdout__ and stream is not sys.__stderr__:
        return False
    buffer = getattr(stream, "buffer", None)
    return isinstance(getattr(buffer, "raw", buffer), io.FileIO)


class _Output(io.FileIO):
    """A standard stream that waits for a slow reader, and tells apart a reader that has enough from a full disk."""

    def __init__(self, number: int, *, result: bool) -> None:
        super().__init__(number, "wb", closefd=False)
        self._result = result

    def write(self, data: ReadableBuffer) -> int:
        """Writes what the system takes. Raises OutputError, or SystemExit where the reader of a result has gone."""
        try:
            while (written := super().write(data)) is None:  # another program left it in non-blocking mode
                select.select([], [self], [])
            return written
        except OSError as error:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())  # what is still in a buffer must not fail once more
            os.close(nowhere)
            if not self._result:
                return memoryview(data).nbytes
            if isinstance(error, BrokenPipeError):
                raise SystemExit(0) from None
            raise OutputError(f"cannot write the result: {error.strerror or error}; send it somewhere else") from None


def _simplify(error: UnicodeError) -> tuple[str, int]:
    """The error handler of stdout and stderr: no encoding makes a command fail."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_ASCII.get(c, "?") for c in error.object[error.start : error.end]), error.end
