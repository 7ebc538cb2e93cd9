"""One turn of the conversation as HTML: question, answer or abstention, and what the reader should know about it.

Builds every tag itself; questions, quotes and model output are text. Knows nothing about Gradio.
"""

from __future__ import annotations

from assistant import Answer, Removed, Sentence
from assistant.ui.evidence import evidence
from assistant.ui.text import esc, plural, shortened
from assistant.ui.turn import Mark, Turn

REASONS = {
    "no_match": ("No match", "Nothing in the library deals with this."),
    "related_but_not_stated": ("Related, but not stated", "The closest abstracts do not seem to say this."),
    "false_premise": ("The question assumes something else", "The abstract contradicts what the question says."),
    "outside_corpus": ("Outside this library", "The question is about something else than these papers."),
}
_LIKELY = 0.5
_VERDICTS = {"partial": "partly supported", "unsupported": "not supported", "contradicted": "contradicted"}


def model_words(model: str) -> str:
    """What answers, in words."""
    return "quotes: verbatim sentences, no model" if model == "quotes" else f"model: {model}"


def render_turn(turn: Turn) -> str:
    """The whole turn; its evidence rides along, hidden, and is shown in the panel."""
    state = "running" if turn.running else "done"
    verbatim = " verbatim" if turn.model == "quotes" else ""
    return (
        f'<article class="turn {state}{verbatim}" id="turn-{turn.number}">'
        f'<h2 class="question">{esc(turn.question)}</h2>{_standalone(turn)}'
        f'<div class="reply" aria-live="polite">{_reply(turn)}</div>'
        f"{_removed(turn.removed)}{_notes(turn)}{_meta(turn)}"
        f'<div class="evidence-store" hidden>{evidence(turn)}</div></article>'
    )


def _standalone(turn: Turn) -> str:
    if not turn.standalone or turn.standalone.split() == turn.question.split():
        return ""
    return f'<p class="standalone">Searched as: <q>{esc(turn.standalone)}</q></p>'


def _reply(turn: Turn) -> str:
    if turn.answer is not None and turn.answer.status == "abstained":
        return _abstention(turn.answer, turn.marks)
    marks = {mark.label: mark for mark in turn.marks}
    shown = "".join(_sentence(s, marks) for s in turn.sentences)
    return f'<div class="sentences">{shown}</div>{_progress(turn)}'


def _progress(turn: Turn) -> str:
    if turn.error:
        return f'<p class="failed" role="alert">{esc(turn.error)}</p>'
    if turn.stopped:
        return '<p class="stage">Stopped; what stands above was checked, the rest was not written.</p>'
    if turn.running:
        return f'<p class="stage"><span class="pulse" aria-hidden="true"></span>{esc(turn.stage)}</p>'
    return ""


def _sentence(sentence: Sentence, marks: dict[str, Mark]) -> str:
    chips = "".join(chip(marks[str(n)]) for n in sentence.citations if str(n) in marks)
    note = ""
    if sentence.verdict != "supported":
        note = f' <span class="verdict">{_VERDICTS[sentence.verdict]}</span>'
    return f'<span class="sentence">{esc(sentence.text)}<span class="chips">{chips}</span>{note}</span> '


def chip(mark: Mark) -> str:
    """The button behind a sentence that opens its span."""
    return (
        f'<button type="button" class="chip" data-n="{esc(mark.label)}" data-quote="{esc(mark.quote)}" '
        f'data-title="{esc(mark.title)}" aria-label="Source {esc(mark.label)}: {esc(shortened(mark.title, 80))}">'
        f"{esc(mark.label)}</button>"
    )


def _abstention(answer: Answer, marks: list[Mark]) -> str:
    label, meaning = REASONS[answer.reason or "no_match"]
    nearest = ""
    if marks:
        words = (
            "What the abstract says" if answer.reason == "false_premise" else "Nearest passages; they may not state it"
        )
        rows = "".join(f"<li><q>{esc(m.quote)}</q> {chip(m)}<cite>{esc(m.title)}</cite></li>" for m in marks)
        nearest = f'<p class="nearest-words">{words}:</p><ul class="nearest">{rows}</ul>'
    return (
        f'<section class="abstention" data-reason="{esc(answer.reason or "")}"><p class="reason" title="{esc(meaning)}">'
        f"{esc(label)}</p><p>{esc(answer.text)}</p>{nearest}</section>"
    )


def _removed(removed: list[Removed]) -> str:
    if not removed:
        return ""
    rows = "".join(
        f'<li><s>{esc(r.text)}</s> <span class="why">{esc(_VERDICTS.get(r.verdict, r.verdict))}'
        f"{': ' + esc(r.why) if r.why else ''}</span></li>"
        for r in removed
    )
    count = "1 sentence was" if len(removed) == 1 else f"{len(removed)} sentences were"
    return (
        f'<details class="removed"><summary>{count} written and removed by the check</summary><ul>{rows}</ul></details>'
    )


def _notes(turn: Turn) -> str:
    notes = turn.answer.notes if turn.answer else ()
    return "".join(f'<p class="note">{esc(note)}</p>' for note in notes)


def _meta(turn: Turn) -> str:
    """The line under the answer; it is there from the start, so that nothing jumps when it fills."""
    facts = [f"<span>{plural(turn.searched, 'paper')} searched</span>"] if turn.searched else []
    answer = turn.answer
    if answer is not None and answer.status == "answered":
        word = "likely" if answer.confidence >= _LIKELY else "unsure"
        facts.append(f'<span class="confidence {word}" title="confidence {answer.confidence:.2f}">{word}</span>')
    facts.append(f"<span>{esc(model_words(turn.model))}</span>")
    if answer is not None and answer.cost is not None:
        facts.append(f"<span>{answer.cost:.4f} US$</span>")
    return f'<div class="meta"><p>{"".join(facts)}</p><p class="acts">{_acts(turn)}</p></div>'


def _acts(turn: Turn) -> str:
    """What can be done with an answer; style.css shows Retry and Edit under the newest only."""
    if turn.running:
        return ""
    acts = []
    if turn.answer is not None:
        acts.append(f'<button type="button" class="act copy" data-copy="{esc(turn.answer)}">Copy</button>')
        acts += [_rate(turn, "Helpful", 1), _rate(turn, "Not helpful", -1)] if turn.answer.record_id else []
    acts.append('<button type="button" class="act again" data-do="retry">Retry</button>')
    acts.append('<button type="button" class="act again" data-do="edit">Edit</button>')
    return "".join(acts)


def _rate(turn: Turn, words: str, rating: int) -> str:
    assert turn.answer is not None  # noqa: S101 - for mypy; _acts asked
    pressed = "true" if turn.rating == rating else "false"
    return (
        f'<button type="button" class="act" data-do="rate" data-rating="{rating}" aria-pressed="{pressed}" '
        f'data-record="{esc(turn.answer.record_id)}">{words}</button>'
    )
