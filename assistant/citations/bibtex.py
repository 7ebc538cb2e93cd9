"""Papers as BibTeX, from what is stored of them and nothing else. Knows nothing about answers.

Every value stays in balanced braces whatever the text holds: BibTeX counts escaped braces too, so a brace of the text
is written as a command. The reader in `documents` gives back the same papers.
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
"""A formula rather than two prices: one letter, or something with a command, an index or an equation in it."""
_ARXIV = "arxiv:"


def to_bibtex(papers: Iterable[Paper]) -> str:
    """One `@misc` entry a paper, in the order given, each paper once; the key depends on the paper alone."""
    unique = {paper.paper_id: paper for paper in papers}
    return "\n\n".join(map(_entry, unique.values())) + ("\n" if unique else "")


def key(paper: Paper) -> str:
    """`kusupati2022matryoshka-2205.13147`: for the reader, and by the id at its end never the same for two papers."""
    surname = paper.authors[0].split()[-1] if paper.authors and paper.authors[0].split() else "anonymous"
    word = next((w for w in map(_ascii, paper.title.split()) if len(w) > 3), "")
    number = re.sub(r"[^A-Za-z0-9.]+", "-", paper.paper_id.partition(":")[2] or paper.paper_id)
    return f"{_ascii(surname) or 'paper'}{paper.year or ''}{word}-{number}"


def escape(text: str) -> str:
    """The text for a BibTeX value in braces; formulas stay formulas."""
    parts = _FORMULA.split(" ".join(text.split()))
    return "".join(part if i % 2 and _balanced(part) else _plain(part) for i, part in enumerate(parts))


def _plain(text: str) -> str:
    escaped = "".join(_SPECIAL.get(c, c) for c in text)
    # Two of these in a row would be a typographic quotation mark in LaTeX.
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
    dated = paper.date if paper.date and not paper.date.startswith("--") else None
    return [
        ("title", "{" + escape(paper.title) + "}"),  # the second braces keep capitals as they are
        ("author", " and ".join([*map(_name, paper.authors), *_others(paper)])),
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
    """A comma or an "and" inside a name would be read as BibTeX's own."""
    name = escape(author)
    return "{" + name + "}" if "," in name or re.search(r"\band\b|^others$", name, re.I) else name


def _others(paper: Paper) -> list[str]:
    return ["others"] if paper.authors and (paper.author_count or 0) > len(paper.authors) else []


def _link(link: str | None) -> str:
    return "".join(_UNSAFE_IN_LINK.get(c, c) for c in link or "")


def _ascii(word: str) -> str:
    """Lower-case letters and digits without accents."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", word).lower())
