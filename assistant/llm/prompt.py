"""Prompts: the two messages of one request, filled from a prompt file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant import prompt_files

_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs"})


@dataclass(frozen=True, slots=True)
class Prompt:
    """The system message and the user's message."""

    system: str
    user: str


def fill(name: str, **values: str) -> Prompt:
    """The prompt file `name` with `values` in place of its placeholders, under the system message of all prompts.

    Raises TemplateError when a file is missing or its placeholders are not exactly those of `values`.
    """
    template = prompt_files.load(name, frozenset(values))
    return Prompt(system_message(), template.substitute(values).strip())


def system_message() -> str:
    """The system message that every prompt carries. Raises TemplateError."""
    return prompt_files.load("system.md", frozenset()).substitute().strip()


def visible(text: str) -> str:
    """The text without control, zero-width and direction characters, which can hide instructions from a reader."""
    shown = (c for c in text if c in "\n\t" or unicodedata.category(c) not in _HIDDEN)
    return re.sub(r"\s+", " ", "".join(shown)).strip()
