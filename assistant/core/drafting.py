"""Sentences from a language model: streamed, parsed, each through the gate, failing ones rewritten once.

Knows nothing about retrieval, numbering or abstentions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answer import REFUSAL, build_prompt, build_rewrite
from assistant.cite import Marked, MarkerParser
from assistant.core.gate import Gate, Passed
from assistant.llm import LanguageModel
from assistant.settings import Settings
from assistant.types import Passage, Removed, Usage
from assistant.verify import SupportJudge, Verifier

_MOST_REWRITES = 3
"""Failing sentences that the model may write again; one that gets so much wrong is not worth more of the reader's time."""


class ModelDrafts:
    """The drafts of one model."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: SupportJudge, settings: Settings) -> None:
        self._model = model
        self._verifier = verifier
        self._judge = judge
        self._settings = settings

    def stream(self, question: str, passages: Sequence[Passage]) -> Iterator[Passed | Removed | Usage]:
        """Sentences that passed as they come, then second versions of those that failed, then what is removed for
        good; a `Usage` after each request.

        Raises ModelError when the model fails; what came before it stands.
        """
        room = self._settings.llm_context - self._settings.llm_max_tokens
        prompt = build_prompt(question, passages, room)
        gate = Gate(self._verifier, self._judge, [p.paper for p in prompt.passages])
        failed: list[tuple[Marked, Removed]] = []
        shown: set[str] = set()
        for item in self._marked(prompt.system, prompt.user):
            if isinstance(item, Usage):
                yield item
            elif not _is_refusal(item.text):
                result = gate.judge(item)
                if isinstance(result, Passed):
                    shown.add(result.text)
                    yield result
                else:
                    failed.append((item, result))
        for i, (marked, removed) in enumerate(failed):
            again = self._rewrite(gate, marked, removed) if i < _MOST_REWRITES else iter(())
            second: Passed | None = None
            for outcome in again:
                if isinstance(outcome, Usage):
                    yield outcome
                else:
                    second = outcome
            yield second if second and second.text not in shown else removed
            shown.add(second.text if second else "")

    def _marked(self, system: str, user: str) -> Iterator[Marked | Usage]:
        parser = MarkerParser()
        for piece in self._model.stream(system, user):
            if isinstance(piece, Usage):
                yield piece
            else:
                yield from parser.feed(piece)
        yield from parser.close()

    def _rewrite(self, gate: Gate, marked: Marked, removed: Removed) -> Iterator[Passed | Usage]:
        """At most one second version, bound to the paper that the first one was nearest to."""
        paper = gate.nearest(marked)
        if paper is None:
            return
        prompt = build_rewrite(marked.text, removed.why, paper.paper)
        for item in self._marked(prompt.system, prompt.user):
            if isinstance(item, Usage):
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
