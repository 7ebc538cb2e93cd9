"""MARCXML, the format of library catalogues."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from assistant.documents.xml.elements import find_all


def record(element: Element) -> dict[str, object]:
    """The fields of a MARC 21 `record`."""
    titles = [part.rstrip(" /:;=,.") for part in _values(element, "245", "ab")]
    year = next(
        (
            m[0]
            for text in _values(element, "264", "c") + _values(element, "260", "c")
            if (m := re.search(r"[12]\d{3}", text))
        ),
        None,
    )
    numbers = [text for text in _values(element, "024", "a") + _values(element, "856", "u") if "10." in text]
    names = (_values(element, tag, "a") for tag in ("100", "110", "700", "710"))
    return {
        "title": ": ".join(titles),
        "abstract": " ".join(_values(element, "520", "ab")),
        "authors": [
            name.rstrip(" ,.") if not re.search(r"\b\w\.$", name) else name for found in names for name in found
        ],
        "date": year,
        "doi": next(iter(numbers), None),
        "url": _values(element, "856", "u"),
        "venue": _values(element, "773", "t"),
        "keywords": [word.rstrip(" .") for tag in ("650", "653") for word in _values(element, tag, "a")],
        "language": next(iter(_values(element, "041", "a")), None),
    }


def _values(element: Element, tag: str, codes: str) -> list[str]:
    return [
        text
        for field in element.iterfind(f"datafield[@tag='{tag}']")
        for code in codes
        for text in find_all(field, f"subfield[@code='{code}']")
    ]
