"""The writer for models that can cite: sentences are checked as they arrive, and those that fail are rewritten once."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from assistant.answering.prompts import REFUSAL, build_prompt, build_rewrite
from assistant.answering.sentence_stream import stream_sentences
from assistant.answering.writer import WriterEvent, WritingTask
from assistant.citations import Marked
from assistant.errors import ModelError
from assistant.llm.client import LanguageModel, PromptCutError
from assistant.types import Heartbeat, Removed, Usage
from assistant.verification.grounding import Checked, Doubtful, GroundedSentence, GroundingCheck
from assistant.verification.judges import Draft, Judge
from assistant.verification.verifier import Verifier

_MOST_REWRITES = 3
"""Failed sentences that the model may write again; a model that gets more wrong is not worth more of the user's time."""

_Failures = list[tuple[Marked, Removed]]


class InlineCitingWriter:
    """Writes with a model that cites by itself."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: Judge | None) -> None:
        self._model = model
        self._verifier = verifier
        self._judge = judge

    def write(self, task: WritingTask) -> Iterator[WriterEvent]:
        """Sentences that passed as they arrive, then second versions of those that failed. Raises ModelError.

        A sentence that a judge has to be asked about waits for the end of the draft, and later ones wait behind it, so
        that the order of the draft is kept.
        """
        asked = build_prompt(task.question, task.passages, self._model.fits)
        check = GroundingCheck(self._verifier, self._judge, [p.paper for p in asked.passages], task.question)
        heard: list[str] = []
        waiting: list[tuple[Marked, Checked]] = []
        failed: _Failures = []
        shown: set[str] = set()
        problem: ModelError | None = None
        try:
            for item in stream_sentences(self._model, asked.prompt, task.deadline, heard=heard):
                if not isinstance(item, Marked):
                    yield item
                elif not _is_refusal(item.text):
                    checked = check.check(item)
                    if waiting or isinstance(checked, Doubtful):
                        waiting.append((item, checked))
                    else:
                        yield from _passed(item, checked, failed, shown)
        except ModelError as error:
            problem = error
        draft = Draft(asked.prompt, len(asked.passages), "".join(heard)) if problem is None else None
        settled = yield from check.settle([checked for _, checked in waiting], draft, task.deadline)
        for (marked, _), outcome in zip(waiting, settled, strict=True):
            yield from _passed(marked, outcome, failed, shown)
        if problem is None or isinstance(problem, PromptCutError):
            try:
                yield from self._second_versions(check, failed, shown, task.deadline)
            except ModelError as error:
                problem = problem or error
        else:
            yield from (removed for _, removed in failed)
        if problem is not None:
            raise problem

    def _second_versions(
        self, check: GroundingCheck, failed: _Failures, shown: set[str], deadline: float
    ) -> Iterator[WriterEvent]:
        for i, (marked, removed) in enumerate(failed):
            second = None
            if i < _MOST_REWRITES:
                try:
                    second = yield from self._rewrite(check, marked, removed, deadline)
                except ModelError:
                    yield from (r for _, r in failed[i:])
                    raise
            yield second if second and second.text not in shown else removed
            shown.add(second.text if second else "")

    def _rewrite(
        self, check: GroundingCheck, marked: Marked, removed: Removed, deadline: float
    ) -> Generator[Heartbeat | Usage, None, GroundedSentence | None]:
        """A second version that passes, bound to the paper that the first one was nearest to.

        The packaged verifier decides on it alone: a judge is asked once in an answer.
        """
        nearest = check.nearest(marked)
        if nearest is None:
            return None
        number, paper = nearest
        for item in stream_sentences(self._model, build_rewrite(marked.text, removed.why, paper), deadline):
            if not isinstance(item, Marked):
                yield item
                continue
            if _is_refusal(item.text):
                return None
            checked = check.check(Marked(item.text, (number,)))
            outcome = checked.outcome if isinstance(checked, Doubtful) else checked
            return outcome if isinstance(outcome, GroundedSentence) else None
        return None


def _passed(
    marked: Marked, outcome: GroundedSentence | Removed, failed: _Failures, shown: set[str]
) -> Iterator[GroundedSentence]:
    """The sentence if it passed, noted in `shown`; one that did not is noted in `failed`."""
    if isinstance(outcome, GroundedSentence):
        shown.add(outcome.text)
        yield outcome
    else:
        failed.append((marked, outcome))


def _is_refusal(text: str) -> bool:
    return text.strip(" .*\"'").upper() == REFUSAL
