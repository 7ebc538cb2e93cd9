"""Edits true sentences of abstracts: false ones that a support check must refuse, and light rewrites that it must accept.

Every edit comes from one sentence of one abstract by a seeded choice, so that a run can be repeated. The module
deliberately shares no word list or pattern with the check that it tests.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Rewrite = Callable[[str, random.Random], "str | None"]


@dataclass(frozen=True)
class Edit:
    """One sentence after an edit; `source` is the sentence that it came from, or is checked against."""

    title: str
    kind: str
    claim: str
    source: str


_NUMBER = re.compile(r"(?<![\w.,/^_-])(\d+(?:\.\d+)?)(?![\w,/^_]|\.\d|-\w|\s?D\b)")
_COUNTS = "two three four five six seven eight nine ten".split()
_COUNT = re.compile(r"\b(" + "|".join(_COUNTS) + r")\b(?!-)", re.I)
_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][A-Za-z]*(?:[A-Z]|-?\d)[\w-]*[A-Za-z0-9])(?=[ ,.;)])")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|has been|have been|will|does|should)\b(?! (?:not|no|only|never)\b)"
)
_VERBS = {
    verb + "s": verb
    for verb in (
        "outperform improve achieve reduce require enable allow show provide increase demonstrate use learn lead "
        "capture generalize exploit introduce"
    ).split()
} | {"surpasses": "surpass"}
_VERB = re.compile(r"\b(" + "|".join(_VERBS) + r")\b")
_PLURAL = re.compile(
    r"\b([Ww]e|[Rr]esults|[Ee]xperiments|[Mm]ethods|[Mm]odels) "
    r"(?!are|is|can|have|were|do|will|also|not)([a-z]+)\b"
)
_OPPOSITE = dict(
    pair.split(":")
    for pair in (
        "outperforms:underperforms outperform:underperform surpasses:underperforms higher:lower better:worse "
        "faster:slower improves:degrades improve:degrade improving:degrading increases:decreases increase:decrease "
        "reduces:increases reduce:increase reducing:increasing more:less fewer:more larger:smaller lower:higher "
        "smaller:larger less:more "
        "increasing:decreasing superior:inferior stronger:weaker worse:better slower:faster"
    ).split()
)
_REVERSIBLE = re.compile(r"\b(" + "|".join(_OPPOSITE) + r")\b(?! (?:and|or) (?:more|less|better))")
_BEATS = re.compile(
    r"^(.*?\b)([A-Z][\w-]+|our \w+|the proposed \w+)"
    r"( (?:consistently |significantly )?(?:outperforms|surpasses|beats) )"
    r"((?:the )?[A-Za-z][\w-]*(?: (?:methods?|models?|baselines?|approach(?:es)?))?)(.*)$"
)


def swap_number(text: str, rng: random.Random) -> str | None:
    """One figure (or a count in words) becomes another of the same format."""
    spots = list(_NUMBER.finditer(text))
    if spots and (rng.random() < 0.8 or not _COUNT.search(text)):
        match = rng.choice(spots)
        return text[: match.start()] + _another(match[1], rng) + text[match.end() :]
    words = list(_COUNT.finditer(text))
    if not words:
        return None
    match = rng.choice(words)
    new = rng.choice([w for w in _COUNTS if w != match[0].lower()])
    return text[: match.start()] + (new.capitalize() if match[0][0].isupper() else new) + text[match.end() :]


def _another(figure: str, rng: random.Random) -> str:
    decimals = len(figure.split(".")[1]) if "." in figure else 0
    value = float(figure)
    for _ in range(50):
        new = value * rng.choice([0.5, 0.7, 0.9, 1.1, 1.3, 2.0]) + rng.choice([-1, 0, 1]) * 10.0**-decimals
        if 1900 <= value <= 2100 and not decimals:
            new = value + rng.choice([-7, -3, -2, -1, 1, 2, 3])
        shown = f"{abs(new):.{decimals}f}"
        if float(shown) != value and float(shown) > 0:
            return shown
    return f"{value + 1:.{decimals}f}"


def swap_name(names: Sequence[str], abstract: str) -> Rewrite:
    """A name within a sentence becomes one that another paper uses."""

    def rewrite(text: str, rng: random.Random) -> str | None:
        spots = [m for m in _NAME.finditer(text) if text.count(m[0]) == 1]
        others = [n for n in names if n.lower() not in abstract.lower()]
        if not spots or not others:
            return None
        match = rng.choice(spots)
        return text[: match.start()] + rng.choice(others) + text[match.end() :]

    return rewrite


def names_of(text: str) -> list[str]:
    """The names that `swap_name` would replace."""
    return [m[0] for m in _NAME.finditer(text)]


def negate(text: str, rng: random.Random) -> str | None:
    """A verb gains a negation, or loses the one that it has."""
    ways: list[str] = []
    for match in _AUXILIARY.finditer(text):
        word = match[1]
        new = {"can": "cannot"}.get(word, re.sub(r"^(\w+)", r"\1 not", word))
        ways.append(text[: match.start()] + new + text[match.end() :])
    for match in _VERB.finditer(text):
        how = rng.choice(["does not {}", "fails to {}", "never " + match[1]])
        ways.append(text[: match.start()] + how.format(_VERBS[match[1]]) + text[match.end() :])
    for match in _PLURAL.finditer(text):
        if match[2].endswith("e") or match[2] in {
            "show",
            "present",
            "find",
            "demonstrate",
            "outperform",
            "learn",
        }:
            ways.append(text[: match.start(2)] + "do not " + match[2] + text[match.end(2) :])
    for old, new in ((" without ", " with "), (" not ", " "), ("cannot ", "can ")):
        if old in text and "not only" not in text:
            ways.append(text.replace(old, new, 1))
    return rng.choice(ways) if ways else None


def reverse(text: str, rng: random.Random) -> str | None:
    """A comparison is reversed: its word becomes the opposite, or its two sides change places."""
    beats = _BEATS.match(text)
    if beats and rng.random() < 0.6:
        head, one, verb, other, tail = beats.groups()
        one, other = (one[0].lower() + one[1:] if one.startswith(("Our", "The")) else one), other
        return f"{head}{other}{verb}{one}{tail}"
    spots = list(_REVERSIBLE.finditer(text))
    if not spots:
        return None
    match = rng.choice(spots)
    return text[: match.start()] + _OPPOSITE[match[0]] + text[match.end() :]


def _authors(text: str, rng: random.Random) -> str | None:
    new = re.sub(r"\bWe\b", rng.choice(["The authors", "They"]), text)
    new = re.sub(r"\bwe\b", "the authors", new)
    new = re.sub(r"\bOur\b", "Their", re.sub(r"\bour\b", "their", new))
    return new if new != text else None


def _passive(text: str, rng: random.Random) -> str | None:
    match = re.match(r"^(?:In this (?:paper|work), )?[Ww]e (propose|introduce|present) (.{10,90}?)(,.*|\.)$", text)
    if not match:
        return None
    verb = {"propose": "proposed", "introduce": "introduced", "present": "presented"}[match[1]]
    return f"{match[2][0].upper()}{match[2][1:]} is {verb}{match[3]}"


def _format(text: str, rng: random.Random) -> str | None:
    new = re.sub(r"(\d)\s?\\?%", rng.choice([r"\1 percent", r"\1 %", r"\1 per cent"]), text)
    new = re.sub(r"(\d)(?:\\times|\$\\times\$|×|x)(?=\s)", rng.choice([r"\1 times", r"\1x", r"\1×"]), new)
    new = re.sub(r"\b(\d{1,3}),(\d{3})\b(?!,)(?<!,\d{3},\d{3})", r"\1\2", new)
    for figure, word in (("two", "2"), ("three", "3"), ("four", "4"), ("five", "5")):
        new = re.sub(rf"\b{figure}\b(?!-)", word, new)
    return new if new != text else None


def _drop(text: str, rng: random.Random) -> str | None:
    ways = [
        re.sub(
            r"^(?:However|Moreover|Furthermore|Additionally|In addition|Specifically|Therefore|Finally|To this end"
            r"|In this (?:paper|work)"
            r"|Extensive experiments (?:show|demonstrate) that),? (\w)",
            lambda m: m[1].upper(),
            text,
        ),
        re.sub(
            r", (?:which|where|while|thereby|making|enabling|allowing|resulting|leading)\b[^,;]{8,}\.$",
            ".",
            text,
        ),
        re.sub(r" \([^()]*\)", "", text, count=1),
    ]
    ways = [w for w in ways if w != text and len(w) > 40]
    return rng.choice(ways) if ways else None


def _articles(text: str, rng: random.Random) -> str | None:
    new = (
        text.replace("state-of-the-art", "state of the art").replace(" utilize ", " use ").replace(" via ", " through ")
    )
    new = re.sub(r"\b([Ww])e propose a novel\b", r"\1e propose a new", new)
    new = re.sub(r" (?:also|further|significantly|effectively) ", " ", new, count=1)
    new = re.sub(r"\bthis paper\b", "the paper", re.sub(r"\bThis paper\b", "The paper", new))
    return new if new != text else None


FALSE: dict[str, Rewrite] = {"number": swap_number, "negation": negate, "comparison": reverse}
TRUE: dict[str, Rewrite] = {
    "authors": _authors,
    "passive": _passive,
    "format": _format,
    "dropped clause": _drop,
    "small words": _articles,
}


def edits(
    papers: Sequence[tuple[str, Sequence[str]]], others: Sequence[tuple[str, Sequence[str]]], seed: int = 0
) -> Iterator[Edit]:
    """Every kind of edit of every sentence of `papers` (title, sentences), false ones and true ones.

    Names and sentences of other papers come from `others`. True are `untouched` and the keys of `TRUE`.
    """
    rng = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
    pool = sorted({n for _, lines in others for line in lines for n in names_of(line)})
    for title, lines in papers:
        abstract = title + " " + " ".join(lines)
        makers = {**FALSE, "name": swap_name(pool, abstract), **TRUE}
        strangers = [line for other, given in others if other != title for line in given]
        for line in lines:
            if len(line) < 30 or "http" in line:
                continue
            yield Edit(title, "untouched", line, line)
            yield Edit(title, "other paper", rng.choice(strangers), line)
            for kind, make in makers.items():
                tries = (make(line, rng) for _ in range(3 if kind in {"number", "name", "comparison"} else 1))
                for new in sorted({new for new in tries if new is not None and new != line}):
                    yield Edit(title, kind, new, line)
