"""The writer for models too small to cite: a schema holds them to rows of one abstract's number and one sentence.

A model that names the abstract first looks there for what it writes next, and cannot write an answer without a source.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answering.draft_check import check_draft
from assistant.answering.prompts import AnswerPrompt, most_selected, select_prompt
from assistant.answering.sentence_stream import Row, row_schema, stream_rows
from assistant.answering.stand_ins import StandIns
from assistant.answering.writer import WriterEvent, WritingTask
from assistant.citations import Marked
from assistant.llm.client import LanguageModel
from assistant.text.words import stems
from assistant.types import Heartbeat, Removed, Usage
from assistant.verification.grounding import GroundedSentence, GroundingCheck
from assistant.verification.judges import Judge
from assistant.verification.verifier import Verifier

_FROM_THE_SOURCE = 0.5
"""Share of the words that a sentence adds to question and title which must come from what it cites; small models like to
say that an abstract is about something."""


class SelectThenWriteWriter:
    """Writes with a model that cannot cite by itself."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: Judge | None) -> None:
        self._model = model
        self._verifier = verifier
        self._judge = judge

    def write(self, task: WritingTask) -> Iterator[WriterEvent]:
        """The sentences that passed, as they arrive; for one that did not, the sentence of its source that states the
        answer, if there is one.

        Raises ModelError, and SchemaIgnored when the server does not hold the model to the schema; then no sentence was
        yielded.
        """
        asked = select_prompt(task, self._model.fits)
        check = GroundingCheck(self._verifier, self._judge, [p.paper for p in asked.passages], task.question)
        stand_ins, shown = StandIns(task.assessment), set[str]()
        heard: list[str] = []
        draft = self._draft(asked, most_selected(task), heard, task.deadline)
        for item in check_draft(draft, check, asked, heard, task.deadline):
            if not isinstance(item, tuple):
                yield item
                continue
            marked, outcome = item
            if isinstance(outcome, GroundedSentence) and not _adds_something(outcome, task.question):
                outcome = Removed(marked.text, "unsupported", "says nothing that the question does not say")
            if isinstance(outcome, Removed):
                yield outcome
            sentence = outcome if isinstance(outcome, GroundedSentence) else stand_ins.of(_source(asked, marked))
            if sentence is not None and sentence.text not in shown:
                shown.add(sentence.text)
                yield sentence

    def _draft(
        self, asked: AnswerPrompt, most: int, heard: list[str], deadline: float
    ) -> Iterator[Marked | Usage | Heartbeat]:
        schema = row_schema(len(asked.passages), most)
        for item in stream_rows(self._model, asked.prompt, deadline, schema, heard=heard):
            yield item.marked if isinstance(item, Row) else item


def _source(asked: AnswerPrompt, marked: Marked) -> str:
    """The id of the paper that the sentence names; empty where the number stands for none."""
    number = marked.numbers[0]
    return asked.passages[number - 1].paper.paper_id if 1 <= number <= len(asked.passages) else ""


def _adds_something(sentence: GroundedSentence, question: str) -> bool:
    """Whether it states something from its evidence that question and title do not state already."""
    added = stems(sentence.text) - stems(" ".join([question, *(e.title for e in sentence.evidence)]))
    cited = stems(" ".join(e.quote for e in sentence.evidence))
    return len(added & cited) >= max(1, _FROM_THE_SOURCE * len(added))
