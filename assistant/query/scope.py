"""Judges by the wording alone how many papers a question is about."""

from __future__ import annotations

import re
from typing import Literal

Scope = Literal["one", "maybe several", "several", "list"]
"""The facts of one paper; perhaps of two, joined by "and" or "or"; certainly of several; or every paper of a kind."""

_LIST = re.compile(
    r"\b(?:which|what|list|name|find|show|are there|how many)\b[^?.,:]{0,40}\b(?:papers|works|studies|articles|abstracts|"
    r"authors|surveys|publications)\b|^\W*(?:all |any |some |recent )?(?:papers|works|studies|articles|surveys)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\bcompar(?:e[ds]?|ing|isons?)\b|\bversus\b|\bvs\b|\bdiffer(?:s|ences?)?\b|\bboth\b|\beach\b|\bpapers\b|\brespectively\b|"
    r"\b(?:two|three|several|various) (?:papers|works|methods|approaches|studies)\b",
    re.IGNORECASE,
)
_MAYBE_SEVERAL = re.compile(r"\b(?:and|or|against|than)\b", re.IGNORECASE)


def scope_of(question: str) -> Scope:
    """The scope that the wording of the question suggests."""
    if _LIST.search(question):
        return "list"
    if _SEVERAL.search(question):
        return "several"
    return "maybe several" if _MAYBE_SEVERAL.search(question) else "one"
