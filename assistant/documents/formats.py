"""The formats that are read, in the order in which a text is tried as one of them, and the kinds of files that are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.documents import (
    archives,
    arxiv_listing,
    arxiv_mail,
    bibtex,
    daily_papers,
    json_doc,
    json_lines,
    markdown,
    parquet,
    table,
    tagged,
    zotero,
)
from assistant.documents.source import Source
from assistant.documents.xml import reader as xml
from assistant.types import Item

Reader = Callable[[Source], Iterator[Item]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format of files."""

    name: str
    """What a report calls the files of this format."""
    read: Reader
    recognizes: Callable[[str], bool] | None = None
    """Whether the head of a file, which begins with no white space, is of this format; None where no text tells."""
    suffixes: tuple[str, ...] = ()
    """Those of files that are read so where no format recognises their content."""


def _suffixes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LAST_RESORT = Format("text page", daily_papers.read, suffixes=("", ".text", ".txt"))
"""Titles above abstracts, in text without labels."""
FORMATS = (
    # The first characters tell.
    Format("labelled text", tagged.labelled.read, tagged.labelled.recognizes_braces),
    Format("JSON", json_doc.read, json_doc.recognizes_list),
    Format("JSON lines", json_lines.read, json_lines.recognizes, (".jsonl", ".ndjson")),
    Format("JSON", json_doc.read, json_doc.recognizes, (".json",)),
    Format("XML", xml.read, xml.recognizes, _suffixes(".atom .mods .oai .rdf .rss .xml")),
    # A line tells.
    Format("arXiv mail", arxiv_mail.read, arxiv_mail.recognizes),
    Format("arXiv listing", arxiv_listing.read, arxiv_listing.recognizes),
    Format("text page", daily_papers.read, daily_papers.is_site_page),
    Format("Markdown", markdown.read, markdown.recognizes, _suffixes(".markdown .md .mdown .mkd .qmd .rmd")),
    Format("CSV", table.read, table.recognizes, (".csv", ".tab", ".tsv")),
    Format("BibTeX", bibtex.read, bibtex.recognizes, (".bib", ".bibtex")),
    Format("RIS or MEDLINE", tagged.hyphen.read, tagged.hyphen.recognizes, (".nbib", ".ris")),
    Format("Web of Science", tagged.web_of_science.read, tagged.web_of_science.recognizes, (".ciw", ".isi")),
    Format("Web of Science", tagged.savedrecs.read, tagged.savedrecs.recognizes),
    Format("EndNote", tagged.refer.read, tagged.refer.recognizes, (".enw",)),
    Format("RefWorks", tagged.refworks.read, tagged.refworks.recognizes),
    Format("PubMed", tagged.pubmed_text.read, tagged.pubmed_text.recognizes),
    Format("Scopus", tagged.scopus_text.read, tagged.scopus_text.recognizes),
    Format("EndNote", tagged.annotated.read, tagged.annotated.recognizes),
    Format("labelled text", tagged.labelled.read, tagged.labelled.recognizes),
    # No text tells.
    Format("Parquet", parquet.read, suffixes=(".parquet", ".pq")),
    Format("Zotero", zotero.read),
    LAST_RESORT,
)
BY_SUFFIX = {suffix: found for found in FORMATS for suffix in found.suffixes}

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
REFUSED = {suffix: reason for reason, suffixes in _REFUSED_KINDS.items() for suffix in suffixes.split()}
"""Why files with these suffixes are not read, and what to do."""
SUFFIXES = frozenset(BY_SUFFIX) | frozenset(REFUSED)
"""All suffixes that choose a reader, or that no reader takes; docs/formats.md names each."""


def name_of(reader: Reader) -> str:
    """What a report calls the files that a reader reads."""
    return next(found.name for found in FORMATS if found.read is reader)
