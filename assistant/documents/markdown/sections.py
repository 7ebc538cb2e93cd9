"""Gathers the papers of a Markdown text: from its sections, the entries of its lists and the rows of its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.documents.fields import ABSTRACT, TITLE, field_key
from assistant.documents.markdown.blocks import Block, Span, plain
from assistant.documents.markdown.entries import PAPER_LINK, YEAR, author_line, doi_link, entry, is_metadata, untagged
from assistant.documents.markdown.labels import FIELD_OF_LABEL, labelled, merge

_ABOUT = {"metadata", "info", "information", "details", "bibliography", "citation", "reference", "zoterolinks", "links"}
_NUMBER = re.compile(r"^\s*(?:\[?\d+\]?[.):]?\s+)+")
_OWN_WORDS = re.compile(r"\b(?:I|I'm|my|me|we should|todo)\b", re.I)


@dataclass
class Found:
    """A title with what was found about it."""

    line: int
    record: dict[str, object]
    evidence: bool = False
    """Whether something shows that it is a paper, such as a link to an archive or an author."""
    blocks: list[Block] = field(default_factory=list)
    """The blocks under its heading that were read."""


@dataclass
class Section:
    """A heading and the blocks below it, down to the next heading."""

    heading: Block | None
    blocks: list[Block] = field(default_factory=list)

    @property
    def level(self) -> int:
        """The rank of the heading; 0 for what stands above all headings."""
        return self.heading.level if self.heading else 0

    @property
    def name(self) -> str:
        """The heading as `field_key` gives it."""
        return field_key(self.heading.text) if self.heading else ""


def sections(blocks: list[Block]) -> list[Section]:
    """The sections of a text, in order."""
    found = [Section(None)]
    for block in blocks:
        if block.kind == "heading":
            found.append(Section(block))
        else:
            found[-1].blocks.append(block)
    return found if found[0].blocks else found[1:]


def papers_of_sections(all_sections: list[Section]) -> list[Found]:
    """What each heading that may be a title has below it; `Abstract` and the like belong to the heading above them."""
    found: list[tuple[int, Found]] = []
    for section in all_sections:
        owner = _owner(section, found)
        if section.name == "abstract" and not owner:
            owner = Found(section.heading.line if section.heading else 1, {})  # its title may stand in the front matter
            found.append((0, owner))
        if section.name == "abstract" and owner:
            owner.evidence = True
            merge(owner.record, [("abstract", _joined(section.blocks))])
            _read_unlabelled(owner, owner.blocks)
        elif section.name in _ABOUT and owner:
            _read_labels(owner, section.blocks)
        else:
            found.append((section.level, _read_section(section)))
    return [paper for _, paper in found]


def _owner(section: Section, found: list[tuple[int, Found]]) -> Found | None:
    """The title that a section such as `Abstract` belongs to: the one it stands under, or the last one without it."""
    above = [paper for level, paper in found if level < section.level and paper.record.get("title")]
    beside = [paper for _, paper in found if "abstract" not in paper.record]
    titles = [paper for paper in beside if len(str(paper.record.get("title", "")).split()) > 2]
    return next((part[-1] for part in (above, titles, beside) if part), None)


def _read_section(section: Section) -> Found:
    heading = section.heading
    title = _NUMBER.sub("", untagged(heading.spans)) if heading else ""
    own = section.blocks[: next((i for i, block in enumerate(section.blocks) if _is_listed(block)), None)]
    found = Found(heading.line if heading else 1, {"title": title} if title else {}, blocks=own)
    links = [span.href for span in heading.spans if span.href and PAPER_LINK.search(span.href)] if heading else []
    if links:
        found.evidence = True
        found.record["url"] = links
        merge(found.record, [("doi", doi_link(links))])
    free = _read_labels(found, own)
    if found.evidence:
        _read_unlabelled(found, free)
    return found


def _is_listed(block: Block) -> bool:
    """Whether the block is an entry of a list or a table, which is a paper of its own."""
    if block.kind == "row":
        return True
    begins = block.kind == "item" or (block.kind == "paragraph" and not block.level and not block.quoted)
    return begins and not any(name for name, _ in labelled(block.text)) and entry(block.spans) is not None


def _read_labels(found: Found, blocks: list[Block]) -> list[Block]:
    """Adds the labelled fields of the blocks and the abstract below its label; the other blocks are returned."""
    free: list[Block] = []
    below: Block | None = None
    for block in blocks:
        if block.callout:
            kind, _, name = block.callout.partition(" ")
            if kind == "abstract" or name.strip(" *:") == "abstract":
                text = _without_label(block.text)
                found.record["abstract"] = f"{found.record.get('abstract', '')} {text}".strip()
                found.evidence = True
            elif fields := list(labelled(block.text)):
                _add(found, block, fields)
            continue
        fields = list(labelled(block.text)) if block.kind in ("paragraph", "item") else []
        if any(name for name, _ in fields):
            _add(found, block, fields)
            below = block if fields[-1] == ("abstract", "") else None
        elif below and block.kind != "rule" and not (block.kind == "item" and block.level <= below.level):
            found.record["abstract"] = f"{found.record.get('abstract', '')} {_one_line(block)}".strip()
        else:
            below = None
            free.append(block)
    return free


def _add(found: Found, block: Block, fields: list[tuple[str, str]]) -> None:
    links = [span.href for span in block.spans if span.href and PAPER_LINK.search(span.href)]
    if authors := "; ".join(value for name, value in fields if name == "authors" and value):
        merge(found.record, [("authors", authors)])
    merge(found.record, ((name, value) for name, value in fields if name not in ("url", "arxivid") or not links))
    if links and not found.record.get("url"):
        found.record["url"] = links
    if fields[0][0] == "" and fields[0][1] and (names := author_line(fields[0][1])):
        found.record.setdefault("authors", names)
    found.evidence = (
        found.evidence or bool(links) or any(name in ("authors", "doi", "arxivid", "abstract") for name, _ in fields)
    )


def _read_unlabelled(found: Found, blocks: list[Block]) -> None:
    """Adds the authors and the abstract among blocks without labels: a line of names, a quotation or a paragraph."""
    paragraphs = [block for block in blocks if block.kind == "paragraph"]
    texts = [_one_line(block) for block in paragraphs]
    if texts and names_only(texts[0]):
        merge_names(found, texts[0])
    if summary := found.record.pop("summary", None):
        found.record.setdefault("abstract", summary)
    if "abstract" in found.record:
        return
    quoted = [_one_line(block) for block in paragraphs if block.quoted]
    own = [text for text in texts if not _OWN_WORDS.search(text)]
    found.record["abstract"] = next((text for text in quoted or own if not is_metadata(text)), "")


def merge_names(found: Found, text: str) -> None:
    """Adds the names in a line of authors where the record has none."""
    if not found.record.get("authors"):
        found.record["authors"] = author_line(text)
    if year := YEAR.search(text):
        found.record.setdefault("year", year[0])


def names_only(text: str) -> bool:
    """Whether the line holds authors and no sentence."""
    return is_metadata(text) and bool(author_line(text))


def _joined(blocks: list[Block]) -> str:
    """The text of an abstract's section, up to a rule or a callout of another kind."""
    texts = []
    for block in blocks:
        if block.kind == "rule" or (block.callout and not block.callout.startswith(("abstract", "quote"))):
            break
        if block.kind in ("paragraph", "item"):
            texts.append(_one_line(block))
    return " ".join(texts)


def _one_line(block: Block) -> str:
    return " ".join(block.text.split())


def _without_label(text: str) -> str:
    return " ".join(value for name, value in labelled(text) if name in ("", "abstract"))


def papers_of_lists(blocks: list[Block]) -> Iterator[Found]:
    """The papers in the entries of lists, each with what stands below it."""
    first: Block | None = None
    found, below = Found(0, {}), list[Block]()
    for block in blocks:
        listed = block.kind != "row" and _is_listed(block)
        apart = block.kind in ("heading", "rule") or (first and block.kind == "item" and block.level <= first.level)
        if first and (listed or apart):
            _read_unlabelled(found, _read_labels(found, below))
            yield found
            first = None
        if listed and (read := entry(block.spans)):
            first, below = block, []
            found = Found(block.line, read[0], evidence=True)
            found.record["summary"] = read[1]
        elif first:
            below.append(block)
    if first:
        _read_unlabelled(found, _read_labels(found, below))
        yield found


def papers_of_tables(blocks: list[Block]) -> Iterator[Found]:
    """The papers in the rows of tables that have a column of titles."""
    header: list[str] = []
    for block in blocks:
        if block.kind != "row":
            header = []
        elif not header:
            header = [_column(plain(cell)) for cell in block.cells]
        elif "title" in header:
            record: dict[str, object] = {}
            links = [span.href for cell in block.cells for span in cell if span.href and PAPER_LINK.search(span.href)]
            merge(record, ((name, _cell(cell)) for name, cell in zip(header, block.cells, strict=False)))
            if not links and "abstract" not in header:
                continue
            yield Found(block.line, {**record, "url": links or record.get("url", "")}, evidence=True)


def _column(name: str) -> str:
    key = field_key(name)
    if key in {"paper", "papers", *TITLE} - {"name", "displayname"}:
        return "title"
    return "abstract" if key in ABSTRACT else FIELD_OF_LABEL.get(key, key)


def _cell(spans: list[Span]) -> str:
    return " ".join(plain(spans).split())
