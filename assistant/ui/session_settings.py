"""Lets each visitor choose which model answers, from how many papers, which judge checks it, and how confident it must be.

Only what was found on this machine can be chosen: a model spec from outside could make it connect anywhere.
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, replace

from assistant import Assistant, SettingsError
from assistant.ui.turn import Session

_MOST_VIEWS = 16
"""Different settings whose loaded parts are cached; the oldest are dropped first."""
JUDGES = {
    "auto": "The packaged verifier, and the answering model where it is known to judge better",
    "default": "The packaged verifier alone",
    "llm": "The packaged verifier and the answering model",
}


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """One visitor's settings."""

    llm: str
    k: int
    judge: str
    min_confidence: float


class OfferedSettings:
    """Views of one library with different settings, shared by the visitors who chose the same ones."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._views: dict[SessionSettings, Assistant] = {self.default: assistant}

    @property
    def default(self) -> SessionSettings:
        """The settings with which the program was started."""
        settings = self._assistant.settings
        return SessionSettings(settings.llm, settings.k, settings.judge, settings.min_confidence)

    def models(self) -> list[tuple[str, str]]:
        """The models that can answer, as label and spec; the one that the program was started with comes first."""
        default = self.default.llm
        known = [(f"{m.spec}: {m.note}", m.spec) for m in self._assistant.models() if m.spec != default]
        return [(f"as started: {self._assistant.model}", default), *known]

    def judges(self) -> list[tuple[str, str]]:
        """The judges of a model's sentences, as label and setting."""
        default = self.default.judge
        known = [(words, name) for name, words in JUDGES.items()]
        return known if default in JUDGES else [(f"as started: {default}", default), *known]

    def apply(self, session: Session, chosen: SessionSettings) -> None:
        """Applies the settings to the session's next questions. Raises SettingsError for what is not offered."""
        if chosen.llm not in {spec for _, spec in self.models()} or chosen.judge not in {j for _, j in self.judges()}:
            raise SettingsError("this choice is not offered here; reload the page and choose again")
        session.move_to(self._view(chosen))

    def _view(self, chosen: SessionSettings) -> Assistant:
        with self._lock:
            if chosen not in self._views:
                if len(self._views) >= _MOST_VIEWS:
                    oldest = next(c for c in self._views if c != self.default)
                    self._views.pop(oldest)
                # Without a model there is nothing to ask for a verdict.
                judge = "default" if (chosen.judge, chosen.llm) == ("llm", "quotes") else chosen.judge
                self._views[chosen] = self._assistant.using(**asdict(replace(chosen, judge=judge)))
            return self._views[chosen]
