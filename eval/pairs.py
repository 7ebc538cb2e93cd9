"""Reads public sets of claims with their evidence as rows for `eval.support.measure`.

Two layouts are known: one pair per line (`claim`, `evidence` as text, `supported`, and `label3` or `label`), and SciFact's own
claims (`claim`, `evidence` by document, `cited_doc_ids`), whose documents are looked up in a BEIR corpus.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant import AssistantError
from assistant.reading.evidence import MAX_ABSTRACT
from assistant.text import sentences
from assistant.verification.observations import Text
from eval import external
from eval.support import Row

_SAMPLE_SEED = 0
_LONGEST_TITLE = 300
"""Characters; a longer first line is no title."""


def load(path: Path, corpus: Path | None = None, most: int | None = None) -> list[Row]:
    """The pairs of a file in either layout, or a fixed random sample of at most `most` of them.

    Raises AssistantError for any other layout, an empty file or a missing corpus.
    """
    found = list(external.rows(path))
    if not found:
        raise AssistantError(f"{path} is empty; check --pairs")
    if "cited_doc_ids" in found[0]:
        rows = _from_scifact(found, path, corpus)
    else:
        try:
            rows = [_row(str(n), r, r["evidence"], _label(r), bool(r["supported"])) for n, r in enumerate(found, 1)]
        except KeyError as error:
            raise AssistantError(f"{path}: a pair lacks {error}; each needs claim, evidence and supported") from None
    if most is not None and most < len(rows):
        rows = random.Random(_SAMPLE_SEED).sample(rows, most)  # noqa: S311 - repeatable on purpose
    return rows


def _label(row: dict[str, Any]) -> str:
    return str(row.get("label3") or row.get("label") or ("supported" if row["supported"] else "not supported"))


def _row(name: str, row: dict[str, Any], evidence: str, label: str, supported: bool) -> Row:
    return Row(name, row["claim"], texts(evidence), label, supported)


def _from_scifact(found: Sequence[dict[str, Any]], path: Path, corpus: Path | None) -> list[Row]:
    source = corpus or path.parent.parent / "beir" / "scifact" / "corpus.jsonl"
    if not source.is_file():
        raise AssistantError(f"{path} names documents by id; name the file that holds them with --corpus CORPUS.jsonl")
    held = {str(r["_id"]): f"{r.get('title') or ''}\n{r.get('text') or ''}" for r in external.rows(source)}
    rows = []
    for row in found:
        for document in map(str, row["cited_doc_ids"]):
            sides = {part["label"] for part in row["evidence"].get(document, [])}
            label = "SUPPORT" if "SUPPORT" in sides else "CONTRADICT" if "CONTRADICT" in sides else "NEI"
            if document in held:
                rows.append(_row(f"{row.get('id')}:{document}", row, held[document], label, label == "SUPPORT"))
    return rows


def texts(evidence: str) -> tuple[Text, ...]:
    """The evidence as what a sentence cites: a title and an abstract, or untitled abstracts of a length that is read whole.

    The title is the first line, where more follows it.
    """
    title, _, body = evidence.partition("\n")
    if not body.strip() or len(title) > _LONGEST_TITLE:
        title, body = "", evidence
    found, start = [], 0
    for span in sentences.split(body):
        if span.end - start > MAX_ABSTRACT and span.start > start:
            found.append(Text(title.strip(), body[start : span.start].strip()))
            start = span.start
    return (*found, Text(title.strip(), body[start:].strip()))
