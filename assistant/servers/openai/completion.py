"""Writes answers as completions or as chunks of a stream.

The text of an answer ends with its numbered sources, so that a client that shows only text shows them too; sentences that
are not verified are marked in it, and those that were taken out are listed. As data the sources are in `citations`, and the
document of `assistant ask --json` is in `answer`; for clients that hand on nothing but the text, that document is the text if
the request asks for JSON.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant import Answer
from assistant.citations import plain


@dataclass(frozen=True, slots=True)
class Completion:
    """Formats one answer for the client."""

    model: str
    as_json: bool = False
    """Whether the text is the document of the answer."""
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The response to a request without streaming."""
        text = answer.to_json() if self.as_json else answer.text + _last_part(answer)
        message = {"role": "assistant", "content": text, **_data(answer)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return {**self._head("chat.completion"), "choices": [choice], "usage": _usage(answer)}

    def begin(self) -> dict[str, Any]:
        """The first chunk of a stream."""
        return self._chunk({"role": "assistant", "content": ""})

    def text(self, text: str, first: bool) -> dict[str, Any]:
        """The chunk of one sentence, or of what stands before them. A document is sent whole, in the end."""
        if self.as_json:
            return self._chunk({})
        return self._chunk({"content": ("" if first else " ") + text})

    def end(self, answer: Answer) -> list[dict[str, Any]]:
        """The rest of the text after the sentences, and the last chunk, which carries the data."""
        if self.as_json:
            text = answer.to_json()
        else:
            text = "".join(f" {remark}" for remark in answer.remarks) if answer.sentences else answer.text
            text += _last_part(answer)
        return [self._chunk({"content": text}), self._chunk(_data(answer), "stop")]

    def used(self, answer: Answer) -> dict[str, Any]:
        """The chunk with the tokens used, which follows the last one if the client asked for it."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": _usage(answer)}

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def _last_part(answer: Answer) -> str:
    """The table, sources, nearest quotes, removed sentences and notes as text.

    What a model wrote and the check removed is escaped: many clients render Markdown, and would load the images in it.
    """
    lines = [f"[{c.n}] {c.title}: “{c.quote}”" for c in answer.citations]
    lines += [f"{e.title}: “{e.quote}”" for e in answer.nearest]
    blocks = [answer.table.to_markdown().rstrip()] if answer.table is not None else []
    blocks += ["\n".join(lines)] if lines else []
    blocks += [f"{answer.tally}."] if answer.tally else []
    blocks += [f"Removed by the check ({r.verdict}: {plain(r.why)}): {plain(r.text)}" for r in answer.removed]
    return "".join(f"\n\n{block}" for block in (*blocks, *answer.notes))


def _data(answer: Answer) -> dict[str, Any]:
    return {"citations": [asdict(c) for c in answer.citations], "answer": answer.to_dict()}


def _usage(answer: Answer) -> dict[str, int]:
    read, written = answer.usage.prompt_tokens, answer.usage.completion_tokens
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
