"""Turns the fields of a tagged record into a paper, by a table that says which tags hold what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from assistant.documents.dates import parse_date, year_of
from assistant.documents.markup.entities import unescape
from assistant.documents.record import paper_or_failure
from assistant.documents.source import Source
from assistant.documents.tagged.lines import Entry
from assistant.types import Failure, Paper

Values = dict[str, list[str]]
"""The values of each tag, in the order of the record."""

_ONE = ("title", "journal", "language", "citekey", "version")
_LISTS = ("authors", "categories")
_ALL = ("url", "doi", "note", "publicationtype")
_DOI = re.compile(r"\b10\.\d{4,9}/(?:[^\s\"<>\[]|<(?=[\w.]{1,9}:)|>(?=\d\.\d\.CO;))+")
"""Old ones hold the number of an issue: `10.1002/(SICI)1000-1(199603)14:1<1::AID-TOY1>3.0.CO;2-X`."""
_PAGE = re.compile(r"/(?:full|abstract|e?pdf|fulltext|summary)$|[?#&]\S*$", re.I)
"""What follows a DOI in the address of a page."""
_NO_DOI = ("10.1002/central/",)
"""Cochrane's numbers of trials look like DOIs, but name its record and not the paper."""
_PMID_TEXT = re.compile(
    r"(?:PMID:?\s*|PUBMED[\s:]+|ncbi\.nlm\.nih\.gov/(?:pubmed/)?)(\d{1,9})\b|^(\d{1,9})\s*\[pmid\]", re.I
)
_RIGHTS = re.compile(r"(?:copyright of|©|\(c\)|copyright ©)", re.I)
"""EBSCO writes its terms of use under the tag of the abstract."""
_PUBMED = re.compile(r"pubmed|medline|\bNLM\b", re.I)
_JOURNAL = re.compile(r"(.+?)(?:[.,]?\s+(?=\(?\d|vol\b|conference:)|\.?\s*$)", re.I)
_DATE = re.compile(
    r"(?<![\d:–-])(?:(?:\d{1,2} )?[A-Z][a-z]{2,8}\.?,? (?:\d{1,2}, )?)?(?:19|20)\d\d(?![\d–-])(?: [A-Z][a-z]{2,8}(?: \d{1,2})?)?"
)
_SECOND_DATE = re.compile(r"\s*\([^()]*\)")
"""As in `2016-Mar (Epub 2016 Jan 02)`."""
_GLUED = re.compile(r"(?<=[a-z\d)%][.?!])(?=[A-Z]{4,20}(?: [A-Z]{2,20}){0,2}:)")
"""Before a heading that stands right behind a sentence, as in Web of Science's `Tea was cold.RESULTS: We …`."""
_NO_KEYWORD = re.compile(r"[\d.]*")


@dataclass(frozen=True)
class Meaning:
    """What the tags of a format hold. `fields` names the tags of each field of a paper, the preferred ones first.

    Beside the fields of `documents/fields.py` it may name `groups` (authors that come after the people), `dates`, `otherdates` (read where those give none), `pmid` (surely PubMed's number), `accession` (PubMed's
    number where `database` names PubMed), `identifiers` (texts that may hold a DOI or PubMed number), `source` (such as `Toy
    Journal. 12(3):45-9, 2019 May.`, read where nothing else gives a journal or date), and the notices `retraction`, `retracts`, `concern` and `erratum`.
    """

    fields: Mapping[str, tuple[str, ...]]
    line_items: frozenset[str] = frozenset()
    """Tags of which each line is a value of its own."""
    indented_wraps: bool = False
    """Whether an indented line continues a value even under a tag of `line_items`."""


def meaning(fields: Mapping[str, str], line_items: str = "", indented_wraps: bool = False) -> Meaning:
    """A `Meaning` from tags that are written in one string."""
    split = {name: tuple(tags.split()) for name, tags in fields.items()}
    return Meaning(split, frozenset(line_items.split()), indented_wraps)


def to_item(source: Source, entries: list[Entry], format: Meaning) -> Paper | Failure:
    """The paper in a record, or the reason why there is none."""
    return paper_or_failure(to_record(values(entries, format), format), source, entries[0].line)


def values(entries: Iterable[Entry], format: Meaning) -> Values:
    """The values of each tag, with wrapped lines joined and empty values left out."""
    found: Values = {}
    for entry in entries:
        items: list[str] = []
        for line in entry.lines:
            wrapped = entry.tag not in format.line_items or (format.indented_wraps and line[:1].isspace())
            if items and wrapped:
                items[-1] += " " + line.strip()
            else:
                items.append(line.strip())
        if items := [item for item in items if item]:
            found.setdefault(entry.tag, []).extend(items)
    return found


def to_record(tags: Values, format: Meaning) -> dict[str, object]:
    """The record under the field names of `documents/fields.py`."""

    def every(name: str) -> list[str]:
        return [value for tag in format.fields.get(name, ()) for value in tags.get(tag, ())]

    def best(name: str) -> list[str]:
        return next((tags[tag] for tag in format.fields.get(name, ()) if tag in tags), [])

    record: dict[str, object] = {name: best(name)[0] for name in _ONE if best(name)}
    abstracts = ([text for text in tags.get(tag, ()) if not _RIGHTS.match(text)] for tag in format.fields["abstract"])
    record["abstract"] = _GLUED.sub(" ", " ".join(next((texts for texts in abstracts if texts), ())))
    record |= {name: split(best(name)) for name in _LISTS}
    record["authors"] = list(dict.fromkeys([*split(best("authors")), *split(every("groups"))]))
    record |= {name: every(name) for name in _ALL}
    identifiers = every("identifiers")
    record["url"] = [url for value in every("url") for url in re.split(r"[;\s]+(?=https?:)|\s+", value)]
    record["doi"] = dois([*every("doi"), *identifiers, *every("url")])
    record["pmid"] = pmid(every("pmid"), every("accession"), " ".join(every("database")), [*identifiers, *every("url")])
    journal, source_dates = journal_and_dates(" ".join(best("source")))
    record["journal"] = record.get("journal") or journal
    record["date"] = date(every("dates")) or date([*every("otherdates"), *source_dates])
    record["keywords"] = [keyword.lstrip("*") for keyword in _separate(split(best("keywords")))]
    record["publicationtype"] = list(dict.fromkeys(v for v in every("publicationtype") if not _DOI.search(v)))
    citekey = record.get("citekey")
    if isinstance(citekey, str) and not re.fullmatch(r"[^\s{},%#\\\"]+", citekey):
        del record["citekey"]
    if not re.fullmatch(r"v\d+", str(record.get("version"))):
        record.pop("version", None)  # the edition of a book
    stated = {"retraction": "retracted", "retracts": "retraction notice", "concern": "concern", "erratum": "corrected"}
    record["editorialstatus"] = next((status for name, status in stated.items() if every(name)), None)
    return record


def split(texts: Iterable[str]) -> list[str]:
    """The items of texts that each hold one item, or several with semicolons between them."""
    parts = (part.strip() for text in texts for part in (unescape(text) if "&" in text else text).split(";"))
    return [part for part in parts if not _NO_KEYWORD.fullmatch(part)]


def _separate(keywords: list[str]) -> list[str]:
    """The keywords where all of them stand in one text, with commas between them; one comma may belong to a keyword."""
    if len(keywords) == 1 and keywords[0].count(",") > 1:
        return [part for keyword in keywords[0].split(",") if (part := keyword.strip())]
    return keywords


def dois(texts: Iterable[str]) -> list[str]:
    """The DOIs in texts, without what stands around them."""
    texts = (unquote(text) if "%2" in text else text for text in texts)
    found = (_PAGE.sub("", match[0]) if "://" in text else match[0] for text in texts if (match := _DOI.search(text)))
    return [doi for doi in found if not doi.lower().startswith(_NO_DOI)]


def pmid(sure: list[str], accessions: list[str], database: str, texts: list[str]) -> str | None:
    """PubMed's number: where a tag holds it, or an accession number of PubMed, or as `PMID: 123` in other texts."""
    candidates = [*sure, *(accessions if _PUBMED.search(database) else ())]
    for value in candidates:
        if match := re.search(r"(?<![\w.])(\d{1,9})(?![\w.]*\w)", value):
            return match[1]
    found = (match for text in texts if (match := _PMID_TEXT.search(text)))
    return next((match[1] or match[2] for match in found), None)


def date(texts: Iterable[str]) -> str | None:
    """The first date that has a year, made more precise by later ones of the same year or without a year."""
    best: str | None = None
    for text in texts:
        text = _SECOND_DATE.sub("", text)
        year = year_of(best)
        found = parse_date(re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", text))
        if year and not year_of(found):
            found = parse_date(f"{text} {year}")
        if year_of(found) and (best is None or (year_of(found) == year and len(found or "") > len(best))):
            best = found
    return best


def journal_and_dates(source: str) -> tuple[str | None, list[str]]:
    """The journal and the dates in a line such as `Toy Journal. 12(3):45-9, 2019 May.`"""
    match = _JOURNAL.match(source)
    rest = source[match.end() :] if match else source
    return (match[1] if match else None), [found[0] for found in _DATE.finditer(rest)]
