"""The columns of a table of papers: those that the facts fill, and those that are questions to each paper."""

from __future__ import annotations

import re

from assistant.errors import QuestionError
from assistant.extraction.fact import Kind
from assistant.extraction.kind_names import kind_named

DEFAULT: tuple[str, ...] = ("task", "method", "data", "result", "compared with", "limitation", "code")
_MOST = 20
_LONGEST = 200
_ASKED: dict[Kind, tuple[str, str]] = {
    "task": ("Which problem is the paper about?", "The paper is about {}."),
    "method": (
        "Under which name does the paper put forward its own method, model or data set?",
        "The paper proposes {}.",
    ),
    "data": ("On which data sets or benchmarks does the paper evaluate?", "The paper evaluates on {}."),
    "result": ("Which result does the paper report, with its figure?", "The paper reports {}."),
    "compared with": ("With which methods or baselines does the paper compare its own?", "The paper compares with {}."),
    "limitation": ("Which limit of its work, or negative finding, does the paper admit?", "A limitation is {}."),
    "code": ("Which code, data or model does the paper release?", "The paper releases {}."),
    "saving": ("By how much is something faster, smaller or cheaper?", "The saving is {}."),
    "sample size": ("How many subjects, samples or studies does the paper examine?", "The paper examines {}."),
}
"""What a language model is asked for a fact that the rules did not find, and the sentence that its answer has to make true."""
ASKED_KINDS: tuple[Kind, ...] = tuple(_ASKED)
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


def claim(column: str, value: str) -> str:
    """The sentence that this value of a column makes of a paper: "The number of parameters is 12 million."."""
    kind = kind_named(column)
    if kind in _ASKED:
        return _ASKED[kind][1].format(value)
    if _ASKS.match(column):
        return value
    return f"The {column.removeprefix('the ')} {'are' if _is_plural(column) else 'is'} {value}."


def asked_of_model(column: str) -> str:
    """The question to a language model about a column that is still empty; "" for one that only the rules fill."""
    kind = kind_named(column)
    return question(column) if kind is None else _ASKED.get(kind, ("", ""))[0]


def _is_plural(column: str) -> bool:
    head = re.split(r"\s(?:of|for|in|on|with|per)\s", column)[0]
    return head.endswith("s") and not head.endswith(("ss", "us", "is"))
