"""What each default is worth: the dev questions once with the defaults, and once with each of them changed.

Writes the table between two marks of `eval/README.md`. Only dev questions are asked: the defaults were chosen there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import Assistant, AssistantError, Settings
from eval import judging, questions, statistics
from eval.evaluate import scripted
from eval.run import Record, run

README = Path(__file__).parent / "README.md"
START, END = "<!-- ablations -->", "<!-- /ablations -->"
VARIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("**the defaults**", {}),
    ("windows of 128 tokens, 32 shared", {"chunk_tokens": 128, "chunk_overlap": 32}),
    ("windows of 64 tokens, 16 shared", {"chunk_tokens": 64, "chunk_overlap": 16}),
    ("keywords alone (dense weight 0)", {"dense_weight": 0.0}),
    ("dense weight .25", {"dense_weight": 0.25}),
    ("dense weight .75", {"dense_weight": 0.75}),
    ("vectors alone (dense weight 1)", {"dense_weight": 1.0}),
    ("3 papers read", {"k": 3}),
    ("16 papers read", {"k": 16}),
    ("no least confidence", {"min_confidence": 0.0}),
    ("least confidence .4", {"min_confidence": 0.4}),
)
_METRICS = ("hit@1", "recall@8", "key_facts", "over_refusal", "false_answer")


@dataclass(frozen=True, slots=True)
class Row:
    """One variant: how it is called, how many windows its library has, and its figures by metric."""

    name: str
    windows: int
    figures: dict[str, statistics.Figure]


def ablate(corpus: Path | None, tick: Callable[[str], None] = lambda name: None) -> str:
    """The Markdown of both tables. Raises AssistantError when the library cannot be made."""
    asked = questions.load(split="dev")
    with TemporaryDirectory() as folder:
        rows = []
        for name, changes in VARIANTS:
            with _library(Path(folder), corpus, changes) as assistant:
                records = run(assistant, asked, _nobody)
                rows.append(Row(name, assistant.stats().chunks, _figures(records)))
            tick(name)
        drafted = _drafts(Path(folder), asked)
        tick("with and without verification")
    return table(rows, len(asked)) + "\n\n" + drafted


@contextmanager
def _library(folder: Path, corpus: Path | None, changes: dict[str, Any]) -> Iterator[Assistant]:
    """Variants that cut abstracts alike share one library."""
    cut = Settings(**changes)
    home = folder / f"{cut.chunk_tokens}-{cut.chunk_overlap}"
    with Assistant(_settings(home, **changes)) as assistant:
        assistant.add([corpus] if corpus else None)
        yield assistant


def _settings(home: Path, **changes: Any) -> Settings:
    return Settings(home=home, llm="quotes", cache=False, log_answers=False, **changes)


def _nobody(answer: object) -> Any:
    """No judge: citations are not what is compared here."""
    return lambda sentence, numbers: None


def _figures(records: Sequence[Record]) -> dict[str, statistics.Figure]:
    return {name: statistics.figure([r.scores[name] for r in records]) for name in _METRICS}


def table(rows: Sequence[Row], asked: int) -> str:
    """Variants by figures; the interval of the defaults stands beside them, so that a difference can be judged."""
    lines = [
        f"The {asked} dev questions of the bundled sample, no model; in brackets the 95 % interval of the defaults.",
        "",
        "| | windows | right paper first | right papers among 8 | key facts | refused | answered wrongly |",
        "|---|---|---|---|---|---|---|",
    ]
    for i, row in enumerate(rows):
        cells = [_cell(row.figures[name], spread=i == 0) for name in _METRICS]
        lines.append(f"| {row.name} | {row.windows} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(figure: statistics.Figure, spread: bool) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "unscored"
    return f"{figure.value:.3f}" + (f" [{figure.low:.2f}, {figure.high:.2f}]" if spread else "")


def _drafts(folder: Path, asked: Sequence[questions.Question]) -> str:
    """What a writer that lies in a known way would have shown, and what was shown."""
    settings = _settings(folder / f"{Settings().chunk_tokens}-{Settings().chunk_overlap}")
    with Assistant(settings) as assistant:
        records, writer = scripted(settings, asked, judging.VerifierJudge(assistant), lambda part: None)
    answers = [r.answer for r in records if r.answer is not None and r.answer["status"] == "answered"]
    shown = [s["text"] for a in answers for s in a["sentences"]]
    drafted = shown + [r["text"] for a in answers for r in a["removed"]]
    rows = [("without verification", drafted), ("**with verification**", shown)]
    return "\n".join(
        [
            f"Sentences of the scripted writer, which makes up one or two in every answer ({len(answers)} answers):",
            "",
            "| | sentences | made up |",
            "|---|---|---|",
            *(f"| {name} | {len(said)} | {sum(text in writer.lies for text in said)} |" for name, said in rows),
        ]
    )


def write(text: str, path: Path = README) -> None:
    """Puts the tables between their marks. Raises AssistantError when the file lacks them."""
    document = path.read_text(encoding="utf-8")
    if START not in document or END not in document:
        raise AssistantError(f"{path} lacks the marks {START} and {END}, between which the table belongs")
    before, _, rest = document.partition(START)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{START}\n{text}\n{END}{after}", encoding="utf-8")
