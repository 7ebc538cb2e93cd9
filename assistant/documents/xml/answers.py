"""What a service says beside the papers: that something is wrong, or that there are more."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from assistant.documents.xml.elements import find
from assistant.errors import DocumentError


def error(element: Element) -> None:
    """Raises DocumentError with the service's reason, if there is one."""
    if reason := find(element, ".") or element.get("code"):
        raise DocumentError(
            f"the service reports an error, not papers: {reason}; correct the request and save its answer"
        )


def unfinished(element: Element, count: int) -> str | None:
    """What to know about a list of OAI-PMH that ends with a `resumptionToken` and so goes on in a further answer."""
    if not find(element, "."):
        return None
    total, cursor = element.get("completeListSize", ""), element.get("cursor", "")
    until = count + (int(cursor) if cursor.isdigit() else 0)
    read = f"{until} of {total} records" if total.isdigit() else f"{count} records so far"
    return f"the list goes on, {read}; harvest the rest with its resumptionToken"


def partial(element: Element, count: int) -> str | None:
    """What to know about the results of a search of which the file holds only some."""
    total = find(element, ".")
    if not total.isdigit() or int(total) <= count:
        return None
    return f"the search found {total} papers and the file holds {count} of them; fetch the other pages too"
