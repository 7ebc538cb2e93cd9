"""The measurement behind docs/scaling.md runs and fills in every figure of its tables."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.mark.slow
def test_a_small_library_is_measured_through() -> None:
    command = [sys.executable, "-m", "eval.scale", "--papers", "300", "--questions", "12"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    figures = json.loads(done.stdout)
    assert figures["papers"] == 300
    assert figures["serve"]["notes"] == [], "both retrievers answer"
    assert figures["serve"]["resident_mb"] > 0
    for filtered in ("all", "from 2020", "2000-2003", "one source"):
        assert figures["serve"][filtered]["search"]["cpu_p95_ms"] > 0
    assert figures["five percent changed"]["changed"] == 15
