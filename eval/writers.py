"""Compares the writers on the dev questions: `python -m eval.writers --llm gguf:smollm2-135m --out answers.jsonl`.

Every answer goes into a file at once, so that a run that was stopped can continue.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant import COMPARE, Answer, Assistant, Settings
from eval.metrics import fact_recall
from eval.questions import Question, load

WRITERS = ("quotes", "inline", "select")
"""Extractive answers, and the values of `llm_citing`: inline citing and select-then-write."""
_TYPES = ("figure", "method", "near-domain")


def main() -> None:
    """Asks what is not in the file yet, then prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--llm", required=True, help="the model, as for `assistant ask`")
    parser.add_argument("--out", type=Path, required=True, help="JSON lines of the answers; read again when it exists")
    parser.add_argument("--questions", type=int, default=42, help="dev questions, the same number of each type")
    parser.add_argument("--most", type=int, default=10_000, help="answers in this run; the next run continues")
    parser.add_argument("--papers", type=int, default=4, help="papers that an answer may draw on (k)")
    parser.add_argument("--tokens", type=int, default=160, help="tokens that one reply may have")
    given = parser.parse_args()
    questions = _selected(given.questions)
    rows = _read(given.out)
    done = {(row["id"], row["writer"]) for row in rows}
    todo = [(q, writer) for q in questions for writer in WRITERS if (q.id, writer) not in done][: given.most]
    if todo:
        with tempfile.TemporaryDirectory() as home, Assistant(Settings(home=Path(home), llm="quotes")) as assistant:
            assistant.add()
            for question, writer in todo:
                rows.append(_ask(assistant, question, writer, given.llm, given.papers, given.tokens))
                with given.out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(rows[-1]) + "\n")
    left = len(questions) * len(WRITERS) - len(rows)
    print(_table(rows) if not left else f"{left} answers left; run the same command again")


def _selected(count: int) -> list[Question]:
    """The first questions of each type in turn, without those that belong to a conversation."""
    found = [q for q in load(split="dev") if not q.history]
    kinds = [[q for q in found if q.type == kind][: count // len(_TYPES)] for kind in _TYPES]
    return [q for row in zip(*kinds, strict=True) for q in row]


def _ask(assistant: Assistant, question: Question, writer: str, llm: str, papers: int, tokens: int) -> dict[str, Any]:
    changes = {"llm": "quotes"} if writer == "quotes" else {"llm": llm, "llm_citing": writer}
    answer = assistant.using(**changes, k=papers, llm_max_tokens=tokens).ask(question.question)
    worded = [s.text for s in answer.sentences if not _is_quote(s.text, answer)]
    return {
        "id": question.id,
        "writer": writer,
        "type": question.type,
        "answerable": question.answerable,
        "answered": answer.status == "answered",
        "sentences": len(answer.sentences),
        "worded": len(worded),
        "marked": sum(not s.verified for s in answer.sentences),
        "removed": len(answer.removed),
        "seconds": answer.timings_ms["answer"] / 1000,
        "notes": list(answer.notes),
        "facts": fact_recall(" ".join(s.text for s in answer.sentences), question.key_facts),
        "facts_worded": fact_recall(" ".join(worded), question.key_facts),
    }


def _is_quote(sentence: str, answer: Answer) -> bool:
    return any(sentence in c.quote for c in answer.citations)


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def _table(rows: list[dict[str, Any]]) -> str:
    """The table as Markdown."""
    lines = ["| | " + " | ".join(WRITERS) + " |", "|---|" + "---|" * len(WRITERS)]
    measures: dict[str, Callable[[list[dict[str, Any]]], list[float]]] = {
        "answerable questions answered": lambda r: [x["answered"] for x in r if x["answerable"]],
        "unanswerable questions answered": lambda r: [x["answered"] for x in r if not x["answerable"]],
        "key facts in what was shown": lambda r: [x["facts"] for x in r if x["facts"] is not None],
        "key facts in the model's own words": lambda r: [x["facts_worded"] for x in r if x["facts"] is not None],
        "sentences of the model that were shown, per answer": lambda r: [x["worded"] for x in r if x["answered"]],
        f"of these to be marked “{COMPARE}”, never counted as verified": lambda r: [
            x["marked"] for x in r if x["answered"]
        ],
        "sentences removed, per question": lambda r: [x["removed"] for x in r],
        "seconds for drafting, per question": lambda r: [x["seconds"] for x in r],
    }
    for name, values in measures.items():
        cells = []
        for writer in WRITERS:
            found = values([r for r in rows if r["writer"] == writer])
            cells.append(f"{sum(found) / len(found):.2f} ({len(found)})" if found else "–")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
