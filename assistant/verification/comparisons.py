"""Finds the two sides of a comparison, and detects a claim that swaps them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.text import sentences
from assistant.text.names import form, names, own_names
from assistant.text.stop_words import GENERIC_WORDS
from assistant.text.words import normalize, stems

_VERB = re.compile(
    r"(?i)\b(?:(?P<up>(?:outperform|surpass|exceed|beat)\w*|(?:improv\w+|wins?) (?:up)?on|"
    r"(?:better|superior|higher|faster|larger|greater|stronger|more)\b(?:\s[\w-]+){0,4}?\s(?:than|to))|"
    r"(?P<down>underperform\w*|(?:lags?|trails?|fall?s?|fell|stays?|is|are) (?:behind|short of)|"
    r"(?:worse|inferior|lower|slower|smaller|weaker|less|fewer)\b(?:\s[\w-]+){0,4}?\s(?:than|to)))\b"
)
_PASSIVE = re.compile(r"(?i)\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?$")
_DENIED = re.compile(r"(?i)\b(?:not(?! only)|never|fails? to|failed to|cannot|no)\s+(?:\w+ly\s+)?(?:\w+\s+)?$")
"""Words before a comparison that deny it."""
_LEFT = re.compile(r"[;:,]|\b(?:that|where|which|and|but|while|whereas)\b(?=.*\s\w+\s*\w*$)")
_RIGHT = re.compile(r"[;:]|, (?:and|but|while|whereas|without|with)\b")
"""Where the sides of a comparison end, to the left and to the right."""
_OWN_WORDS = re.compile(
    r"(?i)\b(?:we|our|ours|ourselves|(?:the |this )?proposed \w+|(?:this|our|the authors['’]?) "
    r"(?:method|approach|model|framework|algorithm|network|system|work|technique))\b"
)
_BETTER_OR_WORSE = re.compile(
    r"outperform|surpass|exceed|beat|improv|win|better|superior|underperform|lag|trail|fall|fell|stay|worse|"
    r"inferior|is$|are$"
)
"""Words that compare without naming a scale."""
_SCALES = {
    "faster": "speed",
    "slower": "speed",
    "stronger": "strength",
    "weaker": "strength",
    "larger": "size",
    "smaller": "size",
    "greater": "size",
    "higher": "level",
    "lower": "level",
    "more": "amount",
    "less": "amount",
    "fewer": "amount",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`winner` and `loser` as stems and name forms; `@own` stands for the paper's own work."""

    winner: frozenset[str]
    loser: frozenset[str]
    text: str
    scale: frozenset[str]
    """The quantity compared: empty for better and worse, otherwise `speed` or the stems in `fewer parameters than`."""
    denied: bool


def comparisons(text: str, own: frozenset[str]) -> list[Comparison]:
    """The comparisons in a text whose paper calls its own work by the names `own`."""
    found = []
    for span in sentences.split(text):
        sentence = normalize(text[span.start : span.end])
        for match in _VERB.finditer(sentence):
            left = " ".join(_LEFT.split(sentence[: match.start()])[-1].split()[-10:])
            right = " ".join(_RIGHT.split(sentence[match.end() :])[0].split()[:12])
            if left.strip() and right.strip():
                found.append(_comparison(left, match, right, own))
    return found


def _comparison(left: str, match: re.Match[str], right: str, own: frozenset[str]) -> Comparison:
    passive = bool(match["up"]) and bool(_PASSIVE.search(left + " ")) and bool(re.match(r"\s*by\b", right))
    if not passive:
        right = re.split(r"\b(?:on|in|across|over|for|by|with)\b", right, maxsplit=1)[0]
    sides = _side(left, own), _side(right, own)
    first_wins = bool(match["up"]) != passive
    return Comparison(
        sides[0 if first_wins else 1],
        sides[1 if first_wins else 0],
        match[0],
        _scale(match[0]),
        bool(_DENIED.search(left + " ")),
    )


def _scale(phrase: str) -> frozenset[str]:
    first, *rest = phrase.lower().split()
    if _BETTER_OR_WORSE.match(first):
        return frozenset()
    nouns = stems(" ".join(rest[:-1]))
    return nouns or frozenset({_SCALES.get(first, first)})


def _side(text: str, own: frozenset[str]) -> frozenset[str]:
    ours = bool(_OWN_WORDS.search(text)) or any(form(n) in own for n in names("x " + text))
    found = {f"={form(n)}" for n in names("x " + text) if form(n) not in own} | (stems(text) - {*GENERIC_WORDS})
    return frozenset(found | {"@own"}) if ours else frozenset(found)


def reversed_roles(claim: str, title: str, abstract: str, span: str) -> str:
    """Why the claim reverses or denies a comparison made in `span`, a part of `abstract`; '' if it does not."""
    own = own_names(title, abstract)
    theirs = comparisons(span, own)
    for mine in comparisons(claim, own):
        for other in theirs:
            if mine.scale != other.scale and not mine.scale & other.scale:
                continue
            if mine.denied != other.denied:
                if mine.winner & other.winner and mine.loser & other.loser:
                    return (
                        f"denies the comparison (“{other.text.strip()}”)"
                        if mine.denied
                        else (f"says “{mine.text.strip()}”, which the abstract denies")
                    )
            elif _crossed(mine, other):
                return f"turns the comparison (“{mine.text.strip()}”) round"
    return ""


def _crossed(mine: Comparison, other: Comparison) -> bool:
    """Whether the winner of each comparison is the loser of the other."""
    along = len(mine.winner & other.winner) + len(mine.loser & other.loser)
    across = len(mine.winner & other.loser) + len(mine.loser & other.winner)
    if mine.winner & other.loser and mine.loser & other.winner:
        return across > along
    own_lost = "@own" in (mine.loser - mine.winner) & (other.winner - other.loser)
    own_won = "@own" in (mine.winner - mine.loser) & (other.loser - other.winner)
    named = [
        {s for s in side if s.startswith("=")}
        for side in ((mine.winner, other.loser) if own_lost else (mine.loser, other.winner))
    ]
    return (own_lost or own_won) and not (named[0] and named[1]) and across > along
