"""The few pieces of HTML that the page is made of. What is not made here is escaped here."""

from __future__ import annotations

import html
from collections.abc import Sequence


def esc(value: object) -> str:
    """Text that is safe between tags and in a quoted attribute."""
    return html.escape(str(value), quote=True)


def element(tag: str, inner: str, name: str = "") -> str:
    """`inner` is HTML already."""
    attribute = f' class="{esc(name)}"' if name else ""
    return f"<{tag}{attribute}>{inner}</{tag}>"


def row(cells: Sequence[str], name: str = "") -> str:
    """One row of a table; the cells are HTML already."""
    return element("tr", "".join(element("td", cell) for cell in cells), name)


def table(head: Sequence[str], rows: Sequence[str]) -> str:
    """A table; the head is text, the rows are HTML already."""
    titles = "".join(element("th", esc(title)) for title in head)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
