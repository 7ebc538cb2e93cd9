"""Prints the figures of a run as tables for a terminal, and writes its files."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from assistant import COMPARE, AssistantError
from eval import compare, find_all, page
from eval.evaluate import Outcome
from eval.injections import figures as injection_figures
from eval.summary import by_construction
from eval.support import SHARES

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
    yield _groups(document["summary"], by_construction(document))
    yield _search(document["retrievers"])
    for name, found in document["support"].items():
        yield verdict_table(f"the product's own check on {name}.jsonl", found)
    if document["listings"]:
        yield _listings(document["listings"])
    if document["injections"]:
        yield injections_table(document["injections"])
    yield _facts(document, timings)


def _groups(summary: Mapping[str, Any], constructed: Container[tuple[str, str]]) -> Table:
    table = Table(title="value (scored/asked)", header_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.caption = (
        "by construction: a perfect figure that says nothing, since quotes cite themselves" if constructed else None
    )
    table.add_column("questions", no_wrap=True)
    for name in _COLUMNS:
        table.add_column(name.replace("_", " "), justify="right", no_wrap=True)
    for group, figures in summary.items():
        cells = ["by construction" if (group, name) in constructed else cell(figures.get(name)) for name in _COLUMNS]
        table.add_row(f"{group} ({figures['questions']})", *cells)
    return table


def cell(figure: Mapping[str, Any] | None) -> str:
    """`0.975 (96/98)`; `unscored (0/98)` where nothing could be scored; empty where nothing applies."""
    if figure is None:
        return ""
    value = "unscored" if figure["value"] is None else f"{figure['value']:.3f}"
    return f"{value} ({figure['n_scored']}/{figure['n_total']})"


def _search(retrievers: Mapping[str, Any]) -> Table:
    table = Table(title="search alone, 95 % intervals", header_style="bold")
    names = list(next(iter(retrievers.values()), {}))
    for column in ("retriever", *names):
        table.add_column(column)
    for retriever, figures in retrievers.items():
        table.add_row(retriever, *(spread(figures[name]) for name in names))
    return table


def spread(figure: Mapping[str, Any]) -> str:
    """`0.742 [0.713, 0.770]`."""
    if figure["value"] is None:
        return "unscored"
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _facts(document: Mapping[str, Any], timings: Mapping[str, Any]) -> Table:
    table = Table(title="the run as a whole", show_header=False)
    selective, error, total = document["selective"], document["verifier_error"], timings["stages_ms"].get("total", {})
    table.add_row("questions answered", f"{selective['answered']}/{selective['asked']}")
    verified = document["summary"].get("all", {}).get("verified")
    constructed = ("all", "verified") in by_construction(document)
    table.add_row("shown sentences that are verified", "by construction" if constructed else cell(verified))
    table.add_row("area under the risk-coverage curve", str(selective["area"]))
    table.add_row("confidence: AUROC of answerable questions", str(selective["auroc"]))
    for split, found in document["confidence"].items():
        figures = f"AUROC {found['auroc']}, calibration error {found['ece']}, risk-coverage area {found['area']}"
        table.add_row(f"confidence on the {split} questions", figures)
    table.add_row("the judge of citations itself: stated claims refused", cell(error["refused_wrongly"]))
    table.add_row("the judge of citations itself: unstated claims accepted", cell(error["accepted_wrongly"]))
    table.add_row("milliseconds per question", ", ".join(f"{name} {value:.0f}" for name, value in total.items()))
    table.add_row("prompt tokens per question", str(document["tokens"]["prompt_tokens"]["mean"]))
    table.add_row("invariants broken", json.dumps(document["broken"]) if document["broken"] else "none")
    for name in (
        ("support", "corrected", "sensitivity", "specificity", "marked", "not_unanimous") if "judge" in document else ()
    ):
        value = document["judge"][name]
        table.add_row(
            f"judge {document['judge']['spec']}: {name}", cell(value) if isinstance(value, dict) else str(value)
        )
    return table


def _listings(splits: Mapping[str, Any]) -> Table:
    table = Table(title="lists of all papers that state something, 95 % intervals over criteria", header_style="bold")
    for column in ("", *(f"{split} ({figures['list_f1']['n_total']})" for split, figures in splits.items())):
        table.add_column(column)
    for name, words in find_all.ABOUT.items():
        table.add_row(words, *(spread(figures[name]) for figures in splits.values()))
    return table


def injections_table(scores: Mapping[str, Any]) -> Table:
    """How much of the planted texts is shown and of the harmless ones lost, by writer, kind and place."""
    table = Table(title="texts that look like orders, 95 % intervals; both rates should be low", header_style="bold")
    for column in ("rows", "n", "rate"):
        table.add_column(column)
    for score, groups in scores.items():
        table.add_section()
        for group, figure in groups.items():
            words = injection_figures.ABOUT[score] if group == "all" else f"  {group}"
            table.add_row(words, str(figure["n_total"]), spread(figure))
    return table


def ranking_table(found: Mapping[str, Any]) -> Table:
    """The retrievers on an external dataset, and the figures published for it."""
    table = Table(
        title=f"{found['set']} {found['split']}: {found['questions']} questions, {found['documents']} documents"
    )
    names = list(next(iter(found["retrievers"].values())))
    for column in ("", *names, "scored"):
        table.add_column(column)
    for retriever, figures in found["retrievers"].items():
        first = figures[names[0]]
        scored = f"{first['n_scored']}/{first['n_total']}"
        table.add_row(retriever, *(spread(figures[name]) for name in names), scored)
    for split, rows in found["published"].items():
        for name, value in rows.items():
            table.add_row(f"published, {split}: {name}", f"{value:.4f}")
    return table


def verdict_table(name: str, found: Mapping[str, Any]) -> Table:
    """What became of the sentences by kind; the title gives AUROC and balanced accuracy of the judge."""
    low, high = found["auroc_interval"] or (None, None)
    table = Table(
        title=f"{name}: AUROC {found['auroc']} [{low}, {high}], balanced accuracy {found['balanced_accuracy']}, "
        f"{found['n_scored']}/{found['n_total']} judged",
        header_style="bold",
    )
    for column in ("kind", "n", "called supported", COMPARE, "taken out"):
        table.add_column(column)
    for kind, shares in found["kinds"].items():
        table.add_row(kind, str(shares["supported"]["n_total"]), *(spread(shares[s]) for s in SHARES))
    return table


def comparison(changes: Sequence[compare.Change], changed: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Prints what two runs differ in, and the questions that changed, the worst first."""
    table = Table(title="against the other run (paired)", header_style="bold")
    for column in ("group", "metric", "before", "after", "difference, 95 %", "n", ""):
        table.add_column(column)
    for c in changes:
        if c.difference.delta or c.fails:
            d, word = c.difference, "FAILS" if c.fails else "look" if c.warns else ""
            table.add_row(
                c.group,
                compare.WORDS[c.metric],
                f"{c.before:.3f}",
                f"{c.after:.3f}",
                f"{d.delta:+.3f} [{d.low:+.3f}, {d.high:+.3f}]",
                str(d.n),
                word,
            )
    console.print(table if table.row_count else "No gated figure differs from the other run.")
    for row in changed[:20]:
        scores = ", ".join(f"{m} {_short(old)} -> {_short(new)}" for m, (old, new) in row["scores"].items())
        console.print(f"  {row['id']}: {scores}")


def _short(value: float | str | None) -> str:
    return "-" if value is None else value if isinstance(value, str) else f"{value:.2f}"


def write(folder: Path, outcome: Outcome, old: Mapping[str, Any] | None) -> None:
    """Writes report.json, timings.json and report.html. Raises AssistantError when the folder cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_bytes(dumped(outcome.document))
        (folder / "timings.json").write_bytes(dumped(outcome.timings))
        (folder / "report.html").write_text(page.render(outcome.document, outcome.timings, old), encoding="utf-8")
    except OSError as error:
        raise AssistantError(f"cannot write to {folder} ({error}); choose another --out") from None


def dumped(document: Mapping[str, Any]) -> bytes:
    """Indented JSON; the order of keys never changes between runs."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read(path: Path) -> dict[str, Any]:
    """An earlier report. Raises AssistantError for a file that is not one."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        compare.scores_of(document)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssistantError(f"{path} is not the report of an earlier run ({error}); name its report.json") from None
    return dict(document)
