"""Prints tables of papers, and shares of papers per year as bars."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from assistant.table import NOT_STATED, Table
from assistant.trend import Trend, TrendYear

_OUT = Console()
_BAR = 30
"""Characters of a share of 100 %."""


def print_table(made: Table) -> None:
    """Prints the values of a table; `--json` has their spans."""
    grid = Grid("paper", *(escape(column) for column in made.columns), header_style="bold", show_lines=True)
    for row in made.rows:
        cells = (escape(c.marked) if c else f"[dim]{NOT_STATED}[/dim]" for c in row.cells)
        grid.add_row(f"{escape(row.title)}\n[dim]{row.paper_id}[/dim]", *cells)
    _OUT.print(grid if made.rows else "No paper of the library matches.")
    if made.note:
        _OUT.print(escape(made.note), soft_wrap=True)


def print_years(trend: Trend) -> None:
    """Prints a bar for each year with its interval, then the papers without a year."""
    for row in trend.years:
        _OUT.print(_year(row), soft_wrap=True, highlight=False)
    if trend.undated_of:
        _OUT.print(f"without a year: {trend.undated_count} of {trend.undated_of}")


def _year(row: TrendYear) -> str:
    if row.share is None or row.low is None or row.high is None:
        return f"{row.year}  no papers"
    share, low, high = (f"{100 * value:.0f}" for value in (row.share, row.low, row.high))
    few = " (few papers)" if row.few else ""
    bar = "█" * round(_BAR * row.share)
    return f"{row.year}  {bar:{_BAR}}  {share:>3} % ({low}-{high})  {row.count} of {row.of}{few}"
