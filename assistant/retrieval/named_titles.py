"""Finds the titles that a question names, word for word in any case, and puts their papers first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.documents.identity import title_key
from assistant.index.bm25 import BM25Index, query_words

_SHARE = 0.5
"""Share of a question that titles hold at least if it names them: "What is Dataset Quantization?" asks about that paper,
and "How is deep learning used to grade retinal photographs?" about none called "Deep Learning"."""
_WORDS = 2
"""Content words of a title that is named whatever its share, where the question writes it in capitals, as a name."""


def named_first(
    question: str, ranked: Sequence[tuple[str, float]], titles: Mapping[str, str], bm25: BM25Index
) -> list[tuple[str, float]]:
    """The papers with those first whose title, or the part of it before a colon, stands in the question, in its order."""
    named = named_titles(question, titles, bm25)
    asked = title_key(question)
    places = {i: (asked.find(title_key(name)), -len(name)) for i, name in named.items()}
    first = sorted((pair for pair in ranked if pair[0] in named), key=lambda pair: places[pair[0]])
    return [*first, *(pair for pair in ranked if pair[0] not in named)]


def named_titles(question: str, titles: Mapping[str, str], bm25: BM25Index) -> dict[str, str]:
    """The papers whose titles the question names, with the title, or the part of it before a colon, that stands there."""
    asked = f" {title_key(question)} "
    found: dict[str, str] = {}
    for paper_id, title in titles.items():
        names = [name.strip() for name in (title, title.partition(":")[0]) if title_key(name)]
        name = next((n for n in names if f" {title_key(n)} " in asked), None)
        if name is not None:
            found[paper_id] = name
    if not found:
        return {}
    share = sum(bm25.coverage(question, [" ".join(found.values())])[0].values())
    return {i: name for i, name in found.items() if share >= _SHARE or _is_written_as_name(name, question)}


def short_names(question: str) -> list[str]:
    """The words of the question that are written as acronyms are, such as POINTS or NeRF, in their order."""
    return [w for w in dict.fromkeys(re.findall(r"[\w+-]+", question)) if sum(c.isupper() for c in w) > 1]


def _is_written_as_name(name: str, question: str) -> bool:
    """Whether a title of several words stands in the question as it is written, with capitals or in quotation marks."""
    words = [w for w in name.split() if w[:1].isupper()]
    if f"“{name}”" in question or name in short_names(question):
        return True
    return name in question and len(words) >= _WORDS and (len(words) > _WORDS or len(query_words(name)) >= _WORDS)
