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
from assistant.verification.grounding import GroundedSentence, GroundingCheck
from assistant.verification.judges import Judge
from assistant.verification.verifier import Verifier

_MOST_REWRITES = 3
"""Failed sentences that the model may write again; a model that gets more wrong is not worth more of the user's time."""

_Failures = list[tuple[Marked, Removed]]


class InlineCitingWriter:
    """Writes with a model that cites by itself."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: Judge) -> None:
        self._model = model
        self._verifier = verifier
        self._judge = judge

    def write(self, task: WritingTask) -> Iterator[WriterEvent]:
        """Sentences that passed as they arrive, then second versions of those that failed. Raises ModelError."""
        asked = build_prompt(task.question, task.passages, self._model.fits)
        check = GroundingCheck(self._verifier, self._judge, [p.paper for p in asked.passages], task.deadline)
        failed: _Failures = []
        shown: set[str] = set()
        problem: ModelError | None = None
        try:
            for item in stream_sentences(self._model, asked.prompt, task.deadline):
                if not isinstance(item, Marked):
                    yield item
                elif not _is_refusal(item.text):
                    result = yield from check.check(item)
                    if isinstance(result, GroundedSentence):
                        shown.add(result.text)
                        yield result
                    else:
                        failed.append((item, result))
        except ModelError as error:
            problem = error
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
        """A second version that passes, bound to the paper that the first one was nearest to."""
        nearest = check.nearest(marked)
        if nearest is None:
            return None
        number, paper = nearest
        for item in stream_sentences(self._model, build_rewrite(marked.text, removed.why, paper), deadline):
            if not isinstance(item, Marked):
                yield item
                continue
            result = None if _is_refusal(item.text) else (yield from check.check(Marked(item.text, (number,))))
            return result if isinstance(result, GroundedSentence) else None
        return None


def _is_refusal(text: str) -> bool:
    return text.strip(" .*\"'").upper() == REFUSAL
