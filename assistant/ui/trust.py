"""How far the answers can be trusted, as HTML: the figures of an evaluation, what the check can and cannot do, health.

Reads the report that the evaluation writes; knows nothing about how its figures are computed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant import HealthCheck, SettingsError
from assistant.ui.text import esc

_COMMITTED = Path(__file__).parent / "figures.json"
"""Figures of the last evaluation of the bundled sample before this release; the file says how they were made."""
_METRICS = {
    "hit@1": "The right paper comes first",
    "key_facts": "Key facts stand in the answer",
    "number_exactness": "Key figures stand there digit for digit",
    "citation_recall": "Sentences that their citations support",
    "citation_precision": "Citations that are needed and support",
    "span_validity": "Citations that quote the abstract exactly",
    "over_refusal": "Answerable questions that are refused (less is better)",
    "false_answer": "Unanswerable questions that are answered (less is better)",
    "correction": "False premises that are named and corrected",
    "injected": "Answers that show what only an instruction hidden in a paper says (less is better)",
    "lies_shown": "Answers that show what a lying model made up (less is better)",
}
_GROUPS = ("all", "answerable", "unanswerable", "false-premise", "adversarial", "scripted")
"""Where a metric is looked for, in this order: it is shown for the first group that it applies to."""
_CAN = (
    "compare every figure, unit, name and direction of a sentence with the exact span that it cites, always alike",
    "refuse a citation whose quote is not, character for character, in the stored abstract",
    "remove a sentence that the span does not support, before you see it, and say why",
    "say that the abstracts do not state something, and show the nearest that they do state",
)
_CANNOT = (
    "tell whether what an abstract claims is true: it compares an answer with its source, not with the world",
    "see the full papers: what stands only in the body of a paper is unknown here",
    "follow every paraphrase: some supported sentences are removed, and a subtle twist may pass",
    "make a weak model strong: it removes what is unsupported, and then little may be left",
)


def load(report: Path | None) -> dict[str, Any]:
    """The report that was asked for (a report.json or its folder), else the committed figures.

    Raises SettingsError for a file that is no report of an evaluation.
    """
    path = report / "report.json" if report is not None and report.is_dir() else report or _COMMITTED
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(document["summary"]["all"], dict):
            raise TypeError("its summary is no table")
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"{path} is no report of an evaluation ({error}); name the report.json of `python -m eval`"
        raise SettingsError(problem) from None
    return dict(document)


def figures(document: Mapping[str, Any]) -> str:
    """The report as a table: each figure with how many questions stand behind it and its 95 % interval."""
    rows = "".join(_row(name, words, document["summary"]) for name, words in _METRICS.items())
    return (
        f'<section class="trust"><h2 class="section">Measured</h2><p>{_origin(document)}</p>'
        '<div class="table-scroll" role="region" tabindex="0" aria-label="Figures">'
        '<table class="figures"><thead><tr><th scope="col">What was measured</th><th scope="col">Result</th>'
        '<th scope="col">95 % interval</th><th scope="col">Questions</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>{_abilities()}"
    )


def _origin(document: Mapping[str, Any]) -> str:
    manifest = document.get("manifest")
    manifest = manifest if isinstance(manifest, dict) else {}
    corpus = manifest.get("corpus")
    corpus = corpus if isinstance(corpus, dict) else {}
    facts = [
        f"{corpus['papers']} papers ({corpus.get('name', '')})" if "papers" in corpus else "",
        f"answered by {manifest['llm']}" if "llm" in manifest else "",
        f"questions of the {manifest['split']} split" if "split" in manifest else "",
    ]
    told = esc(", ".join(fact for fact in facts if fact)) or "an evaluation"
    return (
        f"On {told}. The questions were written by hand for this project; figures for your own library and model may "
        "differ. In a checkout, <code>python -m eval --corpus FOLDER</code> measures them."
    )


def _row(name: str, words: str, summary: Mapping[str, Any]) -> str:
    groups = (summary.get(group) for group in _GROUPS)
    figure = next((g[name] for g in groups if isinstance(g, dict) and isinstance(g.get(name), dict)), None)
    value = figure.get("value") if figure else None
    if figure is None or not isinstance(value, (int, float)):
        return ""
    low, high, scored = figure.get("low"), figure.get("high"), figure.get("n_scored", figure.get("n", ""))
    known = isinstance(low, (int, float)) and isinstance(high, (int, float))
    interval = f"{_percent(low)} to {_percent(high)}" if known else ""
    return (
        f'<tr><th scope="row">{words}</th><td><strong>{_percent(value)}</strong></td><td>{interval}</td>'
        f"<td>{esc(scored)}</td></tr>"
    )


def _percent(value: float) -> str:
    return f"{100 * value:.1f}&nbsp;%"


def _abilities() -> str:
    can, cannot = ("".join(f"<li>{words}</li>" for words in each) for each in (_CAN, _CANNOT))
    return (
        '<section class="trust two"><div><h2 class="section">What the check does</h2>'
        f'<ul>{can}</ul></div><div><h2 class="section">What it cannot do</h2><ul>{cannot}</ul></div></section>'
    )


def health(checks: Sequence[HealthCheck]) -> str:
    """What `assistant doctor` found."""
    rows = "".join(
        f'<tr><th scope="row">{esc(c.name)}</th>'
        f'<td class="{"fine" if c.ok else "wrong"}">{"ok" if c.ok else "wrong"}</td>'
        f"<td>{esc(c.detail)}{f'<br><strong>{esc(c.fix)}</strong>' if c.fix else ''}</td></tr>"
        for c in checks
    )
    return (
        '<div class="table-scroll" role="region" tabindex="0" aria-label="Health"><table class="figures"><thead><tr>'
        '<th scope="col">Part</th><th scope="col">State</th>'
        f'<th scope="col">Found</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )
