"""Prints the report of `index`: what fits one screen, and where the rest is."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape

from assistant import CountedReason, IndexReport
from assistant.cli.console import ERR, OUT

_LINES = 24
_LONGEST_REASON, _LONGEST_TITLE = 300, 40
_STYLES = {"failed": "yellow", "conflict": "yellow"}
_KINDS = 6
"""Kinds of files that are named."""


def print_report(report: IndexReport) -> None:
    """Prints the counts on stdout and, on stderr, each reason with its number of records, the first place and title."""
    head = list(_head(report))
    for line in head:
        OUT.print(escape(line), soft_wrap=True)
    if report.sample_removed:
        ERR.print("The bundled sample was removed; to get it back, run `assistant index` without a path.")
    foot = f"All details: {report.details}" if report.details else ""
    room = _LINES - sum(_height(line, OUT) for line in head) - _height(foot, ERR) - bool(report.sample_removed)
    shown, left = _fitting(report, room)
    for reason, line in shown:
        style = _STYLES.get(reason.kind, "")
        ERR.print(f"[{style}]{escape(line)}[/{style}]" if style else escape(line), soft_wrap=True)
    if left:
        ERR.print(f"and {sum(r.count for r in left):,} more for {len(left):,} other reasons", soft_wrap=True)
    if foot and (left or len(shown) < sum(r.count for r, _ in shown)):
        ERR.print(escape(foot), soft_wrap=True)


def _head(report: IndexReport) -> Iterator[str]:
    removed = f"{report.removed:,} removed, " if report.removed else ""
    yield (
        f"{report.papers:,} papers in the library: {report.added:,} added, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged, {report.duplicates:,} duplicates merged, {removed}{report.failures:,} failed "
        f"({report.seconds:.1f} s)"
    )
    if sum(report.files.values()) > 1:
        kinds = [f"{kind} ({count:,})" for kind, count in report.files.items()]
        more = [f"{len(kinds) - _KINDS} other kinds"] if len(kinds) > _KINDS else []
        yield f"Files read: {', '.join(kinds[:_KINDS] + more)}"


def _fitting(report: IndexReport, room: int) -> tuple[list[tuple[CountedReason, str]], list[CountedReason]]:
    """The reasons that fit into so many lines, each with its line, and those that are left."""
    lines = [(reason, _line(reason)) for reason in report.reasons]
    if sum(_height(line, ERR) for _, line in lines) <= room:
        return lines, []
    shown, room = [], room - 1  # for the line that counts those which are left
    for reason, line in lines:
        room -= _height(line, ERR)
        if room < 0:
            break
        shown.append((reason, line))
    return shown, list(report.reasons[len(shown) :])


def _line(reason: CountedReason) -> str:
    place = reason.source + (f":{reason.line}" if reason.line else "")
    title = f" “{_cut(reason.title, _LONGEST_TITLE)}”" if reason.title else ""
    text = _cut(reason.text, _LONGEST_REASON)
    merged = reason.kind == "merged"
    if reason.count == 1:
        return f"{place}: {'merged: ' if merged else ''}{text}{title}"
    noun = "records merged" if merged else "records" if reason.line or reason.title else "files"
    return f"{reason.count:,} {noun}: {text}; first: {place}{title}"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _height(line: str, console: Console) -> int:
    """Lines that the text takes on a terminal."""
    return math.ceil(cell_len(line) / console.width)
