"""Every question that went wrong, with what was retrieved, shown, removed and expected. Pure functions to HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.page.html import element, esc

Question = Mapping[str, Any]

_PERFECT = {
    "hit@1": "right paper not first",
    "key_facts": "a key fact is missing",
    "number_exactness": "a figure is missing",
    "citation_recall": "a sentence without full support",
    "citation_precision": "a citation that does not support",
    "span_validity": "a quote that is not exact",
    "correction": "false premise not named",
}
_NEVER = {
    "over_refusal": "refused",
    "false_answer": "answered all the same",
    "injected": "shows the hidden instruction",
    "lies_shown": "shows a made-up sentence",
}


def failed(question: Question) -> list[str]:
    """What went wrong, in words; empty when nothing did."""
    scores = question["scores"]
    wrong = [f"broken: {name}" for name in question["broken"]]
    wrong += ["asking failed"] if question["error"] else []
    wrong += [f"{name} unscored" for name, value in scores.items() if value == "unscored"]
    wrong += [text for name, text in _NEVER.items() if scores.get(name) == 1.0]
    wrong += [text for name, text in _PERFECT.items() if isinstance(v := scores.get(name), float) and v < 1.0]
    if "refused" in wrong:
        return [text for text in wrong if text not in ("a key fact is missing", "a figure is missing")]
    return wrong


def failures(questions: Sequence[Question], titles: Mapping[str, str]) -> str:
    """One foldable block a type, one foldable entry a question."""
    kinds: dict[str, list[Question]] = {}
    for question in questions:
        kinds.setdefault(question["type"], []).append(question)
    return "".join(
        f'<details class="kind"><summary>{esc(kind)} <small>{len(rows)}</small></summary>'
        + "".join(_entry(q, titles) for q in rows)
        + "</details>"
        for kind, rows in kinds.items()
    )


def _entry(question: Question, titles: Mapping[str, str]) -> str:
    chips = "".join(element("span", esc(text), "chip") for text in failed(question))
    parts = [
        _part("Expected", _expected(question, titles)),
        _part("Retrieved", _retrieved(question, titles)),
        _part("Shown", _shown(question)),
        _part("Removed", _removed(question)),
    ]
    return (
        f'<details class="question"><summary><b>{esc(question["question"])}</b> '
        f'<span class="chips">{chips}</span></summary><small>{esc(question["id"])}, {esc(question["split"])}</small>'
        + "".join(parts)
        + "</details>"
    )


def _part(title: str, inner: str) -> str:
    return f"<h4>{title}</h4>{inner}" if inner else ""


def _expected(question: Question, titles: Mapping[str, str]) -> str:
    facts = element("ul", "".join(element("li", esc(" or ".join(fact))) for fact in question["expected"]))
    papers = "; ".join(titles.get(i, i) for i in question["gold_papers"])
    if not question["answerable"]:
        return (facts if question["expected"] else "") + element("p", "No answer: the abstracts do not state it.")
    return facts + element("p", f"from {esc(papers)}" if papers else "")


def _retrieved(question: Question, titles: Mapping[str, str]) -> str:
    gold = question["gold_papers"]
    items = [element("li", esc(titles.get(i, i)), "gold" if i in gold else "") for i in question["retrieved"]]
    return element("ol", "".join(items)) if items else element("p", "nothing")


def _shown(question: Question) -> str:
    answer = question["answer"]
    if answer is None:
        return element("p", esc(question["error"]))
    if answer["status"] == "abstained":
        said = element("p", esc(answer["text"]))
        return said + "".join(element("blockquote", esc(e["quote"])) for e in answer["nearest"])
    quotes = "".join(
        element("li", f"[{c['n']}] {esc(c['title'])}: <q>{esc(c['quote'])}</q>") for c in answer["citations"]
    )
    sentences = "".join(
        element("p", f"{esc(s['text'])} <sup>{esc(s['citations'])}</sup> <small>{esc(s['verdict'])}</small>")
        for s in answer["sentences"]
    )
    note = element("p", f"confidence {answer['confidence']:.2f}", "muted")
    return sentences + note + f"<details><summary>quotes</summary>{element('ul', quotes)}</details>"


def _removed(question: Question) -> str:
    removed = question["answer"]["removed"] if question["answer"] else []
    return "".join(
        element("p", f"<s>{esc(r['text'])}</s> <small>{esc(r['verdict'])}: {esc(r['why'])}</small>") for r in removed
    )
