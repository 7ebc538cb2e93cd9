"""Holds our own sentences and labelled claims against the product's `check`, as a user would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from assistant import Assistant, AssistantError, ClaimCheck, Paper
from eval import judging, sentences, support
from eval.support import Row

SETS = ("sentences", "claims")
"""`sentences.jsonl` and `claims.jsonl`."""


def check(
    assistant: Assistant, papers: Mapping[str, Paper], split: str, done: Callable[[], None] = lambda: None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figures of each set whose papers the library holds, as `support.measure` gives them, and what came of each row."""
    rows = {
        "sentences": support.rows_of_sentences(sentences.load(split=split), papers),
        "claims": support.rows_of_claims(judging.load_claims(split=split), papers),
    }
    found, every = {}, []
    for name in SETS:
        if rows[name]:
            verdicts = []
            for verdict in _checks(assistant, rows[name]):
                verdicts.append(verdict)
                done()
            found[name] = support.figures(rows[name], verdicts)
            every += [_row(name, row, verdict) for row, verdict in zip(rows[name], verdicts, strict=True)]
    return found, every


def _checks(assistant: Assistant, rows: Sequence[Row]) -> Iterable[ClaimCheck | None]:
    for row in rows:
        try:
            yield assistant.check(row.claim, row.paper_ids)
        except AssistantError:
            yield None


def _row(name: str, row: Row, verdict: ClaimCheck | None) -> dict[str, Any]:
    return {
        "id": f"{name}/{row.id}",
        "kind": row.kind,
        "claim": row.claim,
        "papers": list(row.paper_ids),
        "verdict": None if verdict is None else verdict.verdict,
        "score": None if verdict is None else round(verdict.score, 4),
        "why": "" if verdict is None else verdict.why,
        "scores": support.scores(row, verdict),
    }
