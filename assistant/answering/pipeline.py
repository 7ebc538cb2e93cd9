"""One question through the pipeline: retrieve, read, decide, draft, verify, cite; told as a stream of events.

The only place where the stages of an answer are composed. Every sentence goes through the gate before it is given out.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Sequence

from assistant.answerability import AnswerabilityModel
from assistant.answering.drafting import ModelDrafts
from assistant.answering.extractive import Scored, best_quotes, choose_quotes, scope
from assistant.answering.select_then_write import CANDIDATES
from assistant.answering.state import AnswerState
from assistant.citations import render
from assistant.errors import ModelError
from assistant.index.manager import IndexManager
from assistant.library.library import Library
from assistant.query.contextualize import Standalone
from assistant.query.model_rewriting import Rewording
from assistant.query.small_talk import is_small_talk
from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.relevance import off_topic, relevance
from assistant.retrieval.subjects import SubjectFinder
from assistant.settings import Settings
from assistant.text import sentences
from assistant.types import (
    Answer,
    AnswerEvent,
    Evidence,
    Filters,
    Heartbeat,
    Reason,
    Removed,
    Sentence,
    Usage,
)
from assistant.verification.dissents import dissents
from assistant.verification.false_premise import Conflict
from assistant.verification.grounding import GroundedSentence, evidence
from assistant.verification.premises import contradicted_premise

_LOG = logging.getLogger(__name__)
_READ_FOR_ONE = 3
"""Best papers that are read closely for whether they state what is asked."""
_NEAREST = 3
_STRICTNESS = {"one": 1.0, "several": 0.5, "list": 0.5}
"""Of the least confidence: the reader judges one abstract at a time, and each states only its part of the answer."""
_RIVAL, _MEANT = 0.8, 0.5
"""Share of the best paper's score from which another one may be meant instead, or as well."""
_LISTED = 0.6
"""Share of the best paper's score from which a paper belongs into a list."""
_SURE = 0.75
"""Confidence from which quotes are given although the model says that nothing states it."""


class AnswerPipeline:
    """Answers questions about one library, with one model or none."""

    def __init__(
        self,
        library: Library,
        indexes: IndexManager,
        retriever: HybridRetriever,
        settings: Settings,
        reader: AnswerabilityModel,
        drafts: ModelDrafts | None,
        rewording: Rewording | None,
        model: str,
    ) -> None:
        self._library = library
        self._settings = settings
        self._retriever = retriever
        self._subjects = SubjectFinder(indexes, retriever)
        self._standalone = Standalone(indexes, retriever)
        self._reader = reader
        self._drafts = drafts
        self._rewording = rewording
        self._model = model

    def stream(
        self, question: str, history: Sequence[str | Answer], filters: Filters | None
    ) -> Generator[AnswerEvent, None, None]:
        """The events of one answer; the last one holds the whole of it."""
        started = time.perf_counter()
        state = AnswerState(question, question, self._model)
        with state.timed("rewrite"):
            yield from self._understand(state, history, filters)
        yield AnswerEvent("question", question=state.standalone)
        with state.timed("retrieve"):
            found = self._retriever.search(state.standalone, self._settings.k, filters)
            state.passages = found.passages
            state.notes += found.notes
        yield AnswerEvent("retrieved", retrieved=tuple(state.passages))
        with state.timed("read"):
            self._read(state, filters)
        with state.timed("answer"):
            answer = yield from self._decide(state)
        state.timings["total"] = round((time.perf_counter() - started) * 1000, 1)
        yield AnswerEvent("answer", answer=answer)

    def _understand(
        self, state: AnswerState, history: Sequence[str | Answer], filters: Filters | None
    ) -> Iterator[AnswerEvent]:
        """Makes a question that leans on the history stand alone: by the rule, or better in the model's words."""
        asked = time.monotonic()
        state.standalone = self._standalone.question(state.question, history, filters)
        if self._rewording is None or state.standalone == state.question:
            return
        for item in self._rewording.stream(state.question, history):
            if isinstance(item, str):
                state.standalone = item
            elif isinstance(item, Usage):
                state.count(item)
            else:
                yield AnswerEvent("waiting", waiting=round(time.monotonic() - asked, 2))

    def _read(self, state: AnswerState, filters: Filters | None) -> None:
        """Reads the papers that the question is about; a list question is about all that were found."""
        state.scope = scope(state.question)
        if state.scope in ("several", "maybe several"):
            sure = state.scope == "several"
            state.subjects = self._subjects.subjects(state.standalone, state.passages, sure, filters)
            state.scope = "several" if len(state.subjects) > 1 else "one"
        if state.scope == "one":
            named = self._subjects.named(state.standalone, state.passages)
            state.subjects = (named or state.passages)[:_READ_FOR_ONE]
        elif state.scope == "list":
            state.subjects = [p for p in state.passages if p.score >= _LISTED * state.passages[0].score]
        pinned = filters.pinned if filters is not None else ()
        state.subjects += [p for p in state.passages if p.paper.paper_id in pinned and p not in state.subjects]
        papers = [(p.paper.title, p.paper.abstract) for p in state.subjects]
        alone = scope(state.question) == "one"
        others = [] if alone else [(p.paper.title, p.paper.abstract) for p in state.passages]
        state.readings = self._reader.read(state.standalone, papers, others) if papers else []
        found = [relevance(p.score) * r.confidence for p, r in zip(state.subjects, state.readings, strict=True)]
        state.confidence = round(max(found, default=0.0), 4)

    def _decide(self, state: AnswerState) -> Generator[AnswerEvent, None, Answer]:
        """Abstains, or drafts and verifies; returns the answer."""
        reason: Reason | None = "outside_corpus" if is_small_talk(state.question) else off_topic(state.passages)
        if reason is not None:
            return self._abstain(state, reason)
        conflict = self._conflict(state)
        if conflict is not None:
            return self._false_premise(state, conflict)
        if state.confidence < self._settings.min_confidence * _STRICTNESS[state.scope]:
            return self._abstain(state, "related_but_not_stated")
        if self._drafts is not None:
            yield from self._ask_model(state)
        if not state.shown:
            if self._drafts is not None and not state.notes and not state.removed:
                if state.confidence < _SURE:
                    return self._abstain(state, "related_but_not_stated")
                state.notes.append("the model found no answer; quoted is what seems to state it")
            yield from self._quote(state)
        for dissent in dissents(state.numbering.citations, state.passages):
            state.notes.append(dissent.note)
            if dissent.quote is not None:
                yield self._show(state, dissent.quote)
        return self._answer(state)

    # -- drafting --------------------------------------------------------------------------------------------------

    @staticmethod
    def _scored(state: AnswerState) -> list[Scored]:
        """Several subjects weigh the same: how well each matches the whole question says little of its part."""
        return [
            Scored(
                p.paper,
                1.0 if state.scope == "several" else p.score,
                tuple(sentences.split(p.paper.abstract)),
                r.sentence_scores,
            )
            for p, r in zip(state.subjects, state.readings, strict=True)
        ]

    def _quote(self, state: AnswerState) -> Iterator[AnswerEvent]:
        limit = self._settings.max_sentences * (1 if state.scope == "one" else 2)
        most_of_one = 1 if state.scope == "list" else self._settings.max_sentences
        for draft in choose_quotes(self._scored(state), limit, most_of_one):
            yield self._show(state, GroundedSentence(draft.text, draft.evidence, "supported"))

    def _ask_model(self, state: AnswerState) -> Iterator[AnswerEvent]:
        assert self._drafts is not None  # noqa: S101 - for mypy; _decide asked
        asked = time.monotonic()
        try:
            papers = [*state.subjects, *(p for p in state.passages if p not in state.subjects)]
            candidates = best_quotes(self._scored(state), CANDIDATES)
            for item in self._drafts.stream(state.standalone, papers, candidates):
                if isinstance(item, Usage):
                    state.count(item)
                elif isinstance(item, Removed):
                    state.removed.append(item)
                    yield AnswerEvent("removed", removed=item)
                elif isinstance(item, Heartbeat):
                    yield AnswerEvent("waiting", waiting=round(time.monotonic() - asked, 2))
                else:
                    yield self._show(state, item)
        except ModelError as error:
            state.notes.append(
                f"{error} ({'the answer may be incomplete' if state.shown else 'quotes are shown instead'})"
            )
            _LOG.info("model failed: %s", error)

    @staticmethod
    def _show(state: AnswerState, passed: GroundedSentence) -> AnswerEvent:
        known = len(state.numbering.citations)
        citations = state.numbering.cite(passed.evidence)
        sentence = Sentence(passed.text, tuple(c.n for c in citations), passed.verdict)
        state.shown.append(sentence)
        return AnswerEvent("sentence", sentence=sentence, citations=tuple(c for c in citations if c.n > known))

    # -- results ---------------------------------------------------------------------------------------------------

    def _answer(self, state: AnswerState) -> Answer:
        return self._result(state, None, render(state.shown), ())

    def _abstain(self, state: AnswerState, reason: Reason) -> Answer:
        nearest: tuple[Evidence, ...] = ()
        count = self._library.store.count()
        if reason == "related_but_not_stated" and state.subjects:
            nearest = self._nearest(state)
            text = (
                f"The abstracts found do not seem to state this. The closest is “{state.subjects[0].paper.title}”; "
                "what it says is quoted below and may not answer the question."
            )
        elif reason == "outside_corpus":
            text = f"This is not what the library is about ({count} abstracts were searched)."
        else:
            text = f"No abstract in the library deals with this ({count} were searched)."
        return self._result(state, reason, text, nearest)

    def _nearest(self, state: AnswerState) -> tuple[Evidence, ...]:
        drafts = choose_quotes(self._scored(state)[:2], _NEAREST, _NEAREST)
        return tuple(e for draft in drafts for e in draft.evidence)

    def _conflict(self, state: AnswerState) -> Conflict | None:
        """A premise that the best paper contradicts; a question surely about several takes nothing for granted of one.

        What another paper says explains it where that one may be meant too: where it matches nearly as well, unless the
        question names its papers; and where the wording leaves open how many are meant, where it matches at all.
        """
        wording, best = scope(state.question), state.passages[0]
        if wording in ("several", "list"):
            return None
        share = _RIVAL if wording == "one" else _MEANT
        meant = [p for p in state.passages if p.score >= share * best.score]
        if wording == "one":
            meant = self._subjects.named(state.standalone, state.passages) or meant
        return contradicted_premise(state.standalone, best, [*state.subjects, *meant] if wording != "one" else meant)

    def _false_premise(self, state: AnswerState, conflict: Conflict) -> Answer:
        passage = state.passages[0]
        quote = evidence(passage.paper, conflict.span)
        text = (
            f"The question says “{conflict.stated}”, but the abstract of “{passage.paper.title}” says "
            f"“{conflict.abstract_says}”: {quote.quote}"
        )
        return self._result(state, "false_premise", text, (quote,))

    def _result(self, state: AnswerState, reason: Reason | None, text: str, nearest: tuple[Evidence, ...]) -> Answer:
        answered = reason is None
        return Answer(
            question=state.question,
            standalone_question=state.standalone,
            status="answered" if answered else "abstained",
            reason=reason,
            text=text,
            sentences=tuple(state.shown) if answered else (),
            citations=state.numbering.citations if answered else (),
            removed=tuple(state.removed),
            nearest=nearest,
            confidence=state.confidence,
            model=state.model,
            usage=state.usage,
            timings_ms=state.timings,
            corpus=self._library.store.fingerprint,
            notes=tuple(state.notes),
        )
