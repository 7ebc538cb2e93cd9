"""Prints lists and tables, as plain lines where the terminal is too narrow for columns, and shares per year as bars."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table as Grid

from assistant.cli.console import OUT
from assistant.table import NOT_STATED, Table
from assistant.trend import Trend, TrendYear

_NARROW = 40
"""Characters of a line from which columns are easier to read than plain lines."""
_LEAST = 10
"""Characters that a column of running text needs; an id in a column is never cut."""
_BAR = 30
"""Characters of a share of 100 %."""


def print_list(heading: Sequence[str], rows: Sequence[Sequence[str]], whole: int) -> None:
    """Prints rows below their heading; the first `whole` columns are never cut. A narrow terminal gets a line for each row."""
    grid = Grid(box=None, header_style="bold")
    for n, name in enumerate(heading):
        grid.add_column(name, no_wrap=n < whole)
    for row in rows:
        grid.add_row(*map(escape, row))
    widths = (max(map(cell_len, column)) + 2 for column in zip(heading, *rows, strict=True))
    if OUT.width >= max(_NARROW, sum(islice(widths, whole)) + _LEAST * (len(heading) - whole)):
        OUT.print(grid)
        return
    for row in rows:
        OUT.print("  ".join(cell for cell in row if cell), soft_wrap=True, markup=False, highlight=False)


def print_table(made: Table) -> None:
    """Prints the values of a table; `--json` has their spans."""
    grid = Grid("paper", *(escape(column) for column in made.columns), header_style="bold", show_lines=True)
    for row in made.rows:
        cells = (escape(c.marked) if c else f"[dim]{NOT_STATED}[/dim]" for c in row.cells)
        grid.add_row(f"{escape(row.title)}\n[dim]{row.paper_id}[/dim]", *cells)
    if not made.rows:
        OUT.print("No paper of the library matches.")
    elif max(_NARROW, _LEAST * len(grid.columns)) <= OUT.width:
        OUT.print(grid)
    else:
        _print_records(made)
    if made.note:
        OUT.print(escape(made.note), soft_wrap=True)


def _print_records(made: Table) -> None:
    """Prints a table as one line for each cell, below the title of its paper."""
    for row in made.rows:
        OUT.print(f"[bold]{escape(row.title)}[/bold] [dim]{row.paper_id}[/dim]", soft_wrap=True)
        for column, cell in zip(made.columns, row.cells, strict=True):
            OUT.print(f"  {escape(column)}: {escape(cell.marked) if cell else NOT_STATED}", soft_wrap=True)


def print_years(trend: Trend) -> None:
    """Prints a bar for each year with its interval, then the papers without a year."""
    for row in trend.years:
        OUT.print(_year(row), soft_wrap=True, highlight=False)
    if trend.undated_of:
        OUT.print(f"without a year: {trend.undated_count} of {trend.undated_of}")


def _year(row: TrendYear) -> str:
    if row.share is None or row.low is None or row.high is None:
        return f"{row.year}  no papers"
    share, low, high = (f"{100 * value:.0f}" for value in (row.share, row.low, row.high))
    few = " (few papers)" if row.few else ""
    bar = "█" * round(_BAR * row.share)
    return f"{row.year}  {bar:{_BAR}}  {share:>3} % ({low}-{high})  {row.count} of {row.of}{few}"
