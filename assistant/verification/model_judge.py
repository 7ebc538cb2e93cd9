"""A language model as judge: one request for all doubtful sentences, which continues the conversation of the draft.

System message, abstracts, question and draft come first, exactly as they were sent and received, so a server that keeps
what it has read need not read them again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Sequence
from typing import Any, get_args

from assistant.errors import ModelError
from assistant.llm.client import LanguageModel
from assistant.llm.prompt import fill, visible
from assistant.types import Heartbeat, Usage, Verdict
from assistant.verification.judges import Doubt, Draft, Judging, Opinion, Thresholds

_VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_SCORES: dict[Verdict, float] = {"supported": 1.0, "partial": 0.5, "unsupported": 0.25, "contradicted": 0.0}
"""What orders the words; only the order matters, which thresholds and AUROC use."""
WORDS = Thresholds(_SCORES["supported"], _SCORES["partial"])
"""Takes the model at its word."""

_Asking = Generator[Heartbeat | Usage, None, dict[int, Verdict]]


class LanguageModelJudge:
    """Asks a language model. Thread-safe."""

    def __init__(self, model: LanguageModel, thresholds: Thresholds = WORDS) -> None:
        self._model = model
        self._thresholds = thresholds

    def judge(self, doubts: Sequence[Doubt], draft: Draft, deadline: float) -> Judging:
        """The model's opinions from one request; none when it does not fit into the model's context."""
        readable = [i for i, doubt in enumerate(doubts) if max(doubt.numbers, default=0) <= draft.abstracts]
        words: dict[int, Verdict] = {}
        if readable:
            try:
                words = yield from self._ask([doubts[i] for i in readable], draft, deadline)
            except ModelError:
                words = {}
        found: list[Opinion | None] = [None] * len(doubts)
        for n, word in words.items():
            found[readable[n - 1]] = self._thresholds.opinion(self._model.spec.model, word, _SCORES[word])
        return found

    def _ask(self, doubts: Sequence[Doubt], draft: Draft, deadline: float) -> _Asking:
        """The verdicts by the number of the sentence, from 1. Raises ModelError."""
        for _ in self._model.prepare(deadline):
            yield Heartbeat()
        prompt = fill("judge.md", sentences="\n".join(_listed(n, doubt) for n, doubt in enumerate(doubts, 1)))
        earlier = draft.prompt.user, draft.reply
        if not self._model.fits("".join((draft.prompt.system, *earlier, prompt.user))):
            return {}
        reply = ""
        for piece in self._model.stream(
            draft.prompt.system, prompt.user, deadline=deadline, schema=_schema(len(doubts)), after=earlier
        ):
            if isinstance(piece, str):
                reply += piece
            else:
                yield piece
        return _read(reply, len(doubts))


def _listed(number: int, doubt: Doubt) -> str:
    cited = ", ".join(f"[{n}]" for n in doubt.numbers)
    return f"{number}. {visible(doubt.text)} (cites {cited})"


def _schema(count: int) -> dict[str, Any]:
    row = {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "enum": list(range(1, count + 1))},
            "verdict": {"type": "string", "enum": list(_VERDICTS)},
        },
        "required": ["n", "verdict"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"verdicts": {"type": "array", "items": row, "minItems": count, "maxItems": count}},
        "required": ["verdicts"],
        "additionalProperties": False,
    }


def _read(reply: str, count: int) -> dict[int, Verdict]:
    """The verdicts in a reply, by number; those that cannot be read, or that differ for one number, are left out."""
    document = re.search(r"\{.*\}", reply, re.S)  # some servers ignore the schema, and put JSON into a fence
    try:
        rows = json.loads(document.group())["verdicts"] if document else []
        said = {(row["n"], row["verdict"]) for row in rows}
    except (ValueError, KeyError, TypeError):
        return {}
    found: dict[int, Verdict] = {}
    for n in range(1, count + 1):
        words = [v for v in _VERDICTS if (n, v) in said]
        if len(words) == 1:
            found[n] = words[0]
    return found
