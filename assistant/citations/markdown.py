"""Writes answers as a Markdown document.

Text from papers and models is never markup: everything that Markdown would read as such is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.types import Answer

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~$&])")


def to_markdown(answers: Iterable[Answer]) -> str:
    """One section per answer: the question, the sentences with their numbers, the numbered quotes, and the model."""
    return "\n\n".join(map(_section, answers)) + "\n"


def _section(answer: Answer) -> str:
    lines = [f"## {_plain(answer.question)}", ""]
    if answer.standalone_question != answer.question:
        lines += [f"Understood as: {_plain(answer.standalone_question)}", ""]
    lines += [_text(answer), ""]
    lines += [
        f"{c.n}. {_plain(c.title)} ({_plain(c.paper_id)}, {c.start}–{c.end}): “{_plain(c.quote)}”"
        for c in answer.citations
    ]
    lines += [
        f"- {_plain(e.title)} ({_plain(e.paper_id)}, {e.start}–{e.end}): “{_plain(e.quote)}”" for e in answer.nearest
    ]
    lines += [] if lines[-1] == "" else [""]
    lines += [f"Note: {_plain(note)}\n" for note in answer.notes]
    return "\n".join([*lines, f"Answered by {_plain(answer.model)} from the library {answer.corpus}."])


def _text(answer: Answer) -> str:
    """The sentences followed by markers such as `[1]`, or the text of an abstention."""
    if not answer.sentences:
        return _plain(answer.text)
    return " ".join(_plain(s.text) + "".join(rf" \[{n}\]" for n in s.citations) for s in answer.sentences)


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
