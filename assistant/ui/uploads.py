"""Renders the progress of uploaded files and the report of what came of them."""

from __future__ import annotations

from assistant.ui.indexing import Indexing, Pace
from assistant.ui.templates import render
from assistant.ui.text import plural

_LISTED = 200
"""Failures and conflicts that are listed; of the rest, only the number is shown."""
_STAGES = {
    "starting": "Starting…",
    "reading": "Reading",
    "embedding": "Embedding",
    "embedding again": "Embedding again",
    "building the indexes": "Building the indexes…",
}


def render_status(indexing: Indexing) -> str:
    """The progress while files are being read, then the report or the problem."""
    pace = indexing.pace if indexing.running else None
    report = indexing.report
    return render(
        "uploads",
        pace=pace,
        facts=_facts(pace) if pace else (),
        problem=indexing.problem,
        report=report,
        duration=_duration(report.seconds) if report else "",
        most=_LISTED,
    )


def _facts(pace: Pace) -> list[str]:
    facts = [_STAGES.get(pace.stage, pace.stage), plural(pace.stored, "paper") + " stored"]
    if pace.rate:
        facts.append(f"{pace.rate:.0f} papers/s")
    if pace.remaining is not None:
        facts.append(f"about {_duration(pace.remaining)} left")
    return facts


def _duration(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
