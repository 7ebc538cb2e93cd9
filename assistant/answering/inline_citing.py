"""The writer for models that can cite: sentences are checked as they arrive, and those that fail are rewritten once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answering.draft_check import check_draft
from assistant.answering.prompts import AnswerPrompt, inline_prompt, rewrite_prompt
from assistant.answering.sentence_stream import Row, SchemaIgnored, row_schema, stream_rows, stream_sentences
from assistant.answering.writer import WriterEvent, WritingTask
from assistant.citations import Marked
from assistant.errors import ModelError
from assistant.llm.client import LanguageModel
from assistant.types import Removed
from assistant.verification.grounding import Doubtful, GroundedSentence, GroundingCheck
from assistant.verification.judges import Judge
from assistant.verification.verifier import Verifier

_MOST_REWRITES = 3
"""Failed sentences that the model may write again; a model that gets more wrong is not worth more of the user's time."""


class InlineCitingWriter:
    """Writes with a model that cites by itself."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: Judge | None) -> None:
        self._model = model
        self._verifier = verifier
        self._judge = judge

    def write(self, task: WritingTask) -> Iterator[WriterEvent]:
        """Sentences that passed as they arrive, then second versions of those that failed. Raises ModelError."""
        asked = inline_prompt(task, self._model.fits)
        check = GroundingCheck(self._verifier, self._judge, [p.paper for p in asked.passages], task.question)
        heard: list[str] = []
        failed: list[tuple[Marked, Removed]] = []
        shown: set[str] = set()
        sentences = stream_sentences(self._model, asked.prompt, task.deadline, heard=heard)
        try:
            for item in check_draft(sentences, check, asked, heard, task.deadline):
                if not isinstance(item, tuple):
                    yield item
                elif isinstance(item[1], Removed):
                    failed.append((item[0], item[1]))
                else:
                    shown.add(item[1].text)
                    yield item[1]
        except ModelError:
            yield from (removed for _, removed in failed)
            raise
        yield from self._second_versions(asked, check, "".join(heard), failed, shown, task.deadline)

    def _second_versions(
        self,
        asked: AnswerPrompt,
        check: GroundingCheck,
        reply: str,
        failed: Sequence[tuple[Marked, Removed]],
        shown: set[str],
        deadline: float,
    ) -> Iterator[WriterEvent]:
        """Second versions that pass, all from one request that continues the conversation; the sentences without one.

        The packaged verifier decides on them alone: a judge is asked once in an answer.
        """
        left = dict(enumerate((removed for _, removed in failed), 1))
        problem: ModelError | None = None
        try:
            for item in self._rewrite(asked, reply, failed[:_MOST_REWRITES], deadline):
                if not isinstance(item, Row):
                    yield item
                    continue
                checked = check.check(item.marked)
                outcome = checked.outcome if isinstance(checked, Doubtful) else checked
                if isinstance(outcome, GroundedSentence) and outcome.text not in shown and item.n in left:
                    del left[item.n]
                    shown.add(outcome.text)
                    yield outcome
        except SchemaIgnored:
            pass
        except ModelError as error:
            problem = error
        yield from left.values()
        if problem is not None:
            raise problem

    def _rewrite(
        self, asked: AnswerPrompt, reply: str, failed: Sequence[tuple[Marked, Removed]], deadline: float
    ) -> Iterator[Row | WriterEvent]:
        """The model's second versions; none when the conversation does not fit into its context. Raises as `stream_rows` does."""
        prompt, user = asked.prompt, rewrite_prompt(failed)
        if failed and self._model.fits(prompt.system + prompt.user + reply + user):
            schema = row_schema(len(asked.passages), len(failed), rewritten=len(failed))
            yield from stream_rows(
                self._model, replace(prompt, user=user), deadline, schema, after=(prompt.user, reply)
            )
