"""Reads an entry of a reading list: a title in bold or as a link, then authors, venue, year, links and the abstract."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from assistant.documents.markdown.blocks import Span, plain

PAPER_LINK = re.compile(
    r"https?://(?:[\w.-]*\.)?(?:arxiv\.org|ar5iv\.org|doi\.org|openreview\.net|aclanthology\.org|aclweb\.org|biorxiv\.org"
    r"|medrxiv\.org|ncbi\.nlm\.nih\.gov|semanticscholar\.org|mlr\.press|neurips\.cc|nips\.cc|thecvf\.com|ecva\.net|acm\.org"
    r"|ieee\.org|springer\.com|sciencedirect\.com|nature\.com|science\.org|wiley\.com|tandfonline\.com|plos\.org|jstor\.org"
    r"|frontiersin\.org|mdpi\.com|pnas\.org|jmlr\.org|aaai\.org|ijcai\.org|isca-speech\.org|usenix\.org|osf\.io|ssrn\.com"
    r"|hal\.science|cambridge\.org|oup\.com|sagepub\.com|bmj\.com|thelancet\.com|nejm\.org|huggingface\.co/papers)\b"
    r"|\.pdf$",
    re.I,
)
"""Addresses of archives and publishers; what is linked there is a paper, and no program or page."""
_TAG = re.compile(
    r"\W*(?:papers?|pdf|arxiv(?:\W*\d{4}\.\d{4,5})?|code|github|project(?: page)?|(?:home)?page|website|doi|links?|url|blog|slides"
    r"|video|demo|data(?:set)?s?|models?|supp(?:lement\w*)?|html|abs(?:tract)?|bib(?:tex)?|preprint|openreview|pytorch|tensorflow"
    r"|official|here|full text|talk|poster|weights|twitter|notes?|\d{4}(?:\W\d+)*|[A-Za-z&/' -]{2,16}\W{0,2}'?\d{2,4})\W*",
    re.I,
)
"""The label of a link, such as `[paper]`, or a venue with its year."""
_EMPTY = re.compile(r"[\[(](?:[^\w\])]|\band\b)*[\])]|(?<=\s)\|(?=\s|$)")
_DASH = re.compile(r"\s+[-–—]{1,3}\s+|^[-–—:]+\s+|(?<=\)):\s+")
_PIECE = re.compile(r"\s+[-–—|]{1,3}\s+|(?<=[^\WA-Z][\w)\]’”\"'*])\.\s+|(?<=\d)\.\s+|\n")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SMALL = {"et", "al", "and", "of", "in", "the", "on", "for", "a", "an", "by", "de", "van", "von", "der", "with", "at"}
_VENUE = re.compile(
    r"conference|journal|proc\b|proceedings|workshop|arxiv|trans\b|transactions|letters|university|press", re.I
)
_FEWEST_WORDS = 4

Entry = dict[str, object]


def entry(spans: Sequence[Span]) -> tuple[Entry, str] | None:
    """The fields of a paper and the text behind them, which may be its abstract; None where no paper is listed."""
    runs = _runs(spans)
    links = [run.href for run in runs if run.href and PAPER_LINK.search(run.href)]
    at = _title_run(runs)
    if at is None:
        return None
    title = plain([runs[at]])
    rest = [run for run in runs[at + 1 :] if not (run.href and _TAG.fullmatch(run.text))]
    text = _EMPTY.sub(" ", _EMPTY.sub(" ", "".join(run.text for run in rest)))
    unmarked = not (runs[at].href or runs[at].strong or runs[at].emphasis)
    if unmarked:
        title, _, more = (title + "\n").partition(match[0] if (match := _PIECE.search(title)) else "\n")
        text = f"{more} {text}"
    elif not runs[at].href and (title.endswith(":") or text.startswith(":")) and len(title.split()) < 3:
        more, _, text = re.sub(r"^:\s*", "", text.lstrip()).partition(".")
        title = f"{title.rstrip(':')}: {plain([Span(more)])}"
    known, abstract = _metadata(plain([Span(text)]))
    stated = YEAR.search(" ".join(known)) or YEAR.search(" ".join(run.text for run in runs[:at]))
    if not links and not (stated and runs[at].strong):
        return None
    found: Entry = {"title": title.strip(' .,:"“”'), "url": links}
    found["doi"] = doi_link(links)
    found["authors"] = next((names for piece in known if (names := author_line(piece))), [])
    found["year"] = stated[0] if stated else ""
    return found, "" if unmarked else abstract


def untagged(spans: Sequence[Span]) -> str:
    """The text without the labels of links, such as `([arXiv](…))`."""
    text = plain([Span("".join(span.text for span in spans if not (span.href and _TAG.fullmatch(span.text))))])
    return " ".join(_EMPTY.sub(" ", text).split()) or plain(spans)


def doi_link(links: Sequence[str]) -> str:
    """The first link that holds a DOI, or `""`."""
    return next((link for link in links if re.search(r"doi\.org/10\.|/doi/(?:\w+/)?10\.", link)), "")


def _title_run(runs: Sequence[Span]) -> int | None:
    """The index of the title: a link or bold text at the start, else emphasised text, else text before a link."""
    for i, run in enumerate(runs):
        before = "".join(other.text for other in runs[:i] if not _TAG.fullmatch(other.text))
        if len(before.split()) > 3 or not is_metadata(before):
            break
        if (run.href or run.strong) and not _TAG.fullmatch(run.text) and any(c.isalpha() for c in run.text):
            return i
    first = next((i for i, run in enumerate(runs) if any(c.isalpha() for c in run.text)), None)
    if first is None or runs[first].href or _TAG.fullmatch(runs[first].text):
        return None
    if not _TAG.fullmatch(next((run.text for run in runs[first:] if run.href), "paper")):
        return None  # a sentence that mentions a paper
    words = len(runs[first].text.split())
    return first if words >= (2 if runs[first].emphasis else 3) else None


def _runs(spans: Sequence[Span]) -> list[Span]:
    """Neighbours of the same link, or of the same style without a link, as one."""
    runs = []
    for (href, strong, emphasis), group in groupby(
        spans, lambda span: (span.href, span.strong and span.text != "\n", span.emphasis)
    ):
        runs.append(Span("".join(span.text for span in group), href, strong, emphasis))
    return runs


def _metadata(text: str) -> tuple[list[str], str]:
    """The pieces about the paper at the start of a text, and the rest, if that is long enough for an abstract."""
    known: list[str] = []
    while text := text.lstrip(" \t\n,.;|"):
        if match := _DASH.match(text):
            text = text[match.end() :]
            continue
        bracket = re.match(r"[\[(]([^\])]*)[\])]", text)
        if bracket and YEAR.search(bracket[1]):
            known.append(bracket[1])
            text = text[bracket.end() :].lstrip(":")
            continue
        match = _PIECE.search(text)
        piece = text[: match.start()] if match else text
        if not is_metadata(piece):
            break
        known.append(piece)
        text = text[match.end() :] if match else ""
    text = text.rstrip(" \t\n,;|")
    return known, text if len(text.split()) >= _FEWEST_WORDS else ""


def is_metadata(text: str) -> bool:
    """Whether the text is names, a venue, a date or the like: nearly all words are capitalised, none is a verb."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower() not in _SMALL]
    return sum(1 for word in words if word[0].isupper()) >= 0.7 * len(words)


def author_line(text: str) -> list[str]:
    """The names in a line of authors, such as `Ann Lee, Bo Son et al., 2023`; none where it is no such line."""
    text = re.sub(r"\([^)]*\)|[\d*†‡]+|\bet al\b\.?", "", text)
    names = [name.strip(" .\n") for name in re.split(r",|;|\band\b|&|\n|·", text)]
    names = [name + "." if re.search(r"\b[A-Z]$", name) else name for name in names if name]
    good = [name for name in names if 2 <= len(name.split()) <= 5 and is_metadata(name) and not _VENUE.search(name)]
    return good if good and len(good) * 2 > len(names) else []
