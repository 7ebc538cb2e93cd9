"""Reads the papers of an XML file of any vocabulary, record by record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException

from assistant.documents.record import paper_or_failure
from assistant.documents.source import Source
from assistant.documents.xml.building import RecordBuilder
from assistant.documents.xml.streaming import Fault, RecordStream
from assistant.documents.xml.vocabularies import EMPTY, NOTES, READ, RECORDS, REFUSED
from assistant.errors import DocumentError
from assistant.types import Item

_ROOTS = re.compile(
    rf"<(?:\w+:)?(?:feed|rss|RDF|OAI-PMH|xml|records?|Records|articles?|{'|'.join([*RECORDS, *REFUSED])}|\w+Set)[\s/>]"
)


def recognizes(head: str) -> bool:
    """Whether a file begins like XML: with a declaration, or with the root of a vocabulary that is read."""
    return bool(re.match(r"<(?:\?xml\b|!DOCTYPE\b|!--)", head) or _ROOTS.match(head))


def read(source: Source) -> Iterator[Item]:
    """One paper, failure or nothing per record, and notices. Raises DocumentError for XML that holds no records."""
    builder = RecordBuilder({*RECORDS, *NOTES}, {name: each.skipped for name, each in RECORDS.items()})
    notes: list[Element] = []
    count = faults = 0
    with source.binary() as stream:
        try:
            for item in RecordStream(builder).read(stream):
                if builder.root in REFUSED:
                    break
                if isinstance(item, Fault):
                    faults += 1
                    yield source.failure(item.reason, item.line)
                elif item.element.tag in NOTES:
                    notes.append(item.element)
                else:
                    count += 1
                    yield from _read_record(source, item.element, item.line, count)
        except DefusedXmlException:
            yield source.failure("XML that defines entities is not read, because it can be made to fill the memory")
            return
    if not count and not faults:
        known = REFUSED.get(builder.root) or EMPTY.get(builder.root)
        raise DocumentError(known or f"XML with the root <{builder.root_as_written}> is not read; {READ} are")
    for note in {note.tag: note for note in notes}.values():  # of several answers, the last says how far they go
        if said := NOTES[note.tag](note, count):
            yield source.notice(said)


def _read_record(source: Source, element: Element, line: int, count: int) -> Iterator[Item]:
    where = f"{element.tag} {count}: "
    try:
        fields = RECORDS[element.tag].read(element)
    except DocumentError as error:
        yield source.failure(str(error), line)
        return
    if fields is not None:
        yield paper_or_failure(fields, source, line, where)
