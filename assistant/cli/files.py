"""Reads and writes the files that commands name; what goes wrong is one line."""

from __future__ import annotations

from pathlib import Path

from assistant import DocumentError

_MOST_BYTES = 20_000_000


def read_text(path: Path) -> str:
    """The text of a file. Raises DocumentError for one that cannot be read or is no text."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DocumentError(f"{path} is larger than {_MOST_BYTES // 1_000_000} MB; split it into parts")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(f"{path} is not UTF-8 text; save it as UTF-8 and try again") from None
    except OSError as error:
        raise DocumentError(f"cannot read {path}: {error.strerror or error}; check the path") from None


def write_text(path: Path, text: str) -> None:
    """Writes a file as UTF-8, with the line breaks of the text. Raises DocumentError where that is impossible."""
    try:
        path.write_bytes(text.encode())
    except OSError as error:
        raise DocumentError(f"cannot write {path}: {error.strerror or error}; choose another file") from None
