"""Measures how well the support check tells supported claims from others, on labelled pairs of claim and evidence.

It reads two layouts: one pair per line (`claim`, `evidence` as text, `label3`, `supported`), and SciFact's own claims
(`claim`, `evidence` by document, `cited_doc_ids`), whose documents it looks up in a BEIR corpus.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Assistant, AssistantError, ClaimCheck
from eval import external, statistics
from eval.external import Text

_SCIFACT = {"SUPPORT": "SUPPORT", "CONTRADICT": "CONTRADICT"}
_VERDICTS = ("supported", "partial", "contradicted", "unsupported")
_SAMPLE_SEED = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """One claim with the text that may support it."""

    claim: str
    evidence: str
    label: str
    supported: bool


def load(path: Path, corpus: Path | None = None) -> list[Pair]:
    """The pairs of a file in either layout. Raises AssistantError for any other layout, or for a missing corpus."""
    rows = list(external.rows(path))
    if rows and "cited_doc_ids" in rows[0]:
        return _from_scifact(rows, path, corpus)
    try:
        return [
            Pair(row["claim"], row["evidence"], str(row.get("label3", row["supported"])), bool(row["supported"]))
            for row in rows
        ]
    except KeyError as error:
        raise AssistantError(f"{path}: a pair lacks {error}; each needs claim, evidence and supported") from None


def _from_scifact(rows: Sequence[dict[str, Any]], path: Path, corpus: Path | None) -> list[Pair]:
    beside = path.parent.parent / "beir" / "scifact" / "corpus.jsonl"
    source = corpus or beside
    if not source.is_file():
        raise AssistantError(f"{path} names documents by id; name the file that holds them with --corpus CORPUS.jsonl")
    texts = {str(r["_id"]): f"{r.get('title') or ''}\n{r.get('text') or ''}" for r in external.rows(source)}
    pairs = []
    for row in rows:
        for document in map(str, row["cited_doc_ids"]):
            sides = {part["label"] for part in row["evidence"].get(document, [])}
            label = _SCIFACT.get(next(iter(sides), ""), "NEI")
            if document in texts:
                pairs.append(Pair(row["claim"], texts[document], label, label == "SUPPORT"))
    return pairs


def evaluate(pairs: Sequence[Pair], most: int | None = None, tick: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """AUROC of the check's score, balanced accuracy of its verdict `supported`, and the verdicts by label.

    The threshold is the product's own; nothing is fitted here. `most` limits the pairs to a fixed random sample of
    that size. Raises AssistantError when there is no pair.
    """
    chosen = list(pairs)
    if most is not None and most < len(chosen):
        chosen = random.Random(_SAMPLE_SEED).sample(chosen, most)  # noqa: S311 - repeatable on purpose
    if not chosen:
        raise AssistantError("the file of pairs is empty; check --pairs")
    number = {evidence: str(i) for i, evidence in enumerate(dict.fromkeys(p.evidence for p in chosen))}
    with external.library((_text(i, evidence) for evidence, i in number.items()), None) as (assistant, ids):
        checks = []
        for pair in chosen:
            checks.append(_check(assistant, pair, ids.get(number[pair.evidence])))
            tick()
    return _figures(chosen, checks)


def _text(number: str, evidence: str) -> Text:
    """The title is the first line where there are several; it is numbered because texts may share a title."""
    title, _, body = evidence.partition("\n")
    return Text(number, f"{title.strip()[:300]} ({number})" if body.strip() else "", body if body.strip() else evidence)


def _check(assistant: Assistant, pair: Pair, paper_id: str | None) -> ClaimCheck | None:
    if paper_id is None:
        return None
    try:
        return assistant.check(pair.claim, paper_id)
    except AssistantError:
        return None


def _figures(pairs: Sequence[Pair], checks: Sequence[ClaimCheck | None]) -> dict[str, Any]:
    rows = [(p, c) for p, c in zip(pairs, checks, strict=True) if c is not None]
    scores, truth = [c.score for _, c in rows], [p.supported for p, _ in rows]
    accepted = [c.verdict == "supported" for _, c in rows]
    spread = statistics.auroc_interval(scores, truth)
    labels = sorted({p.label for p, _ in rows})
    return {
        "n_scored": len(rows),
        "n_total": len(pairs),
        "auroc": statistics.rounded(statistics.auroc(scores, truth)),
        "auroc_interval": None if spread is None else [round(x, 4) for x in spread],
        "balanced_accuracy": statistics.rounded(statistics.balanced_accuracy(accepted, truth)),
        "labels": {label: _verdicts([c for p, c in rows if p.label == label]) for label in labels},
    }


def _verdicts(checks: Sequence[ClaimCheck]) -> dict[str, int]:
    return {"n": len(checks)} | {verdict: sum(c.verdict == verdict for c in checks) for verdict in _VERDICTS}
