"""Combines the answers to the questions of one message into one answer, under one numbering of citations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.citations import Numbering, render
from assistant.types import Answer, AnswerEvent, Citation, Sentence, Usage

_MOST_SENTENCES, _LEAST_FOR_EACH = 24, 2
"""Sentences of the whole answer, shared evenly, and those that each question has in any case."""


class CombinedAnswer:
    """The answer to a message as far as its questions are answered."""

    def __init__(self, question: str, count: int) -> None:
        """`question`: the whole message, which asks `count` questions."""
        self.parts: list[Answer] = []
        """The answers to its questions so far, each with its own numbering."""
        self._question = question
        self._most = max(_LEAST_FOR_EACH, _MOST_SENTENCES // count)
        self._numbering = Numbering()
        self._sentences: list[Sentence] = []
        self._remarks: list[str] = []

    def add(self, events: Iterator[AnswerEvent]) -> Iterator[AnswerEvent]:
        """The events of the next question with their citations renumbered; its answer is kept back.

        A sentence that was shown before is not repeated, and a long answer leaves room for those to the other questions.
        """
        own: dict[int, Citation] = {}
        before = len(self._sentences)
        for event in events:
            if event.answer is not None:
                self._finish(event.answer, before)
            elif event.sentence is not None:
                own |= {c.n: c for c in event.citations}
                if len(self._sentences) < before + self._most:
                    yield from self._renumbered(event.sentence, own)
            else:
                yield event

    def _renumbered(self, sentence: Sentence, own: dict[int, Citation]) -> Iterator[AnswerEvent]:
        known = len(self._numbering.citations)
        citations = self._numbering.cite([own[n] for n in sentence.citations])
        sentence = replace(sentence, citations=tuple(c.n for c in citations))
        if sentence not in self._sentences:
            self._sentences.append(sentence)
            yield AnswerEvent("sentence", sentence=sentence, citations=tuple(c for c in citations if c.n > known))

    def _finish(self, answer: Answer, before: int) -> None:
        self.parts.append(answer)
        if answer.status == "abstained":
            self._remarks.append(f"“{answer.question}”: {answer.text}")
        elif not answer.sentences:
            self._remarks.append(answer.text)
        elif len(self._sentences) == before:
            best = [c for c in answer.citations if c.n in answer.sentences[0].citations]
            numbers = "".join(f" [{c.n}]" for c in self._numbering.cite(best))
            self._remarks.append(f"“{answer.question}”: see{numbers}.")

    def answer(self) -> Answer:
        """The whole answer. It is an abstention if no question is answered, with the reason of the first."""
        first, answered = self.parts[0], [a for a in self.parts if a.status == "answered"]
        nearest = dict.fromkeys(e for a in self.parts for e in a.nearest)
        return replace(
            self.parts[-1],
            question=self._question,
            standalone_question=" ".join(a.standalone_question for a in self.parts),
            status="answered" if answered else "abstained",
            reason=None if answered else first.reason,
            text=" ".join(filter(None, [render(self._sentences), *self._remarks])),
            sentences=tuple(self._sentences),
            citations=self._numbering.citations,
            removed=tuple(r for a in self.parts for r in a.removed),
            nearest=tuple(nearest),
            confidence=min(a.confidence for a in answered or self.parts),
            usage=sum((a.usage for a in self.parts), Usage()),
            notes=tuple(dict.fromkeys(n for a in self.parts for n in a.notes)),
            remarks=tuple(self._remarks) if answered else (),
            query=first.query,
            listing=next((a.listing for a in self.parts if a.listing is not None), None),
            table=next((a.table for a in self.parts if a.table is not None), None),
            trend=next((a.trend for a in self.parts if a.trend is not None), None),
        )
