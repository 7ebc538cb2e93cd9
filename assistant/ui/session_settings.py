"""A visitor's own settings: which model answers, from how many papers, judged by whom, how sure it has to be.

Only what was found here can be chosen: a specification from outside could make this machine reach anywhere.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from assistant import Assistant, SettingsError
from assistant.ui.turn import Session

_MOST_VIEWS = 16
"""Different settings whose loaded parts are kept; the oldest go first."""
JUDGES = {"default": "Rules and the packaged scorer", "llm": "Rules, then the answering model"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One visitor's settings."""

    llm: str
    k: int
    judge: str
    min_confidence: float


class Choices:
    """Views of one library with different settings, shared by the visitors who chose the same."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._views: dict[Choice, Assistant] = {self.default: assistant}

    @property
    def default(self) -> Choice:
        """What the program was started with."""
        settings = self._assistant.settings
        return Choice(settings.llm, settings.k, settings.judge, settings.min_confidence)

    def models(self) -> list[tuple[str, str]]:
        """What could answer, in words and as a setting; what the program was started with comes first."""
        default = self.default.llm
        known = [(f"{m.spec}: {m.note}", m.spec) for m in self._assistant.models() if m.spec != default]
        return [(f"as started: {self._assistant.model}", default), *known]

    def judges(self) -> list[tuple[str, str]]:
        """Who could judge a model's sentences, in words and as a setting."""
        default = self.default.judge
        known = [(words, name) for name, words in JUDGES.items()]
        return known if default in JUDGES else [(f"as started: {default}", default), *known]

    def apply(self, session: Session, choice: Choice) -> None:
        """The session's further questions are answered that way. Raises SettingsError for what is not offered."""
        if choice.llm not in {spec for _, spec in self.models()} or choice.judge not in {j for _, j in self.judges()}:
            raise SettingsError("this is not offered here; reload the page and choose again")
        session.move_to(self._view(choice))

    def _view(self, choice: Choice) -> Assistant:
        with self._lock:
            if choice not in self._views:
                if len(self._views) >= _MOST_VIEWS:
                    oldest = next(c for c in self._views if c != self.default)
                    self._views.pop(oldest)
                judge = choice.judge if choice.judge != "llm" or choice.llm != "quotes" else "default"
                wanted = replace(choice, judge=judge)
                self._views[choice] = self._assistant.using(
                    llm=wanted.llm, k=wanted.k, judge=wanted.judge, min_confidence=wanted.min_confidence
                )
            return self._views[choice]
