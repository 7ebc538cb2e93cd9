"""Writes with a language model in the mode in which it can cite."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answering.citing_mode import choose_mode, remember
from assistant.answering.inline_citing import InlineCitingWriter
from assistant.answering.select_then_write import SelectThenWriteWriter
from assistant.answering.sentence_stream import SchemaIgnored
from assistant.answering.writer import WriterEvent, WritingTask
from assistant.llm.client import LanguageModel
from assistant.settings import Settings
from assistant.verification.judges import Judge
from assistant.verification.verifier import Verifier


class ModelWriter:
    """Writes with the writer that suits its model."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: Judge | None, settings: Settings) -> None:
        self._model = model
        self._settings = settings
        self._inline = InlineCitingWriter(model, verifier, judge)
        self._select = SelectThenWriteWriter(model, verifier, judge)

    def write(self, task: WritingTask) -> Iterator[WriterEvent]:
        """Loads the model, picks the writer and yields its events. Raises ModelError."""
        yield from self._model.prepare(task.deadline)
        mode = yield from choose_mode(self._model, self._settings, task.deadline)
        if mode == "select":
            try:
                yield from self._select.write(task)
                return
            except SchemaIgnored:
                remember(self._settings.home, self._model, "inline")
        yield from self._inline.write(task)
