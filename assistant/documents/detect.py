"""Chooses the reader of a file, by its content first and then by its suffix."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.documents import atom, bibtex, daily_papers, json_doc, json_lines, ris_medline, table
from assistant.documents.source import Source
from assistant.errors import DocumentError
from assistant.types import Item

Reader = Callable[[Source], Iterator[Item]]

_EXPORT = "export the abstracts as BibTeX, RIS, CSV or text"
_REFUSED_KINDS = {
    "PDF is not read; " + _EXPORT: ".pdf",
    "Office files are not read; save it as CSV or text": ".doc .docx .odt .ods .ppt .pptx .rtf .xls .xlsx",
    "images are not read; " + _EXPORT: ".avif .bmp .gif .ico .jpeg .jpg .png .svg .tif .tiff .webp",
    "audio and video are not read; " + _EXPORT: ".avi .flac .m4a .mkv .mov .mp3 .mp4 .ogg .wav .webm",
    "archives are not read; unpack it first": ".7z .bz2 .rar .tar .tgz .xz .zip .zst",
    "web pages are not read; save the page as text": ".htm .html .mhtml .xhtml",
    "program code is not read; "
    + _EXPORT: ".c .cpp .cs .css .go .h .ipynb .java .js .php .py .pyc .r .rb .rs .sh .so .sql .ts .exe .dll",
    "databases and data dumps are not read; "
    + _EXPORT: ".db .feather .npy .npz .parquet .pickle .pkl .pt .safetensors .sqlite .sqlite3",
}
_REFUSED_SUFFIXES = {suffix: reason for reason, suffixes in _REFUSED_KINDS.items() for suffix in suffixes.split()}
_SUFFIXES_OF_READER: dict[Reader, str] = {
    atom.read: ".atom .xml",
    bibtex.read: ".bib .bibtex",
    daily_papers.read: ".text .txt",
    json_doc.read: ".json",
    json_lines.read: ".jsonl .ndjson",
    ris_medline.read: ".nbib .ris",
    table.read: ".csv .tab .tsv",
}
_BY_SUFFIX = {suffix: reader for reader, suffixes in _SUFFIXES_OF_READER.items() for suffix in suffixes.split()}
_BY_SUFFIX[""] = daily_papers.read
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)


def reader_for(source: Source) -> Reader:
    """The reader of a file. Raises DocumentError for an empty file, binary data or an unknown kind of file."""
    if source.suffix in _REFUSED_SUFFIXES:
        raise DocumentError(_REFUSED_SUFFIXES[source.suffix])
    head = source.head()
    found = _by_content(head) or _BY_SUFFIX.get(source.suffix)
    if found:
        return found
    if daily_papers.is_site_page(head):
        return daily_papers.read
    raise DocumentError(f"'{source.suffix}' files are not read; save it as a text page, JSON, CSV, BibTeX, RIS or Atom")


def _by_content(head: str) -> Reader | None:
    text = head.lstrip("\ufeff \t\n\x00")
    if text.startswith("{") or re.match(r"\[\s*[\[{\]\"]", text):
        return json_lines.read if json_lines.recognizes(text) and not json_doc.recognizes_list(text) else json_doc.read
    if _HTML.match(text):
        raise DocumentError("web pages are not read; save the page as text")
    if re.match(r"<(?:\?xml|!|feed|entry|\w+:feed|\w+:entry)", text):
        return atom.read
    if table.recognizes(text):
        return table.read
    if ris_medline.recognizes(text):
        return ris_medline.read
    return bibtex.read if bibtex.recognizes(text) else None
