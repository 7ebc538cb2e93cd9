"""The writer for models too small to cite: they select sentences that state the answer, then word each one.

The selection is bound to a schema of sentence numbers, so a citation cannot be wrong: each worded sentence comes from
one span, whose paper it cites.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence

from assistant.answering.extractive import best_sentences, scored_papers
from assistant.answering.prompts import build_choice, build_prompt, build_wording
from assistant.answering.sentence_stream import stream_sentences
from assistant.answering.writer import WriterEvent, WritingTask
from assistant.citations import Marked
from assistant.errors import ModelError
from assistant.llm.client import LanguageModel
from assistant.text.words import stems
from assistant.types import Evidence, Heartbeat, Removed, Usage
from assistant.verification.grounding import Checked, Doubtful, GroundedSentence, GroundingCheck
from assistant.verification.judges import Doubt, Draft, Judge
from assistant.verification.verifier import Verifier

_CANDIDATES = 12
"""Sentences to select from, the most promising ones: few enough for a small model to distinguish."""
_MOST_SELECTED = 4
_SELECTION_TOKENS, _WORDING_TOKENS = 80, 160
_FROM_THE_SENTENCE = 0.5
"""Share of the words that a wording adds to question and title which must come from the selected sentence; small models
like to say that a sentence is about something."""

_Worded = tuple[Checked | None, GroundedSentence]
"""A wording as it was checked (None: the model said nothing), and the sentence that it words."""


class SchemaIgnored(Exception):
    """The server accepted the request, but its reply does not follow the schema."""


class SelectThenWriteWriter:
    """Writes with a model that cannot cite by itself."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: Judge | None) -> None:
        self._model = model
        self._verifier = verifier
        self._judge = judge

    def write(self, task: WritingTask) -> Iterator[WriterEvent]:
        """For each selected sentence the model's wording if it passes the check, else the sentence itself.

        From the first wording on that a judge has to be asked about, all wait until the last one is written. Raises
        ModelError, and SchemaIgnored when the server does not hold the model to the schema; then no sentence was yielded.
        """
        check = GroundingCheck(self._verifier, self._judge, [p.paper for p in task.passages], task.question)
        numbers = {p.paper.paper_id: number for number, p in enumerate(task.passages, 1)}
        candidates = best_sentences(scored_papers(task.assessment), _CANDIDATES)
        selected = yield from self._select(task, candidates)
        waiting: list[_Worded] = []
        shown: set[str] = set()
        problem: ModelError | None = None
        try:
            for quote in (candidates[i] for i in selected):
                worded = yield from self._word(task, quote, check, numbers[quote.evidence[0].paper_id])
                if waiting or isinstance(worded, Doubtful):
                    waiting.append((worded, quote))
                else:
                    yield from _either(worded, quote, shown)
        except ModelError as error:
            problem = error
        draft = None if problem else self._draft(task, [w.doubt for w, _ in waiting if isinstance(w, Doubtful)])
        settled = yield from check.settle([w for w, _ in waiting if w is not None], draft, task.deadline)
        outcomes = iter(settled)
        for worded, quote in waiting:
            yield from _either(None if worded is None else next(outcomes), quote, shown)
        if problem is not None:
            raise problem

    def _select(
        self, task: WritingTask, candidates: Sequence[GroundedSentence]
    ) -> Generator[Heartbeat | Usage, None, list[int]]:
        """Positions of the selected candidates, best first."""
        prompt, reply = build_choice(task.question, [c.text for c in candidates], _MOST_SELECTED), ""
        schema = _schema(len(candidates))
        for piece in self._model.stream(
            prompt.system, prompt.user, deadline=task.deadline, schema=schema, most=_SELECTION_TOKENS
        ):
            if isinstance(piece, str):
                reply += piece
            else:
                yield piece
        return _positions(reply, len(candidates))

    def _word(
        self, task: WritingTask, quote: GroundedSentence, check: GroundingCheck, number: int
    ) -> Generator[Heartbeat | Usage, None, Checked | None]:
        """The model's wording as it was checked; None when it says nothing. Raises ModelError."""
        source = quote.evidence[0]
        prompt = build_wording(task.question, source.title, source.quote)
        for item in stream_sentences(self._model, prompt, task.deadline, _WORDING_TOKENS):
            if not isinstance(item, Marked):
                yield item
            elif _adds_something(item.text, task.question, source):
                return check.check(Marked(item.text, (number,)))
            else:
                return Removed(item.text, "unsupported", "says too little of the sentence that was selected")
        return None

    def _draft(self, task: WritingTask, doubts: Sequence[Doubt]) -> Draft | None:
        """The doubtful wordings as the answer that one prompt over all abstracts could have had, for the judge."""
        if not doubts:
            return None
        asked = build_prompt(task.question, task.passages, self._model.fits)
        reply = " ".join(f"{d.text} " + "".join(f"[{n}]" for n in d.numbers) for d in doubts)
        return Draft(asked.prompt, len(asked.passages), reply)


def _either(
    outcome: GroundedSentence | Removed | None, quote: GroundedSentence, shown: set[str]
) -> Iterator[GroundedSentence | Removed]:
    """The wording that passed, else the sentence that it is about; what was shown before is not shown again."""
    if isinstance(outcome, Removed):
        yield outcome
    sentence = outcome if isinstance(outcome, GroundedSentence) else quote
    if sentence.text not in shown:
        shown.add(sentence.text)
        yield sentence


def _adds_something(wording: str, question: str, source: Evidence) -> bool:
    """Whether the wording states something from the sentence that question and title do not state already."""
    added = stems(wording) - stems(f"{question} {source.title}")
    return len(added & stems(source.quote)) >= max(1, _FROM_THE_SENTENCE * len(added))


def _schema(count: int) -> dict[str, object]:
    # At least one number: whether anything answers the question was decided before, better than small models can.
    numbers = {
        "type": "array",
        "items": {"type": "integer", "enum": list(range(1, count + 1))},
        "minItems": 1,
        "maxItems": _MOST_SELECTED,
    }
    return {
        "type": "object",
        "properties": {"sentences": numbers},
        "required": ["sentences"],
        "additionalProperties": False,
    }


def _positions(reply: str, count: int) -> list[int]:
    """Positions (from 0) of the numbers in the reply, each once. Raises SchemaIgnored."""
    try:
        numbers = json.loads(reply)["sentences"]
        return list(dict.fromkeys(n - 1 for n in numbers if 1 <= n <= count))
    except (ValueError, KeyError, TypeError):
        raise SchemaIgnored from None
