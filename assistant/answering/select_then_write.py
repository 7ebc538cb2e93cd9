"""The chosen form, for models too small to cite: first which sentences state the answer, then each in the model's words.

The reply to the first question is bound to a schema of sentence numbers, so that a citation cannot be wrong: a sentence
is worded from one span and carries its paper with it. Knows nothing about retrieval or numbering.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from assistant.answering.prompts import build_choice, build_composition
from assistant.answering.sentence_stream import Drafted, sentences_of
from assistant.citations import Marked
from assistant.llm import LanguageModel
from assistant.text.words import stems
from assistant.types import Draft, Evidence, Heartbeat, Paper, Removed, Usage
from assistant.verification.grounding import GroundedSentence, GroundingCheck
from assistant.verification.verifier import SupportJudge, Verifier

CANDIDATES = 12
"""Sentences to choose from, the reader's best ones: few enough for a small model to keep apart."""
_MOST = 4
_CHOICE_TOKENS, _WORDING_TOKENS = 80, 160
_FROM_THE_SENTENCE = 0.5
"""Share of what a wording adds to question and title that has to come from the chosen sentence; small models like to say
that a sentence is about something."""


class SchemaIgnored(Exception):
    """The server took the request, but its reply does not follow the schema."""


class SelectThenWriteWriter:
    """Drafts of a model that cannot cite by itself."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: SupportJudge) -> None:
        self._model = model
        self._verifier = verifier
        self._judge = judge

    def stream(
        self, question: str, candidates: Sequence[Draft], papers: Sequence[Paper], deadline: float
    ) -> Iterator[Drafted]:
        """As ModelDrafts.stream: for each chosen sentence the model's wording when it passes the gate, else itself.

        Raises SchemaIgnored when the server does not hold the model to the schema; nothing was given out then.
        """
        gate = GroundingCheck(self._verifier, self._judge, papers)
        numbers = {paper.paper_id: number for number, paper in enumerate(papers, 1)}
        chosen: list[int] = []
        for step in self._choose(question, candidates, deadline):
            if isinstance(step, list):
                chosen = step
            else:
                yield step
        shown: set[str] = set()
        for i in chosen:
            for item in self._compose(question, candidates[i], gate, numbers, deadline):
                if not isinstance(item, GroundedSentence) or item.text not in shown:
                    yield item
                shown.add(item.text if isinstance(item, GroundedSentence) else "")

    def _choose(
        self, question: str, candidates: Sequence[Draft], deadline: float
    ) -> Iterator[list[int] | Usage | Heartbeat]:
        """Places of the chosen candidates, best first, after what goes on meanwhile."""
        prompt = build_choice(question, [c.text for c in candidates], _MOST)
        said = ""
        for piece in self._model.stream(
            prompt.system, prompt.user, deadline=deadline, schema=_schema(len(candidates)), most=_CHOICE_TOKENS
        ):
            if isinstance(piece, str):
                said += piece
            else:
                yield piece
        yield _numbers(said, len(candidates))

    def _compose(
        self, question: str, candidate: Draft, gate: GroundingCheck, numbers: dict[str, int], deadline: float
    ) -> Iterator[Drafted]:
        source = candidate.evidence[0]
        prompt = build_composition(question, source.title, source.quote)
        quote = GroundedSentence(candidate.text, candidate.evidence, "supported")
        for item in sentences_of(self._model, prompt, deadline, _WORDING_TOKENS):
            if not isinstance(item, Marked):
                yield item
                continue
            result: GroundedSentence | Removed = Removed(
                item.text, "unsupported", "says too little of the sentence that was chosen"
            )
            if _tells(item.text, question, source):
                result = gate.judge(Marked(item.text, (numbers[source.paper_id],)))
            yield result
            if not isinstance(result, GroundedSentence):
                yield quote
            return
        yield quote


def _tells(wording: str, question: str, source: Evidence) -> bool:
    """Does the wording say something that the sentence says, and the question and the title do not?"""
    added = stems(wording) - stems(f"{question} {source.title}")
    return len(added & stems(source.quote)) >= max(1, _FROM_THE_SENTENCE * len(added))


def _schema(count: int) -> dict[str, object]:
    """At least one: whether anything answers the question is decided before, by a reader that small models do not match."""
    numbers = {
        "type": "array",
        "items": {"type": "integer", "enum": list(range(1, count + 1))},
        "minItems": 1,
        "maxItems": _MOST,
    }
    return {
        "type": "object",
        "properties": {"sentences": numbers},
        "required": ["sentences"],
        "additionalProperties": False,
    }


def _numbers(reply: str, count: int) -> list[int]:
    """Places (from 0) of the numbers in the reply, each once. Raises SchemaIgnored."""
    try:
        numbers = json.loads(reply)["sentences"]
        return list(dict.fromkeys(n - 1 for n in numbers if 1 <= n <= count))
    except (ValueError, KeyError, TypeError):
        raise SchemaIgnored from None
