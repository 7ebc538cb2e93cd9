"""From a query to its answer: retrieve, assess, decide, write, verify, number; reported as a stream of events.

`service.py` comes before it (check, cache, understand the question) and after it (price, log).
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answerability.model import AnswerabilityModel
from assistant.answering.abstention import NEAREST_QUOTES, Abstention, abstain, not_stated
from assistant.answering.assessment import Assessment, assess
from assistant.answering.example import with_example
from assistant.answering.extractive import quotable
from assistant.answering.foreign import abstain_untranslated
from assistant.answering.listing_answer import ListingAnswers
from assistant.answering.planted import notes_on_planted, without_planted
from assistant.answering.standing import evidence_among
from assistant.answering.stopwatch import Stopwatch
from assistant.answering.transcript import Transcript
from assistant.answering.waiting import with_waiting
from assistant.answering.writer import Writer, WriterEvent, WritingTask
from assistant.citations import render
from assistant.collection.acronyms import spelled_out
from assistant.collection.library_questions import LibraryQuestions, of_record
from assistant.collection.reply import Reply
from assistant.errors import ModelError
from assistant.injections.screening import are_planted
from assistant.library.library import Library
from assistant.llm.client import LanguageModel
from assistant.query.acronym import acronym_asked
from assistant.query.hypothetical import hypothetical_sentence
from assistant.query.metadata import Asked
from assistant.query.query import Query
from assistant.retrieval.hybrid import HybridRetriever, Retrieved
from assistant.retrieval.relevance import is_sure, off_topic
from assistant.retrieval.subjects import SubjectFinder
from assistant.settings import Settings
from assistant.types import Answer, AnswerEvent, Embedder, Heartbeat, Passage, Usage
from assistant.verification.contradictions import disagreements
from assistant.verification.grounding import GroundedSentence
from assistant.verification.verifier import Verifier

_LOG = logging.getLogger(__name__)
_DEFINING = 50
"""Papers in which the long form of an acronym is looked for."""
_MOSTLY = 0.5
"""Share of a quote's words from which on a small model's sentences are taken to tell what it says."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages of an answer, with the parts that they use."""

    library: Library
    questions: LibraryQuestions
    """Answers what is asked about the library as a whole."""
    retriever: HybridRetriever
    subjects: SubjectFinder
    answerability: AnswerabilityModel
    extractive: Writer
    model_writer: Writer | None
    """None when no language model answers."""
    verifier: Verifier
    """Finds the papers that disagree."""
    language_model: LanguageModel | None
    embedder: Embedder
    settings: Settings
    listings: ListingAnswers

    def answer(self, query: Query, deadline: float, clock: Stopwatch) -> Iterator[AnswerEvent]:
        """The events of one answer, after the one that reports the question; the last one holds the answer.

        Raises LibraryError and EmbeddingError. A language model that fails is noted in the answer.
        """
        with clock.timing("list"):
            reply = yield from with_waiting(self.questions.answer(query))
        if reply is None and (acronym := acronym_asked(query.standalone)) is not None:
            near = self.retriever.candidates(acronym, _DEFINING, query.filters)
            reply = spelled_out(acronym, list(self.library.store.papers(near)))
        if reply is not None:
            yield from self._replied(query, reply, clock)
            return
        with clock.timing("list"):
            listing = self.listings.listing(query)
        if listing is not None and (listing.papers or not listing.of or query.intent == "count"):
            yield from self.listings.answer(query, listing, clock)
            return
        with clock.timing("retrieve"):
            retrieved, usage = yield from with_waiting(self._retrieve(query, deadline))
        passages = retrieved.passages
        yield AnswerEvent("retrieved", retrieved=tuple(passages))
        if query.asked is not None and (reply := self._recorded(query, query.asked, passages)) is not None:
            yield from self._replied(replace(query, intent="metadata"), reply, clock)
            return
        with clock.timing("read"):
            found, (passages, assessment) = passages, self._assessed(query, passages)
        with clock.timing("answer"):
            transcript = Transcript(query.usage + usage)
            searched = self.library.store.count_passing(query.filters)
            abstention = abstain(query, passages, assessment, self.subjects, self.settings.min_confidence, searched)
            if query.untranslated is not None and (abstention is not None or not is_sure(passages)):
                abstention = abstain_untranslated(query.untranslated, query.question, passages, self.embedder)
            if abstention is not None and abstention.shows_example:
                abstention = replace(abstention, text=with_example(abstention.text, self.library.store))
            if abstention is None:
                papers = [*assessment.subjects, *(p for p in passages if p not in assessment.subjects)]
                task = WritingTask(query.standalone, papers, assessment, deadline)
                for event in self._write(task, passages, transcript):
                    if (shown := transcript.add(event)) is not None:
                        yield shown
                abstention = None if transcript.sentences else not_stated(assessment)
        none = f"{listing.summary} Quoted is what comes closest." if listing is not None else ""
        quoted = {c.paper_id for c in transcript.citations}
        quoted |= {e.paper_id for e in abstention.nearest} if abstention is not None else set()
        left_out = notes_on_planted(found, passages, quoted)
        notes = (*filter(None, [none]), *retrieved.notes, *left_out, *transcript.notes)
        yield AnswerEvent("answer", answer=self._compose(query, assessment, transcript, abstention, notes, clock))

    def _replied(self, query: Query, reply: Reply, clock: Stopwatch) -> Iterator[AnswerEvent]:
        """The events of an answer about the library or a record, for which nothing had to be searched."""
        known = 0
        for sentence in reply.sentences:
            new = tuple(c for c in reply.citations if known < c.n <= max(sentence.citations))
            known += len(new)
            yield AnswerEvent("sentence", sentence=sentence, citations=new)
        answer = Answer(
            question=query.question,
            standalone_question=query.standalone,
            status="answered",
            reason=None,
            text=reply.text,
            sentences=reply.sentences,
            citations=reply.citations,
            removed=(),
            nearest=(),
            confidence=1.0,
            model="quotes",
            usage=query.usage,
            timings_ms=clock.stop(),
            corpus=self.library.store.fingerprint,
            query=query.plan,
            listing=reply.listing,
            table=reply.table,
            trend=reply.trend,
        )
        yield AnswerEvent("answer", answer=answer)

    def _assessed(self, query: Query, passages: list[Passage]) -> tuple[list[Passage], Assessment]:
        """The passages without planted sentences, and what they state.

        A model reads no such sentence. Without one, only those are looked for that could be quoted, which is faster.
        """
        if self.model_writer is not None:
            passages = without_planted(passages)
        assessment = assess(query, passages, self.subjects, self.answerability)
        if self.model_writer is None and any(
            are_planted(quotable(assessment, max(NEAREST_QUOTES, self.settings.max_sentences)))
        ):
            passages = without_planted(passages)
            assessment = assess(query, passages, self.subjects, self.answerability)
        return passages, assessment

    def _recorded(self, query: Query, asked: Asked, passages: Sequence[Passage]) -> Reply | None:
        """What is recorded of the paper whose record is asked for: the one pointed at, or the best one, if it is named."""
        best = next(iter(passages), None)
        if asked.operation != "record" or best is None:
            return None
        meant = best.paper.paper_id in query.about or self.subjects.named(query.standalone, [best])
        return of_record([best.paper], asked.field) if meant else None

    def _retrieve(self, query: Query, deadline: float) -> Generator[Heartbeat, None, tuple[Retrieved, Usage]]:
        """The papers for the question, with those first that it points at; none for a courtesy.

        Where no paper has enough of the question's own words, and it names none, a sentence that the model writes in the
        terms of the field is searched for as well.
        """
        if query.intent in ("smalltalk", "no question", "unclear") or query.unknown_citation is not None:
            return Retrieved([]), Usage()
        found, usage = self.retriever.search(query.searched, self.settings.k, query.filters), Usage()
        model = self.language_model
        if model is not None and self._needs_wording(query, found.passages):
            sentence, usage = yield from hypothetical_sentence(model, query.searched, deadline)
            if sentence:
                found = self.retriever.search(query.searched, self.settings.k, query.filters, sentence)
        pinned = query.filters.pinned if query.filters is not None else ()
        passages = evidence_among(query.standalone, found.passages, [*query.about, *pinned])
        passages.sort(key=lambda p: p.paper.paper_id not in query.about)
        return replace(found, passages=passages), usage

    def _needs_wording(self, query: Query, passages: Sequence[Passage]) -> bool:
        """Whether the right paper may have other words than the question."""
        if query.about or query.untranslated is not None or off_topic(passages) == "outside_corpus":
            return False
        return not is_sure(passages) and not self.subjects.named(query.standalone, passages)

    def _write(self, task: WritingTask, passages: Sequence[Passage], transcript: Transcript) -> Iterator[WriterEvent]:
        """The model's sentences, quotes where it has none or left some out, and the sentences of papers that disagree.

        Nothing is written when the model gave no answer that holds, and the quotes are not sure to hold one.
        """
        if self.model_writer is not None:
            try:
                yield from self.model_writer.write(task)
            except ModelError as error:
                left = "the answer may be incomplete" if transcript.sentences else "quotes are shown instead"
                transcript.notes.append(f"{error} ({left})")
                _LOG.info("the model failed: %s", error)
        if not transcript.sentences:
            if self.model_writer is not None and not transcript.notes:
                sure = any(task.assessment.sure_of)
                transcript.notes += _why_no_words(bool(transcript.removed), sure)
                if not sure:
                    return
            yield from self.extractive.write(task)
        elif self.language_model is not None and self.language_model.may_be_small:
            yield from self._left_out(task, transcript)
        shown = transcript.sentences.copy()
        for disagreement in disagreements(shown, transcript.citations, passages, self.verifier, task.question):
            quote = disagreement.quote
            if quote is not None and any(are_planted([e.quote for e in quote.evidence])):
                continue
            transcript.notes.append(disagreement.note)
            if quote is not None:
                yield quote

    def _left_out(self, task: WritingTask, transcript: Transcript) -> Iterator[WriterEvent]:
        """The quotes that a small model's answer does not tell: it tells one part of what was asked, and stops."""
        for quote in self.extractive.write(task):
            if isinstance(quote, GroundedSentence) and transcript.told(quote) < _MOSTLY:
                yield quote

    def _compose(
        self,
        query: Query,
        assessment: Assessment,
        transcript: Transcript,
        abstention: Abstention | None,
        notes: tuple[str, ...],
        clock: Stopwatch,
    ) -> Answer:
        return Answer(
            question=query.question,
            standalone_question=query.standalone,
            status="answered" if abstention is None else "abstained",
            reason=None if abstention is None else abstention.reason,
            text=render(transcript.sentences) if abstention is None else abstention.text,
            sentences=tuple(transcript.sentences),
            citations=transcript.citations,
            removed=tuple(transcript.removed),
            nearest=() if abstention is None else abstention.nearest,
            confidence=assessment.confidence,
            model=self.language_model.name if self.language_model is not None else "quotes",
            usage=transcript.usage,
            timings_ms=clock.stop(),
            corpus=self.library.store.fingerprint,
            notes=notes,
            query=query.plan,
        )


def _why_no_words(removed: bool, quoted: bool) -> list[str]:
    """The note on an answer without the model's words; none where its refusal is simply followed."""
    said = "no sentence of the model passed the check" if removed else "the model found no answer"
    if quoted:
        return [f"{said}; quoted is what seems to state it"]
    return [f"{said}, and no abstract surely states the answer"] if removed else []
