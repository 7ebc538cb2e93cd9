"""Chooses the reader of a file, by its content first and then by its suffix."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.documents import (
    archives,
    arxiv_listing,
    arxiv_mail,
    bibtex,
    daily_papers,
    json_doc,
    json_lines,
    junk,
    markdown,
    parquet,
    table,
    tagged,
    zotero,
)
from assistant.documents.junk import NotPapersError
from assistant.documents.source import Source
from assistant.documents.unlabelled import require_unlabelled
from assistant.documents.xml import reader as xml
from assistant.errors import DocumentError
from assistant.types import Item

Reader = Callable[[Source], Iterator[Item]]

_EXPORT = "export the abstracts as BibTeX, RIS, CSV or text"
_REFUSED_KINDS = {
    "PDF is not read; " + _EXPORT: ".pdf",
    "Office files are not read; save it as CSV or text": ".doc .docx .odt .ods .ppt .pptx .rtf .xls .xlsx",
    "images are not read; " + _EXPORT: ".avif .bmp .gif .ico .jpeg .jpg .png .svg .tif .tiff .webp",
    "audio and video are not read; " + _EXPORT: ".avi .flac .m4a .mkv .mov .mp3 .mp4 .ogg .wav .webm",
    "archives of this kind are not read; unpack it first": ".7z .rar .zst",
    "it is no zip or tar archive, or a damaged one; unpack it first": " ".join(sorted(archives.SUFFIXES)),
    "web pages are not read; save the page as text": ".htm .html .mhtml .xhtml",
    "databases and data dumps are not read; "
    + _EXPORT: ".db .feather .npy .npz .pickle .pkl .pt .safetensors .sqlite .sqlite3",
}
_REFUSED_SUFFIXES = {suffix: reason for reason, suffixes in _REFUSED_KINDS.items() for suffix in suffixes.split()}
_SUFFIXES_OF_READER: dict[Reader, str] = {
    bibtex.read: ".bib .bibtex",
    daily_papers.read: ".text .txt",
    json_doc.read: ".json",
    json_lines.read: ".jsonl .ndjson",
    parquet.read: ".parquet .pq",
    tagged.hyphen.read: ".nbib .ris",
    tagged.refer.read: ".enw",
    tagged.web_of_science.read: ".ciw .isi",
    markdown.read: ".markdown .md .mdown .mkd .qmd .rmd",
    table.read: ".csv .tab .tsv",
    xml.read: ".atom .mods .oai .rdf .rss .xml",
}
_BY_SUFFIX = {suffix: reader for reader, suffixes in _SUFFIXES_OF_READER.items() for suffix in suffixes.split()}
_BY_SUFFIX[""] = daily_papers.read
SUFFIXES = frozenset(_BY_SUFFIX) | frozenset(_REFUSED_SUFFIXES)
"""All suffixes that choose a reader, or that no reader takes; docs/formats.md names each."""
_KINDS: dict[Reader, str] = {
    bibtex.read: "BibTeX",
    daily_papers.read: "text page",
    json_doc.read: "JSON",
    json_lines.read: "JSON lines",
    markdown.read: "Markdown",
    parquet.read: "Parquet",
    table.read: "CSV",
    tagged.hyphen.read: "RIS or MEDLINE",
    tagged.refer.read: "EndNote",
    tagged.labelled.read: "labelled text",
    tagged.pubmed_text.read: "PubMed",
    tagged.refworks.read: "RefWorks",
    tagged.savedrecs.read: "Web of Science",
    tagged.scopus_text.read: "Scopus",
    tagged.web_of_science.read: "Web of Science",
    xml.read: "XML",
    zotero.read: "Zotero",
}
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)


def reader_for(source: Source) -> Reader:
    """The reader of a file.

    Raises NotPapersError for a file that is plainly something else, such as a licence, and DocumentError for an empty
    file, binary data, labels or tags of an unknown kind, or an unknown kind of file.
    """
    if zotero.recognizes(source.path):
        return zotero.read
    if kind := junk.by_name(source.path):
        raise NotPapersError(kind)
    if source.suffix in _REFUSED_SUFFIXES:
        raise DocumentError(_REFUSED_SUFFIXES[source.suffix])
    if source.suffix in parquet.SUFFIXES:
        return parquet.read
    head = source.head().lstrip("\ufeff \t\n\x00")
    found = next((read for recognizes, read in _BY_CONTENT if recognizes(head)), None)
    if found is None and (kind := junk.by_content(head)):
        raise NotPapersError(kind)
    if found is None and junk.is_readme(source.path) and source.suffix in ("", ".txt", ".rst"):
        raise NotPapersError("a README")
    if found is None and source.suffix not in _BY_SUFFIX:
        raise DocumentError(
            f"'{source.suffix}' files are not read; save it as a text page, JSON, CSV, BibTeX, RIS or Atom"
        )
    if found is None and _BY_SUFFIX[source.suffix] is daily_papers.read:
        require_unlabelled(head)
    return found or _BY_SUFFIX[source.suffix]


def kind_of(reader: Reader) -> str:
    """What a report calls the files that a reader reads."""
    return _KINDS.get(reader) or reader.__module__.removeprefix(f"{__package__}.").partition(".")[0].replace("_", " ")


def _is_html(head: str) -> bool:
    if _HTML.match(head):
        raise DocumentError("web pages are not read; save the page as text")
    return False


def _is_json_without_papers(head: str) -> bool:
    if json_doc.recognizes(head):
        junk.require_papers_in_json(head)
    return False


_BY_CONTENT: tuple[tuple[Callable[[str], bool], Reader], ...] = (
    # Formats that the first characters tell.
    (_is_json_without_papers, json_doc.read),
    (tagged.labelled.recognizes_braces, tagged.labelled.read),
    (json_doc.recognizes_list, json_doc.read),
    (json_lines.recognizes, json_lines.read),
    (json_doc.recognizes, json_doc.read),
    (_is_html, daily_papers.read),
    (xml.recognizes, xml.read),
    # Formats that a line tells.
    (arxiv_mail.recognizes, arxiv_mail.read),
    (arxiv_listing.recognizes, arxiv_listing.read),
    (daily_papers.is_site_page, daily_papers.read),
    (markdown.recognizes, markdown.read),
    (table.recognizes, table.read),
    (bibtex.recognizes, bibtex.read),
    *((module.recognizes, module.read) for module in tagged.READERS),
)
"""The first reader that recognises the head of a file, which begins with no white space, reads the file.

`daily_papers.read` is also the last resort for text without labels, through `_BY_SUFFIX`.
"""
