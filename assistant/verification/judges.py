"""Judges of a drafted sentence: the packaged verifier, or a stronger model for sentences that the rules do not decide."""

from __future__ import annotations

import re
import threading
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any, Protocol

from assistant.errors import MissingPackageError, ModelError, SettingsError
from assistant.llm.client import LanguageModel
from assistant.llm.model_spec import parse_spec
from assistant.llm.prompt import fill
from assistant.settings import Settings
from assistant.types import Heartbeat, Paper, Usage, Verdict
from assistant.verification.observations import Text
from assistant.verification.verifier import Judgement, Verifier

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

Judging = Generator["Heartbeat | Usage", None, Judgement]
Asking = Generator["Heartbeat | Usage", None, tuple[Verdict, float]]
"""Both yield heartbeats and the tokens used while a model works, and return their result."""


class Judge(Protocol):
    """Decides whether abstracts together carry a sentence."""

    def judge(self, claim: str, papers: Sequence[Paper], context: str, deadline: float) -> Judging:
        """The verdict on `claim` against all `papers`, before `deadline` (`time.monotonic`).

        `context` is the question or the sentence before.
        """


class Opinion(Protocol):
    """A model's verdict on a statement against a passage."""

    def ask(self, passage: str, statement: str, deadline: float) -> Asking:
        """The verdict and how sure it is (0 to 1). Raises ModelError when the model gives none."""


def make_judge(settings: Settings, verifier: Verifier, model: LanguageModel | None) -> Judge:
    """The judge that `settings.judge` names. Raises SettingsError when it is unknown or lacks its model."""
    name = settings.judge
    if name == "default":
        return VerifierJudge(verifier)
    if name == "llm":
        if model is None:
            raise SettingsError("the judge `llm` needs a model; name one with --llm or ASSISTANT_LLM")
        return OpinionJudge(verifier, LanguageModelOpinion(model))
    if name.startswith("nli:") and name[4:]:
        return OpinionJudge(verifier, NliOpinion(name[4:]))
    if name.startswith("ollama:") and name[7:]:
        spec = parse_spec(name, settings.models_home)
        return OpinionJudge(verifier, LanguageModelOpinion(LanguageModel(spec, settings)))
    raise SettingsError(f"judge {name!r} is not known; use {KNOWN_JUDGES}")


class VerifierJudge:
    """The packaged verifier, which answers at once."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def judge(self, claim: str, papers: Sequence[Paper], context: str, deadline: float) -> Judging:
        """The verifier's judgement; nothing is yielded before it."""
        yield from ()
        return self._verifier.judge(claim, [Text(p.title, p.abstract) for p in papers], context)


class OpinionJudge:
    """Asks for an opinion on claims that the rules do not decide; without one, the packaged verifier decides."""

    def __init__(self, verifier: Verifier, opinion: Opinion) -> None:
        self._verifier = verifier
        self._opinion = opinion

    def judge(self, claim: str, papers: Sequence[Paper], context: str, deadline: float) -> Judging:
        """The verifier's judgement where it is certain, else the opinion on the spans that it found."""
        own = self._verifier.judge(claim, [Text(p.title, p.abstract) for p in papers], context)
        if own.certain:
            return own
        passages = [
            f"{p.title}. " + " ".join(p.abstract[s.start : s.end] for s in spans)
            for p, spans in zip(papers, own.spans, strict=True)
        ]
        try:
            verdict, score = yield from self._opinion.ask("\n".join(passages), claim, deadline)
        except ModelError:
            return own
        return replace(own, verdict=verdict, score=score, why=_REASONS[verdict])


class LanguageModelOpinion:
    """Asks a language model for one word; a reply without any of the four words counts as no."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def ask(self, passage: str, statement: str, deadline: float) -> Asking:
        """The model's word as a verdict. Raises ModelError."""
        prompt, reply = fill("judge.md", passage=passage, statement=statement), ""
        for _ in self._model.prepare(deadline):
            yield Heartbeat()
        for piece in self._model.stream(prompt.system, prompt.user, deadline=deadline):
            if isinstance(piece, str):
                reply += piece
            else:
                yield piece
        word = re.search(r"\b(yes|partly|no|contradicts)\b", reply.casefold())
        verdict = _WORDS[word.group()] if word else "unsupported"
        return verdict, {"supported": 1.0, "partial": 0.5}.get(verdict, 0.0)


class NliOpinion:
    """A cross-encoder for natural language inference, from a local folder or the Hugging Face hub."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loaded: Any = None

    def ask(self, passage: str, statement: str, deadline: float) -> Asking:
        """The most probable label as a verdict. Raises SettingsError when the model cannot be loaded."""
        yield from ()
        tokenizer, model, entail, contradict = self._load()
        import torch

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
                try:
                    import torch  # noqa: F401 - the model below is a torch module
                    from transformers import AutoModelForSequenceClassification, AutoTokenizer
                except ImportError as error:
                    raise MissingPackageError(
                        f"the judge nli:{self._name} needs the package {error.name}; run: pip install {error.name}"
                    ) from None
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
    """The positions of the labels for entailment and contradiction; models with two labels have no contradiction."""
    entail = [i for i, label in labels.items() if "entail" in label.casefold() and "not" not in label.casefold()]
    contradict = [i for i, label in labels.items() if "contra" in label.casefold()]
    if not entail:
        raise SettingsError(
            f"nli:{name} has labels {sorted(labels.values())}, but none for entailment; name another model in ASSISTANT_JUDGE"
        )
    return entail[0], contradict[0] if contradict else None
