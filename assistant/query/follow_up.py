"""Understands a question that goes on with the list of the answer before it: "how many of these are from 2023?"."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any

from assistant.plan import OF_THESE, Filters, Intent, Plan
from assistant.query.comparison import comparison_of
from assistant.query.intents import Grammar, Understood
from assistant.query.metadata import EVERY, Asked
from assistant.query.vocabulary import NEWEST, NOUN, OLDEST, QUANTITY, REVIEWS, SHOW, number
from assistant.types import Answer

_OPENING = r"^\W*(?:(?:and|ok|okay|so|now|but|please|then|also|great|thanks|can you|could you|what about|how about)\b[,:]?\s*)*"
_THESE = rf"(?:(?:of|among|from|in)\s+)?(?:these|those|them|the ones|this list|the list)(?:\s+{NOUN})?"
_PLURAL_VERB = r"(?:are|were|have|come|came|use|do|deal|mention|release|report|study|propose|introduce|appeared|apply|show|discuss|focus|cover|from|by|with|about|on|in)\b"
_COUNT = re.compile(
    rf"{_OPENING}how many(?:\s+{_THESE}\b(?P<rest>.*)|\s+(?P<rest2>(?:are|were)\s+(?:there|from|by|about|on|in|since|before|after|published|with)\b.*)|\W*)$",
    re.IGNORECASE,
)
_NARROWER = re.compile(
    rf"{_OPENING}(?:(?:(?:which|what)(?:\s+ones)?\s+{_THESE}|which ones|{SHOW}\s+(?:only\s+|just\s+)?(?:the ones|those))\s+(?P<rest>(?:that\s+|which\s+)?{_PLURAL_VERB}.*)"
    rf"|(?:{SHOW}\s+|keep\s+)?(?:only|just)\s+(?:show me\s+|me\s+)?(?:the\s+)?(?:{NOUN}|ones|those|these)?\s*(?P<rest2>(?:that\s+|which\s+)?{_PLURAL_VERB}.*)"
    rf"|(?:(?:are there|is there)\s+)?any(?:\s+{_THESE})?\s+(?P<rest3>{_PLURAL_VERB}.*)"
    rf"|(?:{SHOW}\s+|keep\s+)?(?:only|just)\s+(?:the\s+)?(?P<kind>{REVIEWS})\W*)$",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"{_OPENING}(?:which(?: ones)?|what are they|which (?:{NOUN} )?are (?:they|these|those)|{SHOW}\s+(?:them|these|those|all)(?:\s+all)?)\W*$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"{_OPENING}(?:(?:which|what)(?: ones?)? (?:is|are) |{SHOW}\s+)?(?:the )?(?:(?P<amount>{QUANTITY})\s+)?(?:{NEWEST}|(?P<old>{OLDEST}))"
    rf"(?:\s+(?P<amount2>{QUANTITY}))?(?P<plural>\s+ones)?(?:\s+(?:one|paper|{NOUN}))?(?:\s+{_THESE})?\W*$",
    re.IGNORECASE,
)
_ORDER = re.compile(
    rf"{_OPENING}(?:sort|order|rank|arrange)(?: (?:{_THESE}|it|the {NOUN}|the results))?(?: by (?:publication )?(?:year|date|age|time))(?P<how>.*)$",
    re.IGNORECASE,
)
_OTHER_TOPIC = re.compile(
    rf"^\W*(?:and|what about|how about|and what about)\s+(?:{NOUN}\s+)?(?:on|about)\s+(?P<topic>[^?.!,;]+)\W*$",
    re.IGNORECASE,
)
_THEM = re.compile(rf"\b(?:(?:all|each) (?:of )?)?(?:these|those|them|the ones)\b(?:\s+{NOUN}\b)?", re.IGNORECASE)
_WROTE = re.compile(rf"{_OPENING}who (?:wrote|published|are the authors of) {_THESE}\W*$", re.IGNORECASE)
_ANY_OF = (
    "authors", "venues", "categories", "organisations", "sources", "keywords", "collections", "languages",
    "publication_types", "kinds",
)  # fmt: skip
"""Filters that a paper passes with one of their values."""
_LONGEST = 8
"""Words of a phrase that takes the place of a filter."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a question means together with the one before it."""

    wanted: Understood
    standalone: str


def follow_up(question: str, latest: Answer, grammar: Grammar, given: Filters | None) -> FollowUp | None:
    """The question about the papers that the latest answer listed; None where it does not go on with them.

    `given` are the filters of the user, which go before those of both questions.
    """
    before = latest.query
    of_one = latest.listing is None or latest.listing.of <= 1
    if before is None or before.intent not in ("list", "count", "metadata") or (before.intent == "metadata" and of_one):
        return None
    intent: Intent = "list" if before.intent == "metadata" else before.intent
    base = Understood(intent, before.topic, _merged(before.filters, given or Filters()))
    for narrows, pattern in (("count", _COUNT), ("list", _NARROWER)):
        if match := pattern.match(question):
            return _narrowed(question, match, "count" if narrows == "count" else "list", base, before, grammar)
    if _ALL.match(question):
        return FollowUp(replace(base, intent="list"), before.standalone)
    if match := _ENDS.match(question):
        amount = match["amount"] or match["amount2"]
        count = number(amount) if amount else 5 if match["plural"] else 1
        return _ordered(question, base, before, Asked("lowest" if match["old"] else "highest", "date", count))
    if match := _ORDER.match(question):
        up = re.search(r"oldest|ascending", match["how"], re.IGNORECASE) is not None
        return _ordered(question, base, before, Asked("lowest" if up else "highest", "date", EVERY))
    table = comparison_of(_THEM.sub("the papers", question))
    if table is not None and (papers := table.request) is not None and not (papers.before or papers.rest.strip(" ?.!")):
        return FollowUp(replace(base, intent="table", columns=table.columns), _of_these(before, question))
    if _WROTE.match(question) and not before.topic:
        asked = Asked("values", "authors")
        return FollowUp(replace(base, intent="metadata", asked=asked), _of_these(before, question))
    return _instead(question, base, before, grammar)


def _narrowed(
    question: str, match: re.Match[str], intent: Intent, base: Understood, before: Plan, grammar: Grammar
) -> FollowUp | None:
    """Those of the papers that also pass what the question says."""
    named = match.groupdict()
    rest = (named["rest"] or named["rest2"] or named.get("rest3") or "").strip(" ?.!")
    rest = f"are {kind}" if (kind := named.get("kind")) else rest
    wanted = grammar.understand(f"which papers {rest}", None) if rest else Understood("list")
    if wanted.intent != "list" or wanted.asked is not None:
        return None
    if any(getattr(base.filters, name) and getattr(wanted.filters, name) for name in _ANY_OF):
        return None  # filters cannot say "by both"
    topic = OF_THESE.join(filter(None, [base.topic, wanted.topic]))
    filters = _merged(base.filters, wanted.filters)
    found = Understood(intent, topic, filters, relative=wanted.relative)
    return FollowUp(found, _of_these(before, question))


def _ordered(question: str, base: Understood, before: Plan, asked: Asked) -> FollowUp:
    intent: Intent = "list" if base.topic else "metadata"
    return FollowUp(replace(base, intent=intent, asked=asked), _of_these(before, question))


def _instead(question: str, base: Understood, before: Plan, grammar: Grammar) -> FollowUp | None:
    """The same question with another year, author or topic in the place of the one that it had."""
    said = f"{before.standalone.rstrip()} Instead: {question}"
    if (match := _OTHER_TOPIC.match(question)) and before.topic:
        return FollowUp(replace(base, topic=match["topic"].strip()), said)
    phrase = re.sub(_OPENING, "", question, flags=re.IGNORECASE).strip(" ?.!")
    readings = (grammar.filters_in(f"{lead}{phrase}") for lead in ("", "in ", "by "))
    found = next((found for found in readings if found.filters and not found.left), None)
    if found is None or len(phrase.split()) > _LONGEST:
        return None
    kinds = {_kind(name) for name in found.filters}
    unset: dict[str, Any] = {f.name: f.default for f in fields(Filters) if _kind(f.name) in kinds}
    filters = replace(replace(base.filters, **unset), **found.filters)
    return FollowUp(replace(base, filters=filters, relative=found.relative), said)


def _of_these(before: Plan, question: str) -> str:
    return f"{before.standalone.rstrip()} Of these: {question}"


def _kind(name: str) -> str:
    """What a filter is about: both ends of a range, and years and dates, take the place of one another."""
    name = name.removesuffix("_from").removesuffix("_to")
    return "date" if name == "year" else name


def _merged(before: Filters, new: Filters) -> Filters:
    """The filters with the new ones in the place of those that they set."""
    return replace(before, **{f.name: v for f in fields(Filters) if (v := getattr(new, f.name)) not in (None, ())})
