"""Reads the YAML at the top of a note field by field, so that a broken field costs only itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.documents.fields import field_key

_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.S | re.M)
_FIELD = re.compile(r"^(?=[^\s#-][^\n]*?:(?:\s|$))", re.M)
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_DEPTH = 6
"""Levels of lists and mappings that a field may have."""
_PAGE_PROPERTIES = re.compile(r"\A(?:[\w -]{1,40}::[ \t]*[^\n]*\n)+")
"""Logseq's front matter: `title:: Owls`, one field a line."""

Matter = dict[str, object]


def split(text: str) -> tuple[Matter, str]:
    """The fields of the front matter, under the keys of `field_key`, and the text with the front matter blanked out."""
    if match := _MATTER.match(text):
        found = dict(filter(None, map(_field, _FIELD.split(match[1]))))
    elif match := _PAGE_PROPERTIES.match(text):
        lines = (line.partition("::") for line in match[0].splitlines())
        found = {field_key(name): unlinked(value.strip()) for name, _, value in lines}
    else:
        return {}, text
    return found, "\n" * match[0].count("\n") + text[match.end() :]


def unlinked(text: str) -> str:
    """The text with `[[page|label]]` replaced by its label."""
    return _WIKI_LINK.sub(r"\1", text)


def _field(chunk: str) -> tuple[str, object] | None:
    name, _, value = chunk.partition(":")
    key = field_key(name)
    return (key, _parsed(chunk, value)) if key else None


def _parsed(chunk: str, value: str) -> object:
    """The value of one field; as it stands where it is no YAML, such as an unquoted title with a colon."""
    import yaml

    text = unlinked(chunk)
    try:
        # Aliases can be made to fill the memory.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.BaseLoader)):
            raise yaml.YAMLError("an alias")
        loaded = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - safe: it makes texts, lists and mappings only
    except (yaml.YAMLError, RecursionError, ValueError):
        lines = [line.strip() for line in unlinked(value).splitlines() if line.strip()]
        if len(lines) > 1 and all(line.startswith("- ") for line in lines):  # indented with tabs, for one
            return [line[2:].strip(" \"'") for line in lines]
        return " ".join(lines).strip("\"'")
    return _plain(next(iter(loaded.values())), 0) if isinstance(loaded, Mapping) and loaded else value.strip()


def _plain(value: object, depth: int) -> object:
    """The value with lists in lists flattened, as YAML reads `[[a link]]` without quotes."""
    if depth > _DEPTH:
        return ""
    if isinstance(value, list):
        items = [_plain(item, depth + 1) for item in value]
        return [inner for item in items for inner in (item if isinstance(item, list) else [item]) if inner]
    if isinstance(value, Mapping):
        return {str(name): _plain(item, depth + 1) for name, item in value.items()}
    return value
