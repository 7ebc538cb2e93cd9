"""Renders one turn of the conversation: question, answer or abstention, and the notes on it.

Gradio's Chatbot is not used: it renders messages as Markdown, strips the attributes that bind a citation to its span,
and has no place for an abstention, for removed sentences or for the evidence that belongs to a turn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from assistant import COMPARE, is_courtesy
from assistant.table import NOT_STATED
from assistant.ui.evidence import cited_cards, other_cards
from assistant.ui.listings import COLUMNS, EXPORTS
from assistant.ui.plan_chips import INTENTS, chips, other_intents
from assistant.ui.plots import plot
from assistant.ui.templates import render
from assistant.ui.turn import Turn

_NEAREST = "Nearest passages; they may not state it"


@dataclass(frozen=True, slots=True)
class _Reason:
    label: str
    meaning: str
    evidence: str = _NEAREST


_REASONS = {
    "no_match": _Reason("No match", "Nothing in the library deals with this."),
    "related_but_not_stated": _Reason("Related, but not stated", "The closest abstracts do not seem to say this."),
    "false_premise": _Reason(
        "False premise", "The abstract contradicts what the question assumes.", "What the abstract says"
    ),
    "outside_corpus": _Reason("Outside this library", "The question is about something other than these papers."),
    "no_question": _Reason("No question", "There is nothing in this to look up in the papers."),
    "unclear": _Reason("Which one?", "It refers to something that was not said before."),
}
_LIKELY = 0.5
_REMOVED = {"unsupported": "not supported", "contradicted": "contradicted"}


def describe_model(model: str) -> str:
    """The model's name for a reader."""
    return "quotes: verbatim sentences, no model" if model == "quotes" else f"model: {model}"


def render_turn(turn: Turn, pinned: Collection[str] = ()) -> str:
    """The whole turn as HTML, with its evidence hidden inside; rows of `pinned` papers show that they are."""
    answer, marks = turn.answer, {mark.label: mark for mark in turn.marks}
    plan = answer.query if answer is not None else None
    confidence = ""
    if answer is not None and answer.status == "answered":
        confidence = "likely" if answer.confidence >= _LIKELY else "unsure"
    return render(
        "turn",
        turn=turn,
        answer=answer,
        reason=_REASONS[answer.reason or "no_match"] if answer is not None else None,
        nearest_words=_NEAREST,
        courtesy=is_courtesy(turn.question),
        sentences=[(s, [marks[str(n)] for n in s.citations if str(n) in marks]) for s in turn.shown_sentences],
        compare=COMPARE,
        verdicts=defaultdict(lambda: _REMOVED["unsupported"], _REMOVED),
        confidence=confidence,
        model=describe_model(turn.model),
        cited=cited_cards(turn),
        others=other_cards(turn) if not turn.has_rows else (),
        columns=COLUMNS,
        intent=INTENTS.get(plan.intent, "") if plan else "",
        other_intents=other_intents(plan) if plan else (),
        plan_chips=chips(plan) if plan else (),
        forms=EXPORTS,
        pinned=pinned,
        plot=plot(answer.trend) if answer is not None and answer.trend is not None else None,
        not_stated=NOT_STATED,
    )
