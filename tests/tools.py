"""Tools that some tests need: without one they are skipped, except in CI, where a missing tool is a failure."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Skips the test with the reason, or fails it where the environment variable CI is set."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
