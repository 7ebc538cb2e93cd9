"""The prompt for a language model: as many whole abstracts as fit, numbered, and the question.

Knows nothing about which model reads it; whether a prompt fits is for others to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant import prompt_files
from assistant.errors import ModelError
from assistant.types import Paper, Passage

REFUSAL = "NOT STATED"
"""What the prompt asks a model to write when the abstracts do not say it."""
_LONGEST_ABSTRACT = 8_000


@dataclass(frozen=True, slots=True)
class Prompt:
    """Both messages, and the passages behind the numbers 1, 2, … of the abstracts in them."""

    system: str
    user: str
    passages: tuple[Passage, ...]


def build_prompt(question: str, passages: Sequence[Passage], fits: Callable[[str], bool]) -> Prompt:
    """Fills `prompts/answer.md` with as many of the best abstracts as fit, none of them cut.

    `fits` says whether a model can read that much text. Raises TemplateError for a broken prompt file, ModelError when not
    even one abstract fits.
    """
    system = _system()
    template = prompt_files.load("answer.md", frozenset({"abstracts", "question", "refusal"}))
    blocks = [_block(number, passage) for number, passage in enumerate(passages, 1)]

    def user(count: int) -> str:
        abstracts = "\n\n".join(blocks[:count])
        return template.substitute(abstracts=abstracts, question=clean(question), refusal=REFUSAL).strip()

    count = _most(len(blocks), lambda n: fits(system + user(n)))
    if blocks and not count:
        raise ModelError("not one abstract fits into what the model can read; raise ASSISTANT_LLM_CONTEXT")
    return Prompt(system, user(count), tuple(passages[:count]))


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `count` that fits, 0 when none does; all of it is tried first, as it mostly does."""
    if fits(count):
        return count
    fitting, too_many = 0, count
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        fitting, too_many = (middle, too_many) if fits(middle) else (fitting, middle)
    return fitting


def build_rewrite(sentence: str, why: str, paper: Paper) -> Prompt:
    """Fills `prompts/rewrite.md` for one sentence that failed."""
    template = prompt_files.load("rewrite.md", frozenset({"why", "sentence", "abstract", "refusal"}))
    user = template.substitute(
        why=clean(why), sentence=clean(sentence), abstract=clean(paper.abstract)[:_LONGEST_ABSTRACT], refusal=REFUSAL
    )
    return Prompt(_system(), user.strip(), ())


def build_choice(question: str, quotes: Sequence[str], most: int) -> Prompt:
    """Fills `prompts/choose.md`: which of these sentences, numbered from 1, state the answer?"""
    template = prompt_files.load("choose.md", frozenset({"sentences", "question", "most"}))
    listed = "\n".join(f"{number}. {clean(quote)}" for number, quote in enumerate(quotes, 1))
    user = template.substitute(sentences=listed, question=clean(question), most=most)
    return Prompt(_system(), user.strip(), ())


def build_composition(question: str, title: str, quote: str) -> Prompt:
    """Fills `prompts/compose.md` for one chosen sentence."""
    template = prompt_files.load("compose.md", frozenset({"question", "title", "quote"}))
    user = template.substitute(question=clean(question), title=clean(title), quote=clean(quote))
    return Prompt(_system(), user.strip(), ())


def _system() -> str:
    return prompt_files.load("system.md", frozenset()).substitute().strip()


def clean(text: str) -> str:
    """Without control, zero-width and direction characters, which can hide instructions from a human reader."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"})
    return re.sub(r"\s+", " ", "".join(kept)).strip()


def _block(number: int, passage: Passage) -> str:
    paper = passage.paper
    year = f" ({paper.year})" if paper.year else ""
    return f"[{number}] {clean(paper.title)}{year}\n{clean(paper.abstract)[:_LONGEST_ABSTRACT]}"
