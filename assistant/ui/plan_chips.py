"""Shows how a question was understood as chips, and changes the plan as the visitor's clicks say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from assistant import Filters, Plan
from assistant.ui.text import shortened

INTENTS: dict[str, str] = {
    "lookup": "answer",
    "compare": "compare",
    "list": "list papers",
    "count": "count papers",
    "trend": "trend over the years",
    "table": "table",
    "overview": "overview",
    "about": "about one paper",
    "metadata": "records",
}
"""What a plan asks for, in the words of its chip; the others have no plan to change."""
_OFFERED = ("lookup", "list", "count", "table", "trend")
_OF_PAPERS = ("list", "count", "table", "trend")
"""What is asked of all papers with a topic."""
_RANGES = {
    "year": ("Year", "year_from", "year_to"),
    "date": ("Date", "date_from", "date_to"),
    "added": ("Added", "added_from", "added_to"),
    "authors_count": ("Number of authors", "authors_from", "authors_to"),
}
_VALUES = {
    "authors": "Author",
    "venues": "Venue",
    "categories": "Category",
    "organisations": "Organisation",
    "sources": "File",
    "keywords": "Keyword",
    "collections": "Collection",
    "languages": "Language",
    "publication_types": "Type",
    "kinds": "Kind",
}
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class PlanChip:
    """One part of the plan that can be taken out of it."""

    name: str
    words: str
    field: str
    value: str = ""


def chips(plan: Plan) -> list[PlanChip]:
    """The topic and each filter; papers that are pinned or left out stand elsewhere on the page."""
    found = [PlanChip("Topic", shortened(plan.topic, _LONGEST), "topic")] if plan.topic else []
    for field, (name, low, high) in _RANGES.items():
        if words := _range(getattr(plan.filters, low), getattr(plan.filters, high)):
            found.append(PlanChip(name, words, field))
    for field, name in _VALUES.items():
        found += [PlanChip(name, shortened(value, _LONGEST), field, value) for value in getattr(plan.filters, field)]
    if plan.filters.no_retracted:
        found.append(PlanChip("Retracted papers", "left out", "no_retracted"))
    return found


def other_intents(plan: Plan) -> list[tuple[str, str]]:
    """What the same question may be changed to ask for."""
    return [(intent, INTENTS[intent]) for intent in _OFFERED if intent != plan.intent]


def changed(plan: Plan, field: str, value: str) -> Plan:
    """The plan without this part of it, or with another intent; the same plan where the browser sends anything else."""
    if field == "intent" and value in INTENTS:
        intent: Any = value
        asks_anew = intent in _OF_PAPERS and plan.intent not in _OF_PAPERS
        topic = plan.topic or (plan.standalone.rstrip(" ?.!") if asks_anew else "")
        return replace(plan, intent=intent, topic=topic)
    if field == "topic":
        return replace(plan, topic="")
    return replace(plan, filters=_without(plan.filters, field, value))


def _without(filters: Filters, field: str, value: str) -> Filters:
    emptied: dict[str, Any] = {}
    if field in _RANGES:
        emptied = dict.fromkeys(_RANGES[field][1:])
    elif field == "no_retracted":
        emptied = {field: False}
    elif field in _VALUES:
        emptied = {field: tuple(v for v in getattr(filters, field) if v != value)}
    return replace(filters, **emptied)


def _range(low: object, high: object) -> str:
    if low is None and high is None:
        return ""
    if low == high:
        return str(low)
    return f"from {low}" if high is None else f"until {high}" if low is None else f"{low} to {high}"
