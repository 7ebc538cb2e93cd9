"""Counts the processor cores that this process can compute on."""

from __future__ import annotations

import os
from pathlib import Path

_SIBLINGS = "devices/system/cpu/cpu{}/topology/thread_siblings_list"
_QUOTA = "fs/cgroup/cpu.max"


def usable_cores(sys: Path = Path("/sys")) -> int | None:
    """Physical cores within the affinity and the quota of the process; None where the system does not tell.

    Two threads on one core, or more threads than a container may run, make a language model slower.
    """
    try:
        cpus = os.sched_getaffinity(0)
        cores = len({(sys / _SIBLINGS.format(cpu)).read_text() for cpu in cpus})
    except (AttributeError, OSError):  # no Linux
        return None
    try:
        quota, period = (sys / _QUOTA).read_text().split()
        return max(1, min(cores, int(quota) // int(period)))
    except (OSError, ValueError):  # no quota
        return cores
