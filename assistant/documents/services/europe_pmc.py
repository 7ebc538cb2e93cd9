"""Europe PMC: results of its search."""

from __future__ import annotations

from assistant.documents.services.values import Record, dig, first, items, names

MARKS = frozenset({"abstractText", "authorString", "pubTypeList", "journalInfo"})


def recognizes(record: Record) -> bool:
    """Whether it is a result of Europe PMC."""
    return not MARKS.isdisjoint(record)


def record(result: Record) -> Record:
    """Its fields."""
    kinds = names(dig(result, "pubTypeList.pubType")) or names(result.get("pubType"))
    source, number = result.get("source"), result.get("id")
    return {
        "title": result.get("title"),
        "abstract": result.get("abstractText") or result.get("abstract"),
        "authors": _authors(result),
        "date": result.get("firstPublicationDate") or dig(result, "journalInfo.printPublicationDate"),
        "year": result.get("pubYear") or dig(result, "journalInfo.yearOfPublication"),
        "doi": result.get("doi"),
        "pmid": result.get("pmid"),
        "url": f"https://europepmc.org/article/{source}/{number}" if source and number else None,
        "venue": first(dig(result, "journalInfo.journal")) or result.get("journalTitle") or _book(result),
        "keywords": names(dig(result, "keywordList.keyword")),
        "language": result.get("language"),
        "publicationtype": kinds,
        "version": result.get("versionNumber"),
        "editorialstatus": _status(result, kinds),
    }


def _authors(result: Record) -> object:
    listed = [
        {"name": found}
        for author in items(dig(result, "authorList.author"))
        if (found := _full_name(author) or first(author, "fullName", "collectiveName"))
    ]
    text = result.get("authorString")
    if listed or not isinstance(text, str):
        return listed
    return [{"name": name.strip(" .")} for name in text.split(",")]


def _full_name(author: Record) -> str | None:
    given, last = author.get("firstName"), author.get("lastName")
    return f"{given} {last}" if isinstance(given, str) and isinstance(last, str) else None


def _book(result: Record) -> str | None:
    return first(dig(result, "bookOrReportDetails.publisher"))


def _status(result: Record, kinds: list[str]) -> str | None:
    folded = {kind.lower() for kind in kinds}
    notes = {
        str(note.get("type", "")).lower() for note in items(dig(result, "commentCorrectionList.commentCorrection"))
    }
    if "retraction of publication" in folded:
        return "retraction notice"
    if "retracted publication" in folded or "retraction in" in notes:
        return "retracted"
    if "expression of concern in" in notes:
        return "concern"
    return "corrected" if notes & {"erratum in", "corrected and republished in"} else None
