"""Renders the HTML of the page from the Jinja2 templates beside it, which escape every value.

Titles, abstracts, file names and the words of a model enter HTML only as values of a template, so they are text by
construction: no template uses `safe`, and no module makes markup of a string.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from assistant.ui.text import plural, shortened, strip_invisible


def render(template: str, **values: Any) -> str:
    """The template `templates/TEMPLATE.html` with these values. Raises jinja2.UndefinedError for a missing value."""
    return _environment().get_template(f"{template}.html").render(values)


def failure(problem: object) -> str:
    """A message about a problem, announced at once by screen readers."""
    return render("notice", words=problem, style="failed", role="alert")


def status(words: str) -> str:
    """A message about progress, announced by screen readers when they pause."""
    return render("notice", words=words, style="quiet", role="status")


def escaped(text: object) -> str:
    """Text for the few places where Gradio expects HTML and no template of ours is involved."""
    return escape(strip_invisible(str(text)))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("assistant.ui"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(plural=plural, shortened=shortened)
    return environment


def _visible(value: object) -> object:
    """Drops invisible characters from a value before it is escaped; the output of a macro is markup already."""
    return value if hasattr(value, "__html__") else strip_invisible(str(value))
