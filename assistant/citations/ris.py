"""Writes papers as RIS, which every reference manager reads; `documents.tagged` reads the same papers back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.citations.keys import keys
from assistant.citations.kinds import kind_of
from assistant.types import Paper

_ARXIV = "arxiv:"


def to_ris(papers: Iterable[Paper], notes: Mapping[str, str] | None = None) -> str:
    """One record per paper, in the order given; `notes` by paper id. Lines end with LF, and no value holds a line break."""
    given = list(papers)
    named = keys(given)
    return "".join(_record(paper, named[paper.paper_id], (notes or {}).get(paper.paper_id, "")) for paper in given)


def _record(paper: Paper, key: str, note: str) -> str:
    dated = paper.date if paper.date and not paper.date.startswith("--") else ""
    kind = kind_of(paper).ris
    fields = [
        ("TY", kind),
        ("ID", key),
        ("TI", paper.title),
        *(("AU", author) for author in paper.authors),
        ("T2", paper.venue or ""),
        ("PY", str(paper.year or "")),
        ("DA", dated.replace("-", "/")),
        ("DO", paper.doi or ""),
        ("DB", "PubMed" if paper.pmid else ""),
        ("AN", paper.pmid or ""),
        ("M3", paper.publication_type if paper.publication_type not in (None, kind) else ""),
        ("LA", paper.language or ""),
        *(("UR", url) for url in _links(paper)),
        ("ET", f"v{paper.version}" if paper.version else ""),
        *(("KW", keyword) for keyword in paper.keywords or paper.categories),
        ("AB", paper.abstract),
        ("N1", paper.shown_status.capitalize()),
        ("N1", note),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\n".join([*lines, "ER  - ", "", ""])


def _links(paper: Paper) -> list[str]:
    """The paper's own link and, beside it, the one that names its arXiv id."""
    arxiv = paper.paper_id.removeprefix(_ARXIV) if paper.paper_id.startswith(_ARXIV) else ""
    own = paper.url or ""
    return list(filter(None, [own, f"https://arxiv.org/abs/{arxiv}" if arxiv and arxiv not in own else ""]))
