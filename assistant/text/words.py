"""Normalizes scientific text and splits it into words with their stems, as the support rules compare them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.text.spelling import canonical
from assistant.text.stems import stem
from assistant.text.stop_words import STOP_WORDS

_LATEX = (
    (re.compile(r"\\(?:%|,)"), lambda m: m[0][1:]),
    (re.compile(r"\$?\\times\$?"), lambda _: "×"),
    (re.compile(r"\\pm|(?<=\d)pm(?=\d)|\+/-"), lambda _: "±"),
    (re.compile(r"\\sim\b|\\approx\b|(?<![\w.])~(?=\d)"), lambda _: " about "),
    (re.compile(r"(?<=\d)\s?[~–—]\s?(?=\d)"), lambda _: "-"),
    (re.compile(r"\\(?:text(?:bf|it|tt|sc|rm)?|emph|mathrm|mathbf|mathcal|operatorname|url|href)\b"), lambda _: ""),
    (re.compile(r"\\[a-zA-Z]+"), lambda m: " " + m[0][1:] + " "),
    (re.compile(r"[${}\\]"), lambda _: ""),
)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][a-z]{1,2}\b)?|%|×|±")
_CONTRACTIONS = re.compile(
    r"\b(ca|wo|do|does|did|is|are|was|were|has|have|had|could|would|should|must|need)n['’]t\b", re.I
)


@dataclass(frozen=True, slots=True)
class Word:
    """A token as written, in lower case, and as a stem."""

    text: str
    lower: str
    stem: str


@lru_cache(maxsize=4096)
def normalize(text: str) -> str:
    """Plain text on one line: LaTeX commands and dashes replaced by plain characters, contractions spelled out."""
    text = canonical(text)
    for pattern, by in _LATEX:
        text = pattern.sub(by, text)
    text = re.sub(r"(?i)\bcannot\b", "can not", text)
    text = re.sub(r"(?i)\bcan['’]t\b", "can not", text)
    text = re.sub(r"(?i)\bwon['’]t\b", "will not", text)
    text = _CONTRACTIONS.sub(lambda m: m[1] + " not", text)
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[Word, ...]:
    """The tokens of the normalized text; hyphenated compounds become several tokens."""
    found = []
    for match in _TOKEN.finditer(normalize(text)):
        token = re.sub(r"['’]s?$", "", match[0])
        lower = token.lower().replace(",", "") if token[0].isdigit() else token.lower()
        found.append(Word(token, lower, stem(lower)))
    return tuple(found)


def content_words(tokens: Iterable[Word]) -> list[Word]:
    """The tokens that are not stop words, signs or single letters."""
    return [
        w for w in tokens if w.lower not in STOP_WORDS and (len(w.lower) > 1 or w.lower.isdigit()) and w.lower != "%"
    ]


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The stems of the content words of `text`."""
    return frozenset(w.stem for w in content_words(words(text)))


def squeeze(text: str) -> str:
    """The text without spaces, case and most punctuation, so that two copies of one sentence compare as equal."""
    return re.sub(r"[^\w%.]+", "", normalize(text).casefold()).strip(".")
