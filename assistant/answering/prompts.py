"""The prompts that ask a model to write, rewrite, choose or word the sentences of an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.errors import ModelError
from assistant.llm.prompt import Prompt, fill, visible
from assistant.types import Paper, Passage

REFUSAL = "NOT STATED"
"""The reply that the prompts ask for when the abstracts do not state the answer."""
_MOST_ABSTRACT_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class AnswerPrompt:
    """A prompt, and the passages behind the numbers 1, 2, … of the abstracts in it."""

    prompt: Prompt
    passages: tuple[Passage, ...]


def build_prompt(question: str, passages: Sequence[Passage], fits: Callable[[str], bool]) -> AnswerPrompt:
    """Fills `prompts/answer.md` with as many of the best abstracts as fit, none of them cut.

    `fits` says whether a model can read that much text. Raises TemplateError for a broken prompt file, and ModelError
    when not even one abstract fits.
    """
    blocks = [_block(number, passage) for number, passage in enumerate(passages, 1)]

    def prompt(count: int) -> Prompt:
        return fill("answer.md", abstracts="\n\n".join(blocks[:count]), question=visible(question), refusal=REFUSAL)

    count = _most(len(blocks), lambda n: fits(prompt(n).system + prompt(n).user))
    if blocks and not count:
        raise ModelError("not one abstract fits into the model's context; raise ASSISTANT_LLM_CONTEXT")
    return AnswerPrompt(prompt(count), tuple(passages[:count]))


def build_rewrite(sentence: str, why: str, paper: Paper) -> Prompt:
    """Fills `prompts/rewrite.md` for one sentence that failed the grounding check."""
    abstract = visible(paper.abstract)[:_MOST_ABSTRACT_CHARACTERS]
    return fill("rewrite.md", why=visible(why), sentence=visible(sentence), abstract=abstract, refusal=REFUSAL)


def build_choice(question: str, quotes: Sequence[str], most: int) -> Prompt:
    """Fills `prompts/choose.md`: which of these sentences, numbered from 1, state the answer?"""
    listed = "\n".join(f"{number}. {visible(quote)}" for number, quote in enumerate(quotes, 1))
    return fill("choose.md", sentences=listed, question=visible(question), most=str(most))


def build_wording(question: str, title: str, quote: str) -> Prompt:
    """Fills `prompts/compose.md` for one chosen sentence."""
    return fill("compose.md", question=visible(question), title=visible(title), quote=visible(quote))


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `count` that fits, 0 when none does; tries all of them first, since they mostly fit."""
    if fits(count):
        return count
    fitting, too_many = 0, count
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        fitting, too_many = (middle, too_many) if fits(middle) else (fitting, middle)
    return fitting


def _block(number: int, passage: Passage) -> str:
    paper = passage.paper
    year = f" ({paper.year})" if paper.year else ""
    return f"[{number}] {visible(paper.title)}{year}\n{visible(paper.abstract)[:_MOST_ABSTRACT_CHARACTERS]}"
