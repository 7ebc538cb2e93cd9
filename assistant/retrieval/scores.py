"""The result of one retriever, and its recovery from an index that fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from assistant.errors import LibraryError

_LOG = logging.getLogger(__name__)
Index = TypeVar("Index")


class Scores(NamedTuple):
    """A retriever's score for each paper that it found, and notes for the user about a failure."""

    papers: dict[str, float]
    notes: tuple[str, ...] = ()


def search_or_heal(
    current: Callable[[], Index],
    replace: Callable[[Index], Index],
    search: Callable[[Index], dict[str, float]],
    note: str,
) -> Scores:
    """Searches the current index; replaces one that fails and searches again; returns the `note` alone if that fails too."""
    try:
        index = current()
        try:
            return Scores(search(index))
        except LibraryError as error:
            _LOG.warning("%s; replacing the index", error)
            return Scores(search(replace(index)))
    except LibraryError as error:
        _LOG.warning("%s", error)
        return Scores({}, (note,))
