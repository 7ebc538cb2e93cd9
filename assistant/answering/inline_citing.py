"""The free form: a model writes its answer with numbers beside the sentences, which are parsed as they come.

Each goes through the gate, failing ones are rewritten once. Knows nothing about retrieval, numbering or abstentions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answering.prompts import REFUSAL, build_prompt, build_rewrite
from assistant.answering.sentence_stream import Drafted, sentences_of
from assistant.citations import Marked
from assistant.errors import ModelError
from assistant.llm import LanguageModel, PromptCutError
from assistant.types import Heartbeat, Passage, Removed, Usage
from assistant.verification.grounding import GroundedSentence, GroundingCheck
from assistant.verification.verifier import SupportJudge, Verifier

_MOST_REWRITES = 3
"""Failing sentences that the model may write again; one that gets so much wrong is not worth more of the reader's time."""


class InlineCitingWriter:
    """Drafts of a model that can cite by itself."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: SupportJudge) -> None:
        self._model = model
        self._verifier = verifier
        self._judge = judge

    def stream(self, question: str, passages: Sequence[Passage], deadline: float) -> Iterator[Drafted]:
        """As ModelDrafts.stream: sentences that passed as they come, then second versions of those that failed."""
        prompt = build_prompt(question, passages, self._model.fits)
        gate = GroundingCheck(self._verifier, self._judge, [p.paper for p in prompt.passages])
        failed: list[tuple[Marked, Removed]] = []
        shown: set[str] = set()
        problem: ModelError | None = None
        try:
            for item in sentences_of(self._model, prompt, deadline):
                if not isinstance(item, Marked):
                    yield item
                elif not _is_refusal(item.text):
                    result = gate.judge(item)
                    if isinstance(result, GroundedSentence):
                        shown.add(result.text)
                        yield result
                    else:
                        failed.append((item, result))
        except ModelError as error:
            problem = error
        again = problem is None or isinstance(problem, PromptCutError)
        try:
            yield from self._second_versions(gate, failed if again else [], shown, deadline)
        except ModelError as error:
            problem = problem or error
        yield from (removed for _, removed in ([] if again else failed))
        if problem is not None:
            raise problem

    def _second_versions(
        self, gate: GroundingCheck, failed: list[tuple[Marked, Removed]], shown: set[str], deadline: float
    ) -> Iterator[Drafted]:
        for i, (marked, removed) in enumerate(failed):
            again = self._rewrite(gate, marked, removed, deadline) if i < _MOST_REWRITES else iter(())
            second: GroundedSentence | None = None
            try:
                for outcome in again:
                    if isinstance(outcome, GroundedSentence):
                        second = outcome
                    else:
                        yield outcome
            except ModelError:
                yield from (r for _, r in failed[i:])
                raise
            yield second if second and second.text not in shown else removed
            shown.add(second.text if second else "")

    def _rewrite(
        self, gate: GroundingCheck, marked: Marked, removed: Removed, deadline: float
    ) -> Iterator[GroundedSentence | Usage | Heartbeat]:
        """At most one second version, bound to the paper that the first one was nearest to."""
        paper = gate.nearest(marked)
        if paper is None:
            return
        prompt = build_rewrite(marked.text, removed.why, paper.paper)
        for item in sentences_of(self._model, prompt, deadline):
            if not isinstance(item, Marked):
                yield item
                continue
            if _is_refusal(item.text):
                return
            result = gate.judge(Marked(item.text, (paper.number,)))
            if isinstance(result, GroundedSentence):
                yield result
            return


def _is_refusal(text: str) -> bool:
    return text.strip(" .*\"'").upper() == REFUSAL
