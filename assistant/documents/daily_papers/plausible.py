"""Whether titles and paragraphs from anywhere are a list of papers, and no letter, manual, log or poem."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.documents.daily_papers.paragraphs import ends_sentence
from assistant.documents.daily_papers.roles import prose_score
from assistant.documents.daily_papers.units import Unit

_PROSE = 3.0
"""Score from which a unit is no title, whatever follows it."""
_SENTENCE = 30
"""Bytes of an abstract that says that a text is a list of papers; scripts with short words have longer letters."""
_TITLE_START = re.compile(r"\W*(?:[^\Wa-z]|[a-z]+[A-Z\d_-])")
"""A capital, a figure, a letter without case, or a name such as `nnU-Net`."""
_LABEL = re.compile(
    r"(?:\d+\.\s*)?(?:by|date|url|doi|from|to|authors?|keywords|pages?|pp\.?|rating|last updated"
    r"|interviewer|participant|speaker|question|answer|[qa])\s*\d*\s*:",
    re.I,
)
NUMBER = re.compile(
    r"(?:(?:[Pp]aper|[Aa]bstract|PAPER|ABSTRACT)\s+#?\d{1,4}[:.)]|\[\d{1,4}\]|\(\d{1,4}\)|\d{1,4}[.)]|[-*•–])\s+(?=\S)"
)
"""The number or the bullet of an entry in a list."""
_HEADING = re.compile(
    r"(?:[\dIVX.]+\s*)?(?:introduction|abstract|(?:executive |project )?summary|overview|related work|background|aims|objectives"
    r"|methods?|results?|discussion|conclusions?|references|bibliography|acknowledge?ments?|appendix|(?:table of )?contents"
    r"|strengths|weaknesses|questions|limitations|requirements|installation|usage|contact(?: us)?|publications|education|experience"
    r"|(?:present|apologies|attendees|participants|agenda|next meeting)\s*:.*|(?:minutes|agenda) (?:of|for)\b.*|(?:protokoll|tagesordnung)\b.*|TOP \d.*"
    r"|dear\b.*|(?:kind|best|warm)?\s*regards.*|(?:chapter|section|part|appendix)\b.*|v?\d+(?:\.\d+)+\b.{0,30}|webvtt.*"
    r"|(?:reviewer|referee|question|figure|table|lecture|lesson|unit|module|week|day|step|version|release|article|clause|exercise"
    r"|problem|act|scene|slide)\b.{0,9}\d.*)",
    re.I,
)
_CITED = re.compile(
    r"\((?:19|20)\d\d[a-z]?\)\.|\b(?:vol|pp|no)\.\s*\d|[,.;]\s*(?:19|20)\d\d\.$|;\s?\d+(?:\(\d+\))?:\s?\d+|,\S+,\S|-->"
)
"""What stands in a citation, in a row of a table or above a subtitle, and in no title."""
_PERSONAL = re.compile(r"\b(?:I|my|you|your)\b.*\?$")
_TO_READERS = re.compile(r"\b(?:your?|you'll|please)\b", re.I)
_LINK_AT_END = re.compile(r"\shttps?://\S+$")
_MOST_HEADINGS = 0.2

Group = tuple[bool, list[Unit]]
"""Units that belong together, after True when the first one is a title and the others are its abstract."""


def made_of_pairs(pairs: Sequence[Sequence[Unit]], groups: Sequence[Group]) -> bool:
    """Whether a text is a list of papers: letters, tables of contents and logs have a few pairs by accident."""
    good = [
        (title, abstract)
        for pair in pairs
        if is_title(title := pair[0].text)
        and is_abstract(abstract := " ".join(unit.text for unit in pair[1:]))
        and not abstract.startswith((f"{title} is ", f"{title} was ", f"{title} are "))  # an encyclopedia, or people
    ]
    units = sum(len(group) for _, group in groups)
    if not good or 2 * len(good) < len(groups) or 4 * len(good) < units:
        return False
    titles = [_without_number(group[0].text) for titled, group in groups if titled]
    headings = sum(_HEADING.fullmatch(title) is not None for title in titles)
    single = sum(len(title.split()) == 1 and title.isascii() for title in titles)
    return headings < _MOST_HEADINGS * len(titles) and (2 * single < len(titles) or len(titles) == 1)


def _without_number(text: str) -> str:
    return NUMBER.sub("", text, count=1)


def is_title(text: str) -> bool:
    """Whether the text may be the title of a paper, and is no label, heading of a section, question or citation."""
    return (
        _HEADING.fullmatch(_without_number(text)) is None
        and text[-1] not in ",;:"
        and prose_score(text) < _PROSE
        and _TITLE_START.match(text) is not None
        and not _LABEL.match(text)
        and not _CITED.search(text)
        and not _PERSONAL.search(text)
    )


def is_abstract(text: str) -> bool:
    """Whether the text ends as prose does, is as long as a sentence at least, and does not speak to its readers."""
    if (
        len(text.encode()) < _SENTENCE
        or not (ends_sentence(text) or _LINK_AT_END.search(text))
        or _LABEL.match(text)
        or NUMBER.match(text)
    ):
        return False
    return len(_TO_READERS.findall(text)) * 300 < len(text)
