"""Writes answers by a script behind the OpenAI protocol: it follows the prompts, and lies in a known way.

The writer stands in for a fluent model that cannot be trusted, so that prompts, parser, verifier and rewriting are
measured offline. It knows only what the prompt contains: without the numbered abstracts it has nothing to say, without
instructions for citing it does not cite, and without the word for a refusal it does not refuse.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from eval.chat_server import Reply
from eval.training.edits import swap_number

_ABSTRACT = re.compile(r"^\[(\d+)\] (.+)\n(.+)$", re.M)
_QUESTION = re.compile(r"^Question: (.+)$", re.M)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_REFUSAL = re.compile(r"write only: ([A-Z][A-Z ]+)")
_CITING = re.compile(r"square\s+brackets.*\[\d+\]", re.S)
_INVENTED = "It was also adopted by the postal service of Liechtenstein."
_FEWEST = 2
"""A sentence is used when it shares at least this many words with the question."""


@dataclass
class Writer:
    """One writer; it remembers its false sentences, so that those which were shown can be counted."""

    lies: set[str] = field(default_factory=set)

    def __call__(self, body: dict[str, Any], authorization: str) -> Reply:
        """The reply to one request: true sentences with one or two lies among them, the same in every run."""
        prompt = "\n".join(str(m["content"]) for m in body["messages"])
        question, refusal = _QUESTION.search(prompt), _REFUSAL.search(prompt)
        if question is None:  # it was asked to rewrite a failed sentence, which it does not do
            return Reply(refusal[1].strip() if refusal else "I cannot.", len(prompt) // 4, 2)
        text = " ".join(self._sentences(prompt, question[1])) or (refusal[1].strip() if refusal else "I do not know.")
        return Reply(text, len(prompt) // 4, len(text) // 4)

    def _sentences(self, prompt: str, question: str) -> list[str]:
        cites = _CITING.search(prompt) is not None
        rng = random.Random(question)  # noqa: S311 - repeatable on purpose
        written: list[str] = []
        best = _closest(prompt, question)
        for number, sentence in best:
            wrong = None if written else swap_number(sentence, rng)
            if wrong is not None:
                self.lies.add(wrong)
                written.append(_cited(wrong, number if cites else None))
            written.append(_cited(sentence, number if cites else None))
        if best:
            self.lies.add(_INVENTED)
            written.append(_cited(_INVENTED, "99" if cites else None))
        return written


def _cited(sentence: str, number: str | None) -> str:
    return sentence if number is None else f"{sentence.rstrip('.')} [{number}]."


def _closest(prompt: str, question: str, most: int = 2) -> list[tuple[str, str]]:
    """The sentences that share the most words with the question, from the first abstract that has any."""
    asked = _words(question)
    for number, title, abstract in _ABSTRACT.findall(prompt):
        rows = [(len(asked & (_words(s) | _words(title))), -i, s) for i, s in enumerate(_SENTENCE.split(abstract))]
        chosen = [(number, s) for shared, _, s in sorted(rows, reverse=True)[:most] if shared >= _FEWEST]
        if chosen:
            return chosen
    return []


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"[a-z0-9]+", text.casefold()) if len(w) > 3}
