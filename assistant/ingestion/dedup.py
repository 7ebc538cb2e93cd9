"""Decides whether a record is new to the library, a repeat, an edit, a merge or a conflict; pure functions."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from assistant.documents.identity import title_key
from assistant.library.rows import StoredPaper, record_digest
from assistant.types import Paper

_SAME_ABSTRACT = 0.6
"""Share of the shorter abstract's words, in order, that two versions of one abstract have in common."""


@dataclass(frozen=True, slots=True)
class New:
    """The library does not hold this paper."""

    paper: StoredPaper


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another paper has the same title or id but a clearly different abstract; both are stored."""

    paper: StoredPaper


@dataclass(frozen=True, slots=True)
class Repeat:
    """The text of the stored paper stays; at most its metadata changes."""

    before: StoredPaper
    after: StoredPaper
    duplicate: bool
    """Whether the record is a further copy of the paper, not the one that was read before."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The only source of the paper has another text now, which replaces the stored one."""

    before: StoredPaper
    after: StoredPaper


@dataclass(frozen=True, slots=True)
class Merge:
    """A copy of the paper has a longer abstract, which replaces the stored one; the other becomes a variant."""

    before: StoredPaper
    after: StoredPaper


Decision = New | Repeat | Edit | Merge | Conflict


def decide(record: Paper, candidates: Sequence[StoredPaper], seen: Container[str]) -> Decision:
    """Decides how a record relates to the stored papers.

    `candidates`: the stored papers with its title key or its id. `seen`: ids of the papers that earlier records of this
    run were found to be.
    """
    text_hash = _text_hash(record)
    exact = next((c for c in candidates if text_hash == c.text_hash or text_hash in c.variants), None)
    if exact is not None:
        same_text = replace(record, title=exact.paper.title, abstract=exact.paper.abstract)
        return _repeat(exact, record, merge(exact.paper, same_text), exact.variants, seen)
    old = _other_version(record, candidates)
    if old is None:
        return _unknown(record, candidates, text_hash)
    merged = merge(old.paper, record)
    if old.paper_id not in seen and old.paper.sources == record.sources:
        edited = replace(merged, title=record.title, abstract=record.abstract)
        return Edit(old, _with_text(old, record, edited, old.variants))
    if merged.abstract == old.paper.abstract:
        return _repeat(old, record, merged, old.variants | {text_hash}, seen)
    return Merge(old, _with_text(old, record, merged, old.variants | {old.text_hash}))


def merge(old: Paper, new: Paper) -> Paper:
    """One record from two of the same paper: the longer abstract wins with its title, gaps in the metadata are filled
    from the other, an arXiv id wins over a title hash, and sources are joined."""
    best, other = (new, old) if len(new.abstract) > len(old.abstract) else (old, new)
    dated = best if best.year or not other.year else other
    return replace(
        best,
        paper_id=next((p.paper_id for p in (old, new) if p.paper_id.startswith("arxiv:")), old.paper_id),
        authors=best.authors or other.authors,
        author_count=best.author_count or other.author_count,
        organisation=best.organisation or other.organisation,
        date=dated.date or other.date,
        year=dated.year,
        url=best.url or other.url,
        doi=best.doi or other.doi,
        categories=best.categories or other.categories,
        venue=best.venue or other.venue,
        sources=tuple(dict.fromkeys((*old.sources, *new.sources))),
    )


def same_abstract(a: str, b: str) -> bool:
    """Whether the abstracts are versions of one another: equal after folding, one inside the other, or with most words in
    common in the same order."""
    x, y = title_key(a).split(), title_key(b).split()
    if x == y or not x or not y:
        return True
    short, long = sorted((x, y), key=len)
    if " ".join(short) in " ".join(long):
        return True
    matched = sum(m.size for m in SequenceMatcher(None, short, long, autojunk=False).get_matching_blocks())
    return matched / len(short) >= _SAME_ABSTRACT


def _other_version(record: Paper, candidates: Sequence[StoredPaper]) -> StoredPaper | None:
    """The candidate that is the same paper with another text: by its place in Zotero, by its id under another title, or
    by its abstract."""
    key = title_key(record.title)
    same_item = (c for c in candidates if record.zotero is not None and c.paper.zotero == record.zotero)
    renamed = (c for c in candidates if c.paper_id == record.paper_id and c.title_key != key)
    similar = (c for c in candidates if same_abstract(c.paper.abstract, record.abstract))
    return next(same_item, None) or next(renamed, None) or next(similar, None)


def _unknown(record: Paper, candidates: Sequence[StoredPaper], text_hash: str) -> New | Conflict:
    taken = any(c.paper_id == record.paper_id for c in candidates)
    paper = replace(record, paper_id=_second_id(record)) if taken else record
    stored = StoredPaper(paper, title_key(record.title), text_hash, digests=frozenset([record_digest(record)]))
    return Conflict(stored) if candidates else New(stored)


def _repeat(old: StoredPaper, record: Paper, paper: Paper, variants: frozenset[str], seen: Container[str]) -> Repeat:
    duplicate = old.paper_id in seen or not set(record.sources) <= set(old.paper.sources)
    digests = old.digests | {record_digest(record)}
    return Repeat(old, replace(old, paper=paper, variants=variants, digests=digests), duplicate)


def _with_text(old: StoredPaper, record: Paper, paper: Paper, variants: frozenset[str]) -> StoredPaper:
    """The stored paper with the text of the record."""
    digests = old.digests | {record_digest(record)}
    return StoredPaper(paper, title_key(paper.title), _text_hash(record), variants, digests)


def _second_id(paper: Paper) -> str:
    """Id of a paper whose title is taken by another one: the hash of title and abstract together."""
    digest = hashlib.sha256((title_key(paper.title) + "\n" + title_key(paper.abstract)).encode()).hexdigest()
    return "t:" + digest[:12]


def _text_hash(paper: Paper) -> str:
    return hashlib.sha256(f"{paper.title}\n{paper.abstract}".encode()).hexdigest()
