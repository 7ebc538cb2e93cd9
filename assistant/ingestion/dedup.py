"""Decides whether a record is new to the library, a repeat, an edit, a merge or a conflict; pure functions."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from assistant.documents.identity import title_key
from assistant.ingestion.same_paper import is_notice, merge, newer, same_paper, shared_identifier
from assistant.library.rows import StoredPaper, record_digest
from assistant.reports import Merged
from assistant.types import Paper


@dataclass(frozen=True, slots=True)
class New:
    """The library does not hold this paper."""

    paper: StoredPaper


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another paper has the same title or identifier, but clearly another text; both are stored."""

    paper: StoredPaper
    shared: str
    """The identifier, such as `DOI 10.1/x`; empty where it is the title."""
    other: str
    """The title of the other paper."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The text of the stored paper stays; at most its metadata changes."""

    before: StoredPaper
    after: StoredPaper
    duplicate: bool
    """Whether the record is a further copy of the paper, not the one that was read before."""
    merged: Merged | None = None
    """Set where the record has another text, which gave way to the stored one."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The only source of the paper has another text now, which replaces the stored one."""

    before: StoredPaper
    after: StoredPaper


@dataclass(frozen=True, slots=True)
class Merge:
    """A copy of the paper has a newer text, which replaces the stored one; the other becomes a variant."""

    before: StoredPaper
    after: StoredPaper
    merged: Merged
    absorbed: tuple[StoredPaper, ...] = ()
    """Further stored papers that the record shows to be the same one."""


Decision = New | Repeat | Edit | Merge | Conflict


def decide(record: Paper, candidates: Sequence[StoredPaper], seen: Container[str]) -> Decision:
    """Decides how a record relates to the stored papers.

    `candidates`: the stored papers with its title key or one of its names. `seen`: ids of the papers that earlier records
    of this run were found to be.
    """
    text_hash = _text_hash(record)
    notice = is_notice(record)
    # A notice often has the DOI of the paper that it is about.
    comparable = [c for c in candidates if is_notice(c.paper) == notice]
    same = [c for c in comparable if _has_text(c, text_hash) or same_paper(record, c.paper)]
    if not same:
        taken = any(c.paper_id == record.paper_id for c in candidates)
        return _unknown(record, comparable, text_hash, taken=taken)
    first, *others = sorted(same, key=lambda c: (not _has_text(c, text_hash), c.paper_id))
    old = reduce(_united, others, first)
    if others:
        after, _ = _merged(old, record)
        titles = [p.title for p in (first.paper, *(c.paper for c in others), record)]
        other = next((title for title in titles if title != after.paper.title), after.paper.title)
        why = _why(record, others[0].paper) if record.paper_id != others[0].paper_id else _why(record, first.paper)
        return Merge(first, after, Merged(after.paper.title, other, why), tuple(others))
    if _has_text(old, text_hash):
        version = record.version if text_hash == old.text_hash else old.paper.version
        same_text = replace(record, title=old.paper.title, abstract=old.paper.abstract, version=version)
        return _repeat(old, record, merge(old.paper, same_text), old.variants, seen)
    if old.paper_id not in seen and old.paper.sources == record.sources:
        edited = replace(
            merge(old.paper, record),
            title=record.title,
            abstract=record.abstract,
            version=record.version or old.paper.version,
            editorial_status=record.editorial_status,
        )
        return Edit(old, _with_text(old, record, edited, old.variants))
    after, merged = _merged(old, record)
    if after.text_hash == old.text_hash:
        return _repeat(old, record, after.paper, after.variants, seen, merged)
    return Merge(old, after, merged)


def _has_text(stored: StoredPaper, text_hash: str) -> bool:
    return text_hash == stored.text_hash or text_hash in stored.variants


def _united(a: StoredPaper, b: StoredPaper) -> StoredPaper:
    """One stored paper from two that are the same."""
    paper = merge(a.paper, b.paper)
    variants = a.variants | b.variants | {a.text_hash, b.text_hash}
    return _with_variants(paper, variants, a.digests | b.digests)


def _merged(old: StoredPaper, record: Paper) -> tuple[StoredPaper, Merged]:
    """The stored paper with a record that has another text, and what is to be said about it."""
    variants = old.variants | {old.text_hash, _text_hash(record)}
    after = _with_variants(merge(old.paper, record), variants, old.digests | {record_digest(record)})
    kept, other = (record, old.paper) if newer(record, old.paper) else (old.paper, record)
    return after, Merged(kept.title, other.title, _why(kept, other))


def _with_variants(paper: Paper, texts: frozenset[str], digests: frozenset[bytes]) -> StoredPaper:
    own = _text_hash(paper)
    return StoredPaper(paper, title_key(paper.title), own, texts - {own}, digests)


def _why(kept: Paper, other: Paper) -> str:
    """Why the records are one paper and the text of one of them is kept, in a few words."""
    if kept.version and other.version and kept.version != other.version:
        name, short = ("arXiv ", "v") if kept.paper_id.startswith("arxiv:") else ("", "version ")
        dated = f" of {kept.date}" if kept.date else ""
        return f"{name}{short}{kept.version}{dated} replaces {short}{other.version}"
    shared = shared_identifier(kept, other)
    return f"same {shared or 'title'}"


def _unknown(record: Paper, candidates: Sequence[StoredPaper], text_hash: str, *, taken: bool) -> New | Conflict:
    paper = replace(record, paper_id=_second_id(record)) if taken else record
    key = title_key(record.title)
    stored = StoredPaper(paper, key, text_hash, digests=frozenset([record_digest(record)]))
    for other in candidates:
        if (shared := shared_identifier(record, other.paper)) or other.title_key == key:
            return Conflict(stored, shared, other.paper.title)
    return New(stored)


def _repeat(
    old: StoredPaper,
    record: Paper,
    paper: Paper,
    variants: frozenset[str],
    seen: Container[str],
    merged: Merged | None = None,
) -> Repeat:
    duplicate = old.paper_id in seen or not set(record.sources) <= set(old.paper.sources)
    digests = old.digests | {record_digest(record)}
    return Repeat(old, replace(old, paper=paper, variants=variants, digests=digests), duplicate, merged)


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
