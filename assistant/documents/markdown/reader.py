"""Reads a Markdown text as one note on a paper, or as a list or digest of papers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.documents import junk
from assistant.documents.clean import shorten
from assistant.documents.daily_papers.plausible import is_abstract, is_title
from assistant.documents.markdown import front_matter
from assistant.documents.markdown.blocks import Block, blocks
from assistant.documents.markdown.entries import PAPER_LINK
from assistant.documents.markdown.labels import FIELD_OF_LABEL
from assistant.documents.markdown.sections import (
    Found,
    Section,
    papers_of_lists,
    papers_of_sections,
    papers_of_tables,
    sections,
)
from assistant.documents.record import paper_or_failure
from assistant.documents.source import RECORD_LIMIT, Source
from assistant.errors import DocumentError
from assistant.types import Item

_OF_A_PAPER = {"abstract", "authors", "doi", "arxivid", "citekey", "journal"}
"""Fields of the front matter that only a note on a paper has."""
_HEADING = re.compile(r"(?:.*\n){0,5}?(?:#{1,6} \S|\S.*\n={3,}[ \t]*\n)")
_COMMENTS = re.compile(r"(?:#(?: .*)?\n){2}")
"""Two lines at the start that are no headings, which would stand apart, but remarks of some other format."""
_MARKS = re.compile(r"^(?:#{1,6} \S|={3,}[ \t]*$|[^\S\n]*[-*+] +(?:\[[ xX]\] )?(?:\*\*|\[)|\|.*\|\s*$|> ?\[!\w)", re.M)
_ABSTRACT = re.compile(r"^(?:#{1,6} +abstract|> ?\[!abstract\].*)[ \t]*$", re.M | re.I)
_ENTRY = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)]) .*\]\((https?://[^)\s]+)", re.M)
_NO_PAPERS = "Markdown without papers that can be recognised; put '## Abstract' above each abstract, or the title in bold or as a link"


def recognizes(head: str) -> bool:
    """Whether the text begins with front matter or a heading and has the marks of Markdown."""
    if re.match(r"---[ \t]*\n[\w-]+[ \t]*:", head):
        return re.search(r"^(?:---|\.\.\.)[ \t]*$", head[4:], re.M) is not None
    if re.match(r"[\w -]{1,40}:: ?\S", head):
        return True
    if _ABSTRACT.search(head) or any(PAPER_LINK.search(link) for link in _ENTRY.findall(head)):
        return True
    headed = _HEADING.match(head) and not _COMMENTS.match(head) and len(_MARKS.findall(head)) > 1
    return bool(headed) and junk.by_content(head) is None


def read(source: Source) -> Iterator[Item]:
    """One paper per title with an abstract; those without one are counted in a notice.

    Raises DocumentError for a text in which no papers can be recognised, or that is too long.
    """
    matter, body = front_matter.split(_text(source))
    listed = matter.get("references")
    if isinstance(listed, list) and any(isinstance(item, Mapping) for item in listed):
        yield from (paper_or_failure(item, source, None) for item in listed if isinstance(item, Mapping))
        return
    fields = {FIELD_OF_LABEL.get(name, name): value for name, value in matter.items()}
    all_blocks = blocks(body)
    parts = sections(all_blocks)
    headed = papers_of_sections(parts)
    whole = [found for found in headed if found.record.get("abstract")]
    # In a digest of one paper, the link to it stands in a heading of its own.
    linked = (
        bool(whole) and whole[0] is not headed[0] and bool(whole[0].record.get("title") and whole[0].record.get("url"))
    )
    if (
        fields.keys() & _OF_A_PAPER
        or ("title" in fields and len(whole) == 1)
        or (len(whole) == 1 and _is_note(parts) and not linked)
    ):
        yield paper_or_failure(_note(fields, headed, whole, source), source, 1)
        return
    yield from _several(source, all_blocks, parts, headed)


def _text(source: Source) -> str:
    parts, size = [], 0
    for piece in source.pieces():
        size += len(piece)
        if size > RECORD_LIMIT:
            raise DocumentError(f"Markdown over {RECORD_LIMIT // 1_000_000} million characters; split it")
        parts.append(piece)
    return "".join(parts).lstrip("\ufeff \t\n")


def _is_note(parts: list[Section]) -> bool:
    """Whether the text has one title, under which everything else stands."""
    levels = [part.level for part in parts if part.heading]
    return bool(levels) and levels.count(min(levels)) == 1 and levels[0] == min(levels)


def _note(fields: Mapping[str, object], headed: list[Found], whole: list[Found], source: Source) -> dict[str, object]:
    """The one paper of a note: what the front matter says comes first."""
    title = next((found.record["title"] for found in headed if found.record.get("title")), None)
    stem = Path(source.path.stem).stem if source.suffix else source.path.stem
    record: dict[str, object] = {"title": title or (stem if " " in stem else "")}
    for found in (*headed[:2], *whole[:1]):
        record.update({name: value for name, value in found.record.items() if name != "title"})
    # A heading may be shortened; the title among the labels or in the front matter is the paper's.
    record.update({name: value for name, value in fields.items() if value not in ("", [], {})})
    for name in ("title", "citekey"):
        record[name] = str(record.get(name) or "").removeprefix("@")
    return {name: value for name, value in record.items() if name != "summary"}


def _several(source: Source, all_blocks: list[Block], parts: list[Section], headed: list[Found]) -> Iterator[Item]:
    found = [paper for paper in headed if paper.evidence and paper.record.get("title")]
    taken = {id(block) for paper in found for block in paper.blocks}
    rest = [block for block in all_blocks if id(block) not in taken]
    found += [*papers_of_lists(rest), *papers_of_tables(rest)]
    found.sort(key=lambda paper: paper.line)
    papers = [paper for paper in found if paper.record.get("abstract")]
    without = [paper for paper in found if not paper.record.get("abstract")]
    if not papers and not without:
        papers = _plain_pairs(parts)
        if not papers:
            raise junk.NotPapersError("a README") if junk.is_readme(source.path) else DocumentError(_NO_PAPERS)
        first = shorten(str(papers[0].record["title"]))
        yield source.notice(f"read as plain title and abstract pairs: {len(papers)} papers; first: '{first}'")
    for paper in papers:
        yield paper_or_failure(paper.record, source, paper.line)
    if without:
        first = shorten(str(without[0].record.get("title")))
        text = f"{len(without)} entries of the list have no abstract; first: '{first}'"
        if not papers:
            raise DocumentError(text)
        yield source.notice(f"skipped: {text}", without[0].line)


def _plain_pairs(parts: list[Section]) -> list[Found]:
    """Headings that look like titles, each above one paragraph, if nearly all sections are such."""
    pairs = []
    for part in parts:
        texts = [" ".join(block.text.split()) for block in part.blocks]
        title = part.heading.text if part.heading else ""
        if part.heading and len(title.split()) > 3 and is_title(title) and len(texts) == 1 and is_abstract(texts[0]):
            pairs.append(Found(part.heading.line, {"title": title, "abstract": texts[0]}))
    filled = [part for part in parts if part.heading and part.blocks]
    return pairs if len(pairs) > 1 and 4 * len(pairs) >= 3 * len(filled) else []
