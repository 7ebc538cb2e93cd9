"""A library on a full disk: files may not grow beyond a limit (RLIMIT_FSIZE), which needs a process of its own."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any, Literal

from assistant.errors import LibraryError
from eval.durability.library import TrialLibrary, fill, write_papers

_PAPERS, _SPACE = 45, 30_000
"""Papers in the library at first, and bytes by which a file may grow beyond the size of the library's file."""


def run(folder: Path, full: Literal["store", "indexes"]) -> dict[str, Any]:
    """Adds papers that do not fit, then again with enough space; `full`: what has no space for them."""
    home, count = folder / "home", 400 if full == "store" else 1
    fill(home, write_papers(folder / "papers.jsonl", _PAPERS))
    more = write_papers(folder / "more.jsonl", count, seed=5)
    library, error = TrialLibrary(home), ""
    _limit_files((home / "library.sqlite3").stat().st_size + _SPACE)
    try:
        library.pipeline.add([more])
    except LibraryError as raised:
        error = str(raised)
    stored, found = library.store.count(), library.results()
    library.close()
    _limit_files(resource.RLIM_INFINITY)
    library = TrialLibrary(home)
    after = library.state()
    library.pipeline.add([more])
    end = library.state()
    library.close()
    return {
        "error": error,
        "stored": stored,
        "found_when_full": found,
        "found_after": after["found"],
        "complaints": after["complaints"] + end["complaints"],
        "papers_in_the_end": end["papers"],
        "papers_asked_for": _PAPERS + count,
    }


def _limit_files(size: int) -> None:
    """The largest file that may be written from here on."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
