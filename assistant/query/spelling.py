"""Writes the words of a question as the library writes them: slips of the keyboard, other spellings, CAPITALS.

A word is only changed where the library has none of its kind, and only into one that the library has. Figures are never
changed, nor acronyms, nor a name into one with other capitals: who asks about GPT-9 or about ResNeXt means no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from assistant.documents.markup.characters import is_common
from assistant.errors import LibraryError
from assistant.index.manager import IndexManager
from assistant.index.vocabulary import Vocabulary
from assistant.library.store import Store
from assistant.text.names import names
from assistant.text.spelling import GREEK, canonical, respellings
from assistant.types import Paper

_PAPERS = 10
"""Best papers whose words and titles are compared with those of the question."""
_TOKEN = re.compile(
    rf"(?:[A-Z0-9][^\W_]*(?:-[^\W_]+)*[ -])?\b(?i:{GREEK})[ -]\d{{1,2}}\b"
    rf"|[A-Z0-9][^\W_]*(?:-[^\W_]+)*[ -](?i:{GREEK})\b|[^\W_]+(?:-[^\W_]+)*"
)
"""A word with what hyphens join to it, and with the name of a Greek letter beside it: `TGF-beta1`, `TGF beta 1`."""
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+(?![^\W_])")
_SHORTEST, _LONG = 5, 9
"""Letters from which a word may be one edit away from what is meant, and two edits."""
_ENDING = 3
"""Letters that an inflection may change at the end of a word."""
_SURE_START = 6
"""Letters from which even the first one of a word in small letters may be wrong."""
_LEAST_ALIKE = 70.0
"""Likeness, of 100, from which a part of the question is compared with a title."""
_LETTERS_PER_EDIT, _MOST_EDITS = 5, 3
"""Letters of a title for each edit by which a question may miss it, and the most edits."""
_OPPOSITES = re.compile(
    r"^(?:hyper|hypo|inter|intra|infra|ab|ad|endo|exo|ecto|pre|pro|macro|micro|sub|super|supra|over|under|uni|bi|tri|in|un|en|de|re|non)"
    r"|(?:ase|ose|ine|ide|ite|ate|ane|ene|yne|ol|al)s?$"
)
"""Beginnings and endings of words: those that differ in nothing else mean different things, as nitrite and nitrate do."""


@dataclass(frozen=True, slots=True)
class _Odd:
    """A word of the question that no paper has as it is written."""

    start: int
    end: int
    text: str
    edits: int
    """Edits by which it may be misspelt; 0 for a word that is known in another form or spelling."""


class Speller:
    """Corrects the spelling of questions by one library."""

    def __init__(self, store: Store, indexes: IndexManager) -> None:
        self._store = store
        self._indexes = indexes

    def corrected(self, question: str) -> str:
        """The question in the library's spelling; unchanged where an index fails, or where nothing has to change."""
        try:
            vocabulary = Vocabulary(self._indexes.bm25)
            if _shouts(question):
                question = self._recased(question.lower(), vocabulary)
            odd = list(_odd_words(question, vocabulary))
            if not odd:
                return question
            alike = {o.text.lower(): o.edits for o in odd if o.edits}
            papers = list(self._store.papers(vocabulary.papers_with(question, alike, _PAPERS)))
        except LibraryError:
            return question
        if alike and (named := _with_title(question, papers)) is not None:
            question = named
            odd = list(_odd_words(question, vocabulary))
        for word in reversed(odd):
            question = question[: word.start] + _respelt(word, papers) + question[word.end :]
        return question

    def _recased(self, question: str, vocabulary: Vocabulary) -> str:
        """A question in small letters, with the names of the best papers for it as these write them."""
        for paper in self._store.papers(vocabulary.papers_with(question, {}, _PAPERS)):
            for name in (*names(paper.title), *names(paper.abstract)):
                one = name.removesuffix("s")  # SELUs is known, and SELU is asked for
                for spelt in (name, one) if one.isupper() else (name,):
                    question = re.sub(rf"(?<![\w-]){re.escape(spelt.lower())}(?![\w-])", spelt, question)
        return question[:1].upper() + question[1:]


def _shouts(question: str) -> bool:
    """Whether the question is all in capitals, so that these make no word a name."""
    return question.isupper() and len(_WORD.findall(question)) > 2


def _odd_words(question: str, vocabulary: Vocabulary) -> Iterator[_Odd]:
    for match in _TOKEN.finditer(question):
        parts = re.split("[ -]", canonical(match[0]).lower())
        whole = "".join(parts)
        if any(len(part) == 1 for part in parts) or any(c.isdigit() for c in whole) or " " in match[0]:
            apart = len(parts) > 1 or not vocabulary.has(whole)
            if apart and not match[0].isdigit() and vocabulary.has_form_of(whole):
                yield _Odd(match.start(), match.end(), match[0], 0)
        else:
            yield from _odd_among(match, vocabulary)


def _odd_among(compound: re.Match[str], vocabulary: Vocabulary) -> Iterator[_Odd]:
    """The odd words among those that hyphens join."""
    for match in _WORD.finditer(compound[0]):
        word = canonical(match[0]).lower()
        if len(word) < _SHORTEST - 1 or vocabulary.has(word):
            continue
        known = vocabulary.has_form_of(word)
        if known and vocabulary.has_beginning(word[: max(_SHORTEST - 1, len(word) - _ENDING)]):
            continue  # an inflection
        if known or not (is_common(word) or match[0].rstrip("s").isupper()):  # no acronym is meant for another
            start = compound.start() + match.start()
            yield _Odd(start, start + len(match[0]), match[0], 0 if known else 2 if len(word) >= _LONG else 1)


def _with_title(question: str, papers: Sequence[Paper]) -> str | None:
    """The question with the title, or the part of it before a colon, that it means to name; None where it means none."""
    found = [
        place
        for p in papers
        for name in (p.title.rstrip(" ?!."), p.title.partition(":")[0])
        for place in _places(question, name)
    ]
    best = max(found, key=lambda place: len(place.name) - _LETTERS_PER_EDIT * place.edits, default=None)
    if best is None or not best.edits:
        return None
    return question[: best.start] + best.name + question[best.end :]


class _Place(NamedTuple):
    """Where a question names a title, and by how many edits it misses it."""

    start: int
    end: int
    name: str
    edits: int


def _places(question: str, name: str) -> Iterator[_Place]:
    """The runs of words that the name may be meant by; figures have to be the same."""
    closest = fuzz.partial_ratio_alignment(name.lower(), question.lower(), score_cutoff=_LEAST_ALIKE)
    if " " not in name or closest is None:
        return
    words = [m.span() for m in re.finditer(r"[^\W_]+", question)]
    words = [(a, b) for a, b in words if a < closest.dest_end and closest.dest_start < b]
    most = min(_MOST_EDITS, len(name) // _LETTERS_PER_EDIT)
    for first, last in product(words[:2], words[-2:]):  # the closest run of letters may touch the words beside the name
        part = question[first[0] : last[1]]
        edits = OSA.distance(part.lower(), name.lower(), score_cutoff=most)
        if edits <= most and re.findall(r"\d+", part) == re.findall(r"\d+", name):
            yield _Place(first[0], last[1], name, edits)


def _respelt(word: _Odd, papers: Sequence[Paper]) -> str:
    """The word as the first of the papers writes it that has it, or as one that it may be misspelt for; itself if none."""
    typed = canonical(word.text)
    if not word.edits:
        key = re.sub("[ -]", "", typed).lower()
        found = (t for p in papers for t in _TOKEN.findall(canonical(_text(p))) if key in respellings(t))
        return next(found, word.text)
    best, meant = word.edits + 1, word.text
    for paper in papers:
        for known in dict.fromkeys(_WORD.findall(_text(paper))):
            edits = OSA.distance(typed.lower(), canonical(known).lower(), score_cutoff=best - 1)
            if edits < best and _may_be(word, canonical(known)):
                best, meant = edits, known
    return meant if typed[:1].islower() or meant[:1].isupper() else meant[:1].upper() + meant[1:]


def _text(paper: Paper) -> str:
    """Where the words are that a question may mean; the title last, because it may be all in capitals."""
    return " ".join([paper.abstract, *paper.authors, paper.venue or "", paper.title])


def _may_be(word: _Odd, known: str) -> bool:
    """Whether a word may be misspelt for another that is close enough."""
    typed = canonical(word.text)
    if max(len(typed), len(known)) < _SHORTEST or _OPPOSITES.sub("", typed.lower()) == _OPPOSITES.sub(
        "", known.lower()
    ):
        return False
    if [c for c in typed[1:] if c.isupper()] != [c for c in known[1:] if c.isupper()]:
        return False
    if word.start and typed[0].isupper() and known[0].islower():  # a name
        return False
    return typed[0].lower() == known[0].lower() or (len(typed) >= _SURE_START and typed.islower())
