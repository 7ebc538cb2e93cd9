"""Measures what each default is worth: asks the dev questions with the defaults, and again with each of them changed.

It writes the table between two marks in `eval/README.md`. Only dev questions are asked, on which the defaults were chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import COMPARE, Assistant, AssistantError, Settings
from eval import judging, questions, statistics
from eval.evaluate import scripted
from eval.run import Record, run
from eval.scratch import uncached

README = Path(__file__).parent / "README.md"
START, END = "<!-- ablations -->", "<!-- /ablations -->"
VARIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("**the defaults**", {}),
    ("chunks of 128 tokens, 32 shared", {"chunk_tokens": 128, "chunk_overlap": 32}),
    ("chunks of 64 tokens, 16 shared", {"chunk_tokens": 64, "chunk_overlap": 16}),
    ("BM25 alone (dense weight 0)", {"dense_weight": 0.0}),
    ("dense weight .25", {"dense_weight": 0.25}),
    ("dense weight .75", {"dense_weight": 0.75}),
    ("dense retrieval alone (dense weight 1)", {"dense_weight": 1.0}),
    ("3 papers per answer", {"k": 3}),
    ("16 papers per answer", {"k": 16}),
    ("no minimum confidence", {"min_confidence": 0.0}),
    ("minimum confidence .4", {"min_confidence": 0.4}),
)
_METRICS = ("hit@1", "recall@8", "key_facts", "over_refusal", "false_answer")


@dataclass(frozen=True, slots=True)
class Row:
    """One variant: its name, the number of chunks in its library, and its figures by metric."""

    name: str
    chunks: int
    figures: dict[str, statistics.Figure]


def ablate(corpus: Path | None, tick: Callable[[str], None] = lambda name: None) -> str:
    """Both tables as Markdown. Raises AssistantError when the library cannot be built."""
    asked = questions.load(split="dev")
    with TemporaryDirectory() as folder:
        rows = []
        for name, changes in VARIANTS:
            with _library(Path(folder), corpus, changes) as assistant:
                records = run(assistant, asked, _no_judge)
                rows.append(Row(name, assistant.stats().chunks, _figures(records)))
            tick(name)
        drafted = _drafts(Path(folder), asked)
        tick("with and without verification")
    return table(rows, len(asked)) + "\n\n" + drafted


@contextmanager
def _library(folder: Path, corpus: Path | None, changes: dict[str, Any]) -> Iterator[Assistant]:
    """Opens the library of a variant; variants with the same chunks share one."""
    cut = Settings(**changes)
    home = folder / f"{cut.chunk_tokens}-{cut.chunk_overlap}"
    with Assistant(uncached(home, **changes)) as assistant:
        assistant.add([corpus] if corpus else None)
        yield assistant


def _no_judge(answer: object) -> Any:
    """Judges nothing, since citations are not compared here."""
    return lambda sentence, numbers: None


def _figures(records: Sequence[Record]) -> dict[str, statistics.Figure]:
    return {name: statistics.figure([r.scores[name] for r in records]) for name in _METRICS}


def table(rows: Sequence[Row], asked: int) -> str:
    """Variants by figures, with the intervals of the defaults, so that a difference can be judged."""
    lines = [
        f"The {asked} dev questions of the bundled sample, no model; in brackets the 95 % interval of the defaults.",
        "",
        "| | chunks | right paper first | right papers among 8 | key facts | refused | answered wrongly |",
        "|---|---|---|---|---|---|---|",
    ]
    for i, row in enumerate(rows):
        cells = [_cell(row.figures[name], spread=i == 0) for name in _METRICS]
        lines.append(f"| {row.name} | {row.chunks} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(figure: statistics.Figure, spread: bool) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "unscored"
    return f"{figure.value:.3f}" + (f" [{figure.low:.2f}, {figure.high:.2f}]" if spread else "")


def _drafts(folder: Path, asked: Sequence[questions.Question]) -> str:
    """Compares what a writer that lies in a known way drafted with what was shown."""
    settings = uncached(folder / f"{Settings().chunk_tokens}-{Settings().chunk_overlap}")
    with Assistant(settings) as assistant:
        records, writer = scripted(settings, asked, judging.VerifierJudge(assistant), lambda part: None)
    answers = [r.answer for r in records if r.answer is not None and r.answer["status"] == "answered"]
    shown = [(s["text"], s["verdict"]) for a in answers for s in a["sentences"]]
    verified = [text for text, verdict in shown if verdict == "supported"]
    marked = [text for text, verdict in shown if verdict != "supported"]
    drafted = verified + marked + [r["text"] for a in answers for r in a["removed"]]
    rows = [
        ("without verification", drafted),
        ("**with verification**", verified),
        (f"marked “{COMPARE}”", marked),
    ]
    return "\n".join(
        [
            f"Sentences of the scripted writer, which makes up one or two in every answer ({len(answers)} answers):",
            "",
            "| | sentences | made up |",
            "|---|---|---|",
            *(f"| {name} | {len(texts)} | {sum(text in writer.lies for text in texts)} |" for name, texts in rows),
        ]
    )


def write(text: str, path: Path = README) -> None:
    """Writes the tables between their marks. Raises AssistantError when the file lacks the marks."""
    document = path.read_text(encoding="utf-8")
    if START not in document or END not in document:
        raise AssistantError(f"{path} lacks the marks {START} and {END}, between which the table belongs; restore them")
    before, _, rest = document.partition(START)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{START}\n{text}\n{END}{after}", encoding="utf-8")
