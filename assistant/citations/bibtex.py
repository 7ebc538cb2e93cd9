"""Writes papers as BibTeX.

Every value stands in balanced braces whatever the text holds: BibTeX also counts escaped braces, so a brace in the text
is written as a command. `documents.bibtex` reads the same papers back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.citations.keys import keys
from assistant.citations.kinds import kind_of
from assistant.citations.names import split_name
from assistant.types import Paper

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
}
_UNSAFE_IN_LINK = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}
_FORMULA = re.compile(r"(?<![\\$])(\$(?:[A-Za-z]|(?=[^$]*[\\^_=])[^$@\s](?:[^$@]*[^$@\s\\])?)\$)(?!\$)")
"""A formula rather than two prices: a single letter, or text with a command, an index or an equation in it."""
_ARXIV = "arxiv:"
_IN_BOOKS = ("inproceedings", "incollection")


def to_bibtex(papers: Iterable[Paper]) -> str:
    """One entry per paper, in the order given, each paper once, under the reader's own key where there is one."""
    unique = {paper.paper_id: paper for paper in papers}
    named = keys(unique.values())
    return "\n\n".join(_entry(paper, named[i]) for i, paper in unique.items()) + ("\n" if unique else "")


def escape(text: str) -> str:
    """The text escaped for a BibTeX value in braces; formulas stay as they are."""
    parts = _FORMULA.split(" ".join(text.split()))
    return "".join(part if i % 2 and _balanced(part) else _plain(part) for i, part in enumerate(parts))


def _plain(text: str) -> str:
    escaped = "".join(_SPECIAL.get(c, c) for c in text)
    # LaTeX reads two of these in a row as a typographic quotation mark.
    return re.sub(r"(['`])(?=\1)", r"\1{}", escaped)


def _balanced(formula: str) -> bool:
    depth = 0
    for c in formula:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    return depth == 0


def _entry(paper: Paper, key: str) -> str:
    kind = kind_of(paper).bibtex
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(paper, kind) if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _fields(paper: Paper, kind: str) -> list[tuple[str, str]]:
    arxiv = paper.paper_id.removeprefix(_ARXIV) if paper.paper_id.startswith(_ARXIV) else ""
    others = ["others"] if paper.authors and (paper.author_count or 0) > len(paper.authors) else []
    dated = paper.date if paper.date and not paper.date.startswith("--") else None
    return [
        ("title", "{" + escape(paper.title) + "}"),  # the second braces keep capitals as they are
        ("author", " and ".join([*map(_name, paper.authors), *others])),
        ("booktitle" if kind in _IN_BOOKS else "journal", escape(paper.venue or "")),
        ("year", str(paper.year or "")),
        ("date", dated or ""),
        ("doi", _link(paper.doi)),
        ("pmid", paper.pmid or ""),
        ("eprint", arxiv),
        ("archiveprefix", "arXiv" if arxiv else ""),
        ("primaryclass", escape(paper.categories[0]) if arxiv and paper.categories else ""),
        ("categories", escape("; ".join(paper.categories) + ";") if len(paper.categories) > bool(arxiv) else ""),
        ("version", str(paper.version or "")),
        ("type", escape(paper.publication_type or "") if paper.publication_type != kind else ""),
        ("organization", escape(paper.organisation or "")),
        ("url", _link(paper.url)),
        ("langid", escape(paper.language or "")),
        ("keywords", escape(joined_keywords(paper.keywords))),
        ("note", paper.shown_status.capitalize()),
        ("abstract", escape(paper.abstract)),
    ]


def joined_keywords(keywords: Sequence[str]) -> str:
    """The keywords between commas; between semicolons, with one at the end, where a keyword has a comma itself."""
    if not any("," in keyword for keyword in keywords):
        return ", ".join(keywords)
    return "; ".join(keywords) + ";"


def _name(author: str) -> str:
    """`First Last`, or `Last, Jr, First`; in braces where BibTeX would take a comma or an "and" in it for its own."""
    given, family, suffix = split_name(author)
    if suffix:
        return f"{escape(family)}, {escape(suffix)}, {escape(given)}"
    name = escape(author)
    institution = not given and " " in author
    return "{" + name + "}" if institution or "," in name or re.search(r"\band\b|^others$", name, re.I) else name


def _link(link: str | None) -> str:
    return "".join(_UNSAFE_IN_LINK.get(c, c) for c in link or "")
