"""Reads papers from files: finds the files, chooses a reader by their content, and streams papers and failures."""

from __future__ import annotations

import gzip
import logging
import lzma
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.documents import archives
from assistant.documents.detect import reader_for
from assistant.documents.files import find_files
from assistant.documents.formats import Reader
from assistant.documents.junk import NotPapersError
from assistant.documents.source import Source
from assistant.errors import DocumentError
from assistant.types import Failure, Item, Notice

_logger = logging.getLogger(__name__)
_DAMAGED = "the gzip, bzip2 or xz data is damaged or cut off; what came before it was read"
_PROGRESS_EVERY = 64
"""Records between two calls of `progress`: often enough for a smooth bar, rare enough to cost nothing."""


def read(
    paths: Sequence[str | Path],
    progress: Callable[[int], None] | None = None,
    choose_reader: Callable[[Source], Reader] = reader_for,
) -> Iterator[Item]:
    """The papers and failures of all files, lazily, in the order of `paths` and sorted within a folder.

    `progress` receives the bytes read so far, out of `count_bytes(paths)`. Raises DocumentError, before anything is
    read, when a path does not exist; everything else that goes wrong is a `Failure`. Duplicates are not merged.
    """
    return _read(find_files(paths), progress or (lambda _: None), choose_reader)


def count_bytes(paths: Sequence[str | Path]) -> int:
    """The size on disk of the files that `read` would open. Raises DocumentError like `read`."""
    return sum(item.size for item in find_files(paths) if isinstance(item, Source))


def _read(
    items: list[Source | Failure], progress: Callable[[int], None], choose_reader: Callable[[Source], Reader]
) -> Iterator[Item]:
    done = 0
    for item in items:
        if isinstance(item, Failure):
            yield item
            continue
        for count, record in enumerate(_read_file(item, choose_reader), 1):
            yield record
            if count % _PROGRESS_EVERY == 0:
                progress(done + item.position())
        done += item.size
        progress(done)


def _read_file(source: Source, choose_reader: Callable[[Source], Reader]) -> Iterator[Item]:
    """The papers and failures of one file; an error ends the reading of this file only."""
    try:
        found = False
        for record in _items(source, choose_reader):
            found = found or not isinstance(record, Notice)
            yield record
        if not found:
            yield source.failure("no papers found in it")
    except NotPapersError as kind:
        yield source.notice(f"skipped: {kind}, not papers")
    except DocumentError as error:
        yield source.failure(str(error))
    except PermissionError:
        yield source.failure("permission denied; make the file readable (chmod u+r) and try again")
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile):
        yield source.failure(_DAMAGED)
    except OSError as error:
        # bzip2 has no error of its own.
        yield source.failure(f"cannot be read: {error.strerror or error}" if error.errno else _DAMAGED)
    except Exception as error:
        # An unexpected error in one file must not cost the user the other files of the run.
        _logger.exception("unexpected error in %s", source.label)
        yield source.failure(f"unexpected {type(error).__name__} while reading it; please report this")


def _items(source: Source, choose_reader: Callable[[Source], Reader]) -> Iterator[Item]:
    """What a file holds; an archive holds what the files in it hold."""
    kind = archives.kind_of(source)
    if kind is None:
        yield from choose_reader(source)(source)
        return
    for member in archives.members(source, kind):
        if isinstance(member, Failure):
            yield member
        else:
            yield from _read_file(member, choose_reader)
