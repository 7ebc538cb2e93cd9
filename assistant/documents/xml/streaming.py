"""Streams the records of an XML file, and goes on behind what cannot be parsed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.sax import SAXParseException
from xml.sax.handler import feature_external_ges

from defusedxml.expatreader import DefusedExpatParser

from assistant.documents.source import RECORD_LIMIT, TOO_LONG
from assistant.documents.xml.building import Built, RecordBuilder, UnfinishedRecord
from assistant.documents.xml.decoding import Piece, pieces
from assistant.documents.xml.repair import repair


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be parsed, and the line where it showed."""

    line: int
    reason: str


class RecordStream:
    """The records and faults of one file. A record that is not well-formed is mended if it can be, or costs itself."""

    def __init__(self, builder: RecordBuilder) -> None:
        self.builder = builder
        self._parser: DefusedExpatParser | None = None
        self._detached = False
        self._lines_read = 0
        self._fault: Fault | None = None
        self._begin_chunk("")

    def read(self, stream: BinaryIO) -> Iterator[Built | Fault]:
        """All records and faults. Raises DefusedXmlException for declared entities, and DocumentError for hostile depth."""
        found = False
        for piece in pieces(stream, self.builder.records):
            for item in self._take(piece):
                found = True
                yield item
            if self._length > 2 * RECORD_LIMIT and not found:
                return
        yield from self._end()

    def _take(self, piece: Piece) -> Iterator[Built | Fault]:
        if piece.begins:
            if self._fault:
                yield from self._mend()
            if piece.begins == "document" and not self.builder.in_record:
                yield from self._end_document()
                self._detached = False
                self._open([])
            elif not self._parser:
                self._open(self.builder.above)
            self._begin_chunk(piece.begins)
        before = self._length
        self._length += len(piece.text)
        if self._length <= RECORD_LIMIT:
            self._held.append(piece.text)
        if self._parser and not self._fault:
            if self._length > RECORD_LIMIT >= before and self.builder.in_record:
                yield from self._give_up(Fault(self._lines_read + 1, f"a record {TOO_LONG}"))
            else:
                yield from self._parse(piece.text)
        self._lines_read += piece.text.count("\n")

    def _parse(self, text: str) -> Iterator[Built | Fault]:
        try:
            fault = self._feed(text)
        except UnfinishedRecord as unfinished:
            yield Fault(self._lines_above + unfinished.line, "the record has no end tag; skipped")
            self.builder.drop()
            self._open(self.builder.above)
            fault = self._feed(text)
        yield from self._finished()
        if fault and not self._done:
            self._fault = fault
        elif fault:
            yield from self._give_up(fault)

    def _finished(self) -> Iterator[Built]:
        for built in self.builder.done:
            self._done = True
            built.line += self._lines_above
            yield built
        self.builder.done.clear()

    def _feed(self, text: str) -> Fault | None:
        parser = self._parser
        assert parser is not None  # noqa: S101 - only called with an open parser
        try:
            parser.feed(text)
            if flush := getattr(parser, "flush", None):
                flush()  # newer versions of expat put off reading the end of what they are given
        except SAXParseException as error:
            line = self._lines_above + int(parser.getLineNumber())
            return Fault(line, f"not well-formed XML ({error.getMessage()}); skipped")
        except UnicodeEncodeError:
            return Fault(self._lines_read + 1, "not well-formed XML (invalid characters); skipped")
        return None

    def _mend(self) -> Iterator[Built | Fault]:
        """Parses the record that could not be parsed again, after repairs."""
        assert self._fault is not None  # noqa: S101 - only called after a fault
        first = self._fault
        self.builder.drop()
        self._lines_read, lines = self._lines_at_begin, self._lines_read
        self._open(self._above)
        fault = self._feed(repair("".join(self._held))) if self._length <= RECORD_LIMIT else first
        self._lines_read = lines
        yield from self._finished()
        if fault:
            yield from self._give_up(first)
        self._fault = None

    def _give_up(self, fault: Fault) -> Iterator[Fault]:
        """Leaves the rest of the record, or what stands between records, unread; the next record is parsed anew."""
        if self._begins == "record" and not self._done:
            yield fault
        elif not self._detached:
            # The elements around the records are lost, so their end tags cannot be told from faults.
            self._detached = True
            yield fault
        self.builder.drop()
        self.builder.above = list(self._above) or ["unknown"]
        self._parser = None

    def _end(self) -> Iterator[Built | Fault]:
        if self._fault:
            yield from self._mend()
        yield from self._end_document()

    def _end_document(self) -> Iterator[Fault]:
        builder = self.builder
        if self._parser and (builder.in_record or (builder.above and not self._detached)):
            yield Fault(self._lines_read + 1, "not well-formed XML: it is cut off here; what came before was read")
        builder.drop()
        builder.above = []
        self._parser = None

    def _open(self, above: list[str]) -> None:
        self._lines_above = self._lines_read
        self._parser = DefusedExpatParser(forbid_external=False)
        self._parser.setFeature(feature_external_ges, False)  # PubMed's DOCTYPE names a DTD; it is never loaded
        self._parser.setContentHandler(self.builder)
        self.builder.setDocumentLocator(self._parser)
        names, self.builder.above = list(above), []
        self._parser.feed("".join(f"<{name}>" for name in names))

    def _begin_chunk(self, begins: str) -> None:
        self._begins = begins
        self._held: list[str] = []
        self._length = 0
        self._done = False
        self._fault = None
        self._lines_at_begin = self._lines_read
        self._above = list(self.builder.above)
