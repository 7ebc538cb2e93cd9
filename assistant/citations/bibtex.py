"""Writes papers as BibTeX.

Every value stands in balanced braces whatever the text holds: BibTeX also counts escaped braces, so a brace in the text
is written as a command. `documents.bibtex` reads the same papers back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

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


def to_bibtex(papers: Iterable[Paper]) -> str:
    """One `@misc` entry per paper, in the order given, each paper once. The same paper always gets the same key."""
    unique = {paper.paper_id: paper for paper in papers}
    return "\n\n".join(map(_entry, unique.values())) + ("\n" if unique else "")


def key(paper: Paper) -> str:
    """A readable key such as `kusupati2022matryoshka-2205.13147`; the id at its end makes it unique."""
    surname = paper.authors[0].split()[-1] if paper.authors and paper.authors[0].split() else "anonymous"
    word = next((w for w in map(_ascii, paper.title.split()) if len(w) > 3), "")
    number = re.sub(r"[^A-Za-z0-9.]+", "-", paper.paper_id.partition(":")[2] or paper.paper_id)
    return f"{_ascii(surname) or 'paper'}{paper.year or ''}{word}-{number}"


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


def _entry(paper: Paper) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(paper) if value]
    return "\n".join([f"@misc{{{key(paper)},", *lines, "}"])


def _fields(paper: Paper) -> list[tuple[str, str]]:
    arxiv = paper.paper_id.removeprefix(_ARXIV) if paper.paper_id.startswith(_ARXIV) else ""
    others = ["others"] if paper.authors and (paper.author_count or 0) > len(paper.authors) else []
    dated = paper.date if paper.date and not paper.date.startswith("--") else None
    return [
        ("title", "{" + escape(paper.title) + "}"),  # the second braces keep capitals as they are
        ("author", " and ".join([*map(_name, paper.authors), *others])),
        ("year", str(paper.year or "")),
        ("date", dated or ""),
        ("doi", _link(paper.doi)),
        ("eprint", arxiv),
        ("archiveprefix", "arXiv" if arxiv else ""),
        ("primaryclass", escape(paper.categories[0]) if arxiv and paper.categories else ""),
        ("organization", escape(paper.organisation or "")),
        ("url", _link(paper.url)),
        ("abstract", escape(paper.abstract)),
    ]


def _name(author: str) -> str:
    """The name, in braces where BibTeX would take a comma or an "and" in it for its own."""
    name = escape(author)
    return "{" + name + "}" if "," in name or re.search(r"\band\b|^others$", name, re.I) else name


def _link(link: str | None) -> str:
    return "".join(_UNSAFE_IN_LINK.get(c, c) for c in link or "")


def _ascii(word: str) -> str:
    """The ASCII letters and digits of the word, in lower case and without accents."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", word).lower())
