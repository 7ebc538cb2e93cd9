"""Finds abstracts that contradict what an answer says, so that it shows both instead of picking one.

It is precise rather than complete: the verifier must be sure, in both directions, and the two must speak of one subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.reading.evidence import overlap, terms
from assistant.text import sentences
from assistant.text.stems import stem
from assistant.text.stop_words import GENERIC_WORDS
from assistant.text.words import Word, content_words, stems, words
from assistant.types import Citation, Evidence, Paper, Passage, Sentence
from assistant.verification.grounding import GroundedSentence, evidence
from assistant.verification.negation import negated_stems, opposites
from assistant.verification.observations import Question, Text
from assistant.verification.same_subject import contradicts
from assistant.verification.verifier import Judgement, Verifier

_NEAREST = 0.3
"""Least share of a shown sentence's words, by weight, that one sentence of another abstract must hold to be read beside it."""
_MOST_READ = 8
"""Pairs of a sentence and an abstract that are read for one answer."""
_RETURNED = 0.5
"""Least probability with which the cited abstracts contradict the other abstract's sentence in turn."""
_SHARED = 4
"""Fewest content words that two sentences about the same thing have in common."""
_SHARED_RATIO = 0.5
"""Smallest share of the shorter sentence's content words that they have in common."""
_SHARED_CONTEXT = 2
"""Fewest words that two opposite words have in common around them."""
_EFFECTS = frozenset(
    map(
        stem,
        """improve improves improvement enhance enhances boost boosts gain degrade degrades degradation worsen worsens hurt
        hurts harm harms harmful detrimental impair deteriorate help helps beneficial helpful increase increases decrease
        decreases reduce reduces raise lower drop better worse superior inferior outperform outperforms underperform
        underperforms exceed surpass necessary needed required essential crucial sufficient insufficient matter matters
        robust vulnerable brittle effective ineffective stable unstable faster slower mitigate mitigates exacerbate
        alleviate amplify preserve destroy enable prevent work works hold holds generalize generalise transfer
        correlate correlates affect affects suffer suffers""".split(),
    )
)
"""Words for an effect. Other opposites (`labelled` data, a `low` rank) tell settings apart, not findings."""
_RELEVANT = 0.5
"""Share of the best paper's score from which another paper is relevant to the question."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A disagreement between two abstracts."""

    note: str
    quote: GroundedSentence | None
    """The sentence to show for it; None when the answer cites it already."""


class _Pair(NamedTuple):
    sentence: Sentence
    cited: tuple[Paper, ...]
    other: Paper


def disagreements(
    shown: Sequence[Sentence],
    citations: Sequence[Citation],
    passages: Sequence[Passage],
    verifier: Verifier,
    context: str,
) -> Iterator[Disagreement]:
    """At most one for each paper that contradicts a shown sentence; `context` is the question."""
    pairs = _pairs(shown, citations, passages)
    judged = verifier.judge_all([Question(p.sentence.text, [_text(p.other)], context) for p in pairs])
    noted: set[str] = set()
    for pair, judgement in zip(pairs, judged, strict=True):
        if pair.other.paper_id in noted:
            continue
        found = _read(pair, judgement, verifier, context) or _worded(pair)
        if found is not None:
            noted.add(pair.other.paper_id)
            note = f"The abstracts disagree: “{found.title}” contradicts what “{pair.cited[0].title}” says."
            known = any(c.paper_id == found.paper_id and c.quote == found.quote for c in citations)
            yield Disagreement(note, None if known else GroundedSentence(found.quote, (found,), "supported"))


def _pairs(shown: Sequence[Sentence], citations: Sequence[Citation], passages: Sequence[Passage]) -> list[_Pair]:
    """Shown sentences with the relevant papers that they do not cite but that have a sentence like them, nearest first."""
    papers = {p.paper.paper_id: p.paper for p in passages}
    relevant = [p.paper for p in passages if p.score >= _RELEVANT * passages[0].score]
    found: list[tuple[float, _Pair]] = []
    for sentence in shown:
        ids = dict.fromkeys(c.paper_id for c in citations if c.n in sentence.citations)
        cited, wanted = tuple(papers[i] for i in ids if i in papers), terms(sentence.text)
        for other in relevant if cited else ():
            if other.paper_id not in ids:
                lines = (other.abstract[s.start : s.end] for s in sentences.split(other.abstract))
                near = max((overlap(wanted, stems(line)) for line in lines), default=0.0)
                found.append((near, _Pair(sentence, cited, other)))
    found.sort(key=lambda row: -row[0])
    return [pair for near, pair in found[:_MOST_READ] if near >= _NEAREST]


def _read(pair: _Pair, judgement: Judgement, verifier: Verifier, context: str) -> Evidence | None:
    """The sentence of the other paper that contradicts the shown one and is contradicted by what that one cites."""
    spans = judgement.spans[0] if judgement.spans else ()
    if not spans or not contradicts(pair.sentence.text, _text(pair.other), judgement):
        return None
    found = evidence(pair.other, spans[0])
    back = verifier.judge(found.quote, [_text(p) for p in pair.cited], context)
    return found if back.verdict != "supported" and back.against >= _RETURNED else None


def _worded(pair: _Pair) -> Evidence | None:
    """The sentence of the other paper that says the opposite in nearly the same words."""
    for span in sentences.split(pair.other.abstract):
        found = evidence(pair.other, span)
        if disagree(pair.sentence.text, found.quote):
            return found
    return None


def _text(paper: Paper) -> Text:
    return Text(paper.title, paper.abstract)


def disagree(one: str, other: str) -> tuple[str, str] | None:
    """The words in which the two sentences contradict each other, or None."""
    ours, theirs = _topic(one), _topic(other)
    shared = ours & theirs
    if len(shared) < _SHARED or len(shared) < _SHARED_RATIO * min(len(ours), len(theirs)):
        return None
    found = opposite_words(one, other)
    if found and all(stem(word.lower()) in _EFFECTS for word in found):
        return found
    return _denied(one, other)


def opposite_words(one: str, other: str) -> tuple[str, str] | None:
    """A directional word of `one` and its opposite in `other` with much the same words around it, or None."""
    ours, theirs = words(one), words(other)
    left, right = {w.lower for w in ours}, {w.lower for w in theirs}
    for i, word in enumerate(ours):
        against = opposites().get(word.lower, frozenset())
        if not against or word.lower in right:
            continue
        for j, found in enumerate(theirs):
            near = len(_context(ours, i) & _context(theirs, j)) >= _SHARED_CONTEXT
            if near and found.lower in against and found.lower not in left:
                return word.text, found.text
    return None


def _denied(one: str, other: str) -> tuple[str, str] | None:
    """An effect that both mention and only one of them denies, or None."""
    mine, yours = negated_stems(one), negated_stems(other)
    ours, theirs = ({w.stem: w.text for w in words(text)} for text in (one, other))
    for found in sorted((mine ^ yours) & ours.keys() & theirs.keys() & _EFFECTS):
        word = ours[found]
        return (f"not {word}", word) if found in mine else (word, f"not {word}")
    return None


def _topic(text: str) -> frozenset[str]:
    return frozenset(
        w.stem for w in content_words(words(text)) if w.lower not in GENERIC_WORDS and w.lower not in opposites()
    )


def _context(tokens: tuple[Word, ...], at: int) -> frozenset[str]:
    near = content_words([*tokens[max(0, at - 5) : at], *tokens[at + 1 : at + 6]])
    return frozenset(w.stem for w in near)
