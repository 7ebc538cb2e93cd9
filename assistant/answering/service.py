"""Answers questions as a user asks them: checks and understands the question, caches, prices and logs the answer."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count

from assistant.answering.combined_answer import CombinedAnswer
from assistant.answering.pipeline import Pipeline
from assistant.answering.standing import noted
from assistant.answering.stopwatch import Stopwatch
from assistant.answering.translation import translated
from assistant.answering.waiting import with_waiting
from assistant.embeddings import openvino_runtime
from assistant.library.answer_cache import AnswerCache, CachedAnswer
from assistant.library.answer_log import AnswerLog
from assistant.llm.client import LanguageModel
from assistant.llm.prices import cost
from assistant.plan import Plan
from assistant.query.contextualize import Contextualizer
from assistant.query.intents import Grammar
from assistant.query.parts import split
from assistant.query.query import checked, corrected, understand
from assistant.query.spelling import Speller
from assistant.query.translation import Message, in_english
from assistant.types import Answer, AnswerEvent, Filters, History, Passage, Usage

_TIDIED_AFTER = 8
"""Answers after which memory is given back to the system; it takes some 10 ms."""
_ANSWERS = count(1)


@dataclass(frozen=True, slots=True)
class AnswerService:
    """Answers questions about one library with one set of settings."""

    pipeline: Pipeline
    contextualizer: Contextualizer
    grammar: Grammar
    speller: Speller
    cache: AnswerCache
    log: AnswerLog
    model: LanguageModel | None

    def answer(
        self,
        question: str,
        history: History,
        filters: Filters | None,
        conversation_id: str = "",
        plan: Plan | None = None,
    ) -> Iterator[AnswerEvent]:
        """The events of one answer; the last one holds the answer as it was logged. A `plan` corrects how the question is
        understood.

        Raises QuestionError at once for a question that is empty or too long.
        """
        earlier = [h for h in history if isinstance(h, Answer) or h.strip()]
        return _tidied(self._cached_or_new(checked(question), earlier, filters, conversation_id, plan))

    def _cached_or_new(
        self, question: str, history: History, filters: Filters | None, conversation_id: str, plan: Plan | None
    ) -> Iterator[AnswerEvent]:
        clock = Stopwatch()
        key = self.cache.key(question, history, filters, plan)
        cached = self.cache.get(key)
        if cached is not None:
            took = clock.stop()["total"]
            answer = replace(cached.answer, timings_ms={"cache": took, "total": took})
            yield from _replayed(cached)
            yield self._logged(answer, conversation_id)
            return
        passages: list[Passage] = []
        with closing(self._answer(question, history, filters, plan, clock)) as events:
            for event in events:
                passages += event.retrieved or ()
                if event.answer is None:
                    yield event
                    continue
                spec = self.model.spec if self.model is not None else None
                answer = replace(event.answer, cost=cost(spec, event.answer.usage))
                if _lasts(answer, filters):
                    self.cache.put(key, answer, passages)
                yield self._logged(answer, conversation_id)

    def _logged(self, answer: Answer, conversation_id: str) -> AnswerEvent:
        """The last event; what is known of cited papers today, such as a retraction, is noted after the cache."""
        answer = noted(answer, self.pipeline.library.store)
        return AnswerEvent("answer", answer=self.log.log(answer, conversation_id))

    def _answer(
        self, question: str, history: History, filters: Filters | None, plan: Plan | None, clock: Stopwatch
    ) -> Generator[AnswerEvent, None, None]:
        """Answers a message, one in another language in English first, all before one deadline."""
        deadline = math.inf
        if self.model is not None:
            self.model.warm_up()
            deadline = self.model.deadline()
        with clock.timing("contextualize"):
            message = yield from with_waiting(in_english(question, self.model, deadline))
        for event in self._answer_parts(message, history, filters, plan, deadline, clock):
            language = message.language if message.untranslated is None else None
            if event.answer is None or self.model is None or language is None:
                yield event
                continue
            with clock.timing("translate"):
                answer = yield from with_waiting(translated(event.answer, language, self.model, deadline))
            yield AnswerEvent("answer", answer=replace(answer, timings_ms=clock.stop()))

    def _answer_parts(
        self,
        message: Message,
        history: History,
        filters: Filters | None,
        plan: Plan | None,
        deadline: float,
        clock: Stopwatch,
    ) -> Iterator[AnswerEvent]:
        """Answers each question of the message by itself, one after the other; a corrected plan is one question's."""
        english = message.english if message.untranslated is not None else self.speller.corrected(message.english)
        parts = split(english) if plan is None else [english]
        usage = message.usage
        combined = CombinedAnswer(message.text, len(parts))
        for i, part in enumerate(parts):
            with clock.timing("contextualize"):
                steps = understand(
                    part,
                    history,
                    combined.parts,
                    parts[i + 1 :],
                    filters,
                    self.contextualizer,
                    self.grammar,
                    self.model,
                    deadline,
                )
                query = yield from with_waiting(steps)
                query = query if plan is None else corrected(query, plan)
            query = replace(query, usage=query.usage + usage, untranslated=message.untranslated)
            usage = Usage()
            if len(parts) == 1:
                query = replace(query, question=message.text)
            yield AnswerEvent("question", question=query.standalone)
            events = self.pipeline.answer(query, deadline, clock)
            yield from events if len(parts) == 1 else combined.add(events)
        if len(parts) > 1:
            yield AnswerEvent("answer", answer=combined.answer())


def _lasts(answer: Answer, filters: Filters | None) -> bool:
    """Whether the answer stays the same while texts and settings do: not where records, or the day, decide about it."""
    named = answer.query is not None and answer.query.filters.conditions != (filters or Filters()).conditions
    return answer.listing is None and answer.table is None and not named


def _replayed(cached: CachedAnswer) -> Iterator[AnswerEvent]:
    """The events before the last one, as they were when the answer was written."""
    answer = cached.answer
    yield AnswerEvent("question", question=answer.standalone_question)
    yield AnswerEvent("retrieved", retrieved=cached.passages, lead=answer.lead)
    known = 0
    for sentence in answer.sentences:
        new = tuple(c for c in answer.citations if c.n in sentence.citations and c.n > known)
        known = max([known, *sentence.citations])
        yield AnswerEvent("sentence", sentence=sentence, citations=new)
    for removed in answer.removed:
        yield AnswerEvent("removed", removed=removed)


def _tidied(events: Iterator[AnswerEvent]) -> Iterator[AnswerEvent]:
    """The same events; after the last one of every few answers, memory is given back."""
    yield from events
    if next(_ANSWERS) % _TIDIED_AFTER == 0:
        openvino_runtime.give_back_memory()
