"""Turns a record of named fields into a Paper, under the field names that exports use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from assistant.documents.authors import author_names
from assistant.documents.clean import clean, shorten
from assistant.documents.dates import parse_date, year_of
from assistant.documents.identity import paper_id, title_key
from assistant.documents.source import Source
from assistant.errors import DocumentError
from assistant.types import Failure, Paper

TITLE = ("title", "papertitle", "articletitle", "documenttitle", "name", "papername")
ABSTRACT = ("abstract", "abstracttext", "abstractnote", "paperabstract", "summary", "description", "text")
_DATE = ("date", "publicationdate", "published", "publishedat", "publisheddate", "datepublished", "coverdate")
_YEAR = ("year", "publicationyear", "publishedyear", "pubyear", "updatedate", "updated")
_AUTHORS = ("authorsparsed", "authors", "author", "authornames", "authorlist", "creators", "creator")
_URL = ("url", "link", "links", "arxivurl", "paperurl", "pdfurl", "entryid")
_VENUE = (
    "journal", "journaltitle", "booktitle", "containertitle", "publicationtitle", "proceedingstitle", "conferencename",
    "sourcetitle", "journalbook", "conference", "venue", "publicationvenue", "primarylocation", "hostvenue",
)  # fmt: skip
_ARXIV = ("arxivid", "arxiv", "eprint", "id", "paperid")
_WORD = re.compile(r"[^\W_]")
_EMPTY = {"n a", "na", "nan", "none", "null", "no abstract", "no abstract available", "abstract not available"}

_SHORT = 80
"""Characters up to which an abstract is compared with `_EMPTY`."""

_NUMBER = r"(?:\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
_ARXIV_ID = re.compile(rf"(?:arxiv:\s*)?({_NUMBER})", re.I)
_ARXIV_LINK = re.compile(rf"(?:arxiv\.org/(?:abs|pdf|html)/|arxiv[:.]\s*)({_NUMBER})(?!\d)", re.I)
_ARCHIVE = re.compile(r"(?:arxiv|biorxiv|medrxiv|corr)\b|abs/\d", re.I)

Record = Mapping[str, object]


@lru_cache(1_024)  # a file has few field names, and all its records share them
def field_key(name: str) -> str:
    """The field's name for comparison: the same for `Abstract Note`, `abstractNote` and `abstract_note`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def paper_or_failure(fields: Record, source: Source, line: int | None, where: str = "") -> Paper | Failure:
    """The paper in a record, or the reason why there is none, after the words of `where`."""
    try:
        return to_paper(fields, source.name)
    except DocumentError as error:
        return source.failure(f"{where}{error}", line)


def to_paper(fields: Mapping[str, object], source: str) -> Paper:
    """The paper in a record. Raises DocumentError, with the reason, where the title or the abstract is no text."""
    record = {field_key(name): value for name, value in fields.items() if value not in (None, "", [], {})}
    title, abstract = _text(record, TITLE, "title"), _text(record, ABSTRACT, "abstract")
    arxiv = _arxiv_id(record)
    date = _date(record)
    authors = next((found for name in _AUTHORS if (found := author_names(record.get(name)))), ())
    return Paper(
        paper_id=paper_id(title, arxiv),
        title=title,
        abstract=abstract,
        authors=authors,
        author_count=len(authors) or None,
        date=date,
        year=year_of(date),
        url=_url(record) or (f"https://arxiv.org/abs/{arxiv}" if arxiv else None),
        doi=_doi(record),
        categories=_categories(record),
        sources=(source,),
        venue=_venue(record),
    )


def _text(record: Record, aliases: tuple[str, ...], what: str) -> str:
    value = next((record[name] for name in aliases if name in record), None)
    if value is None:
        raise DocumentError(f"no {what}")
    if not isinstance(value, str):
        kind = {bool: "a truth value", int: "a number", float: "a number", list: "a list"}.get(type(value), "an object")
        raise DocumentError(f"the {what} is not text but {kind}")
    text = clean(value)
    if not _WORD.search(text) or (what == "abstract" and len(text) <= _SHORT and title_key(text) in _EMPTY):
        raise DocumentError(f"the {what} is empty" + (f" ('{shorten(text)}')" if text else ""))
    return text


def _strings(record: Record, aliases: tuple[str, ...]) -> Iterator[str]:
    """The texts of the fields, in order of preference; a list gives each of its texts."""
    for name in aliases:
        value = record.get(name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and (text := clean(item)):
                yield text


def _arxiv_id(record: Record) -> str | None:
    for text in _strings(record, _ARXIV):
        if match := _ARXIV_ID.fullmatch(text) or _ARXIV_LINK.search(text):
            return re.sub(r"v\d+$", "", match[1])
    for text in _strings(record, (*_URL, "doi", "journal", "journaltitle", "publicationtitle", "note")):
        if match := _ARXIV_LINK.search(text):
            return re.sub(r"v\d+$", "", match[1])
    return None


def _date(record: Record) -> str | None:
    """The first date with a year, or else the first date; arXiv's first version takes precedence."""
    versions = record.get("versions")
    first = versions[0] if isinstance(versions, list) and versions else None
    candidates = [first.get("created") if isinstance(first, Mapping) else None]
    if "month" in record:
        candidates.append(f"{record.get('month')} {record.get('day', '')} {record.get('year')}")
    candidates += [record.get(name) for name in (*_DATE, *_YEAR)]
    without_year = None
    for value in candidates:
        iso = parse_date(value) if value is not None else None
        if year_of(iso):
            return iso
        without_year = without_year or iso
    return without_year


def _url(record: Record) -> str | None:
    return next((text for text in _strings(record, _URL) if re.match(r"https?://\S+$", text)), None)


def _doi(record: Record) -> str | None:
    found = (re.search(r"\b10\.\d{4,9}/\S+", text) for text in _strings(record, ("doi", "elocationid")))
    return next((match[0].rstrip(".,;") for match in found if match), None)


def _venue(record: Record) -> str | None:
    """The journal, conference or book; an archive of preprints is none."""
    named = (text for field in _VENUE for text in _names(record.get(field)))
    return next((text for text in named if not _ARCHIVE.match(text)), None)


def _names(value: object) -> Iterator[str]:
    """The texts in a field that may be a text, a list of them, or an object that names what it is about."""
    if isinstance(value, str) and (text := clean(value)):
        yield text
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, Mapping):
        for key in ("name", "display_name", "source"):
            yield from _names(value.get(key))


def _categories(record: Record) -> tuple[str, ...]:
    value = record.get("categories")
    if isinstance(value, str):
        return tuple(re.split(r"[;,\s]+", value.strip(" ;,")))
    return tuple(_strings(record, ("categories",)))
