"""Takes out of a phrase what says by whom, when and where papers were written, and leaves what they are about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from assistant.plan import Filters
from assistant.query.holdings import Holdings
from assistant.query.times import YEAR, Period, period_at
from assistant.query.vocabulary import AT_LEAST, AT_MOST, LESS_THAN, MORE_THAN, QUANTITY, number

_LINK = re.compile(
    r"""(?:,\s*)?(?:(?:and|but|or)\s+)?(?:(?:that|which|who)\s+)?
    (?:(?:are|were|is|was|have\s+been|has\s+been|had\s+been|have|came|come|got|be)\s+)?
    (?:(?:first|only|all|also|originally|not\s+yet)\s+)?
    (?:(?P<verb>published|written|released|dated|submitted|posted|appear(?:ed|ing)?|authored|co-?authored|printed|out|issued|
    presented|accepted|produced|made)\s+|(?P<added>(?:newly\s+)?(?:added|indexed|stored|imported|uploaded|came\s+in|arrived)
    (?:\s+to\s+(?:the|my|our|this|your)\s+(?:library|collection))?)\s+|(?:categori[sz]ed|tagged|classified|filed|listed)\s+(?:as|under|in)\s+)?""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_OF_PAPERS = re.compile(
    r"\b(?:data|datasets?|records?|records|images?|samples?|measure(?:d|ments?)|observ(?:ed|ations?)|collected|recorded|gathered|"
    r"patients?|cases|events?|elections?|census|seasons?|games?|olympics|challenges?|competitions?|held|used|trained|built|"
    r"introduced|proposed|invented|founded|started|taken)$",
    re.IGNORECASE,
)
"""Words whose own time follows them: "data from 2019" says nothing about when a paper was written."""
_FREE = re.compile(
    r"\s*(?:$|[?.!,;:)]|(?:and|or|but|that|which|who|by|in|on|about|with|from|at|of|per|since|are|is|do|does|did|have|has|there|for|to|"
    r"written|published|using|as)\b)",
    re.IGNORECASE,
)
"""What may follow a time; a noun behind it would make it a part of a name."""
_NUMBER = rf"(?P<n>{QUANTITY}|a single|single|an?)"
_AUTHORS = re.compile(
    rf"(?:(?:with|(?P<by>by)|having|has|have|had|of|from|list|name)\s+)?(?:a team of\s+)?(?:"
    rf"(?P<more>{MORE_THAN})|(?P<least>{AT_LEAST})|(?P<less>{LESS_THAN})|(?P<most>{AT_MOST})|exactly|only|just|between)?\s*"
    rf"{_NUMBER}(?:(?P<or_more>\s*\+|\s+or more|\s+and more)|(?P<or_less>\s+or (?:fewer|less))|\s*(?:to|and|-|–)\s*(?P<n2>{QUANTITY}))?"
    r"[\s-]+(?:(?:different|listed|recorded)\s+)?(?:(?:co-?)?authors?|(?(by)(?:people|persons?|researchers?)|(?!)))(?:\s+or (?P<tail>more|fewer|less))?\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?P<by>by|from|of|at)\s+(?:the\s+)?(?P<noun>(?:authors?|researchers?|organi[sz]ation|company|institute|lab|laboratory|group)\s+)?(?:called\s+|named\s+)?",
    re.IGNORECASE,
)
_IN = re.compile(
    r"(?:in|at|for|from|to|of)\s+(?:the\s+)?(?P<noun>(?:journal|conference|proceedings(?:\s+of)?|venue|workshop)\s+(?:of\s+)?(?:the\s+)?)?",
    re.IGNORECASE,
)
_CATEGORY = re.compile(
    r"(?:(?:in|of|under|from|with|as|has|have)\s+)?(?:the\s+)?(?:arxiv\s+)?(?P<noun>(?:category|categories)\s+(?:of\s+|is\s+|are\s+)?)?(?P<name>[\w.-]*\w)",
    re.IGNORECASE,
)
_SOURCE_LEAD = r"(?:(?:that\s+)?(?:(?:are|come|came|were|is)\s+)?(?:in|from|of|out of|within)\s+)?(?:the\s+)?(?:(?:source|file|text|page|list|document|export)s?\s+)*(?:called\s+|named\s+)?"
_CALLED_FILE = re.compile(r"\b(?:source|file|page|list|document|export)s?\s", re.IGNORECASE)
_ACRONYM = re.compile(r"(?=(?:[a-z0-9]*[A-Z]){3})\w+")
"""A name with three capitals, such as `CVPR` or `NeurIPS`."""
_TOKEN = re.compile(r"[\w.’'-]*\w\.?")
_AND = re.compile(r"\s*(?:,\s*(?:and|or)?|and|or|&)\s+", re.IGNORECASE)
_MOST_WORDS = 8
_PARTICLES = frozenset("de da di del della der den van von la le du dos el al bin ibn ter ten af av zu y".split())


@dataclass(slots=True)
class Found:
    """Filters that a phrase names, and what is left of it."""

    left: str
    filters: dict[str, Any] = field(default_factory=dict)
    relative: bool = False
    """Whether they depend on the day on which they are said."""
    several: bool = False
    """Whether the phrase names two different times, as one that compares them does."""

    def merged_into(self, given: Filters) -> Filters:
        """The filters of the user, with these where the user gave none."""
        free = {name: value for name, value in self.filters.items() if getattr(given, name) in (None, ())}
        return replace(given, **free)

    def add(self, name: str, value: str) -> None:
        """One more value of a field that may have several."""
        self.filters[name] = tuple(dict.fromkeys((*self.filters.get(name, ()), value)))

    def add_period(self, period: Period, *, added: bool) -> None:
        """The time at which papers were written, or `added` to the library."""
        kind = "added" if added else "date" if period.years is None else "year"
        ends = period.years if kind == "year" and period.years else (period.first, period.last)
        new = {f"{kind}_from": ends[0], f"{kind}_to": ends[1]}
        self.several |= any(self.filters.get(name) not in (None, value) for name, value in new.items())
        self.filters |= {name: value for name, value in new.items() if value is not None}
        self.relative |= period.relative


class Phrases:
    """Reads the phrases of one library's questions."""

    def __init__(self, holdings: Holdings, today: date) -> None:
        self._holdings = holdings
        self._today = today

    def is_author(self, name: str) -> bool:
        """Whether the library has an author of this name, or it is written as the whole name of a person."""
        words = name.split()
        return self._holdings.has_author(name) or (len(words) > 1 and _written_as_name(words) == len(words))

    def take(self, text: str, *, adjacent: bool = True) -> Found:
        """The filters in a phrase; `adjacent` where it follows the word for papers."""
        found = Found("")
        text = self._take_sources(text, found)
        at, kept = 0, ""
        while at < len(text):
            if at and (text[at - 1].isalnum() or text[at].isspace()):
                kept, at = kept + text[at], at + 1
                continue
            end = self._filter_at(text, at, kept, found, adjacent=adjacent and not re.search(r"\w", kept))
            kept, at = (f"{kept.rstrip()} ", end) if end else (kept + text[at], at + 1)
        found.left = " ".join(kept.split())
        return found

    def _take_sources(self, text: str, found: Found) -> str:
        for source in sorted(self._holdings.sources(), key=len, reverse=True):
            stem = source.rpartition(".")[0] or source
            for name in (source, stem) if len(stem) > 3 else (source,):
                pattern = re.compile(
                    rf"{_SOURCE_LEAD}[“\"'‘]?(?<![\w.]){re.escape(name)}(?![\w-])[”\"'’]?", re.IGNORECASE
                )
                # A stem that may be any word counts where it is called a file.
                plain = name != source and name.isalpha()
                match = next((m for m in pattern.finditer(text) if not plain or _CALLED_FILE.search(m[0])), None)
                if match:
                    found.add("sources", source)
                    text = f"{text[: match.start()]} {text[match.end() :]}"
                    break
        return text

    def _filter_at(self, text: str, at: int, before: str, found: Found, *, adjacent: bool) -> int | None:
        """The offset behind the filter that begins here, which is noted; None where none begins."""
        link = _LINK.match(text, at)
        start = link.end() if link else at
        verb = link.start("verb") if link and link["verb"] else at
        for offset in dict.fromkeys((start, verb, at)):
            named = link if offset > at else None
            bound = adjacent or bool(named and (named["verb"] or named["added"]))
            end = (
                self._authors_count(text, offset, found)
                or self._time(text, offset, before, found, bound=bound, added=bool(named and named["added"]))
                or self._people(text, offset, found, bound=bound)
                or self._venue(text, offset, found, bound=bound, verb=bool(named and named["verb"]))
                or self._category(text, offset, found)
            )
            if end:
                return end
        return None

    def _time(self, text: str, at: int, before: str, found: Found, *, bound: bool, added: bool) -> int | None:
        read = period_at(text, at, self._today)
        if read is None:
            return None
        period, end = read
        if not bound:
            loose = re.match(r"(?i:of|for|dated|out of)\b|\d|[A-Z][a-z]+\.? \d", text[at:])
            if loose or _NOT_OF_PAPERS.search(before.rstrip()) or not _FREE.match(text, end):
                return None
        found.add_period(period, added=added)
        return end

    def _authors_count(self, text: str, at: int, found: Found) -> int | None:
        match = _AUTHORS.match(text, at)
        if match is None:
            return None
        n = number(match["n"])
        low: int | None = n
        high: int | None = n
        if match["n2"]:
            high = number(match["n2"])
        elif match["more"]:
            low, high = n + 1, None
        elif match["least"] or match["or_more"] or (match["tail"] or "").lower() == "more":
            high = None
        elif match["less"]:
            low, high = None, n - 1
        elif match["most"] or match["or_less"] or match["tail"]:
            low = None
        found.filters |= {k: v for k, v in (("authors_from", low), ("authors_to", high)) if v is not None}
        return match.end()

    def _people(self, text: str, at: int, found: Found, *, bound: bool) -> int | None:
        lead = _BY.match(text, at)
        if lead is None:
            return None
        by, noun = lead["by"].lower() == "by", (lead["noun"] or "").lower()
        end, position = None, lead.end()
        while True:
            known = bound and text[position : position + 1].isupper()
            named = self._name(text, position, by=by or "author" in noun or known, certain=by and bound)
            if named is None:
                return end
            kind, name, end = named
            found.add(kind, name)
            more = _AND.match(text, end)
            if more is None:
                return end
            position = more.end()

    def _name(self, text: str, at: int, *, by: bool, certain: bool) -> tuple[str, str, int] | None:
        """The kind, name and end of whoever is named here: one that the library knows, or one written like a person's."""
        tokens = _tokens(text, at)
        for count in range(len(tokens), 0, -1):
            name, end = _joined(text, at, tokens[:count])
            if self._holdings.has_organisation(name) and (by or count > 1 or name[0].isupper()):
                return "organisations", name, end
            if by and name not in _NO_NAMES and self._holdings.has_author(name):
                return "authors", name, end
        likely = tokens[: _written_as_name(tokens)]
        if certain and likely:
            name, end = _joined(text, at, likely)
            return "authors", name, end
        return None

    def _venue(self, text: str, at: int, found: Found, *, bound: bool, verb: bool) -> int | None:
        """A venue that the library knows, or one that is written as an acronym where only a venue can stand."""
        lead = _IN.match(text, at)
        if lead is None:
            return None
        tokens = _tokens(text, lead.end())
        for count in range(len(tokens), 0, -1):
            name, end = _joined(text, lead.end(), tokens[:count])
            if not YEAR.fullmatch(tokens[count - 1]) and self._holdings.has_venue(name):
                return self._at_venue(name, text, end, found)
        stands_alone = verb or (bound and lead[0].lower().startswith(("at ", "from ")))
        if stands_alone and tokens and _ACRONYM.fullmatch(tokens[0].rstrip("?!,;.")):
            name, end = _joined(text, lead.end(), tokens[:1])
            if not self._holdings.has_organisation(name):
                return self._at_venue(name, text, end, found)
        return None

    @staticmethod
    def _at_venue(name: str, text: str, end: int, found: Found) -> int:
        """Notes the venue with the year behind it, and returns the offset behind both."""
        found.add("venues", name)
        if year := re.compile(rf"\s+(?:in\s+)?({YEAR.pattern})").match(text, end):
            found.add_period(Period(year[1], year[1]), added=False)
            return year.end()
        return end

    def _category(self, text: str, at: int, found: Found) -> int | None:
        match = _CATEGORY.match(text, at)
        if match is None or not (match["noun"] or "." in match["name"] or match.start("name") > at):
            return None
        if not self._holdings.has_category(match["name"]):
            return None
        found.add("categories", match["name"])
        return match.end()


_NO_NAMES = frozenset({"the", "a", "an", "i", "me", "us", "them", "year", "author", "title", "date"})


def _tokens(text: str, at: int) -> list[str]:
    """The words from this offset on that stand side by side."""
    tokens: list[str] = []
    while len(tokens) < _MOST_WORDS and (match := _TOKEN.match(text, at)):
        tokens.append(match[0])
        space = re.compile(r"[ “”\"]+").match(text, match.end())
        if space is None:
            break
        at = space.end()
    return tokens


def _joined(text: str, at: int, tokens: list[str]) -> tuple[str, int]:
    """The words as a name, and the offset behind them."""
    for token in tokens:
        at = text.index(token, at) + len(token)
    return " ".join(tokens).rstrip("?!,;"), at


def _written_as_name(tokens: list[str]) -> int:
    """How many of the first words look like a person's name: capitals, initials and particles."""
    count = 0
    for token in tokens:
        if not (token[0].isupper() or token in _PARTICLES):
            break
        count += 1
    return count
