"""When are two records the same paper? Knows nothing about where records come from or where they are kept."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import replace
from difflib import SequenceMatcher

from assistant.types import Paper

_MUCH_THE_SAME = 0.6
"""Share of words in common, in order, from which two abstracts count as versions of one (see `same_abstract`)."""


def title_key(title: str) -> str:
    """Title folded for comparison: NFKC, casefold, everything but letters and digits to single spaces."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(re.findall(r"\w+", folded.replace("_", " ")))


def paper_id(title: str, arxiv_id: str | None = None) -> str:
    """`arxiv:ID` without the version when an arXiv id is known, else `t:` and 12 hex of sha256 of the title key."""
    if arxiv_id:
        return "arxiv:" + re.sub(r"v\d+$", "", arxiv_id.strip())
    return "t:" + hashlib.sha256(title_key(title).encode()).hexdigest()[:12]


def second_id(paper: Paper) -> str:
    """Id for a paper whose title is already taken by another one: the abstract's hash joins the title's."""
    digest = hashlib.sha256((title_key(paper.title) + "\n" + title_key(paper.abstract)).encode()).hexdigest()
    return "t:" + digest[:12]


def same_abstract(a: str, b: str) -> bool:
    """True when the abstracts are versions of one another: equal after folding, one inside the other, or most words
    in common in the same order."""
    x, y = title_key(a).split(), title_key(b).split()
    if x == y or not x or not y:
        return True
    short, long = sorted((x, y), key=len)
    if " ".join(short) in " ".join(long):
        return True
    matched = sum(m.size for m in SequenceMatcher(None, short, long, autojunk=False).get_matching_blocks())
    return matched / len(short) >= _MUCH_THE_SAME


def merge(old: Paper, new: Paper) -> Paper:
    """One record from two of the same paper: the longer abstract wins with its title, gaps in the metadata are filled
    from the other, an arXiv id wins over a title hash, sources are joined."""
    best, other = (new, old) if len(new.abstract) > len(old.abstract) else (old, new)
    ids = [p.paper_id for p in (old, new)]
    dated = best if best.year or not other.year else other
    return replace(
        best,
        paper_id=next((i for i in ids if i.startswith("arxiv:")), old.paper_id),
        authors=best.authors or other.authors,
        author_count=best.author_count or other.author_count,
        organisation=best.organisation or other.organisation,
        date=dated.date or other.date,
        year=dated.year,
        url=best.url or other.url,
        doi=best.doi or other.doi,
        categories=best.categories or other.categories,
        sources=tuple(dict.fromkeys((*old.sources, *new.sources))),
    )
