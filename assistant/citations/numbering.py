"""Numbers cited spans by first use and renders the text with its markers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.types import Citation, Evidence, Sentence


class Numbering:
    """Gives each distinct span a number, from 1 in the order of first use."""

    def __init__(self) -> None:
        self._citations: dict[tuple[str, int, int], Citation] = {}

    def cite(self, evidence: Iterable[Evidence | Citation]) -> tuple[Citation, ...]:
        """The citations of these spans, each once; a span that is new gets the next number."""
        found = []
        for e in evidence:
            key = (e.paper_id, e.start, e.end)
            if key not in self._citations:
                n = len(self._citations) + 1
                self._citations[key] = Citation(n, e.paper_id, e.title, e.quote, e.start, e.end)
            found.append(self._citations[key])
        return tuple(dict.fromkeys(found))

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations, in the order of their numbers."""
        return tuple(self._citations.values())


def render(sentences: Sequence[Sentence]) -> str:
    """The answer's text: each sentence followed by its markers, and by the mark where it is not verified."""
    return " ".join(map(str, sentences))
