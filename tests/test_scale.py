"""The measurements behind docs/scaling.md and docs/collection.md run through and fill in every figure."""

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


@pytest.mark.slow
def test_what_the_whole_library_is_asked_is_measured_through() -> None:
    command = [sys.executable, "-m", "eval.scale_collection", "--papers", "400"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    figures = json.loads(done.stdout)
    assert figures["facts of all"]["papers"] == 400
    assert figures["facts of all"]["steps"] == 2, "batches of 256"
    assert figures["find"]["counts"][0] > 0
    assert figures["find"]["counts"] == figures["table"]["counts"] == figures["trend"]["counts"]
    assert figures["digest"]["counts"] == [200, 200], "what the second run brought"
