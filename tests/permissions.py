"""Folders that cannot be written, for tests that may run as root."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path


def set_writable(folder: str | Path, writable: bool) -> None:
    """Sets the modes of everything in the folder."""
    for path in [Path(folder), *Path(folder).rglob("*")]:
        path.chmod((0o755 if path.is_dir() else 0o644) if writable else (0o555 if path.is_dir() else 0o444))


def heed_permissions() -> None:
    """Root may read and write anywhere; without these capabilities (CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, by
    PR_CAPBSET_DROP) it may not."""
    if os.getuid() == 0:
        for capability in (1, 2):
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
