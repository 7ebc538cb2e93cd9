"""Finds out, from the beginning of a JSON document, where in it the records are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.documents.fields import field_key
from assistant.documents.services.containers import ENVELOPES, LISTS, OF_A_RECORD, holds_abstract, is_record

_TOKEN = re.compile(r'"((?:[^"\\\n]|\\.)*)"(\s*:)?|[{}\[\]]', re.S)
_TABLE = re.compile(r'\{\s*"[^"\n]*"\s*:\s*[\[{]')
DEEPEST = 64
"""Brackets around a record at most: with the path of each of its objects, a deeper document would fill the memory."""
_Path = tuple[tuple[str, str], ...]
"""The brackets around an object, each with the name under which it stands."""


@dataclass(frozen=True)
class Shape:
    """Where the records of a document are."""

    around: str
    """The brackets that are open around a record, such as `{[`; none where the whole document is one."""
    named: frozenset[str] = frozenset()
    """The arrays of those brackets that surely hold records; of others, what has a title is one."""
    table: bool = False
    """Whether it may be one table, stored by its columns or apart from their names, which is parsed as a whole."""

    def certain(self, name: str) -> bool:
        """Whether all that stands in an array of this name is a record."""
        return len(self.around) < 2 or name in self.named

    @property
    def keyed(self) -> bool:
        """Whether records are the values of an object, under their identifiers."""
        return self.around.endswith("{")


@dataclass
class _Object:
    path: _Path
    name: str
    """The name under which it stands in the object around it."""
    names: list[str] = field(default_factory=list)


def shape_of(head: str) -> Shape:
    """The shape of a document that begins with this text."""
    text = head.lstrip("\ufeff \t\n\x00")
    if text.startswith("["):
        return Shape("[")
    objects = _objects(text)
    roots = [made for made in objects if not made.path]
    if not roots or holds_abstract(roots[0].names):
        found = None
    elif is_record(roots[0].names):
        found = _listed(objects, LISTS - OF_A_RECORD)
    else:
        found = _listed(objects, LISTS) or _keyed(objects)
    return found or Shape("", table=len(roots) == 1 and bool(_TABLE.match(text)))


def _objects(text: str) -> list[_Object]:
    """The objects in the text, in the order in which they begin."""
    found: list[_Object] = []
    frames: list[tuple[str, str]] = []
    inner: list[_Object | None] = []
    name = ""
    for match in _TOKEN.finditer(text):
        mark = match[0]
        if mark[0] == '"':
            if match[2] and inner and (current := inner[-1]):
                name = match[1]
                current.names.append(name)
        elif mark in "{[":
            if mark == "{" and text[match.start() - 1 : match.start()] == "\n":
                # Only a document of its own begins in the first column: what came before was never closed.
                frames.clear()
                inner.clear()
                name = ""
            made = _Object(tuple(frames), name) if mark == "{" and len(frames) < DEEPEST else None
            found += [made] if made else []
            inner.append(made)
            frames.append((mark, name))
            name = ""
        elif frames:
            frames.pop()
            inner.pop()
            name = ""
    return found


def _listed(objects: list[_Object], known: frozenset[str]) -> Shape | None:
    """The shape of a document that holds arrays of records: of those that hold one, the outermost."""
    groups: dict[_Path, bool] = {}
    papers = [(*made.path, ("{", made.name)) for made in objects if holds_abstract(made.names)]
    for made in objects:
        if made.path and made.path[-1][0] == "[" and not any(made.path[: len(paper)] == paper for paper in papers):
            name, looks_right = field_key(made.path[-1][1]), is_record(made.names)
            if name in known or (looks_right and name not in OF_A_RECORD):
                groups[made.path] = groups.get(made.path, False) or looks_right
    outer = [path for path in groups if not any(path[: len(other)] == other for other in groups if other != path)]
    if not outer:
        return None
    best = min(outer, key=lambda path: (not groups[path], len(path)))
    alike = [path for path in outer if len(path) == len(best) and groups[path] == groups[best]]
    return Shape("".join(bracket for bracket, _ in best), frozenset(path[-1][1] for path in alike))


def _keyed(objects: list[_Object]) -> Shape | None:
    """The shape of a document whose records are the values of an object, under their identifiers."""
    for made in objects:
        around = "".join(bracket for bracket, _ in made.path)
        if around and set(around) == {"{"} and is_record(made.names):
            return None if field_key(made.name) in ENVELOPES else Shape(around)
    return None
