"""One question as a user asks it: checked, answered (perhaps from the cache), priced, kept.

Knows nothing about the stages of an answer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from assistant.answering.pipeline import AnswerPipeline
from assistant.errors import SettingsError
from assistant.library.answer_cache import AnswerCache, CachedAnswer
from assistant.library.answer_log import AnswerLog
from assistant.llm import ModelSpec, cost
from assistant.types import Answer, AnswerEvent, Filters

_LONGEST_QUESTION = 4_000


class AnswerService:
    """Answers questions and keeps the answers."""

    def __init__(
        self, answering: AnswerPipeline, cache: AnswerCache, records: AnswerLog, spec: ModelSpec | None
    ) -> None:
        self._answering = answering
        self._cache = cache
        self._records = records
        self._spec = spec

    def stream(
        self, question: str, history: Sequence[str | Answer], filters: Filters | None, conversation_id: str = ""
    ) -> Iterator[AnswerEvent]:
        """The events of one answer; the last one holds the whole, as it was kept. Raises SettingsError at once for a
        question that makes no sense."""
        said = [h for h in history if isinstance(h, Answer) or h.strip()]
        return self._stream(checked(question), said, filters, conversation_id)

    def _stream(
        self, question: str, history: Sequence[str | Answer], filters: Filters | None, conversation_id: str
    ) -> Iterator[AnswerEvent]:
        started = time.perf_counter()
        key = self._cache.key(question, history, filters)
        cached = self._cache.get(key)
        if cached is not None:
            took = round((time.perf_counter() - started) * 1000, 1)
            answer = replace(cached.answer, timings_ms={"cache": took, "total": took})
            yield from _events(replace(cached, answer=answer))
            yield AnswerEvent("answer", answer=self._records.log(answer, conversation_id))
            return
        passages = None
        with closing(self._answering.stream(question, history, filters)) as events:
            for event in events:
                passages = event.retrieved if event.retrieved is not None else passages
                if event.answer is None:
                    yield event
                    continue
                answer = replace(event.answer, cost=cost(self._spec, event.answer.usage))
                self._cache.put(key, answer, passages or ())
                yield AnswerEvent("answer", answer=self._records.log(answer, conversation_id))


def _events(cached: CachedAnswer) -> Iterator[AnswerEvent]:
    """The events before the last one, as they were when the answer came about."""
    answer = cached.answer
    yield AnswerEvent("question", question=answer.standalone_question)
    yield AnswerEvent("retrieved", retrieved=cached.passages)
    known = 0
    for sentence in answer.sentences:
        new = tuple(c for c in answer.citations if c.n in sentence.citations and c.n > known)
        known = max([known, *sentence.citations])
        yield AnswerEvent("sentence", sentence=sentence, citations=new)
    for removed in answer.removed:
        yield AnswerEvent("removed", removed=removed)


def checked(question: str) -> str:
    """The question on one line. Raises SettingsError for an empty or overlong one."""
    question = " ".join(question.split())
    if not question:
        raise SettingsError("the question is empty; write what you want to know")
    if len(question) > _LONGEST_QUESTION:
        raise SettingsError(f"the question has {len(question)} characters; {_LONGEST_QUESTION} are the most")
    return question
