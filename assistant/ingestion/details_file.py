"""Writes each failure, conflict, notice and merge of a run to a file, as it occurs, for those who need more than counts."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import BinaryIO

import orjson

_logger = logging.getLogger(__name__)
_MOST_LINES = 1_000_000


class DetailsFile:
    """JSON lines in place of those of the run before; a run without anything to tell leaves no file.

    A file that cannot be written costs the details, never the run.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: BinaryIO | None = None
        self._lines = 0
        self._broken = False

    @property
    def path(self) -> str | None:
        """Where the details are; None where there are none."""
        return str(self._path) if self._lines and not self._broken else None

    def write(self, **details: object) -> None:
        """Adds one line."""
        if self._broken or self._lines >= _MOST_LINES:
            return
        try:
            self._stream = self._stream or self._path.open("wb")
            self._stream.write(orjson.dumps(details, option=orjson.OPT_APPEND_NEWLINE))
            self._lines += 1
        except OSError as error:
            self._give_up(error)

    def close(self) -> None:
        """Ends the file."""
        try:
            if self._stream:
                self._stream.close()
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self._broken = True
        _logger.warning("%s is incomplete, or that of an earlier run: %s", self._path, error)
