"""Decides which of the two ways of citing a model gets: as set, as remembered, or as one trial shows."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Literal

from assistant.answering.assessment import NOTHING_READ
from assistant.answering.prompts import inline_prompt
from assistant.answering.sentence_stream import stream_sentences
from assistant.answering.writer import WritingTask
from assistant.citations import Marked
from assistant.llm import findings
from assistant.llm.client import LanguageModel
from assistant.settings import Settings
from assistant.types import Heartbeat, Paper, Passage, Usage

CitingMode = Literal["inline", "select"]
"""The model writes numbers beside its sentences, or is bound to name a source before each."""

_FILE = "models.json"
_STORED: dict[str, CitingMode] = {"inline": "inline", "select": "select", "free": "inline", "chosen": "select"}
"""The modes by their names in the file; the first release wrote `free` and `chosen`."""
_QUESTION = "How far can the paper lantern be seen in fog?"
_PAPERS = (
    Paper(
        "probe:1", "Ropes of Seaweed", "We braid ropes from kelp. A rope of nine strands carries 260 kg when it is wet."
    ),
    Paper(
        "probe:2",
        "A Lantern for Fog",
        "Lanterns of oiled paper are cheap to make. In fog our lantern can be seen from 41 metres, twice as far as one of "
        "glass.",
    ),
)
_RIGHT_NUMBER, _RIGHT_FIGURE = 2, "41"
_MOST_TOKENS = 80


def choose_mode(
    model: LanguageModel, settings: Settings, deadline: float
) -> Generator[Heartbeat | Usage, None, CitingMode]:
    """The mode for this model; one that may be small is tried once. Raises ModelError."""
    if settings.llm_citing != "auto":
        return settings.llm_citing
    mode = _remembered(settings.home, model)
    if mode is None and model.may_be_small:
        mode = yield from _probe(model, deadline)
        remember(settings.home, model, mode)
    return mode or "inline"


def _remembered(home: Path, model: LanguageModel) -> CitingMode | None:
    """The mode found out before for this model, or None."""
    return _STORED.get(str(findings.recall(home / _FILE).get(model.identity)))


def remember(home: Path, model: LanguageModel, mode: CitingMode) -> None:
    """Stores a mode in the library's folder; where that cannot be written, the model is tried again next time."""
    findings.remember(home / _FILE, model.identity, mode)


def _probe(model: LanguageModel, deadline: float) -> Generator[Heartbeat | Usage, None, CitingMode]:
    """Asks about the second of two abstracts. Raises ModelError.

    The mode is `inline` when some sentence states the figure and cites that abstract and no other.
    """
    passages = [Passage(paper, 1.0) for paper in _PAPERS]
    task = WritingTask(_QUESTION, passages, NOTHING_READ, deadline)
    prompt = inline_prompt(task, model.fits).prompt
    mode: CitingMode = "select"
    for item in stream_sentences(model, prompt, deadline, _MOST_TOKENS):
        if not isinstance(item, Marked):
            yield item
        elif item.numbers == (_RIGHT_NUMBER,) and _RIGHT_FIGURE in item.text:
            mode = "inline"
    return mode
