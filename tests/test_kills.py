"""Killed at any moment of anything that writes, a library holds what it acknowledged, once, and goes on from there."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import ROOT

from assistant.failpoints import POINTS


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_kills_at_every_fail_point_and_at_random_moments() -> None:
    """The same trials as the table of docs/durability.md, fewer of them."""
    done = subprocess.run(
        [sys.executable, "-m", "eval.durability", "kills", "--trials", "17", "--seed", "5"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=880,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()]
    killed = {row[0]: int(row[2]) for row in rows[2:]}
    assert all(killed[point] for point in POINTS), "every fail point lies on the way"
