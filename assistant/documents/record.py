"""Turns a record of named fields into a Paper, under the field names that exports use.

`documents/fields.py` reads the single fields; readers whose formats have other shapes first map them to these names.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.documents import fields
from assistant.documents.authors import author_names
from assistant.documents.clean import shorten
from assistant.documents.dates import year_of
from assistant.documents.fields import Record, field_key
from assistant.documents.identity import aliases, doi_version, paper_id
from assistant.documents.source import Source
from assistant.documents.status import editorial_status
from assistant.errors import DocumentError
from assistant.types import Failure, Paper

_EMPTY: tuple[object, ...] = (None, "", [], {})
_LONGEST_TITLE = 200
"""Characters of a title in a message."""


def paper_or_failure(record: Record, source: Source, line: int | None, where: str = "") -> Paper | Failure:
    """The paper in a record, or the reason why there is none, after the words of `where`."""
    try:
        return to_paper(record, source.name)
    except DocumentError as error:
        return source.failure(f"{where}{error}", line, _title(record))


def _title(named: Record) -> str | None:
    """The title that tells a user which record failed."""
    found = fields.text({field_key(name): value for name, value in named.items()}, fields.TITLE)
    return shorten(found, _LONGEST_TITLE) if found else None


def to_paper(named: Mapping[str, object], source: str) -> Paper:
    """The paper in a record. Raises DocumentError, with the reason, where it has no title or no abstract."""
    record = {field_key(name): value for name, value in named.items() if value or value not in _EMPTY}
    title, abstract = fields.title(record), fields.abstract(record)
    arxiv, version = fields.arxiv_id(record)
    doi, pmid = fields.doi(record), fields.pmid(record)
    date = fields.date(record)
    authors = next((found for name in fields.AUTHORS if (found := author_names(record.get(name)))), ())
    kind = fields.publication_type(record)
    return Paper(
        paper_id=paper_id(title, arxiv),
        title=title,
        abstract=abstract,
        authors=authors,
        author_count=len(authors) or None,
        date=date,
        year=year_of(date),
        url=fields.url(record) or (f"https://arxiv.org/abs/{arxiv}" if arxiv else None),
        doi=doi,
        categories=fields.categories(record),
        sources=(source,),
        venue=fields.venue(record),
        aliases=aliases(doi, pmid),
        version=version or doi_version(doi),
        pmid=pmid,
        keywords=fields.texts(record, fields.KEYWORDS),
        collections=fields.texts(record, fields.COLLECTIONS),
        language=fields.text(record, fields.LANGUAGE),
        citekey=fields.text(record, fields.CITEKEY),
        publication_type=kind,
        editorial_status=editorial_status(title, abstract, kind, record.get("editorialstatus")),
        zotero=fields.text(record, fields.ZOTERO),
    )
