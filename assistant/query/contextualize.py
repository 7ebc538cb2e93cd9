"""A follow-up made a question that a stranger would understand: with the paper that the conversation is about.

Works without a model: cues of the wording, and how well the papers of the conversation match the question beside the
best of the library. Knows nothing about how the question is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from assistant.index.manager import IndexManager
from assistant.query import cues as wording
from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.relevance import off_topic
from assistant.retrieval.subjects import SubjectFinder
from assistant.types import Answer, Filters, Passage

_TURNS = 4
"""Turns, the newest, whose papers may be meant."""
_PAPERS_OF_A_TURN = 3
_FEW = 3
"""Content words up to which a question that names nothing cannot stand alone."""
_MANY = 5
"""Content words from which a question says what it is about, unless a paper of the conversation matches that well."""
_MATCHES, _MATCHES_TOO = 0.6, 0.45
"""Share of the best paper's score from which a paper of the conversation is meant, without and with a cue. On the dev
conversations, questions that stand alone have at most .55 (most below .4), all but the shortest follow-ups more than .54."""
_AN_OLDER_TURN, _A_LATER_CITATION = 0.05, 0.02
"""Score that a paper has to be better by than one that was spoken of a turn later, or cited before it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question as it was understood, and the papers of its answer, the first one first."""

    question: str
    papers: tuple[str, ...]


class Standalone:
    """Makes follow-ups stand alone."""

    def __init__(self, indexes: IndexManager, retriever: HybridRetriever) -> None:
        self._indexes = indexes
        self._retriever = retriever
        self._subjects = SubjectFinder(indexes, retriever)

    def question(self, question: str, history: Sequence[str | Answer], filters: Filters | None) -> str:
        """The question as a stranger would have to ask it. `history` is what came before, oldest first: answers, or
        bare questions, whose best paper is then searched for."""
        turns = self._turns(history, filters)
        return self._resolved(question, turns, filters)

    def _turns(self, history: Sequence[str | Answer], filters: Filters | None) -> list[Turn]:
        turns: list[Turn] = []
        for earlier in history[-_TURNS:]:
            if isinstance(earlier, Answer):
                turns.append(Turn(earlier.standalone_question, _papers(earlier)))
                continue
            understood = self._resolved(earlier, turns, filters)
            found = self._retriever.search(understood, 1, filters).passages
            missed = off_topic(found) is not None
            turns.append(Turn(understood, () if missed else (found[0].paper.paper_id,)))
        return turns

    def _resolved(self, question: str, turns: Sequence[Turn], filters: Filters | None) -> str:
        spoken_of = _spoken_of(turns)
        if not spoken_of:
            return question
        filters = filters or Filters()
        wanted = replace(filters, pinned=(*filters.pinned, *spoken_of))
        found = self._retriever.search(question, len(spoken_of) + 1, wanted).passages
        meant = sorted(
            (p for p in found if p.paper.paper_id in spoken_of),
            key=lambda p: spoken_of[p.paper.paper_id] - p.score,
        )
        if not meant or not self._leans(question, found, meant):
            return question
        several = wording.cues(question).several and turns[-1].papers[1:]
        shown = [p for p in meant if p.paper.paper_id in turns[-1].papers][:2] if several else meant[:1]
        return wording.standalone(question, [p.paper.title for p in shown or meant[:1]])

    def _leans(self, question: str, found: Sequence[Passage], meant: Sequence[Passage]) -> bool:
        """Whether the question means a paper of the conversation (`meant`) rather than what it finds by itself."""
        cues, words = wording.cues(question), len(self._indexes.weights(question))
        best, share = found[0], max(p.score for p in meant) / max(found[0].score, 1e-6)
        known = " ".join(f"{p.paper.title} {p.paper.abstract}" for p in meant)
        if any(name not in known for name in cues.names) or self._subjects.named(cues.before, [best]):
            return False
        if words <= _FEW or (cues.back and words < _MANY):
            return True
        if cues.back:
            return share >= _MATCHES_TOO
        return best not in meant and share >= _MATCHES


def _papers(answer: Answer) -> tuple[str, ...]:
    """What an answer cites, or else what it quotes as nearest."""
    cited: Iterator[str] = (c.paper_id for c in answer.citations or answer.nearest)
    return tuple(islice(dict.fromkeys(cited), _PAPERS_OF_A_TURN))


def _spoken_of(turns: Sequence[Turn]) -> dict[str, float]:
    """The papers of the conversation, each with the score that it has to be better by than the one last spoken of."""
    behind: dict[str, float] = {}
    for age, turn in enumerate(turn for turn in reversed(turns) if turn.papers):
        for rank, paper_id in enumerate(turn.papers):
            behind.setdefault(paper_id, age * _AN_OLDER_TURN + rank * _A_LATER_CITATION)
    return behind
