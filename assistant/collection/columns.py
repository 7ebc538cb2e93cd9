"""The columns of a table of papers: those that the facts fill, and those that are questions to each paper."""

from __future__ import annotations

import re

from assistant.errors import QuestionError

DEFAULT: tuple[str, ...] = ("task", "method", "data", "result", "compared with", "limitation", "code")
_MOST = 20
_LONGEST = 200
_ASKS = re.compile(r"(?i)^(?:what|which|who|how|when|where|why|is|are|does|do|did|was|were|can|has|have)\b")


def checked_columns(columns: tuple[str, ...] | None) -> tuple[str, ...]:
    """The columns as asked, each once; None: the default ones. Raises QuestionError for too many, or too long ones."""
    if columns is None:
        return DEFAULT
    named = tuple(dict.fromkeys(" ".join(column.split()) for column in columns if column.strip()))
    if not named:
        raise QuestionError(f"name at least one column, for example {', '.join(DEFAULT[:3])}")
    if len(named) > _MOST:
        raise QuestionError(f"a table has at most {_MOST} columns; leave out {len(named) - _MOST}")
    if long := next((column for column in named if len(column) > _LONGEST), None):
        raise QuestionError(f"the column {long[:40]}… has more than {_LONGEST} characters; shorten it")
    return named


def question(column: str) -> str:
    """The question that a free column puts to each paper: "What is the number of parameters?"."""
    if _ASKS.match(column):
        return column if column.endswith("?") else f"{column}?"
    return f"What {'are' if _is_plural(column) else 'is'} the {column.removeprefix('the ')}?"


def _is_plural(column: str) -> bool:
    head = re.split(r"\s(?:of|for|in|on|with|per)\s", column)[0]
    return head.endswith("s") and not head.endswith(("ss", "us", "is"))
