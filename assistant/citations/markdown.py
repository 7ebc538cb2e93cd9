"""Writes answers as a Markdown document.

Text from papers and models is never markup: everything that Markdown would read as such is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assistant.types import COMPARE, Answer, Sentence

_PLAIN_KEY = re.compile(r"\w(?:\w|[:.#$%&+?<>~/-](?=\w))*")
"""A key that pandoc reads without braces."""
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~$&@])")


def to_markdown(answers: Iterable[Answer], keys: Mapping[str, str] | None = None) -> str:
    """One section per answer: the question, the sentences with their numbers, the numbered quotes, and the model.

    A sentence that is not verified is marked, with its quote beside it; sentences that were taken out are listed. With
    `keys` by paper id, sentences cite their papers as pandoc does: `[@roe2020; @kim2021]`.
    """
    return "\n\n".join(_section(answer, keys) for answer in answers) + "\n"


def _section(answer: Answer, keys: Mapping[str, str] | None) -> str:
    lines = [f"## {plain(answer.question)}", ""]
    if answer.standalone_question != answer.question:
        lines += [f"Understood as: {plain(answer.standalone_question)}", ""]
    lines += [_text(answer, keys), ""]
    lines += [
        f"{c.n}. {_cited((c.paper_id,), keys or {})}{plain(c.title)} ({plain(c.paper_id)}, {c.start}–{c.end}): “{plain(c.quote)}”"
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


def _text(answer: Answer, keys: Mapping[str, str] | None) -> str:
    """The sentences followed by markers such as `[1]` or `[@roe2020]`, then the remarks, or the text of an abstention."""
    if not answer.sentences:
        return plain(answer.text)
    papers = {c.n: c.paper_id for c in answer.citations}
    sentences = (
        (plain(s.numbered) if keys is None else _with_keys(s, [papers[n] for n in s.citations], keys))
        + _mark(answer, s)
        for s in answer.sentences
    )
    return " ".join([*sentences, *map(plain, answer.remarks)])


def _with_keys(sentence: Sentence, paper_ids: Iterable[str], keys: Mapping[str, str]) -> str:
    """The sentence with its citation before the full stop, as `We count boats [@roe2020].`"""
    text = plain((f"{sentence.label}: " if sentence.label else "") + sentence.text)
    cited = _cited(paper_ids, keys).rstrip()
    end = text[-1] if text.endswith((".", "?", "!")) else ""
    return f"{text.removesuffix(end)} {cited}{end}" if cited else text


def _cited(paper_ids: Iterable[str], keys: Mapping[str, str]) -> str:
    """`[@roe2020; @kim2021] `, each key once; empty where no paper has a key."""
    found = [keys[i] for i in dict.fromkeys(paper_ids) if i in keys]
    cited = "; ".join("@" + (key if _PLAIN_KEY.fullmatch(key) else f"{{{key}}}") for key in found)
    return f"[{cited}] " if cited else ""


def _mark(answer: Answer, sentence: Sentence) -> str:
    """Empty for a verified sentence, else the mark with the quotes to compare it with."""
    quotes = "; ".join(f"“{plain(c.quote)}”" for c in answer.compare_with(sentence))
    return "" if sentence.verified else f" (**{COMPARE}**: {quotes})"


def plain(text: str) -> str:
    """The text on one line, with everything escaped that Markdown would read as markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
