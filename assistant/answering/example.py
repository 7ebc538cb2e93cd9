"""Shows what can be asked, by the example of a paper of the library."""

from __future__ import annotations

from assistant.injections.screening import are_planted
from assistant.library.store import Store

_FEWEST_WORDS, _MOST_CHARACTERS = 3, 80
"""Of a title that reads well within a sentence."""


def with_example(text: str, store: Store) -> str:
    """The text, then a question that the library answers; the text alone where no title makes a good example."""
    titles = sorted(filter(_reads_well, store.records.some_titles()), key=len)
    honest = next((title for title in titles if not are_planted([title])[0]), None)
    if honest is None:
        return text
    return f"{text} Ask about the papers, for example: What is “{honest}” about?"


def _reads_well(title: str) -> bool:
    fits = len(title) <= _MOST_CHARACTERS and len(title.split()) >= _FEWEST_WORDS
    return fits and "://" not in title and title.isprintable()
