"""Finds out what a question asks for: its intent, its topic, and the papers that it limits itself to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from assistant.embeddings.word_states import EncodeWords
from assistant.plan import Filters, Intent
from assistant.query.comparison import Comparison, comparison_of
from assistant.query.courtesy import is_courtesy
from assistant.query.holdings import Holdings, Title
from assistant.query.learned_intent import learned_intent
from assistant.query.masking import HIDDEN, masked, unmasked
from assistant.query.message_kind import asks_nothing, is_wordless, kind_of
from assistant.query.metadata import Asked, asked_of_all, asked_of_one
from assistant.query.phrases import Found, Phrases
from assistant.query.request import (
    WROTE,
    Request,
    names_in,
    names_topic,
    published_by,
    request_of,
    topic_of,
    unnamed_request_of,
    without_holding,
    without_order,
)
from assistant.query.times import bare_years
from assistant.query.vocabulary import NOUN, PAPERS
from assistant.query.wordings import COMPARE, NEW, OVERVIEW, POINTS, SUMMARY, TREND, trend_topic

_POSSESSIVE = re.compile(r"^(?P<name>.+?)(?:[’']s|s[’'])$")
_IDLE_BEFORE = frozenset(
    {"", "recent", "new", "available", "single", "newest", "latest", "most recent", "oldest", "earliest"}
)
_PAPERS_OF = re.compile(rf"\b{NOUN}\b(?=\s)", re.IGNORECASE)
_OPENING = re.compile(r"^\W*(?:(?:and|so|but)\s+)?(?P<phrase>(?:in|since|from|between|before|after|during|until)\b[^,?]{0,40}),\s*(?P<rest>.+)$", re.I)  # fmt: skip
_Request = tuple[Intent, str, Found | None, Asked | None]
"""What the rules read in a question: its intent, topic, filters, and what it asks of records."""


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

    def __init__(self, holdings: Holdings, encode: EncodeWords | None = None) -> None:
        """`encode` reads wordings that no rule knows; without it, they are ordinary questions."""
        self._holdings = holdings
        self._encode = encode

    def understand(
        self,
        question: str,
        given: Filters | None,
        today: date | None = None,
        *,
        learned: bool = True,
        begins: bool = False,
    ) -> Understood:
        """The intent, the topic and the filters; `given` are those of the user, which go before those of the question.

        `learned` allows wordings that no rule knows, which a question that may lean on a conversation must not be read by.
        `begins` says that there is no conversation, so that it cannot lean on one.
        """
        if is_courtesy(question):
            return Understood("smalltalk")
        if is_wordless(question):
            return Understood("no question")
        phrases = Phrases(self._holdings, today or date.today())
        titles = self._holdings.titles_in(question)
        hidden = masked(question, titles)
        if named := self._of_paper(hidden, titles):
            if begins and named.intent == "about" and not named.papers:
                return Understood("unclear")
            return replace(named, filters=given or Filters())
        if (comparison := comparison_of(hidden)) and (
            table := self._table(comparison, hidden, question, phrases, given)
        ):
            return table
        found = self._understood(hidden, phrases)
        if nothing := self._asks_nothing(question, titles, found, begins=begins):
            return Understood(nothing)
        if found is None and learned and not titles:
            guessed = self._learned(question, phrases, given or Filters())
            if guessed is not None:
                return guessed
        if found is None:
            return Understood("compare" if COMPARE.search(question) else "lookup", filters=given or Filters())
        intent, topic, taken, asked = found
        filters = taken.merged_into(given or Filters()) if taken is not None else given or Filters()
        relative = taken is not None and taken.relative
        return Understood(intent, unmasked(topic, question, hidden), filters, asked, relative=relative)

    def filters_in(self, phrase: str, today: date | None = None) -> Found:
        """The filters that a phrase names by itself, such as "by Ann Beek" or "from 2019", and what is left of it."""
        years = bare_years(phrase.strip(" ?.!"))
        if years is not None and not phrase.strip("0123456789 -–—to?.!"):
            found = Found("")
            found.add_period(years, added=False)
            return found
        return Phrases(self._holdings, today or date.today()).take(phrase)

    def _asks_nothing(
        self, question: str, titles: Sequence[Title], found: _Request | None, *, begins: bool
    ) -> Literal["no question", "unclear"] | None:
        """Why a message is no question that can be answered; `found` is what the rules read in it."""
        if titles or self._holdings.named(question):
            return None
        if found is None or found[0] in ("lookup", "compare"):
            return asks_nothing(question, self._encode, begins=begins)
        intent, topic, _, asked = found
        of_all = topic or re.search(rf"\b{NOUN}\b", question, re.IGNORECASE)
        if of_all or not begins or self._encode is None or (asked.operation != "values" if asked else intent != "list"):
            return None
        return "unclear" if kind_of(question, self._encode) == "leaning" else None  # "and in 2021?", "which year?"

    def _learned(self, question: str, phrases: Phrases, given: Filters) -> Understood | None:
        """What a question in a wording that no rule knows asks of the library; its filters stand beside the topic."""
        read = learned_intent(question, self._encode) if self._encode is not None else None
        if read is None or (COMPARE.search(question) and read.intent != "table"):
            return None
        found = phrases.take(question[: read.start] + question[read.end :], adjacent=False)
        topic = question[read.start : read.end]
        return Understood(read.intent, topic, found.merged_into(given), relative=found.relative)

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
            "table", unmasked(topic, question, hidden), filters, relative=relative, columns=comparison.columns
        )

    def _of_paper(self, hidden: str, titles: Sequence[Title]) -> Understood | None:
        """A question about one paper as a whole, or about its record."""
        papers = tuple(dict.fromkeys(i for title in titles for i in title.papers))
        if match := SUMMARY.match(hidden):
            words = next(filter(None, match.groups()), "").strip(" “”\"'‘’")
            if papers and not words.strip(HIDDEN) and (titles[0].is_name or match["names"] is None):
                return Understood("about", papers=papers[:1])
            return Understood("about") if POINTS.fullmatch(words) else None
        asked = asked_of_one(re.sub(f"[“\"'‘]?{HIDDEN}+[”\"'’]?", "it", hidden)) if papers else None
        return None if asked is None else Understood("metadata", asked=asked, papers=papers)

    def _understood(self, hidden: str, phrases: Phrases) -> _Request | None:
        if OVERVIEW.match(hidden):
            return "overview", "", None, None
        if match := NEW.match(hidden):
            return "overview", "", self._added(match["rest"], phrases), Asked("highest", "added", 5)
        if (match := TREND.match(hidden)) and (topic := trend_topic(match)):
            return "trend", topic, None, None
        return self._request(hidden, phrases) or self._lookup(hidden, phrases)

    def _request(self, question: str, phrases: Phrases) -> _Request | None:
        """A request for papers, or a question about the records of all of them."""
        opening = _OPENING.match(question)
        first = phrases.take(opening["phrase"], adjacent=True) if opening else None
        if opening and first is not None and first.filters and not first.left.strip(" ,"):
            question = opening["rest"]
        else:
            first = None
        if asked := asked_of_all(question):
            return self._asked(asked, question, first, phrases)
        taken = phrases.take(question, adjacent=False)
        if taken.filters and (asked := asked_of_all(taken.left)):
            return self._asked(asked, question, taken, phrases)
        if request := request_of(question):
            return self._list(request, phrases, first)
        if (whose := published_by(question)) and any(phrases.is_author(name) for name in names_in(whose[0])):
            return self._list(Request("list", "", "papers", f" did {whose[0]} write {whose[1]}"), phrases, first)
        if request := unnamed_request_of(question):
            intent, topic, found, order = self._list(request, phrases, first)
            says = names_topic(request.rest) if topic else found is not None and bool(found.filters)
            return (intent, topic, found, order) if says else None
        bare = self.filters_in(question.strip(" ?.!"))
        counts = bare.filters.keys() & {"authors_from", "authors_to"}
        alone = not bare.left and (counts or bare_years(question.strip(" ?.!")))
        return ("list", "", bare, None) if alone else None

    def _asked(
        self, asked: Asked, question: str, taken: Found | None, phrases: Phrases
    ) -> tuple[Intent, str, Found | None, Asked]:
        """A question about records, with the filters and the topic that it limits the papers to."""
        found = phrases.take(without_holding(asked.among))
        topic = topic_of(found.left)
        if taken is not None:
            found.filters = taken.filters | found.filters
            found.relative |= taken.relative
        return "list" if topic else _intent_of(asked, question), topic, found, asked

    def _list(self, request: Request, phrases: Phrases, first: Found | None) -> _Request:
        rest, order = without_order(request.rest)
        names: tuple[str, ...] = ()
        if (match := WROTE.search(rest)) and not request.before:
            names = names_in(match["name"])
            rest = rest[: match.start()] + rest[match.end() :]
        rest = without_holding(rest)
        found = self.filters_in(rest) if bare_years(rest.strip(" ?.!")) else phrases.take(rest)
        if first is not None:
            found.filters = first.filters | found.filters
            found.relative |= first.relative
        for name in names:
            found.add("authors", name)
        before = self._before(request.before, phrases, found)
        kind = "" if re.fullmatch(PAPERS, request.noun, re.IGNORECASE) else request.noun
        topic = topic_of(found.left)
        head = " ".join(filter(None, [before, kind or ("papers" if before and topic else "")]))
        if before and not topic and not kind:
            head = f"{before} {request.noun}"
        topic = " ".join(filter(None, [head, found.left.strip(" ?.!,;:") if head and topic else topic]))
        return request.intent, topic, found, order

    def _before(self, words: str, phrases: Phrases, found: Found) -> str:
        """The words before the noun, without the filters among them."""
        if period := bare_years(words):
            found.add_period(period, added=False)
            return re.sub(r"\s*[\d–—-]+(?:\s*to\s*\d+)?$", "", words)
        match = _POSSESSIVE.match(words)
        name = match["name"] if match else words
        if (match or name[:1].isupper()) and self._holdings.has_author(name):
            found.add("authors", name)
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
        if not taken.filters or taken.several or _PAPERS_OF.search(rest) or taken.left.lower().startswith("not "):
            return None
        if rest[:20] == taken.left[:20]:  # what follows the word for papers is no filter
            return None
        return "compare" if COMPARE.search(question) else "lookup", "", taken, None

    def _added(self, rest: str, phrases: Phrases) -> Found | None:
        """When what is asked for came into the library."""
        found = phrases.take(f"added {rest.strip(' ?.!')}")
        return found if found.filters else None


def _intent_of(asked: Asked, question: str) -> Intent:
    if asked.operation in ("recorded", "not recorded"):
        return "count" if re.search(r"\b(?:how many|count|number)\b", question, re.IGNORECASE) else "list"
    return "metadata"
