"""Writes standing questions and their changes as Markdown, JSON and an Atom feed. Nothing in them tells when they were written."""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from assistant.citations.markdown import plain
from assistant.collection.watch import Found, Watch, WatchChange
from assistant.errors import LibraryError

_ATOM = "http://www.w3.org/2005/Atom"
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "abstract-assistant/watches")
_NEVER = "1970-01-01T00:00:00Z"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(folder: Path, watches: Sequence[Watch], changes: Sequence[WatchChange]) -> Path:
    """Writes `watches.md`, `watches.json` and `watches.atom`, each whole or not at all. Raises LibraryError."""
    texts = {"md": to_markdown(watches, changes), "json": to_json(watches, changes), "atom": to_atom(watches, changes)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, text in texts.items():
            file, new = folder / f"watches.{suffix}", folder / f"watches.{suffix}.new"
            new.write_bytes(text.encode("utf-8", "replace"))
            os.replace(new, file)
    except OSError as error:
        raise LibraryError(f"cannot write to {folder}: {error.strerror or error}; check its permissions") from error
    return folder


def to_json(watches: Sequence[Watch], changes: Sequence[WatchChange]) -> str:
    """One document with all watches and all changes, newest first."""
    document = {"watches": [w.to_dict() for w in watches], "changes": [c.to_dict() for c in changes]}
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def to_markdown(watches: Sequence[Watch], changes: Sequence[WatchChange]) -> str:
    """A list of the watches, then a section for each change, newest first."""
    lines = ["# Standing questions", ""]
    lines += [f"- {plain(w.question)} ({w.watch_id}): {_spans(len(w.found))} today" for w in watches]
    for change in changes:
        lines += ["", f"## {plain(change.question)}", "", f"{change.created}: {change.summary}.", ""]
        lines += [f"- new: {_quoted(f)}" for f in change.added]
        lines += [f"- no longer: {_quoted(f)}" for f in change.removed]
    return "\n".join(lines) + "\n"


def to_atom(watches: Sequence[Watch], changes: Sequence[WatchChange]) -> str:
    """An Atom feed (RFC 4287) with an entry for each change, newest first."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    newest = max([_NEVER, *(w.created for w in watches), *(c.created for c in changes)])
    first = watches[0].watch_id if watches else ""
    _put(feed, "id", uuid.uuid5(_NAMES, f"feed {first}").urn)
    _put(feed, "title", "Standing questions")
    _put(feed, "updated", newest)
    _put(ET.SubElement(feed, f"{{{_ATOM}}}author"), "name", "abstract-assistant")
    for change in changes:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _put(entry, "id", uuid.uuid5(_NAMES, f"{change.watch_id} {change.number}").urn)
        _put(entry, "title", change.question)
        _put(entry, "updated", change.created)
        _put(entry, "summary", change.summary)
        spans = [f"New: {_line(f)}" for f in change.added] + [f"No longer: {_line(f)}" for f in change.removed]
        _put(entry, "content", "\n".join(spans)).set("type", "text")
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def _put(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = _NOT_XML.sub("", text)
    return element


def _spans(count: int) -> str:
    return f"{count} span{'s' * (count != 1)}"


def _line(found: Found) -> str:
    return f"{found.title} ({found.paper_id}): “{found.quote}”"


def _quoted(found: Found) -> str:
    return f"{plain(found.title)} ({plain(found.paper_id)}): “{plain(found.quote)}”"
