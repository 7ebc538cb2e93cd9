"""Refuses text of labels, tags, columns or single words that no reader knows, so that it is never taken for titles above
abstracts."""

from __future__ import annotations

import itertools
import re
from collections import Counter

from assistant.documents.fields import ABSTRACT, TITLE, field_key
from assistant.errors import DocumentError

_LABEL = re.compile(r"[ \t]{0,3}(?:[-*•][ \t]+)?([A-Z][A-Za-z]+(?:[ _/-][A-Za-z]+){0,3})[ \t]*:(?!//)[ \t]*(.*)")
_TAG = re.compile(r"[ \t]?([A-Z][A-Z0-9]{1,3}|%[A-Z0-9])(?:[ \t]{0,4}-[ \t]|[ \t:]+)[ \t]*\S")
_NUMBER = re.compile(r"([A-Z]{2}): *[A-Z]{0,9}:?\d[\w:.-]*\s*$")
"""The number of a record under a database's label, such as `UI: 31000001`."""
_KNOWN = {
    *TITLE, *ABSTRACT, "author", "authors", "authorname", "authorkeywords", "keywords", "keyword", "doi", "year", "date",
    "journal", "source", "url", "link", "publicationdate", "publicationyear", "publicationtitle", "volume", "issue", "pages",
    "issn", "isbn", "publisher", "language", "documenttype", "publicationtype", "subject", "subjects", "categories", "pmid",
    "accessionnumber", "affiliation", "affiliations", "database", "comments", "notes", "citation", "venue", "conference",
    "from", "to", "cc", "sent", "id", "type", "status", "abstractnumber", "session", "presenter", "correspondence", "tags",
}  # fmt: skip
"""Labels, as `field_key` has them, that no title begins with by accident."""
_HEADER = re.compile(r"[A-Za-z][\w-]{1,30}:(?: |$)|[ \t]+\S")
"""A line of the block at the top of a mail or of a package's description, or one that continues it."""
_SOURCES = (
    ("reStructuredText is", re.compile(r"\.\. |:[a-z]{3,12}: \S"), 2),
    ("LaTeX is", re.compile(r"\\(?:documentclass|begin\{document\}|usepackage|section\*?\{)"), 1),
    ("Org mode is", re.compile(r"#\+[A-Za-z_]+:|[ \t]*:(?:PROPERTIES|END):"), 1),
    ("subtitles are", re.compile(r"(?:\d+:)?\d\d:\d\d[.,]\d+ --> "), 1),
)
"""Kinds of text, the beginning of a line that only they have, and how many such lines it takes."""
_VERSE = 60
"""Characters of a line, at most."""
_VERSES = 3
"""Lines of a stanza, at least."""
_LINES = 400
_SHARE = 0.3
"""The share of lines that begin with a label, or a tag, in a text made of them; the others continue the line above."""
_MOST = 0.6
_FEWEST = 4


def require_unlabelled(head: str) -> None:
    """Raises DocumentError for a text made of labels or tags that no reader knows."""
    lines = [line for line in head.splitlines()[:_LINES] if line.strip()]
    _require_prose(lines)
    tags = [match[1] for line in lines if (match := _TAG.match(line))]
    numbers = [match[1] for line in lines if (match := _NUMBER.match(line))]
    if len(numbers) > 1:
        raise DocumentError(_refusal("labelled", numbers))
    flush = [line for line in lines if not line.startswith(("   ", "\t"))]
    if len(set(tags)) >= _FEWEST and len(tags) >= _MOST * len(flush):
        raise DocumentError(_refusal("tagged", tags))
    alone = [text for line in lines if field_key(text := line.strip(" \t:\n")) in _KNOWN and len(text) < 30]
    if len(set(alone)) >= _FEWEST and len(alone) >= _SHARE / 2 * len(lines):
        raise DocumentError(_refusal("labelled", alone))
    top = list(itertools.takewhile(str.strip, head.splitlines()))[:_LINES]
    if len(top) >= _FEWEST and all(_HEADER.match(line) for line in top):
        raise DocumentError(_refusal("labelled", [line.partition(":")[0] for line in top]))
    labels = _labels(head)
    counts = Counter(labels)
    known = [name for name in labels if field_key(name) in _KNOWN or counts[name] > 2]
    if len(set(known)) >= _FEWEST and len(known) >= _SHARE * len(lines):
        raise DocumentError(_refusal("labelled", known))
    if _is_verse(head):
        raise DocumentError("verses, not titles and abstracts; export the abstracts as RIS, BibTeX or CSV")


def _is_verse(head: str) -> bool:
    """Whether narrow lines end where a sentence pauses, or earlier than the next word demands: wrapped text does neither."""
    count = ended = paused = early = 0
    for part in re.split(r"\n[ \t]*\n", head):
        lines = [line.strip() for line in part.splitlines() if len(line.split()) > 2]
        if len(lines) < _VERSES or (width := max(map(len, lines))) > _VERSE:
            continue
        count += len(lines)
        ended += sum(line.endswith((",", ";", ".", "!", "?", ":", "—")) for line in lines)
        paused += sum(line.endswith((",", ";")) for line in lines)
        early += sum(
            (a.endswith((",", ";")) or b[:1].islower()) and len(a) + len(b.split(" ", 1)[0]) < width
            for a, b in itertools.pairwise(lines)
        )
    return (early > 1 and 5 * early >= count) or (paused > 1 and 4 * ended >= 3 * count)


def _require_prose(lines: list[str]) -> None:
    """Raises DocumentError for tables, lists of words and reStructuredText."""
    tabs, count = Counter(line.count("\t") for line in lines).most_common(1)[0] if lines else (0, 0)
    if tabs and (count > max(2, _MOST * len(lines)) or (tabs > 1 and count == len(lines) > 1)):
        raise DocumentError(
            "a table whose header names no title and no abstract; name the columns 'title' and 'abstract'"
        )
    for kind, mark, fewest in _SOURCES:
        if sum(mark.match(line) is not None for line in lines) >= fewest:
            raise DocumentError(f"{kind} not read; export the abstracts as RIS, BibTeX or CSV")
    if sum(len(line.split()) == 1 and line.isascii() for line in lines) >= max(_FEWEST, _MOST * len(lines)):
        raise DocumentError(
            "lines of one word each, not titles and abstracts; export the abstracts as RIS, BibTeX or CSV"
        )


def _refusal(kind: str, names: list[str]) -> str:
    shown = ", ".join(list(dict.fromkeys(names))[:5])
    return f"{kind} text of a kind that is not read ({shown}); export it as RIS, BibTeX or CSV"


def _labels(head: str) -> list[str]:
    return [match[1] for line in head.splitlines()[:_LINES] if (match := _LABEL.match(line))]
