"""The prompt that makes a follow-up stand alone, and whether what a model makes of it can be trusted.

Knows nothing about who asks the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate

from assistant import prompt_files
from assistant.answering.prompts import Prompt, clean
from assistant.llm import tokens
from assistant.types import Answer

_HISTORY_TOKENS = 1_500
"""Of earlier turns; a longer conversation is about something else by then."""
_MOST_WORDS = 3
"""How many times as many words as the follow-up, plus those of a title, what stands alone may have."""
_TITLE_WORDS = 30
_KEPT = 0.6
"""Share of the follow-up's longer words that have to be kept."""


def build_standalone(question: str, history: Sequence[str | Answer], fits: Callable[[str], bool]) -> Prompt:
    """Fills `prompts/standalone.md` with the newest turns, as many as fit. Raises TemplateError for a broken file."""
    system = prompt_files.load("system.md", frozenset()).substitute().strip()
    template = prompt_files.load("standalone.md", frozenset({"history", "question"}))
    turns = [_turn(earlier) for earlier in reversed(history)]
    sizes = list(accumulate(tokens.count(turn) for turn in turns))
    count = max(1, sum(size <= _HISTORY_TOKENS for size in sizes))

    def user(count: int) -> str:
        return template.substitute(history="\n\n".join(reversed(turns[:count])), question=clean(question)).strip()

    while count > 1 and not fits(system + user(count)):
        count -= 1
    return Prompt(system, user(count), ())


def accepted(reply: str, question: str, history: Sequence[str | Answer]) -> str | None:
    """The model's question, on one line; None where it lost what was asked, or brought in figures from nowhere."""
    lines = [line.strip().strip("\"'“”*` ") for line in reply.splitlines() if line.strip()]
    said = clean(lines[0]) if lines else ""
    known = " ".join([question, *map(_turn, history)])
    words = _words(question)
    if not said or len(said.split()) > _MOST_WORDS * len(question.split()) + _TITLE_WORDS:
        return None
    if sum(w in _words(said) for w in words) < _KEPT * len(words):
        return None
    return said if set(re.findall(r"\d+", said)) <= set(re.findall(r"\d+", known)) else None


def _turn(earlier: str | Answer) -> str:
    if isinstance(earlier, str):
        return f"Question: {clean(earlier)}"
    titles = dict.fromkeys(c.title for c in earlier.citations or earlier.nearest)
    papers = "; ".join(f"“{clean(title)}”" for title in titles)
    about = f"\nPapers: {papers}" if papers else ""
    return f"Question: {clean(earlier.standalone_question)}\nAnswer: {clean(earlier.text)}{about}"


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w+", text.casefold()) if len(w) > 3}
