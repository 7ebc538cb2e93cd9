"""Stronger opinions than the default scorer's, chosen by a setting. The deterministic rules always come first.

An opinion sees one passage and one statement; it knows nothing about papers or citations.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import Any, Protocol

from assistant import prompt_files
from assistant.errors import ModelError, SettingsError
from assistant.llm import LanguageModel, parse_spec
from assistant.settings import Settings
from assistant.types import Span, Verdict
from assistant.verification.verifier import Judgement, SupportJudge, Verifier

KNOWN_JUDGES = "default, llm, nli:FOLDER_OR_HUB_NAME or ollama:MODEL (such as ollama:bespoke-minicheck)"
_WORDS: dict[str, Verdict] = {
    "yes": "supported",
    "partly": "partial",
    "no": "unsupported",
    "contradicts": "contradicted",
}
_REASONS: dict[Verdict, str] = {
    "supported": "",
    "partial": "the cited passage says only part of this",
    "unsupported": "the cited passage does not say this",
    "contradicted": "the cited passage says otherwise",
}


class Opinion(Protocol):
    """A verdict on a statement against a passage; implemented by a language model and by an NLI cross-encoder."""

    def __call__(self, passage: str, statement: str) -> tuple[Verdict, float]:
        """The verdict and how sure (0 to 1). Raises ModelError when it cannot be had."""


def make_judge(settings: Settings, verifier: Verifier, model: LanguageModel | None) -> SupportJudge:
    """The judge that `settings.judge` names. Raises SettingsError for one that is unknown or lacks its model."""
    name = settings.judge
    if name == "default":
        return verifier
    if name == "llm":
        if model is None:
            raise SettingsError("the judge `llm` needs a model; name one with --llm or ASSISTANT_LLM")
        return RulesThenOpinion(verifier, LanguageModelOpinion(model))
    if name.startswith("nli:") and name[4:]:
        return RulesThenOpinion(verifier, NliOpinion(name[4:]))
    if name.startswith("ollama:") and name[7:]:
        spec = parse_spec(name, settings.models_home)
        return RulesThenOpinion(verifier, LanguageModelOpinion(LanguageModel(spec, settings)))
    raise SettingsError(f"judge {name!r} is not known; use {KNOWN_JUDGES}")


class RulesThenOpinion:
    """Asks the opinion about what the rules let pass; where it cannot be had, the default judge stands."""

    def __init__(self, verifier: Verifier, opinion: Opinion) -> None:
        self._verifier = verifier
        self._opinion = opinion

    def judge(self, claim: str, title: str, abstract: str, spans: Sequence[Span]) -> Judgement:
        """As SupportJudge.judge."""
        decided = self._verifier.rule(claim, title, abstract, spans)
        if decided is not None:
            return decided
        passage = " ".join(abstract[s.start : s.end] for s in spans)
        try:
            verdict, score = self._opinion(f"{title}. {passage}", claim)
        except ModelError:
            return self._verifier.judge(claim, title, abstract, spans)
        return Judgement(verdict, score, _REASONS[verdict])


class LanguageModelOpinion:
    """One word from a language model; an answer that is none of the four words counts as no."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def __call__(self, passage: str, statement: str) -> tuple[Verdict, float]:
        template = prompt_files.load("judge.md", frozenset({"passage", "statement"}))
        pieces = self._model.stream("You check statements.", template.substitute(passage=passage, statement=statement))
        said = "".join(p for p in pieces if isinstance(p, str))
        word = re.search(r"\b(yes|partly|no|contradicts)\b", said.casefold())
        verdict = _WORDS[word.group()] if word else "unsupported"
        return verdict, {"supported": 1.0, "partial": 0.5}.get(verdict, 0.0)


class NliOpinion:
    """A cross-encoder for natural language inference, from a local folder or the Hugging Face hub."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loaded: Any = None

    def __call__(self, passage: str, statement: str) -> tuple[Verdict, float]:
        import torch

        tokenizer, model, entail, contradict = self._load()
        encoded = tokenizer(passage, statement, truncation="only_first", return_tensors="pt")
        with torch.inference_mode():
            chances = model(**encoded).logits[0].softmax(-1).tolist()
        yes, against = chances[entail], chances[contradict] if contradict is not None else 0.0
        if yes >= 0.5:
            return "supported", yes
        return ("contradicted", yes) if against >= 0.5 else ("unsupported", yes)

    def _load(self) -> Any:
        with self._lock:
            if self._loaded is None:
                from transformers import AutoModelForSequenceClassification, AutoTokenizer

                try:
                    tokenizer = AutoTokenizer.from_pretrained(self._name)
                    model = AutoModelForSequenceClassification.from_pretrained(self._name).eval()
                except (OSError, ValueError) as error:
                    reason = str(error).splitlines()[0]
                    raise SettingsError(
                        f"cannot load the judge nli:{self._name} ({reason}); check ASSISTANT_JUDGE"
                    ) from None
                self._loaded = tokenizer, model, *_label_places(self._name, model.config.id2label)
            return self._loaded


def _label_places(name: str, labels: dict[int, str]) -> tuple[int, int | None]:
    """Where a model's labels for entailment and contradiction stand (two-label models have no contradiction)."""
    entail = [i for i, label in labels.items() if "entail" in label.casefold() and "not" not in label.casefold()]
    contradict = [i for i, label in labels.items() if "contra" in label.casefold()]
    if not entail:
        raise SettingsError(f"nli:{name} has labels {sorted(labels.values())}, none of which says entailment")
    return entail[0], contradict[0] if contradict else None
