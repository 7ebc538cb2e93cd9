"""Writes answers as a Markdown document.

Text from papers and models is never markup: everything that Markdown would read as such is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.types import COMPARE, Answer, Sentence

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~$&])")


def to_markdown(answers: Iterable[Answer]) -> str:
    """One section per answer: the question, the sentences with their numbers, the numbered quotes, and the model.

    A sentence that is not verified is marked, with its quote beside it; sentences that were taken out are listed.
    """
    return "\n\n".join(map(_section, answers)) + "\n"


def _section(answer: Answer) -> str:
    lines = [f"## {plain(answer.question)}", ""]
    if answer.standalone_question != answer.question:
        lines += [f"Understood as: {plain(answer.standalone_question)}", ""]
    lines += [_text(answer), ""]
    lines += [
        f"{c.n}. {plain(c.title)} ({plain(c.paper_id)}, {c.start}–{c.end}): “{plain(c.quote)}”"
        for c in answer.citations
    ]
    lines += [
        f"- {plain(e.title)} ({plain(e.paper_id)}, {e.start}–{e.end}): “{plain(e.quote)}”" for e in answer.nearest
    ]
    lines += [] if lines[-1] == "" else [""]
    lines += [f"{answer.tally}.\n"] if answer.tally else []
    lines += [f"Removed by the check ({r.verdict}: {plain(r.why)}): {plain(r.text)}\n" for r in answer.removed]
    lines += [f"Note: {plain(note)}\n" for note in answer.notes]
    return "\n".join([*lines, f"Answered by {plain(answer.model)} from the library {answer.corpus}."])


def _text(answer: Answer) -> str:
    """The sentences followed by markers such as `[1]`, then the remarks, or the text of an abstention."""
    if not answer.sentences:
        return plain(answer.text)
    sentences = (plain(s.numbered) + _mark(answer, s) for s in answer.sentences)
    return " ".join([*sentences, *map(plain, answer.remarks)])


def _mark(answer: Answer, sentence: Sentence) -> str:
    """Empty for a verified sentence, else the mark with the quotes to compare it with."""
    quotes = "; ".join(f"“{plain(c.quote)}”" for c in answer.compare_with(sentence))
    return "" if sentence.verified else f" (**{COMPARE}**: {quotes})"


def plain(text: str) -> str:
    """The text on one line, with everything escaped that Markdown would read as markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
