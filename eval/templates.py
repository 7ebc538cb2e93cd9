"""Renders the pages of the evaluation with Jinja2: every value is escaped, and a missing one is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant import COMPARE


def render(template: Path, **values: Any) -> str:
    """The text of a template, which may import others from its folder.

    `| fixed(n)` prints a number with n decimals; `mark` is the mark of a sentence that is not verified.
    """
    environment = Environment(
        loader=FileSystemLoader(template.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["mark"] = COMPARE
    environment.filters["fixed"] = lambda value, decimals=1: f"{value:.{decimals}f}"
    return environment.get_template(template.name).render(**values)
