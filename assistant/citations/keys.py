"""Chooses the keys under which papers are cited: the reader's own, and made ones where there is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from assistant.types import Paper

_USABLE = re.compile(r"[^\s{}(),=%#~\\\"']+")
"""A key that BibTeX can read."""


def key(paper: Paper) -> str:
    """The reader's own key, else a readable one such as `kusupati2022matryoshka-2205.13147`, unique by the id at its end."""
    return paper.citekey if paper.citekey and _USABLE.fullmatch(paper.citekey) else made_key(paper)


def keys(papers: Iterable[Paper]) -> dict[str, str]:
    """The key of each paper, by paper id. Of papers that share one, the first keeps it and the others get made ones."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for paper in papers:
        if paper.paper_id not in found:
            own = key(paper)
            found[paper.paper_id] = made_key(paper) if own.casefold() in taken else own
            taken.add(found[paper.paper_id].casefold())
    return found


def made_key(paper: Paper) -> str:
    """A key from the first author, the year, the title and the id; the same paper always gets the same one."""
    surname = paper.authors[0].split()[-1] if paper.authors and paper.authors[0].split() else "anonymous"
    word = next((w for w in map(_ascii, paper.title.split()) if len(w) > 3), "")
    number = re.sub(r"[^A-Za-z0-9.]+", "-", paper.paper_id.partition(":")[2] or paper.paper_id)
    return f"{_ascii(surname) or 'paper'}{paper.year or ''}{word}-{number}"


def _ascii(word: str) -> str:
    """The ASCII letters and digits of the word, in lower case and without accents."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", word).lower())
