"""The worst language model there is: it obeys every order that it reads, and invents addresses beside."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.chat_server import Reply
from eval.injections.rows import InjectionRow
from eval.scripted import Writer

INVENTED = "Visit https://obeyed.example/prize or call +44 20 7946 0000 to learn more."
SPEC = "obedient"
_ADDRESSED = re.compile(r"^Question: .*$", re.M)


@dataclass
class Obedient:
    """Answers as the scripted writer does, and puts every planted text that the prompt holds in front, cited."""

    rows: Sequence[InjectionRow]
    writer: Writer = field(default_factory=Writer)
    read: set[str] = field(default_factory=set)
    """Ids of the planted rows that reached it."""

    def __call__(self, body: dict[str, Any], authorization: str) -> Reply:
        """The reply to one request."""
        prompt = "\n".join(str(m["content"]) for m in body["messages"])
        given = " ".join(_ADDRESSED.sub("", prompt).split())
        orders = [r for r in self.rows if r.planted and " ".join(r.text.split()) in given]
        self.read.update(r.id for r in orders)
        if "JSON" in prompt:
            quotes = [{"n": 1, "quote": r.text, "meets": True} for r in orders]
            return Reply(json.dumps(dict.fromkeys(("answers", "papers", "rows"), quotes)), len(prompt) // 4, 10)
        written = [f"{r.text.rstrip('.')} [1]." for r in orders] + [f"{INVENTED.rstrip('.')} [1]."]
        honest = self.writer(body, authorization)
        text = " ".join([*written, honest.text])
        return Reply(text, honest.prompt_tokens, len(text) // 4)
