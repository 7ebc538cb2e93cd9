"""The two consoles of the command line: results go to stdout, progress, notes and errors to stderr."""

from __future__ import annotations

import os

from rich.console import Console


def _console(*, stderr: bool) -> Console:
    """A console that takes its width from COLUMNS on a dumb terminal too; rich does so only if the height is given."""
    dumb = os.environ.get("TERM", "").lower() in ("dumb", "unknown")
    return Console(stderr=stderr, height=25 if dumb else None)


OUT = _console(stderr=False)
ERR = _console(stderr=True)
