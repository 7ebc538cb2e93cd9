"""Writes papers as CSL-JSON, which citation processors such as pandoc read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from assistant.citations.bibtex import joined_keywords
from assistant.citations.keys import keys
from assistant.citations.kinds import kind_of
from assistant.citations.names import split_name
from assistant.types import Paper

_ARXIV = "arxiv:"


def to_csl(papers: Iterable[Paper]) -> str:
    """A JSON array with one item per paper, in the order given, each paper once; `id` is the key to cite it by."""
    unique = {paper.paper_id: paper for paper in papers}
    named = keys(unique.values())
    items = [_item(paper, named[i]) for i, paper in unique.items()]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(paper: Paper, key: str) -> dict[str, Any]:
    arxiv = paper.paper_id.removeprefix(_ARXIV) if paper.paper_id.startswith(_ARXIV) else ""
    kind = kind_of(paper).csl
    fields = {
        "id": key,
        "citation-key": key,
        "type": kind,
        "genre": paper.publication_type if paper.publication_type != kind else None,
        "title": paper.title,
        "author": [_name(author) for author in paper.authors],
        "issued": _issued(paper),
        "container-title": paper.venue,
        "DOI": paper.doi,
        "PMID": paper.pmid,
        "number": f"arXiv:{arxiv}" if arxiv else None,
        "version": str(paper.version) if paper.version else None,
        "URL": paper.url,
        "language": paper.language,
        "keyword": joined_keywords(paper.keywords),
        "categories": list(paper.categories),
        "status": paper.editorial_status,
        "abstract": paper.abstract,
    }
    return {name: value for name, value in fields.items() if value}


def _name(author: str) -> dict[str, str]:
    given, family, suffix = split_name(author)
    if not given:
        return {"literal": author}
    return {"family": family, "given": given} | ({"suffix": suffix} if suffix else {})


def _issued(paper: Paper) -> dict[str, list[list[int]]] | None:
    dated = paper.date if paper.date and not paper.date.startswith("--") else str(paper.year or "")
    return {"date-parts": [[int(part) for part in dated.split("-")]]} if dated else None
