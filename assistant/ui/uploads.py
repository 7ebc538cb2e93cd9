"""Files on their way in, as HTML: how far they are, and what came of them. Knows nothing about how they are read."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import Failure, IndexReport
from assistant.ui.indexing import Indexing, Pace
from assistant.ui.text import esc, plural

_LISTED = 200
"""Failures and conflicts that are listed; of more, only the number is said."""
_STAGES = {
    "starting": "Starting…",
    "reading": "Reading",
    "embedding": "Embedding",
    "embedding again": "Embedding again",
    "building the indexes": "Building the indexes…",
}


def status(indexing: Indexing) -> str:
    """What the visitor should know about the files: progress while they are read, then the report or the problem."""
    if indexing.running:
        return _progress(indexing.pace)
    problem = f'<p class="failed" role="alert">{esc(indexing.problem)}</p>' if indexing.problem else ""
    return problem + (_report(indexing.report) if indexing.report else "")


def _progress(pace: Pace) -> str:
    facts = [_STAGES.get(pace.stage, pace.stage), plural(pace.stored, "paper") + " stored"]
    if pace.rate:
        facts.append(f"{pace.rate:.0f} papers/s")
    if pace.remaining is not None:
        facts.append(f"about {_duration(pace.remaining)} left")
    words = " · ".join(facts)
    value = f' value="{pace.share:.3f}"' if pace.share else ""
    return (
        f'<div class="progress"><progress max="1"{value} aria-label="Reading the files"></progress>'
        f'<p class="pace">{esc(words)}</p><button type="button" class="plain" data-do="cancel">Cancel</button></div>'
    )


def _duration(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _report(report: IndexReport) -> str:
    copies = report.duplicates
    merged = f"{plural(copies, 'further record')} merged into a paper that was there" if copies else ""
    parts = [
        f"<strong>{plural(report.added, 'paper')} added</strong>",
        f"{report.updated} updated" if report.updated else "",
        f"{report.unchanged} already there" if report.unchanged else "",
        merged,
        f"{plural(report.sample_removed, 'paper')} of the sample removed" if report.sample_removed else "",
    ]
    words = ", ".join(part for part in parts if part)
    return (
        f'<div class="report" role="status"><p>{words}, in {_duration(report.seconds)}; the library holds '
        f"{plural(report.papers, 'paper')}.</p>{_failures(report.failed)}{_conflicts(report.conflicts)}</div>"
    )


def _failures(failed: Sequence[Failure]) -> str:
    if not failed:
        return ""
    rows = "".join(
        f"<li><strong>{esc(f.source)}</strong>{f', line {f.line}' if f.line else ''}: {esc(f.error)}</li>"
        for f in failed[:_LISTED]
    )
    words = f"{plural(len(failed), 'record')} could not be read"
    return f"<details open><summary>{words}</summary><ul>{rows}</ul></details>"


def _conflicts(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    rows = "".join(f"<li>{esc(title)}</li>" for title in titles[:_LISTED])
    words = f"{plural(len(titles), 'title')} with two different abstracts, both kept"
    return f"<details><summary>{words}</summary><ul>{rows}</ul></details>"
