"""The figures of a run as tables for a terminal, and the files of a run. Knows nothing about how they were computed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from assistant import AssistantError
from eval import compare, page
from eval.evaluate import Outcome
from eval.scoring import ABOUT

_COLUMNS = (
    "hit@1",
    "ndcg@10",
    "key_facts",
    "number_exactness",
    "citation_recall",
    "citation_precision",
    "span_validity",
    "over_refusal",
    "false_answer",
    "correction",
)


def tables(document: Mapping[str, Any], timings: Mapping[str, Any]) -> Iterator[Table]:
    """The run for a terminal; an empty cell means that the metric does not apply to the group."""
    yield _groups(document["summary"])
    yield _search(document["legs"])
    yield _facts(document, timings)


def _groups(summary: Mapping[str, Any]) -> Table:
    table = Table(title="value (scored/asked)", header_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("questions", no_wrap=True)
    for name in _COLUMNS:
        table.add_column(name.replace("_", " "), justify="right", no_wrap=True)
    for group, figures in summary.items():
        table.add_row(f"{group} ({figures['questions']})", *(cell(figures.get(name)) for name in _COLUMNS))
    return table


def cell(figure: Mapping[str, Any] | None) -> str:
    """`0.975 (96/98)`; `unscored (0/98)` where nothing could be scored; empty where nothing applies."""
    if figure is None:
        return ""
    value = "unscored" if figure["value"] is None else f"{figure['value']:.3f}"
    return f"{value} ({figure['n_scored']}/{figure['n_total']})"


def _search(legs: Mapping[str, Any]) -> Table:
    table = Table(title="search alone, 95 % intervals", header_style="bold")
    names = list(next(iter(legs.values()), {}))
    for column in ("leg", *names):
        table.add_column(column)
    for leg, figures in legs.items():
        table.add_row(leg, *(spread(figures[name]) for name in names))
    return table


def spread(figure: Mapping[str, Any]) -> str:
    """`.742 [.713, .770]`."""
    if figure["value"] is None:
        return "unscored"
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _facts(document: Mapping[str, Any], timings: Mapping[str, Any]) -> Table:
    table = Table(title="the run as a whole", show_header=False)
    selective, error, total = document["selective"], document["verifier_error"], timings["stages_ms"].get("total", {})
    table.add_row("questions answered", f"{selective['answered']}/{selective['asked']}")
    table.add_row("area under the risk-coverage curve", str(selective["area"]))
    table.add_row("confidence: AUROC of answerable questions", str(selective["auroc"]))
    table.add_row("the judge of citations itself: stated claims refused", cell(error["refused_wrongly"]))
    table.add_row("the judge of citations itself: unstated claims accepted", cell(error["accepted_wrongly"]))
    table.add_row("milliseconds a question", ", ".join(f"{name} {value:.0f}" for name, value in total.items()))
    table.add_row("prompt tokens a question", str(document["tokens"]["prompt_tokens"]["mean"]))
    table.add_row("invariants broken", json.dumps(document["broken"]) if document["broken"] else "none")
    for name in ("support", "corrected", "sensitivity", "specificity", "not_unanimous") if "judge" in document else ():
        value = document["judge"][name]
        table.add_row(
            f"judge {document['judge']['spec']}: {name}", cell(value) if isinstance(value, dict) else str(value)
        )
    return table


def ranking_table(found: Mapping[str, Any]) -> Table:
    """The legs of the search on an outside set, and what others published for it."""
    table = Table(
        title=f"{found['set']} {found['split']}: {found['questions']} questions, {found['documents']} documents"
    )
    names = list(next(iter(found["legs"].values())))
    for column in ("", *names, "scored"):
        table.add_column(column)
    for leg, figures in found["legs"].items():
        scored = figures[names[0]]
        told = f"{scored['n_scored']}/{scored['n_total']}"
        table.add_row(leg, *(spread(figures[name]) for name in names), told)
    for split, rows in found["published"].items():
        for name, value in rows.items():
            table.add_row(f"published, {split}: {name}", f"{value:.4f}")
    return table


def verdict_table(name: str, found: Mapping[str, Any]) -> Table:
    """The verdicts of the support check by label, under its AUROC and balanced accuracy."""
    low, high = found["auroc_interval"] or (None, None)
    table = Table(
        title=f"{name}: AUROC {found['auroc']} [{low}, {high}], balanced accuracy {found['balanced_accuracy']}, "
        f"{found['n_scored']}/{found['n_total']} scored"
    )
    verdicts = list(next(iter(found["labels"].values())))
    for column in ("label", *verdicts):
        table.add_column(column)
    for label, counts in found["labels"].items():
        table.add_row(label, *(str(counts[v]) for v in verdicts))
    return table


def comparison(changes: Sequence[compare.Change], changed: Sequence[Mapping[str, Any]], console: Console) -> None:
    """What two runs differ in, and the questions that changed, the worst first."""
    table = Table(title="against the other run (paired)", header_style="bold")
    for column in ("group", "metric", "before", "after", "difference, 95 %", "n", ""):
        table.add_column(column)
    for c in changes:
        if c.difference.delta or c.fails:
            d, word = c.difference, "FAILS" if c.fails else "look" if c.warns else ""
            table.add_row(
                c.group,
                ABOUT[c.metric],
                f"{c.before:.3f}",
                f"{c.after:.3f}",
                f"{d.delta:+.3f} [{d.low:+.3f}, {d.high:+.3f}]",
                str(d.n),
                word,
            )
    console.print(table if table.row_count else "No gated figure differs from the other run.")
    for row in changed[:20]:
        told = ", ".join(f"{m} {_said(old)} -> {_said(new)}" for m, (old, new) in row["scores"].items())
        console.print(f"  {row['id']}: {told}")


def _said(value: float | str | None) -> str:
    return "-" if value is None else value if isinstance(value, str) else f"{value:.2f}"


def write(folder: Path, outcome: Outcome, old: Mapping[str, Any] | None) -> None:
    """report.json, timings.json and report.html. Raises AssistantError when the folder cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_bytes(dumped(outcome.document))
        (folder / "timings.json").write_bytes(dumped(outcome.timings))
        (folder / "report.html").write_text(page.render(outcome.document, outcome.timings, old), encoding="utf-8")
    except OSError as error:
        raise AssistantError(f"cannot write to {folder} ({error}); choose another --out") from None


def dumped(document: Mapping[str, Any]) -> bytes:
    """JSON as people read it; the order of keys is the program's own and never changes."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read(path: Path) -> dict[str, Any]:
    """An earlier report. Raises AssistantError for a file that is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        compare.scores_of(document)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssistantError(f"{path} is no report of an earlier run ({error}); name its report.json") from None
    return dict(document)
