"""Makes a follow-up question stand alone by naming the papers that the conversation is about; needs no model.

It weighs cues in the wording, and how well the papers of the conversation match the question compared with the best
paper of the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from assistant.index.manager import IndexManager
from assistant.query.cues import cues_of, naming
from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.relevance import off_topic
from assistant.retrieval.subjects import SubjectFinder
from assistant.types import Answer, Citation, Evidence, Filters, History, Passage

_TURNS = 4
"""Latest turns whose papers may be meant."""
_PAPERS_PER_TURN = 3
_FEW_WORDS = 3
"""Content words up to which a question that names nothing cannot stand alone."""
_MANY_WORDS = 5
"""Content words from which a question says what it is about, unless a paper of the conversation matches it well."""
_MATCH, _MATCH_WITH_CUE = 0.6, 0.45
"""Share of the best paper's score from which a paper of the conversation is meant, without and with a cue. Among the dev
conversations, questions that stand alone have at most .55 (most below .4), and all but the shortest follow-ups have more
than .54."""
_OLDER_TURN, _LATER_CITATION = 0.05, 0.02
"""Margin by which a paper must beat one that was discussed a turn later, or cited before it."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One earlier question as it was understood, and the papers of its answer, the first one first."""

    question: str
    paper_ids: tuple[str, ...]


class Contextualizer:
    """Rewrites follow-up questions about one library."""

    def __init__(self, indexes: IndexManager, retriever: HybridRetriever, subjects: SubjectFinder) -> None:
        self._indexes = indexes
        self._retriever = retriever
        self._subjects = subjects

    def contextualize(self, question: str, history: History, filters: Filters | None) -> str:
        """The question worded so that it needs no conversation to be understood.

        `history` holds what came before, oldest first: answers, or bare questions, for which the best paper is searched.
        """
        turns: list[_Turn] = []
        for earlier in history[-_TURNS:]:
            if isinstance(earlier, Answer):
                turns.append(_Turn(earlier.standalone_question, _papers_of(earlier)))
            else:
                turns.append(self._turn(earlier, turns, filters))
        return self._resolve(question, turns, filters)

    def _turn(self, question: str, before: Sequence[_Turn], filters: Filters | None) -> _Turn:
        understood = self._resolve(question, before, filters)
        found = self._retriever.search(understood, 1, filters).passages
        return _Turn(understood, () if off_topic(found) else (found[0].paper.paper_id,))

    def _resolve(self, question: str, turns: Sequence[_Turn], filters: Filters | None) -> str:
        handicaps = _handicaps(turns)
        if not handicaps:
            return question
        wanted = filters if filters is not None else Filters()
        wanted = replace(wanted, pinned=(*wanted.pinned, *handicaps))
        found = self._retriever.search(question, len(handicaps) + 1, wanted).passages
        discussed = sorted(
            (p for p in found if p.paper.paper_id in handicaps), key=lambda p: handicaps[p.paper.paper_id] - p.score
        )
        if not discussed or not self._leans_on(question, found, discussed):
            return question
        meant = discussed[:1]
        if cues_of(question).is_plural and turns[-1].paper_ids[1:]:
            meant = [p for p in discussed if p.paper.paper_id in turns[-1].paper_ids][:2] or meant
        return naming(question, [p.paper.title for p in meant])

    def _leans_on(self, question: str, found: Sequence[Passage], discussed: Sequence[Passage]) -> bool:
        """Whether the question means a paper that was discussed rather than the best one that it finds by itself."""
        cues, words = cues_of(question), len(self._indexes.bm25.weights(question))
        best, share = found[0], max(p.score for p in discussed) / max(found[0].score, 1e-6)
        known = " ".join(f"{p.paper.title} {p.paper.abstract}" for p in discussed)
        if any(name not in known for name in cues.names) or self._subjects.named(cues.before_pronoun, [best]):
            return False
        if words <= _FEW_WORDS or (cues.points_back and words < _MANY_WORDS):
            return True
        if cues.points_back:
            return share >= _MATCH_WITH_CUE
        return best not in discussed and share >= _MATCH


def _papers_of(answer: Answer) -> tuple[str, ...]:
    """The papers that an answer cites, or else those that it quotes as nearest."""
    quoted: Sequence[Citation | Evidence] = answer.citations or answer.nearest
    return tuple(islice(dict.fromkeys(q.paper_id for q in quoted), _PAPERS_PER_TURN))


def _handicaps(turns: Sequence[_Turn]) -> dict[str, float]:
    """The papers of the conversation, each with the score by which it must beat the one discussed last."""
    handicaps: dict[str, float] = {}
    for age, turn in enumerate(turn for turn in reversed(turns) if turn.paper_ids):
        for rank, paper_id in enumerate(turn.paper_ids):
            handicaps.setdefault(paper_id, age * _OLDER_TURN + rank * _LATER_CITATION)
    return handicaps
