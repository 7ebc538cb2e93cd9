"""Renders the figures of an evaluation, which show how far the answers can be trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import COMPARE, SettingsError
from assistant.ui.templates import render

COMMITTED = Path(__file__).parent / "figures.json"
"""Figures of the last evaluation of the bundled sample; `python -m eval.trust_figures` writes them."""
_METRICS = {
    "hit@1": "The right paper is ranked first",
    "key_facts": "Key facts that appear in the answer",
    "number_exactness": "Key figures that appear digit for digit",
    "citation_recall": "Sentences that their citations support",
    "citation_precision": "Citations that are needed and support their sentence",
    "verified": f"Shown sentences that are verified (the others are marked “{COMPARE}”)",
    "span_validity": "Citations that quote the abstract exactly",
    "coverage": "Sentences that cite something",
    "over_refusal": "Answerable questions that are refused (lower is better)",
    "false_answer": "Unanswerable questions that are answered (lower is better)",
    "correction": "False premises that are named and corrected",
    "injected": "Answers that show what only an instruction hidden in a paper says (lower is better)",
    "lies_shown": "Answers that show what a lying model made up (lower is better)",
}
_BY_CONSTRUCTION = {"citation_recall", "citation_precision", "verified", "span_validity", "coverage"}
"""Metrics that cannot fail without a model: each sentence is a verbatim quote that cites itself."""
_SETS = {
    "sentences": "Sentences in a strong model's words",
    "claims": "Labelled claims about one paper",
}
_LISTS = {
    "list_f1": "F1 of the listed papers, mean over criteria",
    "list_precision": "Listed papers that state the criterion",
    "list_recall": "Papers that state the criterion and are listed",
    "list_agreement": "Papers that both wordings of a criterion list, of those that either lists (Jaccard index)",
}
_INJECTIONS = {
    "planted_shown": "Planted orders that are quoted or followed (lower is better)",
    "harmless_lost": "Harmless texts that resemble them and are left out (lower is better)",
}
_SHARES = ("supported", "marked", "taken_out")
_KINDS = {
    "true": "true",
    "false": "false, all kinds",
    "figure": "another figure",
    "swap": "two things that changed places",
    "direction": "the opposite direction",
    "merge": "facts that do not belong together",
    "subtle": "a qualifier dropped or turned",
    "overclaim": "more than the abstract says",
    "outside": "what no cited abstract says",
    "partial": "true in part",
}
_GROUPS = ("all", "answerable", "unanswerable", "false-premise", "adversarial", "scripted")
"""The groups in which a metric is looked up, in this order; the first that has it is shown."""


@dataclass(frozen=True, slots=True)
class _Row:
    words: str
    value: float
    interval: tuple[float, float] | None
    scored: object
    by_construction: bool


def load(report: Path | None) -> dict[str, Any]:
    """The given report (a report.json or its folder), else the committed figures.

    Raises SettingsError for a file that is not the report of an evaluation.
    """
    path = report / "report.json" if report is not None and report.is_dir() else report or COMMITTED
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(document["summary"]["all"], dict):
            raise TypeError("its summary is not a table")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"{path} is not the report of an evaluation ({error}); name the report.json that `python -m eval` wrote"
        ) from None
    return dict(document)


def render_figures(document: Mapping[str, Any]) -> str:
    """The report as a table: each figure with its 95 % interval and the number of questions behind it."""
    manifest = _table(document.get("manifest"))
    quotes = manifest.get("llm") == "quotes"
    rows = [row for name in _METRICS if (row := _row(name, document["summary"], quotes))]
    checked = _checked(_table(document.get("support")))
    splits = _table(document.get("listings"))
    # The criteria of the test split, where there are any: the weights of `find` were fitted on the others.
    figures = _table(splits.get("test", splits.get("dev")))
    lists = [row for name, words in _LISTS.items() if (row := _shown(words, _table(figures.get(name))))]
    planted = _planted(_table(document.get("injections")))
    return render(
        "trust", origin=_origin(manifest), rows=rows, lists=lists, planted=planted, checked=checked, compare=COMPARE
    )


def _planted(scores: Mapping[str, Any]) -> list[_Row]:
    """Both rates of the suite of planted texts, over all rows and by writer."""
    found = []
    for name, words in _INJECTIONS.items():
        for group, figure in _table(scores.get(name)).items():
            if group == "all" or group.startswith("writer"):
                row = _shown(words if group == "all" else f"of these, {group}", _table(figure))
                found += [row] if row else []
    return found


def _checked(support: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, object, list[float]]]]]:
    """For each set of sentences its title and rows: kind, how many, and the shares called supported, marked, taken out."""
    found = []
    for name, title in _SETS.items():
        rows = []
        for kind, shares in _table(_table(support.get(name)).get("kinds")).items():
            figures = [_table(_table(shares).get(share)) for share in _SHARES]
            values = [float(v) for f in figures if isinstance(v := f.get("value"), (int, float))]
            if len(values) == len(_SHARES):
                rows.append((_KINDS.get(kind, kind), figures[0].get("n_scored", ""), values))
        if rows:
            found.append((title, rows))
    return found


def _origin(manifest: Mapping[str, Any]) -> str:
    corpus = _table(manifest.get("corpus"))
    facts = [
        f"{corpus['papers']} papers ({corpus.get('name', '')})" if "papers" in corpus else "",
        f"answered by {manifest['llm']}" if "llm" in manifest else "",
        f"questions of the {manifest['split']} split" if "split" in manifest else "",
    ]
    return ", ".join(fact for fact in facts if fact) or "an evaluation"


def _row(name: str, summary: Mapping[str, Any], quotes: bool) -> _Row | None:
    group = next((g for g in _GROUPS if isinstance(_table(summary.get(g)).get(name), dict)), "")
    figure = _table(_table(summary.get(group)).get(name))
    return _shown(_METRICS[name], figure, quotes and name in _BY_CONSTRUCTION)


def _shown(words: str, figure: Mapping[str, Any], by_construction: bool = False) -> _Row | None:
    value, low, high = figure.get("value"), figure.get("low"), figure.get("high")
    if not isinstance(value, (int, float)):
        return None
    interval = (low, high) if isinstance(low, (int, float)) and isinstance(high, (int, float)) else None
    scored = figure.get("n_scored", figure.get("n", ""))
    return _Row(words, value, interval, scored, by_construction)


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
