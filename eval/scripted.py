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

_ABSTRACT = re.compile(r"^\[(\d+)\] (.+)\n(.+)$", re.M)
_QUESTION = re.compile(r"^Question: (.+)$", re.M)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_REFUSAL = re.compile(r"write only: ([A-Z][A-Z ]+)")
_CITING = re.compile(r"square\s+brackets.*\[\d+\]", re.S)
_NUMBER = re.compile(r"(?<![\w.,/^_-])(\d+(?:\.\d+)?)(?![\w,/^_]|\.\d|-\w|\s?D\b)")
_COUNTS = "two three four five six seven eight nine ten".split()
_COUNT = re.compile(r"\b(" + "|".join(_COUNTS) + r")\b(?!-)", re.I)
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


def swap_number(text: str, rng: random.Random) -> str | None:
    """One figure (or a count in words) becomes another of the same format."""
    spots = list(_NUMBER.finditer(text))
    if spots and (rng.random() < 0.8 or not _COUNT.search(text)):
        match = rng.choice(spots)
        return text[: match.start()] + _another(match[1], rng) + text[match.end() :]
    words = list(_COUNT.finditer(text))
    if not words:
        return None
    match = rng.choice(words)
    new = rng.choice([w for w in _COUNTS if w != match[0].lower()])
    return text[: match.start()] + (new.capitalize() if match[0][0].isupper() else new) + text[match.end() :]


def _another(figure: str, rng: random.Random) -> str:
    decimals = len(figure.split(".")[1]) if "." in figure else 0
    value = float(figure)
    for _ in range(50):
        new = value * rng.choice([0.5, 0.7, 0.9, 1.1, 1.3, 2.0]) + rng.choice([-1, 0, 1]) * 10.0**-decimals
        if 1900 <= value <= 2100 and not decimals:
            new = value + rng.choice([-7, -3, -2, -1, 1, 2, 3])
        shown = f"{abs(new):.{decimals}f}"
        if float(shown) != value and float(shown) > 0:
            return shown
    return f"{value + 1:.{decimals}f}"
