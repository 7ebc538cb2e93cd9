"""Renders the page of a run from its report; the templates beside this module escape everything that they print."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval import compare, find_all, templates
from eval.injections import figures as injection_figures
from eval.page.failures import failed
from eval.scoring import ABOUT, LOWER_IS_BETTER
from eval.summary import GROUPS, by_construction
from eval.support import SHARES

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
_SPLITS = {
    "dev": "dev split, on which thresholds were chosen",
    "test": "test split, on which nothing was chosen",
    "all": "both splits; thresholds were chosen on dev",
}


def render(document: Mapping[str, Any], timings: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> str:
    """The whole page as HTML; `old` is another run to compare with."""
    summary, questions = document["summary"], document["questions"]
    new, before = compare.scores_of(document), compare.scores_of(old) if old else {}
    return templates.render(
        _TEMPLATE,
        **{
            name: document[name]
            for name in ("manifest", "summary", "selective", "confidence", "support", "listings", "retrievers")
        },
        **{name: document[name] for name in ("tokens", "broken", "verifier_error", "titles")},
        judge=document.get("judge"),
        criteria=document["criteria"],
        about_lists=find_all.ABOUT,
        injections=document["injections"],
        about_injections=injection_figures.ABOUT,
        injected=[row for row in document["planted"] if any(row["scores"].values())],
        stages=timings["stages_ms"],
        questions=len(questions),
        split=_SPLITS[document["manifest"]["split"]],
        about=compare.WORDS,
        lower_is_better=LOWER_IS_BETTER,
        by_construction=by_construction(document),
        headlines=[(g, m, summary[g][m]) for g, m in _HEADLINES if m in summary.get(g, {})],
        types=_types(summary),
        metrics=[m for m in ABOUT if any(m in figures for figures in summary.values())],
        compared=old is not None,
        changes=[c for c in compare.changes(new, before) if c.difference.delta],
        changed_questions=compare.changed_questions(new, before),
        texts={q["id"]: q["question"] for q in questions}
        | {c["id"]: c["claim"] for c in document["checked"]}
        | {c["id"]: c["topic"] for c in document["criteria"]}
        | {p["id"]: p["text"] for p in document["planted"]},
        shares=SHARES,
        kinds=_kinds(questions),
        manifest_json=json.dumps(document["manifest"], indent=2, ensure_ascii=False),
    )


def _types(summary: Mapping[str, Any]) -> list[tuple[str, bool, list[tuple[str, Mapping[str, Any]]]]]:
    """The bars of the chart by question type; unanswerable questions have no key facts to show."""
    kinds = {kind: figures for kind, figures in summary.items() if kind not in GROUPS}
    charts = []
    for metric in ("key_facts", "false_answer", "injected", "lies_shown"):
        skipped = "false_answer" if metric == "key_facts" else None
        rows = [
            (kind, figures[metric]) for kind, figures in kinds.items() if metric in figures and skipped not in figures
        ]
        if rows:
            charts.append((ABOUT[metric], metric in LOWER_IS_BETTER, rows))
    return charts


def _kinds(questions: list[dict[str, Any]]) -> dict[str, list[tuple[list[str], dict[str, Any]]]]:
    """The questions that went wrong by type, each with what went wrong."""
    kinds: dict[str, list[tuple[list[str], dict[str, Any]]]] = {}
    for question in questions:
        if wrong := failed(question):
            kinds.setdefault(question["type"], []).append((wrong, question))
    return kinds
