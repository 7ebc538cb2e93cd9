"""Finds out what a question asks for: its intent, its topic, and the papers that it limits itself to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.plan import Filters, Intent
from assistant.query.comparison import Comparison, comparison_of
from assistant.query.courtesy import is_courtesy
from assistant.query.holdings import Holdings, Title
from assistant.query.metadata import Asked, asked_of_all, asked_of_one
from assistant.query.phrases import Found, Phrases
from assistant.query.request import LEAD, NOUN, ONE, WROTE, Request, request_of, topic_of, without_holding
from assistant.query.times import bare_years

_LIBRARY = (
    r"(?:library|collection|corpus|database|pile|data ?set of papers|set of papers|papers|abstracts|files|documents)"
)
_THE_LIBRARY = rf"(?:(?:in |of |from )?(?:the|this|these|those|my|our|your|all|all the|all of the|all these)\s+(?:whole\s+|entire\s+)?{_LIBRARY}|(?:in |of )?here|(?:in |of )?everything(?: here)?)"
_OVERVIEW = re.compile(
    rf"^{LEAD}(?:"
    rf"(?:what|which)(?:[’']s| is| are| do (?:you|we|i) have| (?:papers |topics |subjects |themes )(?:do (?:you|we) (?:have|cover)|are (?:there|covered|represented)))(?: all)?(?: (?:contained|included|stored|covered))?(?: {_THE_LIBRARY})?"
    rf"|what (?:does|do|is|are) {_THE_LIBRARY} (?:contain|cover|hold|include|about|all about|consist of|deal with)"
    rf"|(?:give me |show me |write |provide )?(?:an? |the )?(?:short |brief |quick )?(?:overview|summary|inventory|synopsis|outline|description)(?: (?:of|over) (?:what is )?{_THE_LIBRARY})"
    rf"|(?:summari[sz]e|describe|sum up|outline|introduce|tell me about|explain) {_THE_LIBRARY}"
    rf"|what (?:can i ask(?: you)?|do you know|do you have|can you tell me)(?: about)?(?: {_THE_LIBRARY})?"
    r"|what (?:topics|subjects|themes|areas|fields)(?: (?:are|do) .{0,40}(?:cover(?:ed|s)?|there|here|deal with|represented|library|collection|about))"
    r")\W*$",
    re.IGNORECASE,
)
_NEW = re.compile(
    rf"^{LEAD}(?:(?:what|anything|something|is there anything|is anything|show me what)(?:[’']s| is| are| has been| was| came| got)?\s+(?:new|added|in|changed|recently added|new and added)"
    rf"|(?:what|which)\s+(?:{NOUN}\s+)?(?:are|is)\s+new)(?P<rest>(?:\s+(?:{_THE_LIBRARY}|in the last|since|this|last|today|yesterday|recently|lately)\b.*)?)\W*$",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    rf"^{LEAD}(?:(?:summari[sz]e|sum up|tl;?dr(?: of)?|abstract of|outline)(?: for me)?\s+(?:the\s+)?(?:paper\s+|article\s+)?(?:called\s+|titled\s+|entitled\s+)?(?P<a>.+?)"
    r"|(?:give me |show me |write |provide )?(?:an? |the )?(?:short |brief |quick )?(?:summary|overview|synopsis|gist) of\s+(?:the\s+)?(?:paper\s+|article\s+)?(?P<b>.+?)"
    r"|(?:what is|what[’']s|what does)\s+(?:the\s+)?(?:paper\s+|article\s+)?(?P<c>.+?)\s+(?:all\s+)?about"
    r"|tell me (?:more )?about\s+(?:the\s+)?(?:paper\s+|article\s+)?(?P<d>.+?))(?:\s+(?:for me|please|in (?:short|brief)))?\W*$",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"(?:it|this|that|this one|that one|(?:this|that|the) (?:paper|article|study|work)|the paper)", re.I
)
_TREND = re.compile(
    rf"^{LEAD}(?:"
    r"how (?:has|have|did|does|do) (?:the )?(?:number|share|proportion|count|amount|popularity|interest in|use of|usage of|research on|research into|work on|attention to|papers on|papers about|focus on)\b(?P<a>.*?)(?:chang|gr[eo]w|develop|evolv|increas|declin|ris|fall|drop|vary|shift)\w*(?P<a2>.*)"
    r"|(?:show(?: me)?|plot|draw|what (?:is|are)|give me|graph)?\s*(?:the )?(?:trends?|popularity) (?:of|in|for|on)\s+(?P<b>.*?)(?:\s+(?:over (?:time|the (?:last )?years)|by year|per year|since \d{4}))?"
    rf"|(?:how many |{_THE_LIBRARY} |the number of |plot |show me )?(?:papers|articles|publications|studies) (?:on|about|using|that use)\s+(?P<c>.*?)\s+(?:are there |were published |were there )?(?:per year|by year|each year|over (?:time|the years)|in each year|year by year)"
    r"|is (?P<d>.*?) (?:getting|becoming|growing) (?:more|less) (?:popular|common|frequent|studied|used)"
    r")\W*$",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"\bcompar(?:e[ds]?|ing|isons?)\b|\bversus\b|\bvs\b|\bdiffer(?:s|ences?)?\b|\bwhich (?:of (?:them|these|the two)|one) (?:is|are|performs?|works?|does)\b",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"^(?P<name>.+?)(?:[’']s|s[’'])$")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_VALUE = re.compile(r"\b(?:by|from|file|source|called|named|author|authors|category|categories|venue|journal|conference|in|at|of)\s+$", re.IGNORECASE)  # fmt: skip
_IDLE_BEFORE = frozenset(
    {"", "recent", "new", "available", "single", "newest", "latest", "most recent", "oldest", "earliest"}
)
_PAPERS_OF = re.compile(rf"\b{NOUN}\b(?=\s)", re.IGNORECASE)
_OPENING = re.compile(r"^\W*(?:(?:and|so|but)\s+)?(?P<phrase>(?:in|since|from|between|before|after|during|until)\b[^,?]{0,40}),\s*(?P<rest>.+)$", re.I)  # fmt: skip
HIDDEN = "\ua66e"
"""Stands for each character of a title, which no rule reads: a letter that no text has."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question asks for, as far as its wording and the library tell."""

    intent: Intent
    topic: str = ""
    filters: Filters = field(default_factory=Filters)
    """Those that it names, beside the user's."""
    asked: Asked | None = None
    papers: tuple[str, ...] = ()
    """Ids of the papers that it names, where it asks what they are about, what their records say, or compares them."""
    columns: tuple[str, ...] = ()
    """What it compares papers by, as it names it; empty for the usual columns."""
    relative: bool = False
    """Whether its filters depend on the day on which it is asked."""

    @property
    def of_library(self) -> bool:
        """Whether it is about all papers, so that it cannot lean on the one that was spoken of before."""
        return self.intent in ("list", "count", "trend", "table", "overview") or (
            self.intent == "metadata" and self.asked is not None and self.asked.operation != "record"
        )


class Grammar:
    """Understands the questions that are put to one library."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings

    def understand(self, question: str, given: Filters | None, today: date | None = None) -> Understood:
        """The intent, the topic and the filters; `given` are those of the user, which go before those of the question."""
        if is_courtesy(question):
            return Understood("smalltalk")
        if not re.search(r"[^\W_]{2}|\d", question):
            return Understood("no question")
        phrases = Phrases(self._holdings, today or date.today())
        titles = self._holdings.titles_in(question)
        hidden = _hidden(question, titles)
        if named := self._of_paper(hidden, titles):
            return replace(named, filters=given or Filters())
        if (comparison := comparison_of(hidden)) and (
            table := self._table(comparison, hidden, question, phrases, given)
        ):
            return table
        found = self._understood(hidden, phrases)
        if found is None:
            return Understood("compare" if _COMPARE.search(question) else "lookup", filters=given or Filters())
        intent, topic, taken, asked = found
        filters = taken.merged_into(given or Filters()) if taken is not None else given or Filters()
        relative = taken is not None and taken.relative
        return Understood(intent, _shown(topic, hidden, question), filters, asked, relative=relative)

    def _table(
        self, comparison: Comparison, hidden: str, question: str, phrases: Phrases, given: Filters | None
    ) -> Understood | None:
        """The table that a comparison asks for; None where it names no papers of the library, or neither topic nor filter."""
        if comparison.names:
            named = [self._holdings.named(question[start:end]) for start, end in comparison.names]
            papers = tuple(dict.fromkeys(i for ids in named for i in ids))
            enough = all(named) and len(papers) > 1
            filters = given or Filters()
            return Understood("table", "", filters, None, papers, columns=comparison.columns) if enough else None
        topic, found = comparison.topic, None
        if comparison.request is not None:
            _, topic, found, _ = self._list(comparison.request, phrases, None)
        filters = found.merged_into(given or Filters()) if found is not None else given or Filters()
        if not topic and filters == (given or Filters()):
            return None
        relative = found is not None and found.relative
        return Understood(
            "table", _shown(topic, hidden, question), filters, relative=relative, columns=comparison.columns
        )

    def _of_paper(self, hidden: str, titles: Sequence[Title]) -> Understood | None:
        """A question about one paper as a whole, or about its record."""
        papers = tuple(dict.fromkeys(i for title in titles for i in title.papers))
        if match := _SUMMARY.match(hidden):
            words = next(filter(None, match.groups()), "").strip(" “”\"'")
            if papers and not words.strip(HIDDEN):
                return Understood("about", papers=papers[:1])
            return Understood("about") if _POINTS.fullmatch(words) else None
        asked = asked_of_one(re.sub(f'[“"]?{HIDDEN}+[”"]?', "it", hidden)) if papers else None
        return None if asked is None else Understood("metadata", asked=asked, papers=papers)

    def _understood(self, hidden: str, phrases: Phrases) -> tuple[Intent, str, Found | None, Asked | None] | None:
        if _OVERVIEW.match(hidden):
            return "overview", "", None, None
        if match := _NEW.match(hidden):
            return "overview", "", self._added(match["rest"], phrases), Asked("highest", "added", 5)
        if (match := _TREND.match(hidden)) and (topic := _trend_topic(match)):
            return "trend", topic, None, None
        return self._request(hidden, phrases) or self._lookup(hidden, phrases)

    def _request(self, question: str, phrases: Phrases) -> tuple[Intent, str, Found | None, Asked | None] | None:
        """A request for papers, or a question about the records of all of them."""
        opening = _OPENING.match(question)
        first = phrases.take(opening["phrase"], adjacent=True) if opening else None
        if opening and first is not None and first.filters and not first.left.strip(" ,"):
            question = opening["rest"]
        else:
            first = None
        if asked := asked_of_all(question):
            return _intent_of(asked, question), "", first, asked
        taken = phrases.take(question, adjacent=False)
        if taken.filters and (asked := asked_of_all(" ".join(f"{taken.left}".split()))):
            return _intent_of(asked, question), "", taken, asked
        request = request_of(question)
        if request is None:
            return None
        return self._list(request, phrases, first)

    def _list(self, request: Request, phrases: Phrases, first: Found | None) -> tuple[Intent, str, Found | None, None]:
        rest = request.rest
        named: list[tuple[str, str]] = []
        if (match := WROTE.search(rest)) and not request.before:
            named = [("authors", match["name"].strip())]
            rest = rest[: match.start()] + rest[match.end() :]
        found = phrases.take(without_holding(rest))
        if first is not None:
            found.filters = first.filters | found.filters
            found.relative |= first.relative
        for kind_of_name, name in named:
            found.add(kind_of_name, name)
        before = self._before(request.before, phrases, found)
        kind = "" if re.fullmatch(f"{NOUN}|{ONE}", request.noun, re.IGNORECASE) else request.noun
        topic = topic_of(found.left)
        head = " ".join(filter(None, [before, kind or ("papers" if before and topic else "")]))
        if before and not topic and not kind:
            head = f"{before} {request.noun}"
        topic = " ".join(filter(None, [head, found.left.strip(" ?.!,;:") if head and topic else topic]))
        return request.intent, topic, found, None

    def _before(self, words: str, phrases: Phrases, found: Found) -> str:
        """The words before the noun, without the filters among them."""
        if period := bare_years(words):
            found.add_period(period, added=False)
            return re.sub(r"\s*[\d–—-]+(?:\s*to\s*\d+)?$", "", words)
        if (match := _POSSESSIVE.match(words)) and self._holdings.has_author(match["name"]):
            found.add("authors", match["name"])
            return ""
        taken = phrases.take(f"with {words.replace('-author', ' authors')}")
        if "authors_from" in taken.filters or "authors_to" in taken.filters:
            found.filters |= taken.filters
            return taken.left
        for names, holds in (
            ("categories", self._holdings.has_category),
            ("venues", self._holdings.has_venue),
            ("organisations", self._holdings.has_organisation),
        ):
            if words and holds(words):
                found.add(names, words)
                return ""
        return "" if words.casefold() in _IDLE_BEFORE else words

    def _lookup(self, question: str, phrases: Phrases) -> tuple[Intent, str, Found | None, None] | None:
        """An ordinary question that limits itself to some papers: "what do papers from 2023 say about pruning?"."""
        match = _PAPERS_OF.search(question)
        if match is None:
            return None
        rest = question[match.end() :].lstrip()
        taken = phrases.take(rest)
        if not taken.filters or taken.several or _PAPERS_OF.search(rest):
            return None
        if rest[:20] == taken.left[:20]:  # what follows the word for papers is no filter
            return None
        return "compare" if _COMPARE.search(question) else "lookup", "", taken, None

    def _added(self, rest: str, phrases: Phrases) -> Found | None:
        """When what is asked for came into the library."""
        found = phrases.take(f"added {rest.strip(' ?.!')}")
        return found if found.filters else None


def _hidden(question: str, titles: Sequence[Title]) -> str:
    """The question with titles, and quoted words that are no name of anything, made unreadable for the rules."""
    text = question
    for title in titles:
        text = text[: title.start] + HIDDEN * (title.end - title.start) + text[title.end :]
    for match in _QUOTED.finditer(text):
        if not _VALUE.search(text[: match.start()]) and HIDDEN not in match[0]:
            text = text[: match.start()] + HIDDEN * len(match[0]) + text[match.end() :]
    return text


def _shown(topic: str, hidden: str, question: str) -> str:
    """The topic with what was hidden, as far as it stands in the question as it is."""
    if HIDDEN not in topic:
        return topic
    match = re.search(r"\s+".join(map(re.escape, topic.split())), hidden)  # as long as the question
    return question[match.start() : match.end()] if match else topic.replace(HIDDEN, "")


def _trend_topic(match: re.Match[str]) -> str:
    """What the trend is of: the words around the verb, without those for the time."""
    words = " ".join(" ".join(filter(None, match.groups())).split())
    return re.sub(
        r"\s*\b(?:over (?:time|the (?:last |past )?(?:\w+ )?years)|since \d{4}|by year|per year)\W*$", "", words
    ).strip(" ?.!")


def _intent_of(asked: Asked, question: str) -> Intent:
    if asked.operation in ("recorded", "not recorded"):
        return "count" if re.search(r"\b(?:how many|count|number)\b", question, re.IGNORECASE) else "list"
    return "metadata"
