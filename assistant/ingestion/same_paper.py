"""Whether two records are of the same paper, which of them is newer, and one record from both; pure functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from assistant.documents.identity import aliases, title_id, title_key
from assistant.documents.status import bare_title, gravest, subject
from assistant.types import Paper

_SAME_ABSTRACT = 0.6
"""Share of the shorter abstract's words, in order, that two versions of one abstract have in common."""
_SAME_TITLE = 0.8
"""Share of the longer title's words that two titles of one paper have in common."""
_SAME_WORD = 0.8
"""Likeness of two spellings of one word, such as `behaviour` and `behavior`."""
_LEAST_WORDS = 2
"""Words that a title needs to be known again with a subtitle."""
_NUMBER = re.compile(r"\d+|[ivx]+|[a-d]|one|two|three|four|five")
"""What tells the parts of one work from one another."""
_KINDS = {"doi": "DOI", "pmid": "PMID", "arxiv": "arXiv id"}


def shared_identifier(a: Paper, b: Paper) -> str:
    """An identifier that both records have, such as `DOI 10.1/x`; empty where they have none in common."""
    common = sorted(_identifiers(a) & _identifiers(b))
    kind, _, value = common[0].partition(":") if common else ("", "", "")
    return f"{_KINDS[kind]} {value}" if common else ""


def same_paper(a: Paper, b: Paper) -> bool:
    """Whether records with a name in common are of one paper: by the arXiv id or the item of Zotero, or where their texts are
    alike."""
    if a.zotero is not None and a.zotero == b.zotero:
        return True
    shared = shared_identifier(a, b)
    if shared.startswith(_KINDS["arxiv"]):
        return True
    if shared and same_title(a.title, b.title):
        return True
    if _marked_copy(a, b):
        return True
    return same_abstract(a.abstract, b.abstract)


def is_notice(paper: Paper) -> bool:
    """Whether the record is a notice about a paper, such as a retraction, and not the paper itself."""
    return paper.editorial_status is not None and subject(paper.title, paper.abstract) is not None


def newer(a: Paper, b: Paper) -> bool:
    """Whether the text of `a` replaces that of `b`: the higher version, else the later date, else the longer abstract."""
    if a.version and b.version and a.version != b.version:
        return a.version > b.version
    x, y = _day(a), _day(b)
    known = min(len(x), len(y))
    if x[:known] != y[:known]:
        return x > y
    rank, other = (len(a.abstract), a.abstract), (len(b.abstract), b.abstract)
    if rank != other:
        return rank > other
    x, y = title_key(a.title), title_key(b.title)
    return (len(x), x) > (len(y), y)


def merge(old: Paper, new: Paper) -> Paper:
    """One record from two of the same paper: the newer text wins, gaps in the metadata are filled from the other, an arXiv id
    wins over a title's, and the names, sources, tags and collections of both are kept. The gravest editorial status stays."""
    best, other = (new, old) if newer(new, old) else (old, new)
    dated = best if best.year or not other.year else other
    same_text = best.abstract == other.abstract
    paper_id = min(old.paper_id, new.paper_id, key=lambda i: (not i.startswith("arxiv:"), i))
    return replace(
        best,
        paper_id=paper_id,
        authors=best.authors or other.authors,
        author_count=best.author_count or other.author_count,
        organisation=best.organisation or other.organisation,
        date=dated.date or other.date,
        year=dated.year,
        url=best.url or other.url,
        doi=best.doi or other.doi,
        categories=best.categories or other.categories,
        venue=best.venue or other.venue,
        sources=_both(old.sources, new.sources),
        aliases=_names(best, other, paper_id),
        version=best.version or (other.version if same_text else None),
        pmid=best.pmid or other.pmid,
        keywords=_both(old.keywords, new.keywords),
        collections=_both(old.collections, new.collections),
        language=best.language or other.language,
        citekey=best.citekey or other.citekey,
        publication_type=best.publication_type or other.publication_type,
        editorial_status=gravest(best.editorial_status, other.editorial_status),
        zotero=best.zotero or other.zotero,
    )


def same_title(a: str, b: str) -> bool:
    """Whether the titles are of one paper: equal but for spelling, a few words, or a subtitle; parts of one work are not."""
    x, y = title_key(bare_title(a)).split(), title_key(bare_title(b)).split()
    if x == y:
        return True
    short, long = sorted((x, y), key=len)
    if len(short) >= _LEAST_WORDS and long[: len(short)] == short:
        return not all(_NUMBER.fullmatch(word) or word in ("part", "paper") for word in long[len(short) :])
    changes = [c for c in SequenceMatcher(None, x, y, autojunk=False).get_opcodes() if c[0] != "equal"]
    added = 0
    for kind, i, k, m, n in changes:
        if kind == "replace" and k - i == n - m and all(map(_same_word, x[i:k], y[m:n])):
            continue
        if kind == "replace" or any(_NUMBER.fullmatch(word) for word in (*x[i:k], *y[m:n])):
            return False
        added += k - i + n - m
    return added <= (1 - _SAME_TITLE) * len(long)


def same_abstract(a: str, b: str) -> bool:
    """Whether the abstracts are versions of one another: equal after folding, one inside the other, or with most words in
    common in the same order."""
    x, y = title_key(a).split(), title_key(b).split()
    if x == y or not x or not y:
        return True
    short, long = sorted((x, y), key=len)
    if " ".join(short) in " ".join(long):
        return True
    if (Counter(short) & Counter(long)).total() < _SAME_ABSTRACT * len(short):
        return False  # not even in another order
    matched = sum(m.size for m in SequenceMatcher(None, short, long, autojunk=False).get_matching_blocks())
    return matched / len(short) >= _SAME_ABSTRACT


def _identifiers(paper: Paper) -> set[str]:
    own = {paper.paper_id, *paper.aliases, *aliases(paper.doi, paper.pmid)}
    return {name for name in own if name.partition(":")[0] in _KINDS}


def _names(best: Paper, other: Paper, paper_id: str) -> tuple[str, ...]:
    """The names of both records, with the id of the title that the merged record does not have."""
    found = {*best.aliases, *other.aliases, best.paper_id, other.paper_id}
    for paper in (best, other):
        found.update(aliases(paper.doi, paper.pmid))
    if (key := title_key(other.title)) != title_key(best.title):
        found.add(title_id(key))
    return tuple(sorted(found - {paper_id}))


def _marked_copy(a: Paper, b: Paper) -> bool:
    """Whether the records have one title, which in one of them is marked, as in `RETRACTED: …`."""
    if a.editorial_status == b.editorial_status:
        return False
    x, y = title_key(bare_title(a.title)), title_key(bare_title(b.title))
    return x == y and len(x.split()) > _LEAST_WORDS


def _same_word(a: str, b: str) -> bool:
    if _NUMBER.fullmatch(a) or _NUMBER.fullmatch(b):
        return a == b
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _SAME_WORD


def _day(paper: Paper) -> str:
    """The date as far as it is known with its year."""
    if paper.date and not paper.date.startswith("-"):
        return paper.date
    return f"{paper.year:04d}" if paper.year else ""


def _both(a: Sequence[str], b: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*a, *b)))
