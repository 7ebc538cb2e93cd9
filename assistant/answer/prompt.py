"""The prompt for a language model: as many whole abstracts as fit, numbered, and the question.

Knows nothing about which model reads it, beyond how many tokens it can take.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import templates
from assistant.errors import SettingsError
from assistant.types import Paper, Passage

REFUSAL = "NOT STATED"
"""What the prompt asks a model to write when the abstracts do not say it."""
_CHARACTERS_A_TOKEN = 3
"""Fewer than in practice (about four), so that the estimate errs on the side of fitting."""
_LONGEST_ABSTRACT = 8_000


@dataclass(frozen=True, slots=True)
class Prompt:
    """Both messages, and the passages behind the numbers 1, 2, … of the abstracts in them."""

    system: str
    user: str
    passages: tuple[Passage, ...]


def build_prompt(question: str, passages: Sequence[Passage], tokens: int) -> Prompt:
    """Fills `prompts/answer.md` with the best abstracts that fit into `tokens`, none of them cut.

    Raises TemplateError for a broken prompt file, SettingsError when not even one abstract fits.
    """
    system = templates.load("system.md", frozenset()).substitute().strip()
    template = templates.load("answer.md", frozenset({"abstracts", "question", "refusal"}))
    room = tokens * _CHARACTERS_A_TOKEN - len(system) - len(template.template) - len(question)
    blocks: list[str] = []
    for passage in passages:
        block = _block(len(blocks) + 1, passage)
        room -= len(block)
        if room < 0:
            break
        blocks.append(block)
    if passages and not blocks:
        raise SettingsError(f"not one abstract fits into {tokens} tokens; raise ASSISTANT_LLM_CONTEXT")
    user = template.substitute(abstracts="\n\n".join(blocks), question=clean(question), refusal=REFUSAL).strip()
    return Prompt(system, user, tuple(passages[: len(blocks)]))


def build_rewrite(sentence: str, why: str, paper: Paper) -> Prompt:
    """Fills `prompts/rewrite.md` for one sentence that failed."""
    system = templates.load("system.md", frozenset()).substitute().strip()
    template = templates.load("rewrite.md", frozenset({"why", "sentence", "abstract", "refusal"}))
    user = template.substitute(
        why=clean(why), sentence=clean(sentence), abstract=clean(paper.abstract)[:_LONGEST_ABSTRACT], refusal=REFUSAL
    )
    return Prompt(system, user.strip(), ())


def clean(text: str) -> str:
    """Without control, zero-width and direction characters, which can hide instructions from a human reader."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"})
    return re.sub(r"\s+", " ", "".join(kept)).strip()


def _block(number: int, passage: Passage) -> str:
    paper = passage.paper
    year = f" ({paper.year})" if paper.year else ""
    return f"[{number}] {clean(paper.title)}{year}\n{clean(paper.abstract)[:_LONGEST_ABSTRACT]}"
