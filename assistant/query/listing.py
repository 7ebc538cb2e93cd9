"""Recognizes a request for all papers of a kind, or for their number."""

from __future__ import annotations

import re
from typing import Literal

_NOUN = r"(?:papers|works|studies|articles|abstracts|publications|surveys|reviews)"
_BEFORE = r"(?:[^\s?.,;:]+\s+){0,6}?"
_OPENING = r"^\W*(?:please\s+|can you\s+|could you\s+)*"
_COUNT = re.compile(rf"(?i){_OPENING}(?:how many|(?:the\s+)?number of|count)\s+{_BEFORE}{_NOUN}\b")
_LIST = re.compile(
    rf"(?i){_OPENING}(?:(?:which|what|list|show|find|name|give)(?:\s+me)?(?:\s+are)?\s+{_BEFORE}{_NOUN}|(?:list|show|find)\s+(?:every|each)\s+{_BEFORE}(?:paper|work|study|article)|are there any {_BEFORE}{_NOUN}|(?:all\s+)?{_NOUN}\s+(?:that|on|about|which|with))\b"
)
_OTHER = re.compile(
    rf"(?i)\b{_NOUN}\s+(?:does|do|did|was|were|is)\s+(?:the|a|an|this|it|he|she|they)\b|\bhow many {_BEFORE}{_NOUN} (?:were|are) (?:reviewed|used|covered)\b"
)


def listing_intent(question: str) -> Literal["list", "count"] | None:
    """`count` for "how many papers …", `list` for "which papers …"; None for any other question."""
    if _OTHER.search(question):
        return None
    if _COUNT.match(question):
        return "count"
    return "list" if _LIST.match(question) else None
