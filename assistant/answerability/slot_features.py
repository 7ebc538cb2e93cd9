"""Checks whether the abstract, and the sentence that answers best, fill the slots of a question.

An abstract on the right subject often lacks one detail: it never names the data set; it does not count the things whose number is asked for; it does not list the two that are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answerability import word_features
from assistant.text.names import form, forms, mentions, names
from assistant.text.numbers import quantities
from assistant.text.stems import stem
from assistant.text.stop_words import NOUN_PHRASE_ENDS

_COUNTED = re.compile(r"(?i)\bhow many ((?:[\w/-]+\s*){1,6})")
_COUNT_ENDS = frozenset("the each per".split()) | NOUN_PHRASE_ENDS
_LISTED = re.compile(r"(?i)\b(?:which|what) (?:other )?(two|three|four|five|six) \w")
_SEPARATOR = re.compile(r"\band\b|\(")
_COUNT = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@dataclass(frozen=True, slots=True)
class SlotFeatures:
    """0 or 1, except for `terms_apart`, a share; "the sentence" is the one that answers best."""

    unknown_name: float
    """The question names something that neither title nor abstract mentions."""
    uncounted: float
    """The question asks how many of something, and no sentence has a figure for it."""
    unlisted: float
    """The question asks which two, three, … things, and the sentence does not list as many."""
    terms_apart: float
    """Share of the question's weight that the abstract has, but neither the sentence nor the title."""


def extract(
    question: str, title: str, sentences: Sequence[str], best: int, others: Sequence[tuple[str, str]] = ()
) -> SlotFeatures:
    """The features of one question and one paper; `best` is the sentence that answers best.

    Names that only `others` mention, the (title, abstract) of further papers that the question is about, do not count.
    """
    text, abstract = sentences[best], " ".join(sentences)
    missing = [n for n in names(question) if not mentions(n, abstract, title, abstract)]
    elsewhere = [n for n in missing if any(mentions(n, about, heading, about) for heading, about in others)]
    unknown = [n for n in missing if n not in elsewhere]
    counted = _counted(question)
    return SlotFeatures(
        unknown_name=float(bool(unknown)),
        uncounted=float(bool(counted) and not any(counted & set(q.nouns) for s in sentences for q in quantities(s))),
        unlisted=float(_listed(text, question, title) < _requested(question)),
        terms_apart=_terms_apart(question, title, sentences, text),
    )


def _counted(question: str) -> frozenset[str]:
    """Stems of the last two words of the noun after *how many*."""
    match = _COUNTED.search(question)
    words: list[str] = []
    for word in match[1].split() if match else ():
        if word.lower() in _COUNT_ENDS:
            break
        words.append(word.lower())
    return frozenset(map(stem, words[-2:]))


def _requested(question: str) -> int:
    """How many things the question asks to list; 0 if it does not say."""
    match = _LISTED.search(question)
    return _COUNT[match[1].lower()] if match else 0


def _listed(sentence: str, question: str, title: str) -> int:
    """How many things the sentence may list: new names if the question asks for names, else what commas separate."""
    if word_features.asks_name(question):
        known = forms(question) | forms(title)
        return sum(form(n) not in known for n in names("x " + sentence))  # with "x ", a capital alone makes no name
    return 1 + sentence.count(",") + len(_SEPARATOR.findall(sentence))


def _terms_apart(question: str, title: str, sentences: Sequence[str], text: str) -> float:
    asked = word_features.weighted_terms(question)
    known = word_features.stems(title)
    everywhere, here = known.union(*map(word_features.stems, sentences)), known | word_features.stems(text)
    total = sum(asked.values())
    return sum(v for t, v in asked.items() if t in everywhere and t not in here) / total if total else 0.0
