"""Answers list and count questions: the number first, then the spans of the best papers as cited sentences, and the whole list
as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.stopwatch import Stopwatch
from assistant.answering.transcript import Transcript
from assistant.citations import render
from assistant.collection.by_date import in_order
from assistant.collection.find import Finder
from assistant.listing import ListedPaper, Listing
from assistant.query.metadata import Asked
from assistant.query.query import Query
from assistant.text import sentences
from assistant.types import Answer, AnswerEvent, Evidence, Passage
from assistant.verification.grounding import GroundedSentence, evidence

_SHOWN = 8
"""Papers whose spans are cited in the text; all stand in the listing."""
_NEAREST = 3
_PRECISION = 0.93
"""The confidence: the share of listed papers that state the criterion, over criteria on which no weight was fitted
(`python -m eval.training.fit_find`)."""


@dataclass(frozen=True, slots=True)
class ListingAnswers:
    """Answers the questions of one library that ask for all papers of a kind."""

    finder: Finder
    model: str

    @staticmethod
    def answers(query: Query) -> bool:
        """Whether the question asks for all papers of a kind, and does not point at papers."""
        if query.about or query.unknown_citation is not None or query.untranslated is not None:
            return False
        return query.intent in ("list", "count")

    def listing(self, query: Query) -> Listing | None:
        """The papers that a list or count question asks for; None for another question.

        Raises LibraryError and EmbeddingError.
        """
        if not self.answers(query):
            return None
        listing = self.finder.find(query.topic or query.standalone, query.filters)
        if (order := _order(query)) is not None:
            listing = in_order(listing, order, self.finder.library.store)
        return listing

    def answer(self, query: Query, listing: Listing, clock: Stopwatch) -> Iterator[AnswerEvent]:
        """The events of the answer; the last one holds it."""
        library = self.finder.library
        order = _order(query)
        most = min(_SHOWN, order.count if order is not None else _SHOWN)
        shown = [_evidence(p) for p in listing.papers if p.where == "abstract"][:most] or self._opened(listing)
        papers = library.store.papers([e.paper_id for e in shown])
        passages = tuple(Passage(p, _PRECISION) for p in papers)
        yield AnswerEvent("retrieved", retrieved=passages, lead=listing.summary if shown else "")
        transcript = Transcript(query.usage)
        for found in shown:
            if (event := transcript.add(GroundedSentence(found.quote, (found,), "supported"))) is not None:
                yield event
        yield AnswerEvent("answer", answer=self._compose(query, listing, transcript, library.store.fingerprint, clock))

    def _opened(self, listing: Listing) -> list[Evidence]:
        """The first sentence of the papers, where titles alone state the criterion."""
        papers = self.finder.library.store.papers([p.paper_id for p in listing.papers[:_SHOWN]])
        return [evidence(p, spans[0]) for p in papers if (spans := sentences.split(p.abstract))]

    def _compose(self, query: Query, listing: Listing, transcript: Transcript, corpus: str, clock: Stopwatch) -> Answer:
        shown = tuple(transcript.sentences)
        answered = bool(shown)
        return Answer(
            question=query.question,
            standalone_question=query.standalone,
            status="answered" if answered else "abstained",
            reason=None if answered else "no_match",
            text=" ".join(filter(None, [listing.summary, render(shown)])),
            sentences=shown,
            citations=transcript.citations,
            removed=(),
            nearest=()
            if answered
            else tuple(_evidence(p) for p in listing.unclear if p.where == "abstract")[:_NEAREST],
            confidence=_PRECISION if answered else 0.0,
            model=self.model,
            usage=transcript.usage,
            timings_ms=clock.stop(),
            corpus=corpus,
            query=query.plan,
            listing=listing,
        )


def _order(query: Query) -> Asked | None:
    """The order in which the question wants the papers."""
    asked = query.asked
    return asked if asked is not None and asked.operation in ("highest", "lowest") else None


def _evidence(listed: ListedPaper) -> Evidence:
    return Evidence(listed.paper_id, listed.title, listed.quote, listed.start, listed.end)
