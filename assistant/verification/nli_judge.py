"""A cross-encoder for natural language inference as judge, on this machine, from a folder or the Hugging Face hub."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

from assistant.errors import MissingPackageError, SettingsError
from assistant.types import Heartbeat, Verdict
from assistant.verification.judges import Doubt, Draft, Judging, Opinion, Thresholds

EVEN = Thresholds(0.5, 0.5)
"""Takes the sentence as supported when the model finds entailment more likely than not."""


class NliJudge:
    """Judges each sentence by the sentences of the abstracts that the verifier found. Thread-safe."""

    def __init__(self, name: str, thresholds: Thresholds = EVEN) -> None:
        self._name = name
        self._thresholds = thresholds
        self._lock = threading.Lock()
        self._loaded: Any = None

    def judge(self, doubts: Sequence[Doubt], draft: Draft, deadline: float) -> Judging:
        """The opinions in time; a heartbeat before each, at which judging can be stopped."""
        found: list[Opinion | None] = []
        for doubt in doubts:
            yield Heartbeat()
            found.append(self._opinion(doubt) if time.monotonic() < deadline else None)
        return found

    def _opinion(self, doubt: Doubt) -> Opinion:
        passages = [
            f"{p.title}. " + " ".join(p.abstract[s.start : s.end] for s in spans)
            for p, spans in zip(doubt.papers, doubt.judgement.spans, strict=True)
        ]
        tokenizer, model, entail, contradict = self._load()
        import torch

        encoded = tokenizer("\n".join(passages), doubt.text, truncation="only_first", return_tensors="pt")
        with torch.inference_mode():
            chances = model(**encoded).logits[0].softmax(-1).tolist()
        against = contradict is not None and chances[contradict] >= 0.5
        said: Verdict = "contradicted" if against else "unsupported"
        return self._thresholds.opinion(self._name, said, chances[entail])

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
