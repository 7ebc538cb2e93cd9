"""Reads Atom feeds, such as the responses of arXiv's API, entry by entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from assistant.documents.record import paper_or_failure
from assistant.documents.source import RECORD_LIMIT, Source
from assistant.errors import DocumentError
from assistant.types import Failure, Item, Paper


def recognizes(head: str) -> bool:
    """Whether the text starts like XML."""
    return re.match(r"<(?:\?xml|!|feed|entry|\w+:feed|\w+:entry)", head) is not None


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per entry. Raises DocumentError for XML that is not an Atom feed or cannot be decoded."""
    count = 0
    with source.binary() as stream:
        limited = _LimitedStream(stream)
        try:
            for _, element in iterparse(limited, events=("end",)):
                if _local(element) == "entry":
                    count += 1
                    limited.used = 0
                    yield _paper(source, element, count)
                    element.clear()
        except DefusedXmlException:
            yield source.failure("XML that defines entities is not read, because it can be made to fill the memory")
            count += 1
        except ParseError as error:
            yield source.failure(
                "not well-formed XML from here on; the rest of the file was not read", error.position[0]
            )
            count += 1
        except (LookupError, ValueError):
            raise DocumentError("XML in an unknown encoding; save it as UTF-8") from None
    if not count:
        raise DocumentError("XML without Atom entries; only Atom feeds (arXiv's API) are read")


class _LimitedStream:
    """A stream of bytes that limits the size of one entry."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.used = 0

    def read(self, size: int = -1) -> bytes:
        """Reads like a file. Raises DocumentError past the limit."""
        data = self._stream.read(size)
        self.used += len(data)
        if self.used > 2 * RECORD_LIMIT:
            raise DocumentError("an XML entry is too long; the rest of the file was not read")
        return data


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _paper(source: Source, entry: Element, count: int) -> Paper | Failure:
    texts = {name: "".join(child.itertext()) for child in reversed(entry) if (name := _local(child))}
    link = next((child.get("href") for child in entry if _local(child) == "link"), None)
    record: dict[str, object] = {
        "title": texts.get("title"),
        "abstract": texts.get("summary") or texts.get("content"),
        "authors": [_name(child) for child in entry if _local(child) == "author"],
        "date": texts.get("published") or texts.get("updated"),
        "doi": texts.get("doi"),
        "categories": [child.get("term") for child in entry if _local(child) == "category"],
        "id": texts.get("id"),
        "url": link or texts.get("id"),
    }
    return paper_or_failure(record, source, None, f"entry {count}: ")


def _name(author: Element) -> str:
    return next((child.text or "" for child in author if _local(child) == "name"), "")
