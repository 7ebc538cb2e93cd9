"""Translates a question in another language into English, the language of the abstracts and of what reads and checks them."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass

from assistant.llm import tokens
from assistant.llm.client import LanguageModel
from assistant.llm.prompt import fill, visible
from assistant.llm.short_reply import short_reply
from assistant.text.language import foreign_language
from assistant.types import Heartbeat, Usage

_LEAST_TOKENS, _TOKENS_RATIO = 64, 2
"""Limit of a translation: the larger of a few, and of this multiple of those in the question."""
_LONGEST_RATIO = 6
"""The most characters of a translation for each one of the question, which may be Chinese."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a user wrote, in the words in which it is understood."""

    text: str
    """As it was written."""
    english: str
    """The same, or its translation."""
    language: str | None
    """The language that it was written in; None for English."""
    usage: Usage
    """Tokens that the translation took."""

    @property
    def untranslated(self) -> str | None:
        """The language that it is still in, where nothing translated it."""
        return self.language if self.english == self.text else None


def in_english(text: str, model: LanguageModel | None, deadline: float) -> Generator[Heartbeat, None, Message]:
    """The message, translated if it is not in English and there is a model that can. Raises TemplateError."""
    language = foreign_language(text)
    if language is None or model is None:
        return Message(text, text, language, Usage())
    prompt = fill("english.md", language=language, question=visible(text))
    most = max(_LEAST_TOKENS, _TOKENS_RATIO * tokens.count(text))
    reply, usage = yield from short_reply(model, prompt, deadline, most=most)
    return Message(text, accepted(reply, text) or text, language, usage)


def accepted(reply: str, question: str) -> str | None:
    """The translation on one line; None when it is not in English, is far too long, or lost a figure."""
    lines = [line.strip().strip("\"'“”*` ") for line in reply.splitlines() if line.strip()]
    english = visible(lines[0]) if lines else ""
    if not english or foreign_language(english) is not None or len(english) > _LONGEST_RATIO * len(question):
        return None
    return english if set(re.findall(r"\d+", question)) <= set(re.findall(r"\d+", english)) else None
