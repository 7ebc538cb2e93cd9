"""Checks the sentences of a draft while it is written, and asks a judge about those in doubt when it is complete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answering.prompts import AnswerPrompt, is_refusal
from assistant.citations import Marked
from assistant.errors import ModelError
from assistant.types import Heartbeat, Removed, Usage
from assistant.verification.grounding import Checked, Doubtful, GroundedSentence, GroundingCheck
from assistant.verification.judges import Draft

Outcome = tuple[Marked, GroundedSentence | Removed]
"""A sentence as the model wrote it, and what became of it."""


def check_draft(
    sentences: Iterator[Marked | Usage | Heartbeat],
    check: GroundingCheck,
    asked: AnswerPrompt,
    heard: Sequence[str],
    deadline: float,
) -> Iterator[Outcome | Usage | Heartbeat]:
    """The outcome of each sentence, in order, as soon as it is known; refusals are left out.

    A sentence that a judge has to be asked about waits for the end of the draft, and later ones wait behind it. `heard`
    holds the reply by then. Raises ModelError after everything that was written before has its outcome.
    """
    waiting: list[tuple[Marked, Checked]] = []
    problem: ModelError | None = None
    try:
        for item in sentences:
            if not isinstance(item, Marked):
                yield item
            elif not is_refusal(item.text):
                checked = check.check(item)
                if waiting or isinstance(checked, Doubtful):
                    waiting.append((item, checked))
                else:
                    yield item, checked
    except ModelError as error:
        problem = error
    draft = Draft(asked.prompt, len(asked.passages), "".join(heard)) if problem is None else None
    settled = yield from check.settle([checked for _, checked in waiting], draft, deadline)
    yield from zip([marked for marked, _ in waiting], settled, strict=True)
    if problem is not None:
        raise problem
