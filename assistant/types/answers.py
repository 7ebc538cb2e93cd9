"""Answers, whole and as they are made; `start` and `end` are always character offsets into `Paper.abstract`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, field, fields
from typing import Any, Literal

from assistant.listing import Listing
from assistant.plan import Plan
from assistant.table import Table
from assistant.trend import Trend
from assistant.types.papers import Passage

Verdict = Literal["supported", "partial", "unsupported", "contradicted"]
COMPARE = "compare with the source"
"""The mark of a sentence that its citations support only in part; it is shown, and never counts as verified."""
Status = Literal["answered", "abstained"]
Reason = Literal["no_match", "related_but_not_stated", "false_premise", "outside_corpus", "no_question", "unclear"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """An exact span of a stored abstract: `abstract[start:end] == quote`."""

    paper_id: str
    title: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """Evidence under the number by which the answer's text refers to it."""

    n: int
    paper_id: str
    title: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A shown sentence, without markers; `citations` are the numbers behind it."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    label: str = ""
    """What it is in the summary of a paper, such as `Result`; empty elsewhere."""

    @property
    def verified(self) -> bool:
        """Whether its citations support all of it; a partial sentence is to be compared with its source instead."""
        return self.verdict == "supported"

    @property
    def numbered(self) -> str:
        """The text behind its label and followed by its markers, such as `[1]`."""
        return (f"{self.label}: " if self.label else "") + self.text + "".join(f" [{n}]" for n in self.citations)

    def __str__(self) -> str:
        """The text with its markers, and with the mark where it is not verified."""
        return self.numbered if self.verified else f"{self.numbered} ({COMPARE})"


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence that was drafted and not shown, and why."""

    text: str
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the model's server reported them; 0 when no model was asked."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    """Tokens of the prompts that the server had read before, as part of an earlier request."""

    def __add__(self, other: Usage) -> Usage:
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Usage(*(mine + theirs for mine, theirs in pairs))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; prints as Markdown, and `to_json()` is the document of `assistant ask --json`."""

    question: str
    standalone_question: str
    status: Status
    reason: Reason | None
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    removed: tuple[Removed, ...]
    nearest: tuple[Evidence, ...]
    confidence: float
    model: str
    usage: Usage = Usage()
    timings_ms: dict[str, float] = field(default_factory=dict)
    corpus: str = ""
    """Fingerprint of the library that answered."""
    notes: tuple[str, ...] = ()
    """Notes for the user, such as a failed model or a degraded index."""
    record_id: str = ""
    """Id in the answer log; empty when the answer is not logged."""
    cost: float | None = None
    """In US dollars; None when no model was asked or its price is not known."""
    remarks: tuple[str, ...] = ()
    """What `text` says after the sentences of a message with several questions: which of them are not answered, and why."""
    query: Plan | None = None
    """How the question was understood; None in answers of earlier releases."""
    listing: Listing | None = None
    """The papers behind an answer about the whole library: `text` then says how many they are, or what their records say."""

    table: Table | None = None
    """The papers that a comparison question lays side by side, an exact span behind every cell."""
    trend: Trend | None = None
    """The shares of a topic over the years, where a question asks for them; the papers with the topic are in `listing`."""

    @property
    def lead(self) -> str:
        """What `text` says before the sentences: the number of papers that a list or count question asks for."""
        counts = self.query is not None and self.query.intent in ("list", "count") and bool(self.sentences)
        return self.listing.summary if counts and self.listing is not None else ""

    @property
    def tally(self) -> str:
        """`2 of 3 sentences verified`; empty where no sentence is marked, so that there is nothing to tell apart."""
        verified = sum(s.verified for s in self.sentences)
        total = len(self.sentences)
        return "" if verified == total else f"{verified} of {total} sentence{'s' * (total != 1)} verified"

    def compare_with(self, sentence: Sentence) -> tuple[Citation, ...]:
        """The citations to show beside a sentence that is not verified; none for a verified one."""
        return () if sentence.verified else tuple(c for c in self.citations if c.n in sentence.citations)

    def to_dict(self) -> dict[str, Any]:
        """The answer as dicts, lists, strings and numbers; `compare_with` holds the quotes of a marked sentence."""
        document = asdict(self)
        for row, sentence in zip(document["sentences"], self.sentences, strict=True):
            row["compare_with"] = [c.quote for c in self.compare_with(sentence)]
        document["query"] = self.query and self.query.to_dict()
        for name, part in (("listing", self.listing), ("table", self.table), ("trend", self.trend)):
            document[name] = part and part.to_dict()
        return document

    def to_json(self) -> str:
        """`to_dict` as a JSON document."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Answer:
        """The inverse of `to_dict`, also after a round trip through JSON.

        Raises KeyError for a missing field, unless an earlier release did not write it yet.
        """
        parts: dict[str, type[Any]] = {"citations": Citation, "removed": Removed, "nearest": Evidence}
        later = {"record_id", "cost", "remarks", "query", "listing", "table", "trend"} - document.keys()
        values = {f.name: document[f.name] for f in fields(cls) if f.name not in later}
        for name, kind in parts.items():
            values[name] = tuple(kind(**row) for row in values[name])
        rows = values["sentences"]
        values["sentences"] = tuple(
            Sentence(s["text"], tuple(s["citations"]), s["verdict"], s.get("label", "")) for s in rows
        )
        values["usage"] = Usage(**values["usage"])
        values["notes"] = tuple(values["notes"])
        values["remarks"] = tuple(values.get("remarks", ()))
        values["query"] = (plan := values.get("query")) and Plan.from_dict(plan)
        for name, read in (("listing", Listing.from_dict), ("table", Table.from_dict), ("trend", Trend.from_dict)):
            values[name] = (found := values.get(name)) and read(found)
        return cls(**values)

    def __str__(self) -> str:
        """Markdown: the sentences, then the numbered quotes, or the nearest ones below an abstention."""
        apart = "\n" if any(s.label for s in self.sentences) else " "
        lines = [apart.join(filter(None, [self.lead, *map(str, self.sentences), *self.remarks])) or self.text]
        if self.table is not None:
            lines += ["", self.table.to_markdown().rstrip()]
        if self.citations:
            lines += ["", *(f"[{c.n}] {c.title}: “{c.quote}”" for c in self.citations)]
        if self.nearest:
            lines += ["", "Nearest:", *(f"- {e.title}: “{e.quote}”" for e in self.nearest)]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing arrived for a moment; whoever consumes the stream may stop now."""

    progress: str = ""
    """What the model does, such as `reading 1,200 tokens, about 18 s left`; empty where nothing is known."""


History = Sequence[str | Answer]
"""The earlier turns of a conversation, oldest first: answers, or bare questions."""

EventKind = Literal["question", "retrieved", "waiting", "sentence", "removed", "answer"]


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """One step of a streamed answer; the field named by `kind` is set. The last event is the `answer`.

    A message with several questions has a `question` and a `retrieved` for each, before the sentences about it.
    """

    kind: EventKind
    question: str | None = None
    """The standalone wording that is searched for."""
    retrieved: tuple[Passage, ...] | None = None
    lead: str = ""
    """With `retrieved`: what stands before the sentences, such as how many papers there are."""
    waiting: float | None = None
    """Seconds since the model was asked; sent several times a second while it is silent, so that a consumer can stop."""
    progress: str = ""
    """What the model does while it is silent, in words, as far as it is known."""
    sentence: Sentence | None = None
    """A sentence that passed the check, verified or partial; `citations` holds the ones whose numbers it introduces."""
    citations: tuple[Citation, ...] = ()
    removed: Removed | None = None
    answer: Answer | None = None
