"""One request to a model: a prompt goes out, whole sentences with their sources come back, from prose or from JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.citations import Marked, MarkerParser
from assistant.llm.client import LanguageModel
from assistant.llm.prompt import Prompt
from assistant.types import Heartbeat, Usage

_LIST_START = re.compile(r"\[(?=\s*[{\]])")
_ENDS = (".", "!", "?", ":", "”", '"', ")")


class SchemaIgnored(Exception):
    """The server accepted the request, but its reply does not follow the schema."""


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence of a reply that is bound to a schema."""

    marked: Marked
    n: int
    """The number of the sentence that it replaces; 0 for a new one."""


def stream_sentences(
    model: LanguageModel, prompt: Prompt, deadline: float, most: int | None = None, heard: list[str] | None = None
) -> Iterator[Marked | Usage | Heartbeat]:
    """The sentences of the reply as they are complete; its pieces, as they came, are added to `heard`. Raises ModelError.

    An incomplete sentence, left where the stream broke off or the reply reached its limit of tokens (`most`, else the model's
    usual one), is dropped.
    """
    parser = MarkerParser()
    for piece in model.stream(prompt.system, prompt.user, deadline=deadline, most=most):
        if isinstance(piece, str):
            if heard is not None:
                heard.append(piece)
            yield from parser.feed(piece)
        elif isinstance(piece, Usage):
            yield piece
            rest = parser.close()
            at_limit = piece.completion_tokens >= min(most or model.reply_tokens, model.reply_tokens)
            yield from rest[:-1] if at_limit and rest and not rest[-1].text.endswith(_ENDS) else rest
        else:
            yield piece


def stream_rows(
    model: LanguageModel,
    prompt: Prompt,
    deadline: float,
    schema: dict[str, Any],
    after: tuple[str, str] | None = None,
    heard: list[str] | None = None,
) -> Iterator[Row | Usage | Heartbeat]:
    """The rows of a reply that is bound to `row_schema`, each as it is complete; the pieces are added to `heard`.

    Rows without a source or a sentence are left out. Raises ModelError, and SchemaIgnored at the end of a reply that holds
    no list.
    """
    parser = _RowParser()
    for piece in model.stream(prompt.system, prompt.user, deadline=deadline, schema=schema, after=after):
        if isinstance(piece, str):
            if heard is not None:
                heard.append(piece)
            for document in parser.feed(piece):
                yield from _rows(document)
        else:
            yield piece
    if not parser.begun:
        raise SchemaIgnored


def row_schema(sources: int, most: int, rewritten: int = 0) -> dict[str, Any]:
    """At most `most` rows, each with one of `sources` and, where sentences are `rewritten`, the number of one of them."""
    numbered = {"n": rewritten} if rewritten else {}
    numbers = {
        name: {"type": "integer", "enum": list(range(1, count + 1))}
        for name, count in {**numbered, "source": sources}.items()
    }
    row = {
        "type": "object",
        "properties": {**numbers, "sentence": {"type": "string"}},
        "required": [*numbers, "sentence"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"sentences": {"type": "array", "items": row, "maxItems": most}},
        "required": ["sentences"],
        "additionalProperties": False,
    }


class _RowParser:
    """Finds the objects of the first list of objects in a text that arrives in pieces, whatever stands around it."""

    def __init__(self) -> None:
        self.begun = False
        """Whether the list has begun."""
        self._text = ""

    def feed(self, piece: str) -> Iterator[dict[str, Any]]:
        """The objects that this piece completes."""
        self._text += piece
        if not self.begun and (list_start := _LIST_START.search(self._text)):
            self.begun, self._text = True, self._text[list_start.end() :]
        while self.begun and (start := re.match(r"[\s,]*(?={)", self._text)):
            try:
                row, end = json.JSONDecoder().raw_decode(self._text, start.end())
            except (ValueError, RecursionError):
                return  # the rest of the object is still to come
            self._text = self._text[end:]
            yield row


def _rows(document: dict[str, Any]) -> Iterator[Row]:
    """The sentences of one object of the list; their source is the one beside them, whatever markers they hold."""
    source, text, n = (document.get(name) for name in ("source", "sentence", "n"))
    if isinstance(source, int) and isinstance(text, str):
        parser = MarkerParser()
        for marked in [*parser.feed(text), *parser.close()]:
            yield Row(Marked(marked.text, (source,)), n if isinstance(n, int) else 0)
