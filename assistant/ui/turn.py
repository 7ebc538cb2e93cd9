"""One question of a conversation as the page shows it, and the conversation of one browser.

Collects the events of an answer; knows nothing about HTML.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant import Answer, AnswerEvent, Citation, Conversation, Evidence, Paper, Passage, Removed, Sentence


@dataclass(frozen=True, slots=True)
class Mark:
    """An exact span of an abstract under the label of the chip that opens it."""

    label: str
    paper_id: str
    title: str
    quote: str
    start: int
    end: int

    @classmethod
    def of(cls, label: str, source: Citation | Evidence) -> Mark:
        """The span of a citation, or of a nearest quote."""
        return cls(label, source.paper_id, source.title, source.quote, source.start, source.end)


@dataclass
class Turn:
    """A question and what is known of its answer so far."""

    number: int
    question: str
    stage: str
    """What goes on, for the reader who waits."""
    standalone: str = ""
    passages: tuple[Passage, ...] | None = None
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    answer: Answer | None = None
    error: str = ""
    stopped: bool = False

    @property
    def running(self) -> bool:
        """More is to come."""
        return self.answer is None and not self.error and not self.stopped

    def take(self, event: AnswerEvent) -> None:
        """One more event of the stream."""
        if event.question is not None:
            self.standalone = event.question
        elif event.retrieved is not None:
            self.passages = event.retrieved
            self.stage = "Reading the closest abstracts…"
        elif event.sentence is not None:
            self.sentences.append(event.sentence)
            self.citations.extend(event.citations)
            self.stage = "Checking the next sentence…"
        elif event.removed is not None:
            self.removed.append(event.removed)
        elif event.answer is not None:
            self.answer = event.answer
            self.sentences, self.citations = list(event.answer.sentences), list(event.answer.citations)
            self.removed = list(event.answer.removed)

    @property
    def marks(self) -> list[Mark]:
        """Every span that a chip opens: citations by number, nearest quotes by letter."""
        found = [Mark.of(str(c.n), c) for c in self.citations]
        nearest = self.answer.nearest if self.answer else ()
        return found + [Mark.of(chr(ord("a") + i), e) for i, e in enumerate(nearest)]

    @property
    def papers(self) -> list[Paper]:
        """The retrieved papers that a chip opens, in the order of the chips."""
        known = {p.paper.paper_id: p.paper for p in self.passages or ()}
        wanted = dict.fromkeys(mark.paper_id for mark in self.marks)
        return [known[paper_id] for paper_id in wanted if paper_id in known]


@dataclass
class Session:
    """The conversation of one browser tab; nothing of it is shared."""

    conversation: Conversation
    turns: list[Turn] = field(default_factory=list)

    def begin(self, question: str, stage: str) -> Turn:
        """Opens the next turn."""
        turn = Turn(len(self.turns) + 1, question, stage)
        self.turns.append(turn)
        return turn
