"""Chooses the reader of a file, by its content first and then by its suffix."""

from __future__ import annotations

import re

from assistant.documents import json_doc, junk, zotero
from assistant.documents.formats import BY_SUFFIX, FORMATS, LAST_RESORT, REFUSED, Reader
from assistant.documents.junk import NotPapersError
from assistant.documents.source import Source
from assistant.documents.unlabelled import require_unlabelled
from assistant.errors import DocumentError

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)
_PLAIN = ("", ".txt", ".rst")
"""Suffixes of a README that is read only where a format recognises it."""


def reader_for(source: Source) -> Reader:
    """The reader of a file.

    Raises NotPapersError for a file that is plainly something else, such as a licence, and DocumentError for an empty
    file, binary data, labels or tags of an unknown kind, or an unknown kind of file.
    """
    if zotero.recognizes(source.path):
        return zotero.read
    if kind := junk.by_name(source.path):
        raise NotPapersError(kind)
    if source.suffix in REFUSED:
        raise DocumentError(REFUSED[source.suffix])
    expected = BY_SUFFIX.get(source.suffix)
    if expected is not None and expected.recognizes is None and expected is not LAST_RESORT:
        return expected.read  # its content is no text
    head = source.head().lstrip("\ufeff \t\n\x00")
    _require_no_page(head)
    found = next((f for f in FORMATS if f.recognizes is not None and f.recognizes(head)), None)
    if found is not None:
        return found.read
    if kind := junk.by_content(head):
        raise NotPapersError(kind)
    if junk.is_readme(source.path) and source.suffix in _PLAIN:
        raise NotPapersError("a README")
    if expected is None:
        raise DocumentError(
            f"'{source.suffix}' files are not read; save it as a text page, JSON, CSV, BibTeX, RIS or Atom"
        )
    if expected is LAST_RESORT:
        require_unlabelled(head)
    return expected.read


def _require_no_page(head: str) -> None:
    """Raises NotPapersError for JSON that holds no papers, and DocumentError for a web page."""
    if json_doc.recognizes(head):
        junk.require_papers_in_json(head)
    if _HTML.match(head):
        raise DocumentError("web pages are not read; save the page as text")
