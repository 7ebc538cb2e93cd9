"""Finds the lines about a paper in a plain list of titles and abstracts: authors, institutions, year, links, keywords."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from assistant.documents.authors import author_names
from assistant.documents.daily_papers.paragraphs import ends_sentence
from assistant.documents.daily_papers.roles import prose_score

Details = dict[str, str | list[str]]
"""Fields of a record."""

_NOTHING = re.compile(
    r"[-=_*~#+.\s]{3,}|(?:abstract|summary|zusammenfassung|résumé|resumen|riassunto|摘要)[.:：]?"
    r"|[A-Z]{1,2}[-. ]?\d{1,4}|(?:(?:abstract|paper|poster|talk|oral)\s*(?:no\.?|id)?\s*)?#?\d{1,4}[.):]?",
    re.I,
)
"""Rules, the label of an abstract on a line of its own, and the number of an abstract in a book of them."""
_LINK = re.compile(
    r"(?:(?:link|url|pdf|html|doi|arxiv|paper|available at)\s*:?\s*)?"
    r"(?P<link>https?://\S+|(?:doi:\s*)?10\.\d{4,9}/\S+|(?:arxiv:\s*)?\d{4}\.\d{4,5}(?:v\d+)?)(?:\s*\[[\w.-]+\])?",
    re.I,
)
_KEYWORDS = re.compile(
    r"(?:(?:author )?key ?words?(?: and phrases)?|index terms|schlagw[öo]rter|schlüsselwörter|mots[- ]cl[ée]s|palabras clave"
    r"|parole chiave|ключевые слова|关键词)\s*(?:[:：—]|\s-)\s*(?P<words>.+)",
    re.I,
)
_DATED = re.compile(r"(?P<venue>[^\d.!?:]{0,80}?)\W{0,3}(?P<year>(?:19|20)\d\d)\b[\d\s().,:;–-]{0,25}")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\W{0,2}$")
_CITATION = 200
"""Characters of a line that cites the paper, at most."""
_VENUE = re.compile(r"\b(?:journal|letters|transactions|proceedings|conference|workshop|review|annals|press)\b", re.I)
_INSTITUTION = re.compile(
    r"\b(?:universit|universid|institut|department|d[ée]partement|college|school of|laborator|hospital|cent(?:er|re)\b|faculty"
    r"|academy|hochschule)|^\W?\d\W{0,2}[A-Z]|\S@\S+\.\w",
    re.I,
)
_MARKS = re.compile(r"\([^)]*\)|\[[^\]]*\]|[\d*†‡§¶¹²³⁴-⁹]+|\bet al\b\.?")
_BY = re.compile(r"(?:by|authors?\s*:)\s+(?=[A-Z])", re.I)
_BETWEEN = re.compile(r"\s*(?:[,;·•|]|\band\b|\bund\b|&)\s*")
_WIDE_NAMES = re.compile(r"[\u3400-\u9fff]{2,4}\d?(?:[，,、；;\s]+[\u3400-\u9fff]{2,4}\d?)*")
"""Authors in Chinese characters."""
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*")
_SMALL = {"de", "van", "von", "der", "den", "da", "di", "la", "le", "el", "al", "bin", "du", "dos", "del", "ter", "ten"}
_OPEN_END = re.compile(r"(?:\b(?:a|an|the|of|for|in|on|with|and|or|to|by|from|via|using|at|as)|[,:–-])$", re.I)
"""The end of a line that the next line continues."""
_WIDE = 60
"""Characters of a line that may have been wrapped."""


def details(text: str, above: str) -> Details | None:
    """The fields in a line that tells its own kind, such as a link; None where it does not.

    `above` is the line right above it, with which a wrapped paragraph may go on: `… is available at` and a link.
    """
    if _NOTHING.fullmatch(text):
        return {}
    if (match := _LINK.fullmatch(text)) and not (above and (text.endswith(".") or _OPEN_END.search(above))):
        link = match["link"]
        if "10." in link and (doi := re.search(r"10\.\d{4,9}/\S+", link)):
            return {"doi": doi[0].rstrip(".,;")}
        return {"url": link} if link.startswith("http") else {"arxivid": link}
    if match := _KEYWORDS.fullmatch(text):
        return {"keywords": re.sub(r"[\uff1b\uff0c\u3001]", "; ", match["words"].rstrip("."))}
    return None


def continued(above: str, known: Details, text: str) -> Details | None:
    """The keywords in the second line of a list of keywords."""
    words = known.get("keywords")
    return {"keywords": f"{words} {text}"} if words and above.endswith((",", ";")) else None


def below_title(title: str, text: str, after_blank: bool) -> Details | None:
    """The fields in a line of authors, or of the venue and year, right below a title; None for other lines."""
    if prose_score(title) >= 0 or (ends_sentence(text) and not re.search(r"\b[A-Z]\.$", text)):
        return None
    if _OPEN_END.search(title) and not after_blank:
        return None
    whole, year = bool(_BY.match(text)), dated(text)
    names = _names(_BY.sub("", text, count=1))
    if year and len(names) > 1 and not _VENUE.search(text):
        return {**year, "authors": names}
    if names and not year:
        apart = after_blank or len(title) < _WIDE
        plain_case = bool(_WIDE_NAMES.fullmatch(text)) or (
            len(title.split()) > 2 and any(word[:1].islower() and len(word) > 4 for word in title.split())
        )
        if whole or (len(names) > 1 and (apart or re.search("[,;]", text))) or (apart and plain_case):
            return {"authors": names}
    return year


def dated(text: str) -> Details | None:
    """The year, and the first authors, in a line of authors, venue and year and nothing else."""
    match = _DATED.fullmatch(text)
    if match is None and (year := _YEAR.search(text)) and len(text) < _CITATION and "," in text:
        people = re.split(r"\bet al\b", text[: year.start()])[0].split(",")
        first = list(itertools.takewhile(lambda piece: _names(piece) and not _VENUE.search(piece), people))
        return {"year": year[1], "authors": _names("; ".join(first))} if first else None
    words = re.findall(r"[^\W\d_]+", match["venue"]) if match else []
    if match is None or sum(word[0].isupper() for word in words) * 2 < len(words):
        return None
    return {"year": match["year"]}


def is_institution(text: str) -> bool:
    """Whether a line below the authors names where they work."""
    return _INSTITUTION.search(text) is not None and not ends_sentence(text) and len(text) < 300


def _names(text: str) -> list[str]:
    """The authors in a line of nothing else, else none."""
    if len(text) > 1_000:
        return []
    if _WIDE_NAMES.fullmatch(text):
        return re.findall(r"[\u3400-\u9fff]+", text)
    bare = re.sub(r"\s+", " ", _MARKS.sub("", text)).strip(" ,;.")
    pieces = [piece for piece in (bare.split(";") if ";" in bare else _BETWEEN.split(bare)) if piece.strip()]
    if not pieces or not all(_is_name(piece.replace(",", " ").split()) for piece in pieces):
        return []
    return list(author_names("; ".join(pieces)))


def _is_name(words: Sequence[str]) -> bool:
    return 2 <= len(words) <= 5 and all(_NAME.fullmatch(word) or word.lower() in _SMALL for word in words)
