"""The page of a run, put together from its sections. Knows nothing about how the figures were computed.

Everything that comes from papers, questions or models passes `esc` before it stands in the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any

from eval import compare
from eval.page import charts
from eval.page.failures import failed, failures
from eval.page.html import element, esc, row, table
from eval.scoring import ABOUT, LOWER_IS_BETTER
from eval.summary import GROUPS

_TEMPLATE = Path(__file__).parent / "page.html"
_HEADLINES = (
    ("answerable", "hit@1"),
    ("answerable", "key_facts"),
    ("all", "citation_precision"),
    ("all", "span_validity"),
    ("answerable", "over_refusal"),
    ("unanswerable", "false_answer"),
    ("false-premise", "correction"),
    ("scripted", "lies_shown"),
)


def render(document: Mapping[str, Any], timings: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> str:
    """The whole page; `old` is another run to compare with."""
    facts = document["manifest"]
    corpus = facts["corpus"]
    wrong = [q for q in document["questions"] if failed(q)]
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=esc(f"Evaluation: {corpus['name']}, {facts['llm']}"),
        subtitle=esc(
            f"{len(document['questions'])} questions of {corpus['papers']} papers; answers by {facts['llm']}; "
            f"{_split(facts['split'])}"
        ),
        verdict=_verdict(document),
        tiles="".join(_tiles(document["summary"])),
        curve=charts.curve(document["selective"]["curve"]),
        curve_note=_curve_note(document["selective"]),
        types=charts.bars(_types(document["summary"])),
        legs=charts.intervals(_legs(document["legs"])),
        latency=charts.latency(timings["stages_ms"]),
        tokens=_tokens(document["tokens"]),
        groups=_groups(document["summary"]),
        judges=_judges(document),
        comparison=_comparison(document, old) if old else "",
        count=f"{len(wrong)} of {len(document['questions'])}",
        failures=failures(wrong, document["titles"]),
        manifest=esc(json.dumps(facts, indent=2, ensure_ascii=False)),
    )


def _split(split: str) -> str:
    return {
        "dev": "dev split, on which thresholds were chosen",
        "test": "test split, on which nothing was chosen",
        "all": "both splits; thresholds were chosen on dev",
    }[split]


def _verdict(document: Mapping[str, Any]) -> str:
    if document["broken"]:
        told = ", ".join(f"{name} ({len(ids)})" for name, ids in document["broken"].items())
        return element("p", f"Invariants broken: {esc(told)}", "verdict bad")
    return element("p", "Every invariant holds for every answer.", "verdict good")


def _tiles(summary: Mapping[str, Any]) -> Iterator[str]:
    for group, metric in _HEADLINES:
        figure = summary.get(group, {}).get(metric)
        if figure is not None:
            yield charts.tile(ABOUT[metric], group, figure, metric in LOWER_IS_BETTER)


def _curve_note(selective: Mapping[str, Any]) -> str:
    return esc(
        f"{selective['answered']} of {selective['asked']} questions answered; area under the curve {_number(selective['area'])}; "
        f"confidence tells answerable from unanswerable with an AUROC of {_number(selective['auroc'])}."
    )


def _types(summary: Mapping[str, Any]) -> list[charts.Bar]:
    kinds = {kind: figures for kind, figures in summary.items() if kind not in GROUPS}
    return [
        charts.Bar(kind, ABOUT[metric], figures[metric], metric in LOWER_IS_BETTER)
        for metric in ("key_facts", "false_answer", "injected", "lies_shown")
        for kind, figures in kinds.items()
        if metric in figures and not (metric == "key_facts" and "false_answer" in figures)
    ]


def _legs(legs: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any]]]:
    return [(metric, leg, figures[metric]) for metric in ("hit@1", "ndcg@10") for leg, figures in legs.items()]


def _tokens(tokens: Mapping[str, Any]) -> str:
    told = "; ".join(
        f"{name.replace('_', ' ')}: mean {values['mean']:.0f}, 95th percentile {values.get('p95', 0):.0f}"
        for name, values in tokens.items()
    )
    return esc(f"Tokens a question, the scripted writer's included: {told}.")


def _groups(summary: Mapping[str, Any]) -> str:
    metrics = [m for m in ABOUT if any(m in figures for figures in summary.values())]
    head = ["questions", *(m.replace("_", " ") for m in metrics)]
    rows = [
        row([esc(f"{group} ({figures['questions']})"), *(_cell(figures.get(m)) for m in metrics)])
        for group, figures in summary.items()
    ]
    return table(head, rows)


def _cell(figure: Mapping[str, Any] | None) -> str:
    if figure is None:
        return ""
    if figure["value"] is None:
        return f"unscored <small>0/{figure['n_total']}</small>"
    return (
        f'<span title="95 %: {figure["low"]:.3f} to {figure["high"]:.3f}">{figure["value"]:.3f}</span> '
        f"<small>{figure['n_scored']}/{figure['n_total']}</small>"
    )


def _judges(document: Mapping[str, Any]) -> str:
    error = document["verifier_error"]
    rows = [
        row(["claims that the abstract states, refused", _cell(error["refused_wrongly"])]),
        row(["claims that it does not state, accepted", _cell(error["accepted_wrongly"])]),
        row(["balanced accuracy", _number(error["balanced_accuracy"])]),
    ]
    shown = table(["the product's own check, on labelled claims", "value"], rows)
    if "judge" not in document:
        return shown
    judge = document["judge"]
    told = [
        row([name.replace("_", " "), _cell(v) if isinstance(v, dict) else esc(v)])
        for name, v in judge.items()
        if name != "spec"
    ]
    return shown + table([f"judge {judge['spec']}", "value"], told)


def _comparison(document: Mapping[str, Any], old: Mapping[str, Any]) -> str:
    new, before = compare.scores_of(document), compare.scores_of(old)
    differing = [c for c in compare.changes(new, before) if c.difference.delta]
    rows = [
        row(
            [
                esc(c.group),
                esc(ABOUT[c.metric]),
                f"{c.before:.3f}",
                f"{c.after:.3f}",
                f"{c.difference.delta:+.3f} [{c.difference.low:+.3f}, {c.difference.high:+.3f}]",
                str(c.difference.n),
            ],
            "bad" if c.fails else "look" if c.warns else "",
        )
        for c in differing
    ]
    texts = {q["id"]: q["question"] for q in document["questions"]}
    changed = [
        row(
            [
                esc(r["id"]),
                esc(texts.get(r["id"], "")),
                esc("; ".join(f"{m}: {a} → {b}" for m, (a, b) in r["scores"].items())),
            ]
        )
        for r in compare.changed_questions(new, before)
    ]
    body = table(["group", "metric", "before", "after", "difference, 95 %", "n"], rows) if rows else ""
    body += table(["question", "", "before → after"], changed) if changed else element("p", "No question changed.")
    return f'<section><h2>Against the other run</h2><div class="wide">{body}</div></section>'


def _number(value: float | None) -> str:
    return "unscored" if value is None else f"{value:.3f}"
