"""Decides who judges the sentences of a model: as set, or the model itself where it is known to judge well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.errors import SettingsError
from assistant.llm import findings
from assistant.llm.client import LanguageModel
from assistant.llm.model_spec import parse_spec
from assistant.settings import Settings
from assistant.verification.judges import Judge, Thresholds
from assistant.verification.model_judge import WORDS, LanguageModelJudge
from assistant.verification.nli_judge import EVEN, NliJudge

KNOWN_JUDGES = "auto, default, llm, nli:FOLDER_OR_HUB_NAME or ollama:MODEL"
_FILE = "judges.json"


@dataclass(frozen=True, slots=True)
class Measured:
    """What `python -m eval verifier --judge` found out about a judge."""

    auroc: float
    """How well its score tells true sentences from false ones."""
    packaged: float
    """The same figure of the packaged verifier, on the same sentences."""
    thresholds: Thresholds


def make_judge(settings: Settings, model: LanguageModel | None) -> Judge | None:
    """The judge that `settings.judge` names, for the sentences of `model`; None: the packaged verifier alone.

    Raises SettingsError when it is unknown or lacks its model.
    """
    name = settings.judge
    if name == "default":
        return None
    if name == "auto":
        return named_judge("", settings, model) if model is not None and _is_strong(settings, model) else None
    if name == "llm":
        if model is None:
            raise SettingsError("the judge `llm` needs a model; name one with --llm or ASSISTANT_LLM")
        return named_judge("", settings, model)
    if name.partition(":")[0] in ("nli", "ollama") and name.partition(":")[2]:
        return named_judge(name, settings)
    raise SettingsError(f"judge {name!r} is not known; use {KNOWN_JUDGES}")


def named_judge(name: str, settings: Settings, model: LanguageModel | None = None) -> Judge:
    """The judge `nli:…`, or `model`, or else the language model of that name, with the thresholds measured for it.

    Raises SettingsError for a name that is not known.
    """
    if model is None and name.startswith("nli:"):
        measured = measurement(settings, name)
        return NliJudge(name.removeprefix("nli:"), measured.thresholds if measured else EVEN)
    model = model or LanguageModel(parse_spec(name, settings.models_home), settings)
    measured = measurement(settings, model.identity)
    return LanguageModelJudge(model, measured.thresholds if measured else WORDS)


def measurement(settings: Settings, identity: str) -> Measured | None:
    """What was measured for a judge; None where it was not, or cannot be read."""
    row: Any = findings.recall(settings.home / _FILE).get(identity)
    try:
        return Measured(row["auroc"], row["packaged"], Thresholds(row["supported"], row["partial"]))
    except (TypeError, KeyError):
        return None


def remember(settings: Settings, identity: str, measured: Measured) -> bool:
    """Stores a measurement in the library's folder; False where that cannot be written."""
    at = measured.thresholds
    row = {"auroc": measured.auroc, "packaged": measured.packaged, "supported": at.supported, "partial": at.partial}
    return findings.remember(settings.home / _FILE, identity, row)


def _is_strong(settings: Settings, model: LanguageModel) -> bool:
    """Whether the model judges better than the packaged verifier: as measured, else if it is a hosted one."""
    measured = measurement(settings, model.identity)
    return model.spec.is_hosted if measured is None else measured.auroc > measured.packaged
