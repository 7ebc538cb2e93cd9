"""Recognizes sentences of an abstract that address a language model instead of the reader; they are never quoted.

They could do no harm, being text among text, but they answer no question. A paper *about* such sentences stays
quotable: only a sentence that gives an order, or speaks to whoever answers, counts.
"""

from __future__ import annotations

import re

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_START = r"(?:^|[:;,.!?]\s+|\bplease\s+|\b(?:must|should|shall)\s+)"
_COMMAND = re.compile(
    _START + r"(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|prompts?|rules|guidelines|directions)\b|"
    + _START + r"(?:reply|respond|answer|output|say|print|repeat|write)\s+(?:only|exactly|just|nothing but|the following)\b|"
    r"^(?:system|assistant|user|developer|human|ai)\s*:|\b(?:if|when|as) you (?:are an? (?:\w+ )?(?:language model|assistant|ai|llm|chatbot)|"
    r"(?:summari[sz]e|answer|cite|read) th(?:is|e) (?:paper|abstract|question|text))|"
    r"\b(?:print|reveal|show|repeat|leak)\b.{0,20}\b(?:system prompt|your (?:prompt|instructions))|"
    r"\b(?:note|message|instructions?) (?:to|for) (?:any |the |all )?(?:\w+ )?(?:assistants?|language models?|llms?|chatbots?|ai)\b|"
    r"\bnew task\s*:|\balways cite (?:this|it)\b",
    re.IGNORECASE,
)  # fmt: skip


def is_command(sentence: str) -> bool:
    """True for a sentence that gives an order to whoever answers, or that tries to pass for another speaker."""
    return bool(_COMMAND.search(_INVISIBLE.sub("", sentence).strip()))
