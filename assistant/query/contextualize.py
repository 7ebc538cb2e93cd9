"""Makes a follow-up question stand alone by naming the papers that the conversation is about; needs no model.

What points at a paper that was shown, such as "[2]", is replaced by its title. Otherwise, cues in the wording are weighed,
and how well the papers of the conversation match the question compared with the best paper of the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.index.manager import IndexManager
from assistant.query.courtesy import is_courtesy
from assistant.query.cues import asks_for_more, cues_of, goes_back, naming, says_nothing
from assistant.query.pointing import Pointer, Shown, Turn, pointers, unknown_citation
from assistant.query.record import record_field
from assistant.query.scope import scope_of
from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.relevance import off_topic
from assistant.retrieval.subjects import SubjectFinder
from assistant.text.names import MID_SENTENCE_NAME
from assistant.text.words import content_words, words
from assistant.types import Answer, Filters, History, Passage

_TURNS = 4
"""Latest turns whose papers may be meant by a pronoun; anything that was shown may be pointed at."""
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
class Standalone:
    """A question that needs no conversation to be understood."""

    question: str
    about: tuple[str, ...] = ()
    """Ids of the papers that it points at."""
    shown: tuple[str, ...] = ()
    """Ids of the papers to leave out, where it asks for further ones."""
    unknown_citation: int | None = None
    """A number in brackets under which nothing was shown."""


class Contextualizer:
    """Rewrites follow-up questions about one library."""

    def __init__(self, indexes: IndexManager, retriever: HybridRetriever, subjects: SubjectFinder) -> None:
        self._indexes = indexes
        self._retriever = retriever
        self._subjects = subjects

    def contextualize(self, question: str, history: History, filters: Filters | None, said: History = ()) -> Standalone:
        """The question worded so that it needs no conversation to be understood.

        `history` holds what came before, oldest first: answers, or bare questions, for which the best paper is searched.
        `said` holds the answers to the parts of the same message before this one; only a pronoun can mean their papers.
        """
        shown = self._turns(history, [], filters)
        return self._understood(question, shown, self._turns(said, shown, filters), filters)

    def _turns(self, history: History, before: Sequence[Turn], filters: Filters | None) -> list[Turn]:
        turns = list(before)
        for age, earlier in zip(range(len(history), 0, -1), history, strict=True):
            if isinstance(earlier, Answer):
                turns.append(Turn.of(earlier))
            elif age <= _TURNS:
                turns.append(self._turn(earlier, turns, filters))
        return turns

    def _turn(self, question: str, before: Sequence[Turn], filters: Filters | None) -> Turn:
        understood = self._understood(question, before, before, filters)
        found = self._retriever.search(understood.question, 1, filters).passages
        shown = () if is_courtesy(question) or off_topic(found) else (_shown(found[0]),)
        return Turn(understood.question, shown)

    def _understood(
        self, question: str, before: Sequence[Turn], turns: Sequence[Turn], filters: Filters | None
    ) -> Standalone:
        """`before` are the turns that the user has seen, `turns` these and the parts of the same message before."""
        shown = [turn for turn in before if turn.papers]
        if not any(turn.papers for turn in turns) or is_courtesy(question):
            return Standalone(question)
        if (unknown := unknown_citation(question, shown)) is not None:
            return Standalone(question, unknown_citation=unknown)
        found = pointers(question, shown)
        if shown and asks_for_more(_without(question, found)):
            return _further(shown, found)
        if found:
            return _pointed(question, found, shown[-1])
        if shown and (back := goes_back(question)):
            return self._back(*back, shown, filters) or Standalone(question)
        if record_field(question) is not None and (focus := self._record_of(question, turns)):
            return Standalone(naming(question, [focus.title]), (focus.paper_id,))
        return Standalone(self._resolve(question, turns[-_TURNS:], filters, in_message=len(turns) > len(before)))

    def _record_of(self, question: str, turns: Sequence[Turn]) -> Shown | None:
        """The paper whose record a question asks for that names none itself."""
        cues = cues_of(question)
        names_its_own = not cues.points_back and len(self._indexes.bm25.weights(question)) > _FEW_WORDS - 1
        names = [name for name in cues.names if record_field(name) is None]  # a DOI is asked for, not about
        return None if names_its_own or names else next(t.papers[0] for t in reversed(turns) if t.papers)

    def _back(self, topic: str, rest: str, turns: Sequence[Turn], filters: Filters | None) -> Standalone | None:
        """The question about the paper of the conversation that the topic names; None where it names none of them."""
        papers = {shown.paper_id for turn in turns for shown in turn.papers}
        found = self._retriever.search(topic, len(papers) + 1, _pinning(filters, papers)).passages
        matching = [p for p in found if p.paper.paper_id in papers and p.score >= _MATCH * found[0].score]
        discussed = {turn.papers[0].paper_id for turn in turns}
        meant = next(iter(sorted(matching, key=lambda p: p.paper.paper_id not in discussed)), None)
        if meant is None:
            return None
        worded = naming(rest, [meant.paper.title]) if rest else _gist([_shown(meant)])
        return Standalone(worded, (meant.paper.paper_id,))

    def _resolve(self, question: str, turns: Sequence[Turn], filters: Filters | None, *, in_message: bool) -> str:
        handicaps = _handicaps(turns)
        if not handicaps:
            return question
        if not content_words(words(question)):  # "why?" has no words that could tell papers apart
            last = next(turn for turn in reversed(turns) if turn.papers and not turn.only_listed)
            return naming(question, [last.papers[0].title])
        found = self._retriever.search(question, len(handicaps) + 1, _pinning(filters, handicaps)).passages
        discussed = sorted(
            (p for p in found if p.paper.paper_id in handicaps), key=lambda p: handicaps[p.paper.paper_id] - p.score
        )
        if not discussed or not self._leans_on(question, found, discussed, in_message=in_message):
            return question
        meant = discussed[:1]
        if cues_of(question).is_plural and (latest := turns[-1].papers[1:]):
            of_latest = {shown.paper_id for shown in (turns[-1].papers[0], *latest)}
            meant = [p for p in discussed if p.paper.paper_id in of_latest][:2] or meant
        return naming(question, [p.paper.title for p in meant])

    def _leans_on(
        self, question: str, found: Sequence[Passage], discussed: Sequence[Passage], *, in_message: bool
    ) -> bool:
        """Whether the question means a paper that was discussed rather than the best one that it finds by itself.

        Who asks two questions `in_message` refers from the second to the first in words, if at all.
        """
        cues, words = cues_of(question), len(self._indexes.bm25.weights(question))
        best, share = found[0], max(p.score for p in discussed) / max(found[0].score, 1e-6)
        known = " ".join(f"{p.paper.title} {p.paper.abstract}" for p in discussed)
        names = cues.names if cues.points_back else (*cues.names, *MID_SENTENCE_NAME.findall(question))
        if any(name not in known for name in names) or self._subjects.named(cues.before_pronoun, [best]):
            return False
        if scope_of(question) == "list" and not cues.points_back:
            return False
        if words <= _FEW_WORDS or (cues.points_back and words < _MANY_WORDS):
            return True
        if cues.points_back:
            return share >= _MATCH_WITH_CUE
        return not in_message and best not in discussed and share >= _MATCH


def _further(turns: Sequence[Turn], found: Sequence[Pointer]) -> Standalone:
    """The question for papers that were not shown yet: on the subject of what it points at, or of the latest question."""
    latest = turns[-1]
    subject = found[0].papers[0] if found else latest.papers[0]
    again = not found and scope_of(latest.question) == "list"
    question = latest.question if again else f"Which other papers deal with the subject of “{subject.title}”?"
    return Standalone(question, shown=tuple(dict.fromkeys(s.paper_id for turn in turns for s in turn.papers)))


def _pointed(question: str, found: Sequence[Pointer], latest: Turn) -> Standalone:
    """The question with the titles of the papers that it points at; one that says nothing else repeats the latest one."""
    papers = tuple(dict.fromkeys(shown for pointer in found for shown in pointer.papers))
    worded = question
    for pointer in reversed(found):
        worded = worded[: pointer.start] + _quoted(pointer.papers) + worded[pointer.end :]
    if says_nothing(_without(question, found)):
        before = [_quoted([shown]) for shown in latest.papers if _quoted([shown]) in latest.question]
        worded = latest.question.replace(before[0], _quoted(papers)) if len(before) == 1 else _gist(papers)
    return Standalone(worded, tuple(shown.paper_id for shown in papers))


def _without(question: str, found: Sequence[Pointer]) -> str:
    for pointer in reversed(found):
        question = question[: pointer.start] + question[pointer.end :]
    return question


def _quoted(papers: Sequence[Shown]) -> str:
    return " and ".join(f"“{shown.title}”" for shown in papers)


def _gist(papers: Sequence[Shown]) -> str:
    return f"What {'is' if len(papers) == 1 else 'are'} {_quoted(papers)} about?"


def _shown(passage: Passage) -> Shown:
    return Shown(passage.paper.paper_id, passage.paper.title)


def _pinning(filters: Filters | None, paper_ids: Iterable[str]) -> Filters:
    wanted = filters if filters is not None else Filters()
    return replace(wanted, pinned=(*wanted.pinned, *paper_ids))


def _handicaps(turns: Sequence[Turn]) -> dict[str, float]:
    """The papers of the conversation, each with the score by which it must beat the one discussed last."""
    handicaps: dict[str, float] = {}
    for age, turn in enumerate(turn for turn in reversed(turns) if turn.papers and not turn.only_listed):
        for rank, shown in enumerate(turn.papers[:_PAPERS_PER_TURN]):
            handicaps.setdefault(shown.paper_id, age * _OLDER_TURN + rank * _LATER_CITATION)
    return handicaps
