"""Has a language model say in the terms of the field what a question in everyday words describes, to search for that as well."""

from __future__ import annotations

import json
from collections.abc import Generator

from assistant.llm.client import LanguageModel
from assistant.llm.prompt import fill, visible
from assistant.llm.short_reply import short_reply
from assistant.types import Heartbeat, Usage

_MOST_PHRASES, _LONGEST, _TOKENS = 4, 50, 64
_EXAMPLE = (
    "How do they stop the lights going out when everyone plugs in their car at the same hour?",
    ("electric vehicle charging coordination", "peak load reduction in distribution grids", "demand-side management"),
)
"""A question and its phrases, shown to the model as an earlier turn: small models repeat an example within the prompt."""
_SCHEMA = {
    "type": "object",
    "properties": {
        "phrases": {
            "type": "array",
            "items": {"type": "string", "maxLength": _LONGEST},
            "minItems": 2,
            "maxItems": _MOST_PHRASES,
        }
    },
    "required": ["phrases"],
    "additionalProperties": False,
}


def search_phrases(
    model: LanguageModel, question: str, deadline: float
) -> Generator[Heartbeat, None, tuple[tuple[str, ...], Usage]]:
    """The model's phrases, none where it fails, and the tokens used. Raises TemplateError."""
    asked, phrases = _EXAMPLE
    example = fill("phrases.md", question=asked).user, json.dumps({"phrases": phrases})
    prompt = fill("phrases.md", question=visible(question))
    reply, usage = yield from short_reply(model, prompt, deadline, schema=_SCHEMA, most=_TOKENS, after=example)
    return parsed(reply), usage


def parsed(reply: str) -> tuple[str, ...]:
    """The phrases of a reply, each once and on one line; none where it is not what was asked for."""
    try:
        phrases = json.loads(reply)["phrases"]
    except (ValueError, KeyError, TypeError):
        return ()
    if not isinstance(phrases, list):
        return ()
    shown = (visible(p)[:_LONGEST] for p in phrases if isinstance(p, str))
    return tuple(dict.fromkeys(p for p in shown if p))[:_MOST_PHRASES]
