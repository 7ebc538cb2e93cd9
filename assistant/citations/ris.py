"""Writes papers as RIS, which every reference manager reads; `documents.tagged` reads the same papers back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.types import Paper

_ARXIV = "arxiv:"


def to_ris(papers: Iterable[Paper], notes: Mapping[str, str] | None = None) -> str:
    """One record per paper, in the order given; `notes` by paper id. Lines end with LF, and no value holds a line break."""
    return "".join(_record(paper, (notes or {}).get(paper.paper_id, "")) for paper in papers)


def _record(paper: Paper, note: str) -> str:
    dated = paper.date if paper.date and not paper.date.startswith("--") else ""
    fields = [
        ("TY", "JOUR"),
        ("ID", paper.paper_id),
        ("TI", paper.title),
        *(("AU", author) for author in paper.authors),
        ("PY", str(paper.year or "")),
        ("DA", dated.replace("-", "/")),
        ("DO", paper.doi or ""),
        ("UR", paper.url or ""),
        *(("KW", category) for category in paper.categories),
        ("AB", paper.abstract),
        ("N1", note),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\n".join([*lines, "ER  - ", "", ""])
