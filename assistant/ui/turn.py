"""Collects the events of an answer into a turn, and the turns of one browser tab into a session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant import (
    Answer,
    AnswerEvent,
    AnswerRecord,
    Assistant,
    Citation,
    Conversation,
    Evidence,
    Filters,
    ListedPaper,
    Paper,
    Passage,
    Plan,
    Removed,
    Sentence,
)
from assistant.table import CellSpan
from assistant.ui.comparing import ComparedPage, compared_page
from assistant.ui.listings import PILES, ListedPage, ListingViews


@dataclass(frozen=True, slots=True)
class Mark:
    """An exact span of an abstract, with the label of the chip that opens it."""

    label: str
    paper_id: str
    title: str
    quote: str
    start: int
    end: int
    where: Literal["abstract", "title"] = "abstract"
    row: bool = False
    """Whether the row of a table opens it, which has no number for the reader."""

    @classmethod
    def of(cls, label: str, source: Citation | Evidence | ListedPaper) -> Mark:
        """The span of a citation, of a nearest quote, or of a listed paper."""
        span = (source.paper_id, source.title, source.quote, source.start, source.end)
        return cls(label, *span, source.where, row=True) if isinstance(source, ListedPaper) else cls(label, *span)

    @classmethod
    def of_cell(cls, label: str, paper_id: str, title: str, span: CellSpan) -> Mark:
        """The span of a cell of a table of papers."""
        return cls(label, paper_id, title, span.quote, span.start, span.end, span.where, row=True)


@dataclass
class Turn:
    """A question and its answer so far."""

    number: int
    question: str
    stage: str
    """The current step, for the reader who waits."""
    searched: int
    """Papers that the filters let through."""
    model: str
    plan: Plan | None = None
    """How the visitor corrected what the question was understood to ask."""
    contextualized: str = ""
    """The question that is searched for, with what it refers to in the conversation filled in."""
    passages: tuple[Passage, ...] | None = None
    stored_papers: Mapping[str, Paper] = field(default_factory=dict)
    """The papers that the passages do not hold: those of a listing, and those of a stored answer."""
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    answer: Answer | None = None
    views: ListingViews = field(default_factory=ListingViews)
    rating: int = 0
    error: str = ""
    stopped: bool = False

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.answer is None and not self.error and not self.stopped

    def stop(self) -> None:
        """Ends the turn if more is to come."""
        self.stopped = self.stopped or self.running

    def apply(self, event: AnswerEvent) -> None:
        """Adds one event of the stream."""
        if event.question is not None:
            self.contextualized = event.question
        elif event.retrieved is not None:
            self.passages = tuple({p.paper.paper_id: p for p in (*(self.passages or ()), *event.retrieved)}.values())
            self.stage = "Reading the closest abstracts…"
        elif event.sentence is not None:
            self.sentences.append(event.sentence)
            self.citations.extend(event.citations)
            self.stage = "Checking the next sentence…"
        elif event.removed is not None:
            self.removed.append(event.removed)
        elif event.progress:
            self.stage = f"{event.progress[0].upper()}{event.progress[1:]}…"
        elif event.answer is not None:
            self._finish(event.answer)

    def _finish(self, answer: Answer) -> None:
        self.answer, self.model, self.contextualized = answer, answer.model, answer.standalone_question
        self.sentences, self.citations = list(answer.sentences), list(answer.citations)
        self.removed = list(answer.removed)

    @classmethod
    def restored(cls, number: int, record: AnswerRecord, papers: Mapping[str, Paper]) -> Turn:
        """The turn of a stored answer; `papers` are those of the library."""
        turn = cls(number, record.answer.question, "", 0, record.answer.model, rating=record.rating)
        turn._finish(record.answer)
        turn.look_up(papers)
        return turn

    def look_up(self, papers: Mapping[str, Paper]) -> None:
        """Takes from the library the papers that the answer shows."""
        listing = self.answer.listing if self.answer else None
        shown = [c.paper_id for c in self.citations]
        shown += [e.paper_id for e in self.answer.nearest] if self.answer else []
        shown += [row.paper_id for row in self.answer.table.rows] if self.answer and self.answer.table else []
        shown += [p.paper_id for p in (*listing.papers, *listing.unclear)] if listing else []
        self.stored_papers = {i: papers[i] for i in shown if i in papers}

    @property
    def listed(self) -> list[ListedPage]:
        """What is seen of the listing: its papers, and those that are unclear; empty piles are left out."""
        about_one = self.answer is not None and self.answer.query is not None and self.answer.query.intent == "about"
        listing = self.answer.listing if self.answer and not about_one else None
        pages = [self.views.page(listing, pile, self.stored_papers) for pile in PILES] if listing else []
        return [page for page in pages if page.count]

    @property
    def compared(self) -> ComparedPage | None:
        """What is seen of the table of papers; None where the answer has none."""
        table = self.answer.table if self.answer else None
        return compared_page(table, self.views.views["table"]) if table else None

    @property
    def has_rows(self) -> bool:
        """Whether rows of a table open the papers, and not numbers behind sentences."""
        return bool(self.listed) or self.compared is not None

    @property
    def lead(self) -> str:
        """The words before the listing: the number of papers, or what their records say."""
        if self.answer is None or self.answer.status == "abstained":
            return ""
        if self.sentences:
            return self.answer.listing.summary if self.answer.listing and _lists(self.answer) else ""
        # The table below has the titles that the text of a list names.
        return self.answer.text.partition("\n- ")[0].strip() if _lists(self.answer) else self.answer.text

    @property
    def shown_sentences(self) -> list[Sentence]:
        """The sentences without those that a listing below them has as the spans of its papers."""
        listing = self.answer.listing if self.answer else None
        if listing is None or self.answer is None:
            return self.sentences
        quotes = {p.quote for p in listing.papers}
        titled = {p.paper_id for p in listing.papers if p.where == "title"} if _lists(self.answer) else set()
        opening = {c.n for c in self.citations if c.paper_id in titled}
        return [s for s in self.sentences if s.text not in quotes and not opening.issuperset(s.citations)]

    @property
    def marks(self) -> list[Mark]:
        """Every span that a chip or a row opens: citations by number, nearest quotes by letter, listed papers."""
        used, listed = {n for s in self.shown_sentences for n in s.citations}, self.listed
        cited = [c for c in self.citations if c.n in used or not listed]
        rows = [Mark.of(row.label, row.listed) for page in listed for row in page.rows]
        return [*(Mark.of(str(c.n), c) for c in cited), *self.nearest, *rows, *self._cell_marks()]

    def _cell_marks(self) -> Iterator[Mark]:
        for row in self.compared.rows if self.compared else ():
            if row.opens_title:
                title = CellSpan(row.title, row.title, 0, len(row.title), "title")
                yield Mark.of_cell(row.label, row.paper_id, row.title, title)
            for cell in row.cells:
                for span in cell.cell.spans if cell.cell else ():
                    yield Mark.of_cell(cell.label, row.paper_id, row.title, span)

    @property
    def nearest(self) -> list[Mark]:
        """The quotes that come nearest to what is not answered; a listing has them in its own table."""
        quotes = self.answer.nearest if self.answer and not self.listed else ()
        return [Mark.of(chr(ord("a") + i), quote) for i, quote in enumerate(quotes)]

    @property
    def papers(self) -> list[Paper]:
        """The papers that a chip opens, in the order of the chips."""
        known = {p.paper.paper_id: p.paper for p in self.passages or ()} | dict(self.stored_papers)
        wanted = dict.fromkeys(mark.paper_id for mark in self.marks)
        return [known[paper_id] for paper_id in wanted if paper_id in known]


def _lists(answer: Answer) -> bool:
    return answer.query is not None and answer.query.intent in ("list", "count")


@dataclass
class Session:
    """The conversation of one browser tab with its settings; none of it is shared."""

    owner: str
    """The owner of the conversations: a user's name, or a random id that only this browser has."""
    assistant: Assistant
    """A view of the library with this visitor's settings."""
    conversation: Conversation
    filters: Filters = field(default_factory=Filters)
    turns: list[Turn] = field(default_factory=list)

    def begin(self, question: str, stage: str, searched: int, plan: Plan | None = None) -> Turn:
        """Opens the next turn."""
        number = self.turns[-1].number + 1 if self.turns else 1
        turn = Turn(number, question, stage, searched, self.assistant.model, plan)
        self.turns.append(turn)
        return turn

    def turn(self, number: str) -> Turn | None:
        """The turn of this number; the browser may send anything."""
        return next((turn for turn in self.turns if str(turn.number) == number), None)

    def move_to(self, assistant: Assistant) -> None:
        """The same conversation under other settings."""
        was, self.assistant = self.conversation, assistant
        if was.answers and was.answers[-1].record_id:
            self.conversation = assistant.chat(was.conversation_id, owner=self.owner)
            return
        self.conversation = assistant.chat(owner=self.owner)
        self.conversation.answers += was.answers
        for paper_id in was.pinned:
            self.conversation.pin(paper_id)
        for paper_id in was.excluded:
            self.conversation.exclude(paper_id)

    def start_again(self) -> None:
        """Begins a new conversation of the same visitor, with the same settings and filters."""
        if self.turns:
            self.turns[-1].stop()
        self.conversation, self.turns = self.assistant.chat(owner=self.owner), []

    def take_back(self) -> str:
        """Removes the last turn, for another try; returns its question, empty if there is none."""
        if not self.turns:
            return ""
        turn = self.turns.pop()
        turn.stop()
        if turn.answer is not None and self.conversation.answers and self.conversation.answers[-1] == turn.answer:
            self.conversation.drop_last()
        return turn.question
