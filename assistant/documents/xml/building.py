"""Builds the elements of records from the events of a parser, and nothing else of a file."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from assistant.errors import DocumentError

_WRAPPERS = ("record", "Record")
"""Records that may hold a record of the same name deep inside: OAI-PMH and SRU wrap those of other formats."""
_DEPTH = 100
"""Levels of elements; deeper ones are taken for an attack."""
_PREFIXES = (
    ("purl.org/dc/elements", "dc"),
    ("purl.org/dc/terms", "dcterms"),
    ("prism", "prism"),
    ("rss/1.0/modules/content", "content"),
    ("arxiv.org/schemas/atom", "arxiv"),
    ("search.yahoo.com/mrss", "media"),
    ("itunes", "itunes"),
    ("spec/opensearch", "opensearch"),
    ("Math/MathML", "mml"),
    ("foaf", "foaf"),
    ("purl.org/net/biblio", "bib"),
    ("zotero.org/namespaces", "z"),
    ("rdf-syntax-ns", "rdf"),
)
"""Namespaces whose elements keep a prefix, because they stand beside elements of the same name."""
_KNOWN = {prefix for _, prefix in _PREFIXES}


class UnfinishedRecord(Exception):
    """A record begins inside another of its kind, so the end of the one that began at `line` is missing."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(slots=True)
class Built:
    """A record's element, and the line where it begins within what its parser read."""

    element: Element
    line: int


@dataclass
class RecordBuilder(ContentHandler):
    """Receives a document's events and collects its records in `done`.

    Elements are named `title`, or `dc-title` for the namespaces of `_PREFIXES`; attributes are named without a prefix.
    Namespaces are resolved here and not by the parser, because feeds often use prefixes that they do not declare.
    """

    records: Collection[str]
    skipped: dict[str, Collection[str]]
    """For the elements that are records: the elements in them that nobody reads."""
    done: list[Built] = field(default_factory=list)
    root: str = ""
    """The name of the first element."""
    root_as_written: str = ""
    above: list[str] = field(default_factory=list)
    """The elements open around the records, as the file writes them."""

    def __post_init__(self) -> None:
        self._prefixes: dict[str, str] = {}
        self._locator: Any = None
        self.drop()

    def drop(self) -> None:
        """Forgets the record that is being built."""
        self._tree: TreeBuilder | None = None
        self._inside: list[str] = []
        self._line = 0
        self._skipping = 0

    @property
    def in_record(self) -> bool:
        """Whether a record has begun and not ended."""
        return self._tree is not None

    def startElement(self, name: str, attributes: AttributesImpl) -> None:
        """Called by the parser for each start tag. Raises UnfinishedRecord and DocumentError."""
        if self._skipping:
            self._skipping += 1
            return
        given = dict(attributes.items())
        for key, value in given.items():
            if key.startswith("xmlns:"):
                self._prefixes[key[6:]] = _prefix(value)
        tag = self._canonical(name)
        if not self.root:
            self.root, self.root_as_written = tag, name
        if len(self._inside) + len(self.above) > _DEPTH:
            raise DocumentError(f"XML with elements more than {_DEPTH} levels deep is not read")
        if self._tree is None:
            if tag not in self.records:
                self.above.append(name)
                return
            self._tree, self._line = TreeBuilder(), self._locator.getLineNumber()
        elif tag == self._inside[0] and (len(self._inside) == 1 or tag not in _WRAPPERS):
            raise UnfinishedRecord(self._line)
        elif tag in self.skipped.get(self._inside[0], ()):
            self._skipping = 1
            return
        self._inside.append(tag)
        self._tree.start(tag, {key.rpartition(":")[2]: value for key, value in given.items()})

    def endElement(self, name: str) -> None:
        """Called by the parser for each end tag."""
        if self._tree is None:
            self.above.pop()
            return
        if self._skipping:
            self._skipping -= 1
            return
        self._tree.end(self._inside.pop())
        if not self._inside:
            self.done.append(Built(self._tree.close(), self._line))
            self.drop()

    def characters(self, content: str) -> None:
        """Called by the parser for text."""
        if self._tree is not None and not self._skipping:
            self._tree.data(content)

    def _canonical(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        if not prefix:
            return name
        known = self._prefixes.get(prefix, prefix if prefix in _KNOWN else "")
        return f"{known}-{local}" if known else local


@lru_cache(1_024)
def _prefix(uri: str) -> str:
    return next((prefix for part, prefix in _PREFIXES if re.search(part, uri, re.I)), "")
