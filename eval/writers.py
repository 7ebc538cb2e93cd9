"""Compares the writers on the question set: `python -m eval.writers --llm gguf:PATH --corpus FOLDER --out answers.jsonl`.

Every answer goes into a file at once, so that a run that was stopped can continue.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from statistics import mean, median
from typing import Annotated, Any

import typer

from assistant import Answer, Assistant
from eval import questions, scoring
from eval.questions import Question, Split
from eval.scratch import scratch_library

WRITERS = ("quotes", "inline", "select", "auto")
"""No model, and the values of `llm_citing`: inline citing, select-then-write, and what the assistant chooses."""
_KEPT = ("key_facts", "over_refusal", "false_answer", "correction", "hit@1", "hit@5")
_ROWS = {
    "key facts shown": "key_facts",
    "answerable questions refused": "over_refusal",
    "unanswerable questions answered": "false_answer",
    "false premises named": "correction",
    "right paper first": "hit@1",
    "right paper among the first five": "hit@5",
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Setup:
    llm: str
    papers: int | None
    tokens: int | None

    def settings(self, writer: str) -> dict[str, Any]:
        """The settings in which a writer differs from the others."""
        chosen = {"k": self.papers, "llm_max_tokens": self.tokens}
        model = {"llm": "quotes"} if writer == "quotes" else {"llm": self.llm, "llm_citing": writer}
        return model | {name: value for name, value in chosen.items() if value is not None}


def main(
    llm: Annotated[str, typer.Option(help="The model, as for `assistant ask`.")],
    out: Annotated[Path, typer.Option(help="JSON lines of the answers; read again when it exists.")],
    corpus: Annotated[Path | None, typer.Option(help="Files to ask; none: the bundled sample.")] = None,
    count: Annotated[int, typer.Option("--questions", help="Questions to ask, of all types in turn.")] = 80,
    split: Annotated[Split, typer.Option(help="Which questions to ask.")] = "all",
    kinds: Annotated[str, typer.Option("--types", help="Types of questions, with commas; empty: all.")] = "",
    writers: Annotated[str, typer.Option(help="Who answers, with commas.")] = ",".join(WRITERS),
    papers: Annotated[int | None, typer.Option(help="Papers that an answer may draw on (k).")] = None,
    tokens: Annotated[int | None, typer.Option(help="Tokens that one reply may have.")] = None,
) -> None:
    """Ask what is not in the file yet, then print the tables."""
    asked = select(questions.load(split=split), count, [k for k in kinds.split(",") if k])
    rows = read(out)
    done = {(row["id"], row["writer"]) for row in rows}
    chosen = writers.split(",")
    todo = [(question, writer) for question in asked for writer in chosen if (question.id, writer) not in done]
    if todo:
        with scratch_library(corpus) as assistant:
            for question, writer in todo:
                rows.append(_ask(assistant.using(**_Setup(llm, papers, tokens).settings(writer)), question, writer))
                with out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(rows[-1], ensure_ascii=False) + "\n")
    ids = {question.id for question in asked}
    typer.echo(table([row for row in rows if row["id"] in ids and row["writer"] in chosen]))


def select(found: Sequence[Question], count: int, kinds: Sequence[str] = ()) -> list[Question]:
    """The first questions of each type in turn, so that any beginning of the list holds all types alike."""
    by_type: dict[str, list[Question]] = defaultdict(list)
    for question in found:
        if not kinds or question.type in kinds:
            by_type[question.type].append(question)
    turns = chain.from_iterable(zip_longest(*by_type.values()))
    return [question for question in turns if question is not None][:count]


def _ask(assistant: Assistant, question: Question, writer: str) -> Row:
    retrieved: list[str] = []
    answer: Answer | None = None
    for event in assistant.stream(question.question, question.history):
        retrieved += [p.paper.paper_id for p in event.retrieved or ()]
        answer = event.answer or answer
    assert answer is not None  # noqa: S101 - the last event holds it
    abstracts = {p.paper_id: p.abstract for p in assistant.papers()}
    scores = scoring.score(
        question, tuple(dict.fromkeys(retrieved)), None, answer, abstracts, lambda text, numbers: None
    )
    return {
        "id": question.id,
        "type": question.type,
        "writer": writer,
        "scores": {name: scores[name] for name in _KEPT if scores[name] is not None},
        "answer": answer.to_dict(),
    }


def read(path: Path) -> list[Row]:
    """The answers so far."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def table(rows: Iterable[Row]) -> str:
    """Markdown: the scores, sentences, seconds and tokens of each writer, then each type of question by itself."""
    by_writer: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_writer[row["writer"]].append(row)
    lines = ["| | " + " | ".join(by_writer) + " |", "|---|" + "---|" * len(by_writer)]

    def add(name: str, cells: Iterable[str]) -> None:
        lines.append(f"| {name} | " + " | ".join(cells) + " |")

    for name, score in _ROWS.items():
        add(name, (_mean(r["scores"].get(score) for r in own) for own in by_writer.values()))
    for name, measure in _MEASURES.items():
        add(name, (measure([r["answer"] for r in own]) for own in by_writer.values()))
    for kind in dict.fromkeys(row["type"] for own in by_writer.values() for row in own):
        add(f"{kind}: right", (_mean(right(r) for r in own if r["type"] == kind) for own in by_writer.values()))
    return "\n".join(lines)


def right(row: Row) -> float:
    """The key facts shown, 0 for a refusal; for a question without an answer, whether it was refused.

    A false premise counts when it is named.
    """
    scores: Mapping[str, float] = row["scores"]
    if "correction" in scores:
        return scores["correction"]
    if "false_answer" in scores:
        return 1 - scores["false_answer"]
    return scores.get("key_facts", 1 - scores.get("over_refusal", 0.0))


def _mean(values: Iterable[float | None]) -> str:
    found = [value for value in values if value is not None]
    return f"{mean(found):.2f} ({len(found)})" if found else "–"


def _each(answers: Sequence[dict[str, Any]], name: str) -> str:
    return f"{mean(len(a[name]) for a in answers):.2f}"


_MEASURES: dict[str, Callable[[Sequence[dict[str, Any]]], str]] = {
    "sentences shown, per question": lambda answers: _each(answers, "sentences"),
    "of these in the model's own words": lambda answers: f"{mean(_worded(a) for a in answers):.2f}",
    "of these marked": lambda answers: (
        f"{mean(sum(s['verdict'] != 'supported' for s in a['sentences']) for a in answers):.2f}"
    ),
    "sentences removed, per question": lambda answers: _each(answers, "removed"),
    "seconds, median": lambda answers: f"{median(a['timings_ms']['total'] / 1000 for a in answers):.1f}",
    "tokens read anew / written, median": lambda answers: (
        f"{median(a['usage']['prompt_tokens'] - a['usage']['cached_tokens'] for a in answers):.0f} / "
        f"{median(a['usage']['completion_tokens'] for a in answers):.0f}"
    ),
}


def _worded(answer: dict[str, Any]) -> int:
    return sum(not any(s["text"] in c["quote"] for c in answer["citations"]) for s in answer["sentences"])


if __name__ == "__main__":
    typer.run(main)
