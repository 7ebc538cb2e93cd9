"""Takes the wish to leave out retracted papers from a question's wording."""

from __future__ import annotations

import re

_GONE = r"(?:retracted|withdrawn)(?:(?:\s+(?:or|and)\s+|/)(?:retracted|withdrawn))?"
_NOUN = r"(?:papers?|articles?|stud(?:y|ies)|publications?|preprints?|works?|ones)"
_WITHOUT = re.compile(
    rf"[\s,;(]*\b(?:(?:but|and|please)\s+)?(?:without(?:\s+(?:using|citing|counting))?|excluding|except(?:\s+for)?|ignor(?:e|ing)|"
    rf"leav(?:e|ing)\s+out|not\s+counting|omit(?:ting)?|skip(?:ping)?|other\s+than|but\s+no|and\s+no|no)\s+"
    rf"(?:(?:any|all|the|those|that)\s+)*{_GONE}\s+{_NOUN}\)?",
    re.I,
)
_ADJECTIVE = re.compile(rf"\b(?:non[- ]?retracted|not\s+{_GONE}|unretracted)\s+(?={_NOUN}\b)", re.I)


def without_retracted(question: str) -> tuple[str, bool]:
    """The question without these words, and whether it has them."""
    if "retracted" not in question.lower() and "withdrawn" not in question.lower():
        return question, False
    bare = _ADJECTIVE.sub("", _WITHOUT.sub("", question)).strip()
    return (bare, True) if bare != question and re.search(r"\w", bare) else (question, False)
