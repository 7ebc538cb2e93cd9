"""Sentences from a language model, in the form in which it can cite. Knows nothing about how a form works."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answering import citation_probe
from assistant.answering.inline_citing import InlineCitingWriter
from assistant.answering.select_then_write import SchemaIgnored, SelectThenWriteWriter
from assistant.answering.sentence_stream import Drafted
from assistant.llm import LanguageModel
from assistant.settings import Settings
from assistant.types import Draft, Heartbeat, Passage, Usage
from assistant.verification.verifier import SupportJudge, Verifier


class ModelDrafts:
    """The drafts of one model."""

    def __init__(self, model: LanguageModel, verifier: Verifier, judge: SupportJudge, settings: Settings) -> None:
        self._model = model
        self._settings = settings
        self._free = InlineCitingWriter(model, verifier, judge)
        self._chosen = SelectThenWriteWriter(model, verifier, judge)

    def stream(self, question: str, passages: Sequence[Passage], candidates: Sequence[Draft]) -> Iterator[Drafted]:
        """Sentences that passed the gate as they come, what is removed for good, a `Usage` after each request, and
        `Heartbeat` while nothing comes.

        `candidates` are sentences of the passages, the most promising ones, for models that cannot cite by themselves.
        Raises ModelError when the model fails, after everything that is known by then; what came before it stands.
        """
        deadline = self._model.deadline()
        yield from self._model.prepare(deadline)
        form: citation_probe.Form = "free"
        for item in self._form(deadline):
            if isinstance(item, str):
                form = item
            else:
                yield item
        if form == "chosen" and candidates:
            try:
                yield from self._chosen.stream(question, candidates, [p.paper for p in passages], deadline)
                return
            except SchemaIgnored:
                citation_probe.remember(self._settings.home, self._model, "free")
        yield from self._free.stream(question, passages, deadline)

    def _form(self, deadline: float) -> Iterator[citation_probe.Form | Usage | Heartbeat]:
        """How this model cites, last: as set, as remembered, or tried once where models may be too small for it."""
        if self._settings.llm_citing != "auto":
            yield "free" if self._settings.llm_citing == "inline" else "chosen"
            return
        known = citation_probe.remembered(self._settings.home, self._model)
        if known is None and self._model.may_be_small:
            for item in citation_probe.probe(self._model, deadline):
                if isinstance(item, str):
                    known = item
                    citation_probe.remember(self._settings.home, self._model, known)
                else:
                    yield item
        yield known or "free"
