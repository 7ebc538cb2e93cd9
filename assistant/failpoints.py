"""Places where the process can be made to die, so that the very code that is shipped can be shown to survive it.

Off unless ASSISTANT_FAILPOINT names one. It lives in the product, and not in the tests, for the reason that databases
keep theirs there: a kill between two lines can only be aimed from between them, and code that is patched for the
test is not the code that is shipped. Knows nothing about what happens at these places.
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
"""Their names, in the order in which a first `assistant index` passes them."""
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
