"""Kills the process at a named place on request, which shows that the code as shipped survives it.

Nothing happens unless ASSISTANT_FAILPOINT names a place. Failpoints live in the product and not in the tests, as those
of databases do: only a call between two lines can kill between them, and patched code is not the code that is shipped.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

POINTS = (
    "embedded",
    "store-before-commit",
    "store-after-commit",
    "lexical-before-commit",
    "lexical-before-seal",
    "lexical-before-pointer",
    "lexical-after-pointer",
    "dense-upserted",
    "dense-before-seal",
    "dense-before-pointer",
    "dense-after-pointer",
)
"""The places, in the order in which a first `assistant index` passes them."""
_VARIABLE = "ASSISTANT_FAILPOINT"
_passed: Counter[str] = Counter()


def pass_by(name: str) -> None:
    """Kills this process (SIGKILL, as the system does when memory runs out) where ASSISTANT_FAILPOINT is `name` or
    `name:n` and this is the n-th pass; otherwise does nothing."""
    wanted, _, nth = os.environ.get(_VARIABLE, "").partition(":")
    if wanted != name:
        return
    _passed[name] += 1
    if _passed[name] == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
