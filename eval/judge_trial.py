"""Measures a model as judge of sentences, and stores what it is worth for `ASSISTANT_JUDGE=auto`."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant import AssistantError, Settings
from assistant.answering.assessment import NOTHING_READ
from assistant.answering.prompts import inline_prompt
from assistant.answering.writer import WritingTask
from assistant.embeddings.embedders import PackagedEmbedder
from assistant.llm import LanguageModel, parse_spec
from assistant.types import Paper, Passage
from assistant.verification.judge_choice import Measured, named_judge, remember
from assistant.verification.judges import Doubt, Draft, Judge, Opinion, Thresholds
from assistant.verification.observations import Question
from assistant.verification.verifier import Judgement, Verifier
from eval import statistics, support
from eval.support import Row

_BATCH = 8
"""Sentences judged in one request, about as many as an answer has."""
_FALSE_SUPPORTED, _TRUE_REMOVED = 0.06, 0.035
"""Shares of the false sentences at or above `supported`, and of the true ones below `partial`, at most; those of the packaged
verifier (`eval/training/fit_support_model.py`)."""
_NEVER = 2.0
"""A threshold above every score."""


def measure(
    spec: str, rows: Sequence[Row], settings: Settings, *, store: bool, done: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """The figures of the judge `spec` (`nli:…` or a model), as of `support.measure`, and `packaged_auroc`.

    `packaged_auroc` is the packaged verifier's on the same rows: those that the judge answered. With `store`, both and the
    judge's thresholds are kept in `settings.home`. Raises AssistantError when less than half of the rows were answered or
    the figures cannot be stored, and SettingsError for an unknown spec.
    """
    model = None if spec.startswith("nli:") else LanguageModel(parse_spec(spec, settings.models_home), settings)
    judge, verifier = named_judge(spec, settings, model), Verifier(PackagedEmbedder())
    own = verifier.judge_all([Question(row.claim, row.cited) for row in rows])
    opinions: list[Opinion | None] = [None] * len(rows)
    for question, places in groupby(
        sorted(range(len(rows)), key=lambda i: rows[i].question), lambda i: rows[i].question
    ):
        group = list(places)
        for batch in (group[n : n + _BATCH] for n in range(0, len(group), _BATCH)):
            found = _opinions(judge, model, question, [(rows[i], own[i]) for i in batch], settings)
            for i, opinion in zip(batch, found, strict=True):
                opinions[i] = opinion
                done()
    return _worth(spec, model, rows, own, opinions, settings if store else None)


def _worth(
    spec: str,
    model: LanguageModel | None,
    rows: Sequence[Row],
    own: Sequence[Judgement],
    opinions: Sequence[Opinion | None],
    settings: Settings | None,
) -> dict[str, Any]:
    scored = [
        (row.supported, opinion.score, judgement.score)
        for row, opinion, judgement in zip(rows, opinions, own, strict=True)
        if opinion is not None and row.supported is not None
    ]
    if 2 * len(scored) < sum(row.supported is not None for row in rows):
        raise AssistantError(
            f"{spec} judged only {len(scored)} sentences; check that its server runs and follows schemas"
        )
    truth, scores = np.array([t for t, _, _ in scored], bool), np.array([s for _, s, _ in scored])
    auroc, packaged = statistics.auroc(scores, truth), statistics.auroc([p for _, _, p in scored], truth)
    if settings is not None and auroc is not None and packaged is not None:
        measured = Measured(auroc, packaged, thresholds(scores, truth))
        if not remember(settings, model.identity if model else spec, measured):
            raise AssistantError(f"cannot write to {settings.home}, where the figures are to be kept; check its rights")
    return support.figures(rows, opinions) | {"packaged_auroc": statistics.rounded(packaged)}


def thresholds(scores: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]) -> Thresholds:
    """The lowest score that few false sentences reach, and the highest one that few true sentences miss."""
    levels = [*sorted(set(scores.tolist())), _NEVER]
    supported = next(at for at in levels if np.mean(scores[~truth] >= at) <= _FALSE_SUPPORTED)
    partial = max(at for at in levels if np.mean(scores[truth] < at) <= _TRUE_REMOVED)
    return Thresholds(supported, min(partial, supported))


def _opinions(
    judge: Judge,
    model: LanguageModel | None,
    question: str,
    batch: Sequence[tuple[Row, Judgement]],
    settings: Settings,
) -> list[Opinion | None]:
    """The judge's opinions on sentences that stand as one draft over the abstracts that they cite."""
    texts = list(dict.fromkeys(text for row, _ in batch for text in row.cited))
    papers = [Paper(f"t:{n}", text.title, text.abstract) for n, text in enumerate(texts, 1)]
    task = WritingTask(question, [Passage(p, 1.0) for p in papers], NOTHING_READ, math.inf)
    asked = inline_prompt(task, model.fits if model else lambda _: True)
    doubts = []
    for row, judgement in batch:
        numbers = tuple(texts.index(text) + 1 for text in row.cited)
        doubts.append(Doubt(row.claim, numbers, tuple(papers[n - 1] for n in numbers), judgement))
    reply = " ".join(d.text + " " + "".join(f"[{n}]" for n in d.numbers) for d in doubts)
    draft = Draft(asked.prompt, len(asked.passages), reply)
    steps = judge.judge(doubts, draft, time.monotonic() + settings.llm_timeout)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            found: list[Opinion | None] = done.value
            return found
