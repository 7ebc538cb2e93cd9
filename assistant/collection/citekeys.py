"""Finds the papers of the library that the citation keys of a draft stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.citations.keys import key as own_key
from assistant.documents.bibtex import keyed
from assistant.documents.files import find_files
from assistant.documents.identity import names, title_key
from assistant.documents.source import Source
from assistant.library.library import Library
from assistant.types import Paper

_ARXIV_ID = re.compile(r"(?<!\d)\d{4}\.\d{4,5}(?!\d)")


class CiteKeys:
    """The keys of a draft: those of its bibliographies, those that this program exports, and the papers' own ids."""

    def __init__(self, library: Library, cited: Iterable[str], bibliographies: Sequence[str | Path] = ()) -> None:
        """Raises DocumentError for a bibliography that does not exist."""
        self._papers: dict[str, Paper] = {}
        self._read_files(library, bibliographies)
        self._read_library(library, [key for key in dict.fromkeys(cited) if key not in self._papers])
        self._keys = {p.paper_id: key for key, p in reversed(self._papers.items())}

    def paper(self, key: str) -> Paper | None:
        """The paper of the library that a key stands for, if it is known."""
        return self._papers.get(key)

    def key(self, paper: Paper) -> str:
        """The key by which to cite a paper: the draft's own, else the one under which this program exports it."""
        return self._keys.get(paper.paper_id) or own_key(paper)

    def _read_files(self, library: Library, files: Sequence[str | Path]) -> None:
        for source in find_files(files) if files else ():
            for key, entry in keyed(source) if isinstance(source, Source) else ():
                if (paper := _stored(library, entry)) is not None:
                    self._papers.setdefault(key, paper)

    def _read_library(self, library: Library, keys: list[str]) -> None:
        ids = {key: [key, *(f"arxiv:{n}" for n in _ARXIV_ID.findall(key))] for key in keys}
        known = {p.paper_id: p for p in library.store.papers([i for found in ids.values() for i in found])}
        for key, wanted in ids.items():
            paper = next((known[i] for i in wanted if i in known), None)
            if paper is None and len(meant := library.store.identities.meant(key)) == 1:
                paper = next(library.store.papers(meant), None)
            if paper is not None:
                self._papers[key] = paper
        rest = {key for key in keys if key not in self._papers}
        if rest:
            self._papers |= {own: p for p in library.store.every_paper() if (own := own_key(p)) in rest}


def _stored(library: Library, entry: Paper) -> Paper | None:
    """The paper of the library with an identifier or the title of an entry."""
    key = title_key(entry.title)
    found = [s.paper for s in library.store.identities.candidates(key, names(entry, key))]
    by_id = (p for p in found if p.paper_id == entry.paper_id)
    titled = (p for p in found if title_key(p.title) == key)
    return next(by_id, None) or next(titled, found[0] if len(found) == 1 else None)
