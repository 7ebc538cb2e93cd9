"""Gives memory back to the system that a process holds and does not need: it grows while a server runs, and stays otherwise.

On Linux with glibc only; elsewhere nothing happens.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

_DONTNEED = 4
"""MADV_DONTNEED of <sys/mman.h>."""
_ARENA_MAX, _ARENAS = -8, 2
"""M_ARENA_MAX of <malloc.h>, and as many heaps as the threads of a server share; else each thread keeps free memory of its own."""


def share_heaps() -> None:
    """Lets all threads that begin from now on share two heaps."""
    library = _glibc()
    if library is not None:
        library.mallopt(_ARENA_MAX, _ARENAS)


def give_back(folder: Path) -> None:
    """Gives back the free parts of the heap, and the pages of files in the folder that are mapped only to be read.

    Such a page is read again, from the system's cache of files, when it is needed.
    """
    library = _glibc()
    if library is None:
        return
    with suppress(OSError):
        for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
            place, access, _, _, _, *name = line.split(maxsplit=5)
            # What may be written is left alone: changed pages of a private mapping would be lost.
            if name and access[:2] == "r-" and Path(name[0]).is_relative_to(folder):
                start, end = (int(address, 16) for address in place.split("-"))
                library.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _DONTNEED)
    library.malloc_trim(0)


@cache
def _glibc() -> Any:
    """The C library; None if it is another one."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
