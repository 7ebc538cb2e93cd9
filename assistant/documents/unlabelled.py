"""Refuses text whose fields stand after labels or tags that no reader knows, so that it is never taken for titles above
abstracts."""

from __future__ import annotations

import re
from collections import Counter

from assistant.documents.fields import ABSTRACT, TITLE, field_key
from assistant.errors import DocumentError

_LABEL = re.compile(r"[ \t]{0,3}(?:[-*•][ \t]+)?([A-Z][A-Za-z]+(?:[ _/-][A-Za-z]+){0,3})[ \t]*:(?!//)[ \t]*(.*)")
_TAG = re.compile(r"[ \t]?([A-Z][A-Z0-9]{1,3}|%[A-Z0-9])(?:[ \t]{0,4}-[ \t]|[ \t:]+)[ \t]*\S")
_KNOWN = {
    *TITLE, *ABSTRACT, "author", "authors", "authorname", "authorkeywords", "keywords", "keyword", "doi", "year", "date",
    "journal", "source", "url", "link", "publicationdate", "publicationyear", "publicationtitle", "volume", "issue", "pages",
    "issn", "isbn", "publisher", "language", "documenttype", "publicationtype", "subject", "subjects", "categories", "pmid",
    "accessionnumber", "affiliation", "affiliations", "database", "comments", "notes", "citation", "venue", "conference",
    "from", "to", "cc", "sent", "id", "type", "status", "abstractnumber", "session", "presenter", "correspondence", "tags",
}  # fmt: skip
"""Labels, as `field_key` has them, that no title begins with by accident."""
_LINES = 400
_SHARE = 0.3
"""The share of lines that begin with a label, or a tag, in a text made of them; the others continue the line above."""
_TAG_SHARE = 0.6
_FEWEST = 4


def require_unlabelled(head: str) -> None:
    """Raises DocumentError for a text made of labels or tags that no reader knows."""
    lines = [line for line in head.splitlines()[:_LINES] if line.strip()]
    tags = [match[1] for line in lines if (match := _TAG.match(line))]
    flush = [line for line in lines if not line.startswith(("   ", "\t"))]
    if len(set(tags)) >= _FEWEST and len(tags) >= _TAG_SHARE * len(flush):
        raise DocumentError(_refusal("tagged", tags))
    alone = [text for line in lines if field_key(text := line.strip(" \t:\n")) in _KNOWN and len(text) < 30]
    if len(set(alone)) >= _FEWEST and len(alone) >= _SHARE / 2 * len(lines):
        raise DocumentError(_refusal("labelled", alone))
    labels = _labels(head)
    counts = Counter(labels)
    known = [name for name in labels if field_key(name) in _KNOWN or counts[name] > 2]
    if len(set(known)) >= _FEWEST and len(known) >= _SHARE * len(lines):
        raise DocumentError(_refusal("labelled", known))


def _refusal(kind: str, names: list[str]) -> str:
    shown = ", ".join(list(dict.fromkeys(names))[:5])
    return f"{kind} text of a kind that is not read ({shown}); export it as RIS, BibTeX or CSV"


def _labels(head: str) -> list[str]:
    return [match[1] for line in head.splitlines()[:_LINES] if (match := _LABEL.match(line))]
