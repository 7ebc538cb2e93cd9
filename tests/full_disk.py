"""A library on a disk that is full, for test_store_damage.py: python tests/full_disk.py FOLDER store|indexes

Files may not grow beyond a limit (RLIMIT_FSIZE), in a process of its own. Prints what came of it as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

import trials

from assistant.errors import LibraryError


def limit(size: int) -> None:
    """The largest file that may be written."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def main() -> None:
    folder, room = Path(sys.argv[1]), sys.argv[2]
    home, count = folder / "home", 400 if room == "store" else 1
    trials.make_library(home, trials.write_papers(folder / "papers.jsonl", 45))
    more = trials.write_papers(folder / "more.jsonl", count, seed=5)
    library, error = trials.open_library(home), ""
    limit((home / "library.sqlite3").stat().st_size + 30_000)
    try:
        library.add([more])
    except LibraryError as raised:
        error = str(raised)
    stored, found = library.store.count(), trials.found(library)
    library.close()
    limit(resource.RLIM_INFINITY)
    library = trials.open_library(home)
    after = trials.told(library)
    library.add([more])
    end = trials.told(library)
    library.close()
    told = {
        "error": error,
        "stored": stored,
        "found_when_full": found,
        "found_after": after["found"],
        "complaints": after["complaints"] + end["complaints"],
        "papers_in_the_end": end["papers"],
        "papers_asked_for": 45 + count,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
