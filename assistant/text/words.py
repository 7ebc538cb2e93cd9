"""Words as the support rules see them: cleaned text, tokens, stems, stop words. Knows nothing about verdicts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_LATEX = (
    (re.compile(r"\\(?:%|,)"), lambda m: m[0][1:]),
    (re.compile(r"\$?\\times\$?"), lambda _: "×"),
    (re.compile(r"\\pm|(?<=\d)pm(?=\d)|\+/-"), lambda _: "±"),
    (re.compile(r"\\sim\b|\\approx\b|(?<![\w.])~(?=\d)"), lambda _: " about "),
    (re.compile(r"(?<=\d)\s?[~–—]\s?(?=\d)"), lambda _: "-"),
    (
        re.compile(r"\\(?:text(?:bf|it|tt|sc|rm)?|emph|mathrm|mathbf|mathcal|operatorname|url|href)\b"),
        lambda _: "",
    ),
    (re.compile(r"\\[a-zA-Z]+"), lambda m: " " + m[0][1:] + " "),
    (re.compile(r"[${}\\]"), lambda _: ""),
)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][a-z]{1,2}\b)?|%|×|±")
_CONTRACTIONS = re.compile(
    r"\b(ca|wo|do|does|did|is|are|was|were|has|have|had|could|would|should|must|need)n['’]t\b", re.I
)
_SUFFIXES = (
    "izations isations ization isation ational fulness ousness iveness ations ation ically ingly edly ments "
    "ment ness ities ity ings ing ions ion iers ier ies ied ers er ors or ive ively able ible ed es ally al "
    "ly s e y"
).split()
STOP = frozenset(
    """a an the of in on at by for with to from into onto as and or but nor so than then that which who
    whom whose this these those there here it its itself they them their theirs we our ours us i you
    your he she is are was were be been being am do does did done have has had having can could may
    might will would shall should must also both such very more most much many some any all each
    every other another same own only just even still however moreover furthermore thus hence
    therefore while when where whether if because since although though via per about up down out
    over under between among through during before after again further what how why not no s t e g
    i.e etc paper work study authors author article abstract one""".split()
)
GENERIC = frozenset(
    """propose present introduce show demonstrate find report describe develop investigate explore
    achieve use using used based new novel approach method methods model models results experiments
    extensive several various different called named named describe provide make made given first
    additionally finally specifically researchers proposed""".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """One token: as written, lower-cased, stemmed."""

    text: str
    lower: str
    stem: str


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Plain text: LaTeX commands, odd dashes, quotes and contractions folded, whitespace collapsed."""
    text = unicodedata.normalize("NFKC", text).replace("−", "-").replace("‑", "-").replace("‐", "-")
    for pattern, by in _LATEX:
        text = pattern.sub(by, text)
    text = re.sub(r"(?i)\bcannot\b", "can not", text)
    text = re.sub(r"(?i)\bcan['’]t\b", "can not", text)
    text = re.sub(r"(?i)\bwon['’]t\b", "will not", text)
    text = _CONTRACTIONS.sub(lambda m: m[1] + " not", text)
    return " ".join(text.split())


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A crude stem: one suffix off, a doubled consonant undone. Only ever compared with other stems."""
    if len(word) <= 3 or not word.isalpha():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= (3 if len(suffix) <= 3 else 4):
            word = word[: -len(suffix)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] in "eyi" else word


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[Word, ...]:
    """Tokens of the cleaned text; compounds fall apart at their hyphens."""
    found = []
    for match in _TOKEN.finditer(clean(text)):
        token = re.sub(r"['’]s?$", "", match[0])
        lower = token.lower().replace(",", "") if token[0].isdigit() else token.lower()
        found.append(Word(token, lower, stem(lower)))
    return tuple(found)


def content(tokens: Iterable[Word]) -> list[Word]:
    """Without stop words, signs and single letters."""
    return [w for w in tokens if w.lower not in STOP and (len(w.lower) > 1 or w.lower.isdigit()) and w.lower != "%"]


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The stems of the content words."""
    return frozenset(w.stem for w in content(words(text)))


def squeeze(text: str) -> str:
    """What two copies of one sentence share whatever their spacing, dashes and quotes."""
    return re.sub(r"[^\w%.]+", "", clean(text).casefold()).strip(".")
