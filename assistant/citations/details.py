"""The whole record of a paper as names and values, in the order in which a reader looks for them."""

from __future__ import annotations

from assistant.types import Paper

_STATUS = {"concern": "expression of concern"}


def details(paper: Paper) -> list[tuple[str, str]]:
    """The fields that are filled, apart from title and abstract."""
    arxiv = paper.paper_id.removeprefix("arxiv:") if paper.paper_id.startswith("arxiv:") else ""
    status = paper.editorial_status or ""
    rows = [
        ("Status", _STATUS.get(status, status)),
        ("Paper", paper.paper_id),
        ("Authors", _authors(paper)),
        ("Organisation", paper.organisation),
        ("Date", paper.date or str(paper.year or "")),
        ("Venue", paper.venue),
        ("Type", paper.publication_type),
        ("DOI", paper.doi),
        ("arXiv", f"{arxiv} (version {paper.version})" if arxiv and paper.version else arxiv),
        ("PMID", paper.pmid),
        ("Link", paper.url),
        ("Categories", ", ".join(paper.categories)),
        ("Keywords", "; ".join(paper.keywords)),
        ("Collections", "; ".join(paper.collections)),
        ("Language", paper.language),
        ("Citekey", paper.citekey),
        ("Zotero", paper.zotero),
        ("Files", "; ".join(paper.sources)),
    ]
    return [(name, value) for name, value in rows if value]


def _authors(paper: Paper) -> str:
    more = (paper.author_count or 0) - len(paper.authors)
    return "; ".join([*paper.authors, *([f"{more} more"] if more > 0 and paper.authors else [])])
