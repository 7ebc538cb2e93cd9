"""Writes a draft with the verdict on each sentence as a comment behind it: what is printed from it stays the same."""

from __future__ import annotations

import re

from assistant.collection.draft_check import CheckedSentence, DraftCheck

_MARK = "[assistant]"
_CITATIONS = re.compile(r"(?:[ \t~]*(?:\\[A-Za-z]*cite[a-z]*\*?(?:\[[^\]]*\])*\{[^{}]*\}|\[[^\[\]\n]*@[^\[\]\n]*\]))+")


def annotated(source: str, checked: DraftCheck) -> str:
    """The draft with its comments; its own characters stay as they are, but for line breaks behind comments in LaTeX."""
    parts, done = [], 0
    for sentence in sorted(checked.sentences, key=lambda s: s.end):
        end = _behind_citations(source, sentence.end)
        if end < done:  # a footnote inside a sentence
            end = done
        parts.append(source[done:end])
        done = end
        if checked.form == "markdown":
            parts.append(f" <!-- {_MARK} {_html(_comment(sentence))} -->")
            continue
        parts.append(f" % {_MARK} {_comment(sentence)}")
        rest = source[done:]
        line_end = rest.find("\n")
        blank = line_end >= 0 and not rest[:line_end].strip()
        if blank:
            done += line_end
        elif rest.strip():
            parts.append("\n")
    return "".join([*parts, source[done:]])


def _comment(sentence: CheckedSentence) -> str:
    spans = [f"{e.citekey}: “{e.quote}”" for e in sentence.evidence]
    unknown = [f"not in the library: {', '.join(sentence.unknown)}"] if sentence.unknown else []
    parts = [sentence.verdict + (f": {sentence.why}" if sentence.why else ""), *spans, *unknown]
    return " ".join("; ".join(parts).split())


def _html(text: str) -> str:
    """The text as it may stand in a comment of HTML, which `--` and `>` could end."""
    return text.replace("--", "– ").replace(">", "›").replace("<", "‹")


def _behind_citations(source: str, end: int) -> int:
    """The end of the citations that stand right behind a sentence."""
    match = _CITATIONS.match(source, end)
    return match.end() if match else end
