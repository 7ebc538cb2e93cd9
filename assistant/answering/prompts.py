"""The prompts that ask a model to write an answer, or second versions of its sentences.

Everything up to the instruction is the same in every request of an answer, so a server reads it once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.extractive import choose_sentences, scored_papers
from assistant.answering.writer import WritingTask
from assistant.citations import Marked
from assistant.errors import ModelError
from assistant.injections.screening import safe_title
from assistant.llm.prompt import Prompt, fill, system_message, visible
from assistant.types import Passage, Removed

REFUSAL = "NOT STATED"
"""The reply that the prompts ask for when the abstracts do not state the answer."""
_MOST_SELECTED = {"one": 2, "several": 4, "list": 4}
"""Sentences that a model too small to cite may write; such a model goes on for as long as it is let."""
_CANDIDATES = 3
"""Sentences that the model is told to look at first."""
_MOST_ABSTRACT_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class AnswerPrompt:
    """A prompt, and the passages behind the numbers 1, 2, … of the abstracts in it."""

    prompt: Prompt
    passages: tuple[Passage, ...]


def inline_prompt(task: WritingTask, fits: Callable[[str], bool]) -> AnswerPrompt:
    """Asks for prose with the numbers of abstracts. Raises as `_build` does."""
    return _build(task, fill("answer.md", refusal=REFUSAL).user, fits)


def select_prompt(task: WritingTask, fits: Callable[[str], bool]) -> AnswerPrompt:
    """Asks for rows of a source and a sentence, at most `most_selected`. Raises as `_build` does."""
    return _build(task, fill("select.md", most=str(most_selected(task))).user, fits)


def most_selected(task: WritingTask) -> int:
    """Sentences that a model too small to cite may write."""
    return _MOST_SELECTED[task.assessment.scope]


def rewrite_prompt(failed: Sequence[tuple[Marked, Removed]]) -> str:
    """Continues the conversation of a draft: asks for second versions of sentences that failed the check."""
    rows = [f"{n}. {visible(marked.text)} ({visible(why.why)})" for n, (marked, why) in enumerate(failed, 1)]
    return fill("rewrite.md", sentences="\n".join(rows)).user


def is_refusal(text: str) -> bool:
    """Whether the model says that nothing states the answer."""
    return text.strip(" .*\"'").upper() == REFUSAL


def _build(task: WritingTask, instruction: str, fits: Callable[[str], bool]) -> AnswerPrompt:
    """Fills `prompts/question.md` with as many of the best abstracts as fit, none of them cut.

    `fits` says whether a model can read that much text. Raises TemplateError for a broken prompt file, and ModelError
    when not even one abstract fits.
    """
    blocks = [_block(number, passage) for number, passage in enumerate(task.passages, 1)]

    def prompt(count: int) -> Prompt:
        shared = fill(
            "question.md",
            abstracts="\n\n".join(blocks[:count]),
            candidates=_candidates(task, count),
            question=visible(task.question),
        )
        return Prompt(system_message(), f"{shared.user}\n\n{instruction}")

    count = _most(len(blocks), lambda n: fits(prompt(n).system + prompt(n).user))
    if blocks and not count:
        raise ModelError("not one abstract fits into the model's context; raise ASSISTANT_LLM_CONTEXT")
    return AnswerPrompt(prompt(count), tuple(task.passages[:count]))


def _candidates(task: WritingTask, count: int) -> str:
    """The sentences that the reader takes for the answer, from the first `count` passages."""
    numbers = {p.paper.paper_id: n for n, p in enumerate(task.passages[:count], 1)}
    best = choose_sentences(scored_papers(task.assessment), _CANDIDATES, _CANDIDATES)
    sources = [(numbers.get(quote.evidence[0].paper_id), quote.text) for quote in best]
    return "\n".join(f"[{n}] {visible(text)}" for n, text in sources if n) or "none"


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
    return f"[{number}] {visible(safe_title(paper))}{year}\n{visible(paper.abstract)[:_MOST_ABSTRACT_CHARACTERS]}"
