"""XML without a vocabulary of its own: records whose elements are named like the fields of other formats."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from assistant.documents.xml.elements import markup, text

_PERSON = {"name", "full_name", "first", "last", "family", "firstName", "lastName"}
"""Elements that only a person's element holds."""


def record(element: Element) -> dict[str, object]:
    """The fields of a record: each child's name with its text, or with all texts where it is repeated or has parts."""
    fields: dict[str, list[object]] = {}
    for child in element:
        is_list = len(child) > 0 and (child.tag.endswith("s") and {part.tag for part in child} == {child[0].tag})
        for item in child if is_list else [child]:
            fields.setdefault(child.tag, []).append(_value(item))
    return {
        name: values[0] if len(values) == 1 and isinstance(values[0], str) else values
        for name, values in fields.items()
    }


def _value(element: Element) -> object:
    parts = {part.tag: text(part) for part in element}
    return parts if _PERSON & parts.keys() else markup(element)
