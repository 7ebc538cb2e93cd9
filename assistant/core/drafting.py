"""Sentences from a language model: streamed, parsed, each through the gate, failing ones rewritten once.

Knows nothing about retrieval, numbering or abstentions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answer import REFUSAL, build_prompt, build_rewrite
from assistant.cite import Marked, MarkerParser
from assistant.core.gate import Gate, Passed
from assistant.errors import ModelError
from assistant.llm import LanguageModel, PromptCutError
from assistant.types import Passage, Removed, Usage
from assistant.verify import SupportJudge, Verifier

_MOST_REWRITES = 3
"""Failing sentences that the model may write again; one that gets so much wrong is not worth more of the reader's time."""


class Waiting:
    """Nothing came for a moment; whoever reads may stop now."""


Drafted = Passed | Removed | Usage | Waiting


class ModelDrafts:
    """The drafts of one model."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: SupportJudge) -> None:
        self._model = model
        self._verifier = verifier
        self._judge = judge

    def stream(self, question: str, passages: Sequence[Passage]) -> Iterator[Drafted]:
        """Sentences that passed as they come, then second versions of those that failed, then what is removed for
        good; a `Usage` after each request.

        Raises ModelError when the model fails, after everything that is known by then; what came before it stands.
        """
        deadline = self._model.deadline()
        for _ in self._model.prepare(deadline):
            yield Waiting()
        prompt = build_prompt(question, passages, self._model.fits)
        gate = Gate(self._verifier, self._judge, [p.paper for p in prompt.passages])
        failed: list[tuple[Marked, Removed]] = []
        shown: set[str] = set()
        problem: ModelError | None = None
        try:
            for item in self._marked(prompt.system, prompt.user, deadline):
                if not isinstance(item, Marked):
                    yield item
                elif not _is_refusal(item.text):
                    result = gate.judge(item)
                    if isinstance(result, Passed):
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
        self, gate: Gate, failed: list[tuple[Marked, Removed]], shown: set[str], deadline: float
    ) -> Iterator[Drafted]:
        for i, (marked, removed) in enumerate(failed):
            again = self._rewrite(gate, marked, removed, deadline) if i < _MOST_REWRITES else iter(())
            second: Passed | None = None
            try:
                for outcome in again:
                    if isinstance(outcome, Passed):
                        second = outcome
                    else:
                        yield outcome
            except ModelError:
                yield from (r for _, r in failed[i:])
                raise
            yield second if second and second.text not in shown else removed
            shown.add(second.text if second else "")

    def _marked(self, system: str, user: str, deadline: float) -> Iterator[Marked | Usage | Waiting]:
        """Whole sentences; the half one at which a stream broke off is no draft."""
        parser = MarkerParser()
        for piece in self._model.stream(system, user, deadline=deadline):
            if isinstance(piece, Usage):
                yield piece
                yield from parser.close()
            elif piece:
                yield from parser.feed(piece)
            else:
                yield Waiting()

    def _rewrite(
        self, gate: Gate, marked: Marked, removed: Removed, deadline: float
    ) -> Iterator[Passed | Usage | Waiting]:
        """At most one second version, bound to the paper that the first one was nearest to."""
        paper = gate.nearest(marked)
        if paper is None:
            return
        prompt = build_rewrite(marked.text, removed.why, paper.paper)
        for item in self._marked(prompt.system, prompt.user, deadline):
            if not isinstance(item, Marked):
                yield item
                continue
            if _is_refusal(item.text):
                return
            result = gate.judge(Marked(item.text, (paper.number,)))
            if isinstance(result, Passed):
                yield result
            return


def _is_refusal(text: str) -> bool:
    return text.strip(" .*\"'").upper() == REFUSAL
