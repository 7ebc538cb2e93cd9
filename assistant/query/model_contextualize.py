"""Makes a follow-up question stand alone in the words of a language model, and rejects wordings that changed it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Generator
from itertools import accumulate

from assistant.errors import ModelError
from assistant.llm import tokens
from assistant.llm.client import LanguageModel
from assistant.llm.prompt import Prompt, fill, visible
from assistant.llm.short_reply import short_reply
from assistant.types import Answer, Heartbeat, History, Usage

_LOG = logging.getLogger(__name__)
_HISTORY_TOKENS = 1_500
"""Budget for earlier turns; a longer conversation has moved on by then."""
_MOST_WORDS_RATIO, _TITLE_WORDS = 3, 30
"""The most words in an accepted wording: this multiple of those in the follow-up, plus those of a title."""
_LEAST_OVERLAP = 0.6
"""Share of the follow-up's longer words that an accepted wording repeats."""


def reword(
    model: LanguageModel, question: str, history: History, deadline: float
) -> Generator[Heartbeat, None, tuple[str | None, Usage]]:
    """The model's wording, or None where the model fails or changes the question, and the tokens used."""
    try:
        for _ in model.prepare(deadline):  # what fits into a prompt is known once the model is loaded
            yield Heartbeat()
    except ModelError as error:
        _LOG.info("the follow-up is contextualized without the model: %s", error)
        return None, Usage()
    reply, usage = yield from short_reply(model, build_prompt(question, history, model.fits), deadline)
    return accepted(reply, question, history), usage


def build_prompt(question: str, history: History, fits: Callable[[str], bool]) -> Prompt:
    """Fills `prompts/standalone.md` with as many of the latest turns as fit. Raises TemplateError."""
    turns = [_turn(earlier) for earlier in reversed(history)]
    sizes = accumulate(tokens.count(turn) for turn in turns)
    count = max(1, sum(size <= _HISTORY_TOKENS for size in sizes))

    def prompt(count: int) -> Prompt:
        return fill("standalone.md", history="\n\n".join(reversed(turns[:count])), question=visible(question))

    while count > 1 and not fits(prompt(count).system + prompt(count).user):
        count -= 1
    return prompt(count)


def accepted(reply: str, question: str, history: History) -> str | None:
    """The model's question on one line; None when it lost what was asked, or added unknown figures."""
    lines = [line.strip().strip("\"'“”*` ") for line in reply.splitlines() if line.strip()]
    wording = visible(lines[0]) if lines else ""
    known = " ".join([question, *map(_turn, history)])
    words = _long_words(question)
    if not wording or len(wording.split()) > _MOST_WORDS_RATIO * len(question.split()) + _TITLE_WORDS:
        return None
    if len(words & _long_words(wording)) < _LEAST_OVERLAP * len(words):
        return None
    return wording if set(re.findall(r"\d+", wording)) <= set(re.findall(r"\d+", known)) else None


def _turn(earlier: str | Answer) -> str:
    if isinstance(earlier, str):
        return f"Question: {visible(earlier)}"
    titles = dict.fromkeys(c.title for c in earlier.citations or earlier.nearest)
    papers = "; ".join(f"“{visible(title)}”" for title in titles)
    about = f"\nPapers: {papers}" if papers else ""
    text = " ".join(s.numbered for s in earlier.sentences) or earlier.text  # without marks, which are for readers
    return f"Question: {visible(earlier.standalone_question)}\nAnswer: {visible(text)}{about}"


def _long_words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w+", text.casefold()) if len(w) > 3}
