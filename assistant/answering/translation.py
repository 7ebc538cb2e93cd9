"""Adds the translation of an answer for a question in another language; what was checked, and is cited, stays English."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Sequence
from dataclasses import replace

from assistant.llm import tokens
from assistant.llm.client import LanguageModel
from assistant.llm.prompt import fill, visible
from assistant.llm.short_reply import short_reply
from assistant.types import Answer, Heartbeat

_TOKENS_RATIO = 3
"""Most tokens of the reply for each one of the English text: other languages, and JSON, take more."""


def translated(
    answer: Answer, language: str, model: LanguageModel, deadline: float
) -> Generator[Heartbeat, None, Answer]:
    """The answer with its sentences, or its abstention, in the language below the English. Raises TemplateError.

    A note says so where the model did not translate it.
    """
    english = [s.text for s in answer.sentences] or [answer.text]
    prompt = fill("translate.md", language=language, sentences=json.dumps(english, ensure_ascii=False))
    most = _TOKENS_RATIO * tokens.count(prompt.user)
    reply, usage = yield from short_reply(model, prompt, deadline, schema=_schema(len(english)), most=most)
    answer = replace(answer, usage=answer.usage + usage)
    texts = accepted(reply, english)
    if texts is None:
        return replace(answer, notes=(*answer.notes, f"{model.name} did not translate the answer into {language}"))
    markers = ["".join(f" [{n}]" for n in s.citations) for s in answer.sentences] or [""]
    below = " ".join(text + marker for text, marker in zip(texts, markers, strict=True))
    remark = f"{language} (translated by {model.name}; checked is the English): {below}"
    return replace(
        answer,
        text=f"{answer.text} {remark}",
        remarks=(*answer.remarks, remark) if answer.sentences else (),
    )


def accepted(reply: str, english: Sequence[str]) -> list[str] | None:
    """The translations, one for each sentence; None unless all are there, differ from the English and keep its figures."""
    try:
        texts = [visible(text) for text in json.loads(reply)["translations"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if len(texts) != len(english) or not all(texts) or texts == list(english):
        return None
    return texts if all(map(_same_digits, texts, english)) else None


def _same_digits(text: str, english: str) -> bool:
    """Whether both have the same digits; languages write decimals and thousands differently, and order words otherwise."""
    return sorted(re.findall(r"\d", text)) == sorted(re.findall(r"\d", english))


def _schema(count: int) -> dict[str, object]:
    texts = {"type": "array", "items": {"type": "string"}, "minItems": count, "maxItems": count}
    return {
        "type": "object",
        "properties": {"translations": texts},
        "required": ["translations"],
        "additionalProperties": False,
    }
