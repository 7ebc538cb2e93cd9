"""Finds all papers that state a criterion: each is judged by itself, and none by its rank among others.

A logistic function of the features gives the probability that a paper states the criterion;
`eval/training/fit_find.py` writes its weights (`find.json`). The reading network takes no part: on the papers that the
words leave in doubt it tells less than they do, and it takes 60 ms a paper.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from assistant.collection import features
from assistant.collection.criterion import Criterion, criterion_of
from assistant.collection.library_text import Floats, LibraryText
from assistant.collection.paper_text import Line, PaperText
from assistant.collection.stating import lines_stating, lines_with_fact
from assistant.collection.wanted import Wanted
from assistant.documents.status import asks_about_status
from assistant.embeddings.embedders import encode_question
from assistant.extraction.fact import Kind
from assistant.injections.screening import LEFT_OUT, are_planted, title_is_planted
from assistant.library.library import Library
from assistant.listing import ListedPaper, Listing
from assistant.plan import OF_THESE
from assistant.retrieval.hybrid import HybridRetriever
from assistant.types import Embedder, Filters, Paper, Step

READ = 3_000
"""Papers up to which all that pass the filters are read; of more, the candidates of both searches."""
STATED, UNCLEAR = 0.5, 0.15
"""Probabilities from which a paper states the criterion, and from which that is unclear."""
_MOST_UNCLEAR = 50


@dataclass(frozen=True, slots=True)
class Scored:
    """What was read, with the features and the probability of each paper, and the line that shows it best."""

    criterion: Criterion
    wanted: Wanted
    texts: tuple[PaperText, ...]
    features: Floats
    probabilities: Floats
    lines: Mapping[str, Line]
    """The line of each paper that makes the statement which is asked for."""


class Finder:
    """Finds papers in one library. Thread-safe."""

    def __init__(self, library: Library, retriever: HybridRetriever, embedder: Embedder) -> None:
        self.library, self._retriever, self._embedder = library, retriever, embedder
        self._guard = threading.Lock()
        self._latest: tuple[int, tuple[str, ...], LibraryText] | None = None

    def find(
        self, topic: str, filters: Filters | None = None, step: Step | None = None, among: Sequence[str] | None = None
    ) -> Listing:
        """The listing for a topic or a question; an empty topic lists all papers that pass the filters.

        `among` lists these papers only. A library that is read whole is judged whole, so that filters hide papers and
        change no judgement. Raises LibraryError and EmbeddingError.
        """
        broader, _, topic = topic.rpartition(OF_THESE)
        if broader:
            among = [p.paper_id for p in self.find(broader, filters, step, among).papers]
        passing = self._passing(filters)
        wanted = frozenset(passing if among is None else among) & frozenset(passing)
        if not topic.strip():
            papers = tuple(_titled(p) for p in self.library.store.papers([i for i in passing if i in wanted]))
            return Listing("", len(papers), len(papers), len(papers), papers)
        if not asks_about_status(topic):
            wanted -= frozenset(self.library.store.identities.retraction_notices())  # they state nothing else
        whole = self.library.store.count() <= READ
        criterion = criterion_of(topic)
        if not whole and not criterion.terms and criterion.statement and (kind := criterion.statement.fact):
            return self._with_fact(criterion, kind, wanted)
        scored = self.score(topic, self._passing(None) if whole else passing, None if whole else filters, step)
        rows = [i for i, text in enumerate(scored.texts) if text.paper_id in wanted]
        stated = _listed(scored, _ranked(scored.probabilities, rows, STATED, 2.0))
        unclear = _listed(scored, _ranked(scored.probabilities, rows, UNCLEAR, STATED)[:_MOST_UNCLEAR])
        return Listing(scored.criterion.text, len(stated), len(rows), len(wanted), tuple(stated), tuple(unclear))

    def _with_fact(self, criterion: Criterion, kind: Kind, wanted: frozenset[str]) -> Listing:
        """All papers that state a kind of fact, whose facts tell so in a library of any size."""
        store = self.library.store
        lines, unread = lines_with_fact(kind, store, READ)
        ids = sorted(wanted & lines.keys())
        titles = store.titles(ids)
        papers = tuple(
            ListedPaper(i, titles[i], lines[i].text, lines[i].start, lines[i].end, lines[i].where) for i in ids
        )
        return Listing(criterion.text, len(papers), len(wanted - unread), len(wanted), papers)

    def score(
        self, topic: str, passing: Sequence[str], filters: Filters | None = None, step: Step | None = None
    ) -> Scored:
        """The probability that each of the papers that are read states the criterion."""
        criterion = criterion_of(topic)
        read = self._read(criterion, passing, filters, step or (lambda _done, _all: None))
        wanted = Wanted.of(criterion, read.texts, read.aliases)
        if not read.texts:
            return Scored(criterion, wanted, (), np.zeros((0, len(features.NAMES))), np.zeros(0), {})
        table = self._features(criterion, wanted, read)
        probabilities = (
            _judged(table, criterion) if criterion.terms or criterion.statement is None else np.ones(len(table))
        )
        lines: dict[str, Line] = {}
        if criterion.statement is not None:
            lines = lines_stating(criterion.statement, read.texts, self.library.store)
            probabilities = probabilities * np.array([text.paper_id in lines for text in read.texts])
        return Scored(criterion, wanted, read.texts, table, probabilities, lines)

    def _features(self, criterion: Criterion, wanted: Wanted, read: LibraryText) -> Floats:
        asked = spelled_out(criterion, read)
        vector, words = encode_question(self._embedder, asked)
        lexical = np.array([features.words(wanted, text) for text in read.texts])
        near = read.words_near(self.library.store, words)
        return features.table(lexical, read.cosines(vector), near, read.means)

    def _passing(self, filters: Filters | None) -> list[str]:
        """Sorted ids of the papers that pass the filters; pinned ones have no special place in a listing."""
        return self.library.store.select(replace(filters, pinned=()) if filters else Filters())

    def _read(self, criterion: Criterion, passing: Sequence[str], filters: Filters | None, step: Step) -> LibraryText:
        """The text of all papers that pass, or of the candidates among many; the latest is kept for the next criterion."""
        revision, ids = self.library.store.revision, tuple(passing)
        if len(ids) > READ:
            among = self._retriever.candidates(criterion.text, READ, filters)
            ids = tuple(sorted(set(among) & set(ids)))
        with self._guard:
            if self._latest is None or self._latest[:2] != (revision, ids):
                self._latest = (revision, ids, LibraryText.read(self.library.store, ids, step))
            return self._latest[2]


def spelled_out(criterion: Criterion, read: LibraryText) -> str:
    """The criterion as it is embedded: concepts by their usual names, and long forms in place of short ones.

    So that all wordings of a criterion are one.
    """
    named = (term.canonical for term in criterion.terms)
    return " or ".join(dict.fromkeys(read.aliases.long_form(name) or name for name in named)) or criterion.text


def _judged(table: Floats, criterion: Criterion) -> Floats:
    """The probability for each row of features; a title that names what is asked for states it."""
    weights = _weights()
    z = table @ np.array([weights.get(name, 0.0) for name in features.NAMES]) + weights["intercept"]
    found: Floats = 1.0 / (1.0 + np.exp(-np.clip(z, -30, 30)))
    titled = (table[:, features.NAMES.index("in title")] > 0) & (not criterion.introduces)
    return np.where(titled, np.maximum(found, STATED), found)


def _ranked(probabilities: Floats, rows: Sequence[int], least: float, below: float) -> list[int]:
    """The rows with a probability in this range, most probable first, then in the order of ids."""
    inside = [i for i in rows if least <= probabilities[i] < below]
    return sorted(inside, key=lambda i: (-round(float(probabilities[i]), 6), i))


def _listed(scored: Scored, rows: Sequence[int]) -> list[ListedPaper]:
    """The papers, each with the line that shows it best; one that only a planted sentence shows is left out."""
    lines = [_shown_best(scored, i) for i in rows]
    found = []
    for i, line, planted in zip(rows, lines, are_planted([line.text for line in lines]), strict=True):
        text, shown = scored.texts[i], line
        named = not title_is_planted(
            text.lines[0].text, {s for x in text.lines if x.where == "abstract" for s in x.stems}
        )
        if planted if line.where == "abstract" else not named:
            others = [x for x in text.lines if scored.wanted.strength(x) >= scored.wanted.strength(line)]
            bad = are_planted([x.text for x in others])
            honest = [x for x, b in zip(others, bad, strict=True) if (named if x.where == "title" else not b)]
            if not honest:
                continue
            shown = honest[-1]
        title = text.title if named else LEFT_OUT
        found.append(ListedPaper(text.paper_id, title, shown.text, shown.start, shown.end, shown.where))
    return found


def _shown_best(scored: Scored, at: int) -> Line:
    """Of two lines that show a paper alike, the one in the abstract."""
    text = scored.texts[at]
    return scored.lines.get(text.paper_id) or max(
        text.lines, key=lambda line: (scored.wanted.strength(line), line.where == "abstract")
    )


def _titled(paper: Paper) -> ListedPaper:
    return ListedPaper(paper.paper_id, paper.shown_title, paper.title, 0, len(paper.title), "title")


@cache
def _weights() -> dict[str, float]:
    loaded: dict[str, float] = json.loads((Path(__file__).parent / "find.json").read_text(encoding="utf-8"))
    return loaded
