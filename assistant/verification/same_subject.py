"""Tells whether a paper that seems to contradict a claim speaks of the same subject, setting and measure."""

from __future__ import annotations

from functools import cache

from assistant.reading.evidence import overlap, terms
from assistant.text.names import mentions, names
from assistant.text.numbers import quantities
from assistant.text.same_quantity import comparable, same
from assistant.text.stems import stem
from assistant.text.words import stems
from assistant.verification.negation import opposites
from assistant.verification.observations import Text
from assistant.verification.verifier import Judgement

_SURE = 0.75
"""Least probability of a contradiction by a paper that the claim does not cite. `eval/training/measure_disagreement.py`
prints what this and the two values below let through."""
_CLOSE = 0.6
"""Least cosine of the claim with a sentence of that paper."""
_SHARED = 0.7
"""Least share of the claim's words, by weight, that the paper holds: its population and setting are among them. Words
for a direction do not count, since they are what may be contradicted."""


def contradicts(claim: str, paper: Text, judgement: Judgement, *, by_rule: bool = False) -> bool:
    """Whether the `judgement` against this paper alone is a sure contradiction about the claim's own subject.

    `by_rule` also takes one that a rule is certain of and the network is not.
    """
    sure = judgement.against >= _SURE or (by_rule and judgement.certain)
    near = judgement.verdict == "contradicted" and judgement.closeness >= _CLOSE
    return sure and near and same_subject(claim, paper, judgement)


def same_subject(claim: str, paper: Text, judgement: Judgement) -> bool:
    """Whether the paper knows all names of the claim and most of its words, and measures what the claim measures.

    It measures something else where it has figures, and none that could stand in place of one of the claim's.
    """
    title, abstract = paper
    whole = f"{title} ; {abstract}"
    if not all(mentions(name, abstract, title, abstract) for name in names(f"x {claim}")):
        return False
    subject = {word: weight for word, weight in terms(claim).items() if word not in _directions()}
    if overlap(subject, stems(whole)) < _SHARED:
        return False
    said = [q for spans in judgement.spans for s in spans for q in quantities(abstract[s.start : s.end])]
    return not said or all(q.weak or any(same(q, k) or comparable(q, k) for k in said) for q in quantities(claim))


@cache
def _directions() -> frozenset[str]:
    return frozenset(stem(word) for word in opposites())
