"""Reads the single fields of a record, each under all the names that exports give it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from assistant.documents.clean import clean, shorten
from assistant.documents.dates import parse_date, year_of
from assistant.documents.identity import doi_in, title_key
from assistant.documents.markup import plain_abstract, plain_text
from assistant.errors import DocumentError

TITLE = ("title", "papertitle", "articletitle", "documenttitle", "name", "papername", "displayname")
ABSTRACT = ("abstract", "abstracttext", "abstractnote", "paperabstract", "summary", "description", "text")
AUTHORS = (
    "authorsparsed", "authorfullnames", "authors", "author", "authornames", "authorlist", "creators", "creator",
)  # fmt: skip
KEYWORDS = ("keywords", "authorkeywords", "keyword", "tags", "manualtags")
COLLECTIONS = ("collections",)
LANGUAGE = ("language", "lang", "langid")
CITEKEY = ("citekey", "citationkey", "bibtexkey")
ZOTERO = ("zotero",)
_DATE = (
    "date", "publicationdate", "published", "publishedat", "publisheddate", "datepublished", "coverdate", "issued", "pubdate",
)  # fmt: skip
_YEAR = ("year", "publicationyear", "publishedyear", "pubyear", "updatedate", "updated")
_URL = (
    "url", "link", "links", "arxivurl", "paperurl", "entryid", "pdfurl", "externalurl", "articleurl", "pdflink",
    "dimensionsurl",
)  # fmt: skip
_VENUE = (
    "journal", "journaltitle", "booktitle", "containertitle", "publicationtitle", "proceedingstitle", "conferencename",
    "sourcetitle", "journalbook", "conference", "venue", "publicationvenue", "primarylocation", "hostvenue",
)  # fmt: skip
_TYPE = ("publicationtype", "documenttype", "itemtype", "type", "entrytype")
_ARXIV = ("arxivid", "arxiv", "eprint", "id", "paperid")
_NO_URL = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.I)
"""A DOI resolver's address says no more than the DOI."""
_WITH_DOI = ("id", *_URL)
_IS_DOI = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*|(?=10\.))10\.\d{4,9}(?:/|%2F)\S+", re.I)
_WORD = re.compile(r"[^\W_]")
_EMPTY = {"n a", "na", "nan", "none", "null", "n", "undefined"}
"""What programs write in place of an abstract; `n` is what is left of `\\N`."""
_NONE = re.compile(
    r"(?:there is |sorry )?no (?:abstract|summary)(?: (?:text|is|was|has|been|currently|yet))*"
    r"(?: (?:available|provided|found|supplied|given|present|exists|entered|recorded)(?: \w+){0,6})?"
    r"|(?:the )?(?:abstract|summary) (?:text )?(?:(?:is|was|has|been|currently) )*(?:not|un) ?(?:yet |been )?"
    r"(?:available|provided|found|supplied|given|present|included)(?: \w+){0,6}"
)
"""What databases write in place of an abstract."""
_SHORT = 80
"""Characters up to which an abstract is compared with `_EMPTY`."""
_TEXTS = ("text", "content", "value", "abstracttext", "body", "")
_HEADINGS = ("label", "heading", "title", "section")
_PARTS = {*ABSTRACT, *_TEXTS, "paragraph", "paragraphs", "sections", "parts", "items", "children"}
"""Names of what an abstract consists of, which are no headings."""
_LANGUAGE_CODE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?|eng|ger|deu|fre|fra|spa|por|ita|rus|chi|zho|jpn")
_DEPTH = 5
"""Levels of lists and objects that an abstract in parts may have."""

_NUMBER = r"(?:\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
_ARXIV_ID = re.compile(rf"(?:arxiv:\s*)?({_NUMBER})", re.I)
_ARXIV_LINK = re.compile(rf"(?:arxiv\.org/(?:abs|pdf|html)/|arxiv(?:\.org)?[:.]\s*)({_NUMBER})(?!\d)", re.I)
_ARCHIVE = re.compile(r"(?:arxiv|biorxiv|medrxiv|corr)\b|abs/\d", re.I)

Record = Mapping[str, object]


@lru_cache(1_024)  # a file has few field names, and all its records share them
def field_key(name: str) -> str:
    """The field's name for comparison: the same for `Abstract Note`, `abstractNote` and `abstract_note`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def title(record: Record) -> str:
    """The title as plain text. Raises DocumentError where there is none."""
    return _required(record, TITLE, "title")


def abstract(record: Record) -> str:
    """The abstract as plain text, its parts joined. Raises DocumentError where there is none."""
    return _required(record, ABSTRACT, "abstract")


def text(record: Record, aliases: tuple[str, ...]) -> str | None:
    """The first text under one of these names, or None."""
    return None if record.keys().isdisjoint(aliases) else next(_strings(record, aliases), None)


def texts(record: Record, aliases: tuple[str, ...]) -> tuple[str, ...]:
    """All texts under the first of these names that has any: a list, or one text with commas or semicolons."""
    if record.keys().isdisjoint(aliases):
        return ()
    for name in aliases:
        found = list(_strings(record, (name,)))
        if any("<" in value or "&" in value for value in found):
            found = [plain_text(value) for value in found]
        if len(found) == 1 and isinstance(record.get(name), str):
            found = re.split(r"\s*;\s*" if ";" in found[0] else r"\s*,\s*", found[0])
        if found := [value for value in found if value]:
            return tuple(dict.fromkeys(found))
    return ()


def arxiv_id(record: Record) -> tuple[str | None, int | None]:
    """The arXiv id without its version, and the version, as far as the record names them."""
    for value in _strings(record, _ARXIV):
        if match := _ARXIV_ID.fullmatch(value) or _ARXIV_LINK.search(value):
            return _versioned(match[1], record)
    for value in _strings(record, (*_URL, "doi", "journal", "journaltitle", "publicationtitle", "note")):
        if match := _ARXIV_LINK.search(value):
            return _versioned(match[1], record)
    return None, _number(record.get("version"))


def date(record: Record) -> str | None:
    """The first date with a year, or else the first date; arXiv's first version takes precedence.

    A year alone is made more precise by a date without one before it, such as Web of Science's `MAY 12`.
    """
    without_year, partial = None, ""
    for value in _dates(record):
        iso = parse_date(value)
        if iso and year_of(iso):
            better = parse_date(f"{partial} {iso}") if partial and len(iso) == 4 else None
            return better if better and better.startswith(iso) else iso
        without_year = without_year or iso
        partial = partial or (value if isinstance(value, str) and len(value) < 20 else "")
    return without_year


def _dates(record: Record) -> Iterator[object]:
    versions = record.get("versions")
    first = versions[0] if isinstance(versions, list) and versions else None
    if isinstance(first, Mapping) and "created" in first:
        yield first["created"]
    if "month" in record:
        month, day, year = (str(record.get(name, "")) for name in ("month", "day", "year"))
        yield "-".join((year, month, day)).strip("-") if month.isdigit() else f"{month} {day} {year}"
    for name in (*_DATE, *_YEAR):
        if name in record:
            yield record[name]


def url(record: Record) -> str | None:
    """The paper's own address; the DOI resolver's only where there is no other."""
    found = [value for value in _strings(record, _URL) if re.match(r"https?://\S+$", value)]
    return next((value for value in found if not _NO_URL.match(value)), found[0] if found else None)


def doi(record: Record) -> str | None:
    """The DOI alone, without the resolver's address; it may stand in the link or the id only."""
    named = next((found for value in _strings(record, ("doi", "elocationid")) if (found := doi_in(value))), None)
    if named or record.keys().isdisjoint(_WITH_DOI):
        return named
    linked = (value for value in _strings(record, _WITH_DOI) if _IS_DOI.match(value))
    return next((found for value in linked if (found := doi_in(value))), None)


def pmid(record: Record) -> str | None:
    """PubMed's number of the paper."""
    for name in ("pmid", "pubmedid"):
        if name not in record:
            continue
        if match := re.fullmatch(r"(?:\D*\b)?(\d{1,9})(?:\.0)?/?", str(record.get(name, "")).strip()):
            return match[1]
    return None


def venue(record: Record) -> str | None:
    """The journal, conference or book; an archive of preprints is none."""
    named = (value for field in _VENUE if field in record for value in _names(record[field]))
    return next((value for value in named if not _ARCHIVE.match(value)), None)


def categories(record: Record) -> tuple[str, ...]:
    """The subject classes, such as arXiv's."""
    value = record.get("categories")
    if isinstance(value, str):
        return tuple(re.split(r"\s*;\s*" if ";" in value else r"[,\s]+", value.strip(" ;,")))
    return tuple(_strings(record, ("categories",)))


def publication_type(record: Record) -> str | None:
    """What kind of publication the source calls it; several kinds are joined by `; `."""
    if record.keys().isdisjoint(_TYPE):
        return None
    # Web of Science's `J` says less than its type of document.
    name = next((name for name in _TYPE if name in record and len(str(record[name])) > 1), "")
    return "; ".join(_strings(record, (name,))) or None


def _required(record: Record, aliases: tuple[str, ...], what: str) -> str:
    present = [record[name] for name in aliases if name in record]
    if not present:
        raise DocumentError(f"no {what}")
    value = present[0]
    if isinstance(value, (bool, int, float)):
        if value != value:  # NaN, as pandas writes what is missing
            raise DocumentError(f"no {what}")
        kind = "a truth value" if isinstance(value, bool) else "a number"
        raise DocumentError(f"the {what} is not text but {kind}")
    joined = _joined(value)
    found = plain_abstract(joined) if what == "abstract" else plain_text(joined)
    if not _WORD.search(found) or (what == "abstract" and len(found) <= _SHORT and _says_none(title_key(found))):
        raise DocumentError(f"the {what} is empty" + (f" ('{shorten(found)}')" if found else ""))
    return found


def _says_none(key: str) -> bool:
    return key in _EMPTY or _NONE.fullmatch(key) is not None


def _joined(value: object, depth: int = 0) -> str:
    """One text of an abstract in parts: paragraphs of a list, or sections under their headings."""
    if isinstance(value, str):
        return value
    if depth < _DEPTH and isinstance(value, list):
        return " ".join(part for item in value if (part := _joined(item, depth + 1)))
    if depth < _DEPTH and isinstance(value, Mapping):
        return _joined_object({str(name): item for name, item in value.items()}, depth + 1)
    return ""


def _joined_object(value: Record, depth: int) -> str:
    """The text of an object: a paragraph with its heading, one text in several languages, or sections by their headings."""
    named = {field_key(name): item for name, item in value.items()}  # `#text`, `$` and `_` are names of converted XML
    if text := next((found for name in _TEXTS if name in named and (found := _joined(named[name], depth))), ""):
        headings = (head.strip(" :") for name in _HEADINGS if isinstance(head := named.get(name), str))
        heading = next(filter(None, headings), "")
        return f"{heading}: {text}" if heading else text
    if value and all(map(_LANGUAGE_CODE.fullmatch, value)):
        english = (item for name, item in value.items() if name.startswith("en"))
        return _joined(next(english, next(iter(value.values()))), depth)
    parts = [(name, _joined(item, depth)) for name, item in value.items()]
    return " ".join(f"{name}: {part}" if _is_heading(name) else part for name, part in parts if part)


def _is_heading(name: str) -> bool:
    """Whether the key of a section is a heading to show, such as `AIM`, and no element's name, such as `p`."""
    return len(name) > (2 if name.isupper() else 3) and field_key(name) not in _PARTS


def _strings(record: Record, aliases: tuple[str, ...]) -> Iterator[str]:
    """The texts of the fields, in order of preference; a list gives each of its texts."""
    for name in aliases:
        if (value := record.get(name)) is None:
            continue
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, str) and (found := clean(item)):
                yield found


def _versioned(identifier: str, record: Record) -> tuple[str, int | None]:
    bare, _, number = identifier.rpartition("v")
    return (bare, int(number)) if number.isdigit() and bare else (identifier, _number(record.get("version")))


def _number(value: object) -> int | None:
    if value is None:
        return None
    match = re.fullmatch(r"v?(\d{1,3})", str(value).strip())
    return int(match[1]) if match and int(match[1]) else None


def _names(value: object) -> Iterator[str]:
    """The texts in a field that may be a text, a list of them, or an object that names what it is about."""
    if isinstance(value, str) and (found := plain_text(value)):
        yield found
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, Mapping):
        for key in ("name", "display_name", "source"):
            yield from _names(value.get(key))
