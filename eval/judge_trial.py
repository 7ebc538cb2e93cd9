"""Measures a model as judge on the sentences of `sentences.jsonl`, and stores what it is worth for `ASSISTANT_JUDGE=auto`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from assistant import AssistantError, Settings
from assistant.answering.prompts import build_prompt
from assistant.embeddings.embedders import PackagedEmbedder
from assistant.llm import LanguageModel, parse_spec
from assistant.types import Paper, Passage
from assistant.verification.judge_choice import Measured, named_judge, remember
from assistant.verification.judges import Doubt, Draft, Judge, Opinion, Thresholds
from assistant.verification.observations import Question, Text
from assistant.verification.verifier import Judgement, Verifier
from eval import statistics
from eval.sentences import Sentence

_BATCH = 8
"""Sentences judged in one request, about as many as an answer has."""
_FALSE_SUPPORTED, _TRUE_REMOVED = 0.06, 0.035
"""Shares of the false sentences at or above `supported`, and of the true ones below `partial`, at most; those of the packaged
verifier (`eval/training/fit_support_model.py`)."""
_NEVER = 2.0
"""A threshold above every score."""


def trial(
    spec: str,
    sentences: Sequence[Sentence],
    papers: Mapping[str, Paper],
    settings: Settings,
    tick: Callable[[], None] = lambda: None,
) -> tuple[Measured, list[Opinion | None], bool]:
    """What the judge `spec` (`nli:…` or a model) is worth, its opinions, and whether that could be stored in `settings.home`.

    The opinions are in the order of the questions, not of the file.
    The judge and the packaged verifier are ranked on the same sentences: the true and false ones that the judge answered.
    Raises AssistantError when it answered less than half of them, and SettingsError for a spec that is not known.
    """
    model = None if spec.startswith("nli:") else LanguageModel(parse_spec(spec, settings.models_home), settings)
    judge, verifier = named_judge(spec, settings, model), Verifier(PackagedEmbedder())
    opinions: list[Opinion | None] = []
    own: list[Judgement] = []
    held = sorted((s for s in sentences if papers.keys() >= set(s.paper_ids)), key=lambda s: s.question)
    for question, rows in groupby(held, key=lambda s: s.question):
        asked = list(rows)
        for start in range(0, len(asked), _BATCH):
            batch = asked[start : start + _BATCH]
            judged = _judgements(verifier, batch, papers)
            own += judged
            opinions += _opinions(judge, model, question, batch, judged, papers, settings)
            tick()
    scored = [
        (s.kind == "true", o, j) for s, o, j in zip(held, opinions, own, strict=True) if o and s.kind != "partial"
    ]
    if 2 * len(scored) < sum(s.kind != "partial" for s in held):
        raise AssistantError(
            f"{spec} judged only {len(scored)} sentences; check that its server runs and follows schemas"
        )
    truth = np.array([true for true, _, _ in scored])
    scores = np.array([opinion.score for _, opinion, _ in scored])
    measured = Measured(
        statistics.auroc(scores, truth) or 0.0,
        statistics.auroc([judgement.score for _, _, judgement in scored], truth) or 0.0,
        thresholds(scores, truth),
    )
    return measured, opinions, remember(settings, model.identity if model else spec, measured)


def thresholds(scores: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]) -> Thresholds:
    """The lowest score that few false sentences reach, and the highest one that few true sentences miss."""
    levels = [*sorted(set(scores.tolist())), _NEVER]
    supported = next(at for at in levels if np.mean(scores[~truth] >= at) <= _FALSE_SUPPORTED)
    partial = max(at for at in levels if np.mean(scores[truth] < at) <= _TRUE_REMOVED)
    return Thresholds(supported, min(partial, supported))


def _judgements(verifier: Verifier, batch: Sequence[Sentence], papers: Mapping[str, Paper]) -> list[Judgement]:
    cited = [[Text(papers[i].title, papers[i].abstract) for i in s.paper_ids] for s in batch]
    return verifier.judge_all([Question(s.text, texts, s.question) for s, texts in zip(batch, cited, strict=True)])


def _opinions(
    judge: Judge,
    model: LanguageModel | None,
    question: str,
    batch: Sequence[Sentence],
    judged: Sequence[Judgement],
    papers: Mapping[str, Paper],
    settings: Settings,
) -> list[Opinion | None]:
    """The judge's opinions on sentences that stand as one draft over the abstracts that they cite."""
    ids = list(dict.fromkeys(i for s in batch for i in s.paper_ids))
    asked = build_prompt(question, [Passage(papers[i], 1.0) for i in ids], model.fits if model else lambda _: True)
    doubts = [
        Doubt(s.text, tuple(ids.index(i) + 1 for i in s.paper_ids), tuple(papers[i] for i in s.paper_ids), j)
        for s, j in zip(batch, judged, strict=True)
    ]
    reply = " ".join(d.text + " " + "".join(f"[{n}]" for n in d.numbers) for d in doubts)
    draft = Draft(asked.prompt, len(asked.passages), reply)
    steps = judge.judge(doubts, draft, time.monotonic() + settings.llm_timeout)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            found: list[Opinion | None] = done.value
            return found
