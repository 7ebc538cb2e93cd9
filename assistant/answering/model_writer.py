"""Writes with a language model in the mode in which it can cite."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from assistant.answering import citation_probe
from assistant.answering.citation_probe import CitingMode
from assistant.answering.extractive import best_sentences, scored_papers
from assistant.answering.inline_citing import InlineCitingWriter
from assistant.answering.select_then_write import SchemaIgnored, SelectThenWriteWriter
from assistant.answering.writer import WriterEvent, WritingTask
from assistant.llm.client import LanguageModel
from assistant.settings import Settings
from assistant.types import Heartbeat, Usage
from assistant.verification.judges import Judge
from assistant.verification.verifier import Verifier


class ModelWriter:
    """Picks one of the two writers for its model: as set, as remembered, or after one trial of a model that may be small."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: Judge, settings: Settings) -> None:
        self._model = model
        self._settings = settings
        self._inline = InlineCitingWriter(model, verifier, judge)
        self._select = SelectThenWriteWriter(model, verifier, judge)

    def write(self, task: WritingTask) -> Iterator[WriterEvent]:
        """Loads the model, picks the writer and yields its events. Raises ModelError."""
        for _ in self._model.prepare(task.deadline):
            yield Heartbeat()
        mode = yield from self._mode(task.deadline)
        if mode == "select" and best_sentences(scored_papers(task.assessment), 1):
            try:
                yield from self._select.write(task)
                return
            except SchemaIgnored:
                citation_probe.remember(self._settings.home, self._model, "inline")
        yield from self._inline.write(task)

    def _mode(self, deadline: float) -> Generator[Heartbeat | Usage, None, CitingMode]:
        if self._settings.llm_citing != "auto":
            return self._settings.llm_citing
        mode = citation_probe.remembered(self._settings.home, self._model)
        if mode is None and self._model.may_be_small:
            mode = yield from citation_probe.probe(self._model, deadline)
            citation_probe.remember(self._settings.home, self._model, mode)
        return mode or "inline"
