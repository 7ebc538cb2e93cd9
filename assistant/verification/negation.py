"""Detects negation and opposite words that make a claim say the reverse of its source."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.text.stems import stem
from assistant.text.stop_words import STOP_WORDS
from assistant.text.words import Word, normalize, words

_NEGATORS = frozenset(
    "not no never without neither nor none nothing cannot hardly rarely seldom fails fail failed failing unable "
    "lack lacks lacking lacked absence absent free refuses avoids avoid avoiding eliminates bypasses".split()
)
_CLAUSE_NEGATORS = frozenset(
    "not no never without neither nor none cannot fails fail failed failing unable hardly".split()
)
"""Words that negate a clause wherever they stand."""
_PAIRS = """
outperform surpass exceed beat > underperform
outperforms surpasses exceeds beats > underperforms
outperformed surpassed exceeded > underperformed
outperforming surpassing exceeding beating > underperforming
better superior best > worse inferior worst poorer
higher greater larger bigger highest largest greatest > lower smaller lowest smallest
high large big > low small
faster quicker quickly fast > slower slowly slow
more > less fewer
most > least fewest
increase increases increased increasing > decrease decreases decreased decreasing
increase increases increased increasing > reduce reduces reduced reducing
raise raises grow grows > decrease decreases decreased decreasing reduce reduces reduced reducing
increase increases increased increasing > lower lowers drop drops shrink shrinks diminish diminishes
raise raises grow grows > lower lowers drop drops shrink shrinks diminish diminishes
improve improves improved improving enhance > degrade degrades degraded degrading
improve improves improved improving enhance > worsen worsens worsened worsening
enhances enhanced enhancing boost boosts > degrade degrades degraded degrading
enhances enhanced enhancing boost boosts > worsen worsens worsened worsening
improve improves improved improving enhance > hurt hurts harm harms deteriorate deteriorates impair impairs
enhances enhanced enhancing boost boosts > hurt hurts harm harms deteriorate deteriorates impair impairs
improvement improvements gain gains > degradation deterioration loss drop drops
strong stronger strongest > weak weaker weakest
easy easier easily > hard harder difficult
simple simpler > complex complicated
cheap cheaper inexpensive > expensive costly
long longer > short shorter
above > below
before > after
upper > lower
maximum maximal maximize > minimum minimal minimize minimizes minimizing minimise
maximizes maximizing maximise > minimum minimal minimize minimizes minimizing minimise
always > never rarely seldom sometimes
all every each any > some none only
only > also
same identical > different
similar > dissimilar different
success successful successfully > failure unsuccessful
accurate accurately > inaccurate inaccurately
supervised > unsupervised
known > unknown
stable > unstable
robust > fragile brittle vulnerable
sufficient > insufficient
efficient efficiently > inefficient inefficiently
effective effectively > ineffective ineffectively
possible > impossible
positive positively > negative negatively
linear linearly > nonlinear quadratic exponential logarithmic quadratically exponentially logarithmically
convex > nonconvex
shallow > deep
sparse > dense
local > global
online > offline
labeled labelled > unlabeled unlabelled
paired > unpaired
early earlier > late later
frozen > finetuned trainable
enable enables allow allows > prevent prevents preclude precludes forbid
accelerate accelerates accelerated accelerating speed > slow slows slowed slowing decelerate
preserve preserves preserved preserving retain retains > destroy destroys discard
preserve preserves preserved preserving retain retains > discards discarded lose loses
require requires required requiring need needs > avoid avoids eliminate eliminates obviate
mitigate mitigates mitigated mitigating > exacerbate exacerbates amplify
mitigate mitigates mitigated mitigating > amplifies aggravate increase increases
alleviate alleviates reduce reduces > exacerbate exacerbates amplify amplifies aggravate increase increases
wide wider > narrow narrower
tight tighter > loose looser
public publicly > private privately
static > dynamic
explicit explicitly > implicit implicitly
coarse > fine
input > output
encoder > decoder
forward > backward
lossless > lossy
consistent consistently > inconsistent inconsistently
significant significantly substantial substantially considerable > negligible negligibly insignificant
significant significantly substantial substantially considerable > marginal marginally slightly
beneficial helpful > harmful detrimental
"""


@lru_cache(maxsize=1)
def opposites() -> dict[str, frozenset[str]]:
    """The opposites of each directional word."""
    table: dict[str, set[str]] = {}
    for line in _PAIRS.strip().splitlines():
        left, right = (side.split() for side in line.split(">"))
        for one, other in ((left, right), (right, left)):
            for word in one:
                table.setdefault(word, set()).update(other)
    return {word: frozenset(others) for word, others in table.items()}


_LONGEST_GAP = 6
"""Words of the source that the claim may leave out around a negation."""
_PARALLEL, _NEARLY_THE_SAME = 0.6, 0.7
"""Shares of the claim's words that the source has in the same order, from which on an opposite word in the place of another, and
a negation that only one of the two has, were exact on 789 true sentences; with fewer words in common they were not."""


def reverses(claim: str, source: str) -> str:
    """Why the claim reverses the source where the two run parallel word by word; '' if it does not."""
    ours, theirs = words(claim), words(source)
    keys = [[_key(w) for w in side] for side in (ours, theirs)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    share = sum(b.size for b in matcher.get_matching_blocks()) / max(1, len(ours))
    if share < _PARALLEL:
        return ""
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            why = _reversal(ours[a:b], theirs[c:d])
            if not why and share >= _NEARLY_THE_SAME and d - c <= _LONGEST_GAP:
                why = _negation(ours, theirs, (a, b), (c, d))
            if why:
                return why
    return ""


def _key(word: Word) -> str:
    return word.lower if word.lower in _NEGATORS else word.stem


def _reversal(ours: tuple[Word, ...], theirs: tuple[Word, ...]) -> str:
    """Opposite words in one place; a word that both sides have there does not count."""
    if not ours or not theirs or len(ours) > 8 or len(theirs) > 8:
        return ""
    left, right = {w.lower for w in ours}, {w.lower for w in theirs}
    for word in ours:
        against = opposites().get(word.lower, frozenset()) & (right - left)
        if against and word.lower not in right and not opposites().get(word.lower, frozenset()) & left:
            return f"says “{word.text}”, the abstract says “{sorted(against)[0]}”"
    for word in ours:
        for other in theirs:
            if _prefixed(word.lower, other.lower) and word.lower not in right and other.lower not in left:
                return f"says “{word.text}”, the abstract says “{other.text}”"
    return ""


def _prefixed(one: str, other: str) -> bool:
    """Whether the words differ by a negating prefix alone."""
    short, long = sorted((one, other), key=len)
    return len(short) > 4 and any(long == prefix + short for prefix in ("un", "in", "im", "non", "dis", "ir"))


def _negation(ours: tuple[Word, ...], theirs: tuple[Word, ...], at: tuple[int, int], to: tuple[int, int]) -> str:
    here = _negators(ours, *at)
    there = _negators(theirs, *to)
    if len(here) % 2 == len(there) % 2:
        return ""
    if here:
        return f"says “{here[0]}”, the abstract does not"
    return f"the abstract says “{there[0]}”, the sentence does not"


def _negators(tokens: tuple[Word, ...], start: int, end: int) -> list[str]:
    found = []
    for i in range(start, end):
        word, after = tokens[i].lower, tokens[i + 1].lower if i + 1 < len(tokens) else ""
        if (
            word in _CLAUSE_NEGATORS
            and not (word == "not" and after in {"only", "just", "merely"})
            and not (word == "no" and after in {"longer", "matter", "less"})
        ):
            found.append(tokens[i].text)
    return found


_VERBAL = re.compile(
    r"(?i)\b(?:do|does|did|is|are|was|were|can|could|will|would|has|have|had|should|may|might)\s+"
    r"(?:not|never)\s+(?:\w+ly\s+)?(\w+)|"
    r"\b(?:without|never|no|unable to|fails? to|failed to|lacks?)\s+(?:any\s+|an?\s+|the\s+)?(?:\w+ly\s+)?([\w-]+)"
)


def negated_stems(text: str) -> frozenset[str]:
    """Stems of the words that a text negates."""
    found = set()
    for match in _VERBAL.finditer(normalize(text)):
        for part in re.findall(r"[a-z]+", (match[1] or match[2]).lower()):
            if part not in STOP_WORDS and part not in {"only", "just"}:
                found.add(stem(part))
    return frozenset(found)
