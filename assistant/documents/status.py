"""Recognises papers that were retracted, withdrawn or corrected, and the notices that say so."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

RETRACTED, WITHDRAWN, NOTICE, CONCERN, CORRECTED = "retracted", "withdrawn", "retraction notice", "concern", "corrected"
STATUSES = (RETRACTED, WITHDRAWN, NOTICE, CONCERN, CORRECTED)
"""The gravest first."""

_IN_PLAIN_TITLES = (
    "retra", "withdr", "remov", "correc", "corrig", "errat", "concern", "notice", "ritir", "ritratt", "widerruf",
    "berichtig", "rectific",
)  # fmt: skip
_IN_TITLES = (
    *_IN_PLAIN_TITLES, "rétract", "zurück", "correç", "撤", "更正", "勘误", "勘誤", "訂正", "отозв", "ретрак", "исправл",
)  # fmt: skip
"""One of these stands in every title that anything below matches: a cheap test for all other papers."""
_IN_TEXTS = ("retract", "withdr", "been removed")
_MARKED = rf"""(?:
    (?P<{RETRACTED}> retracted(?:\ and\ (?:republished|replaced|removed))? | rétracté | retractado | ritrattato | zurückgezogen
        | (?:article|artículo|artigo)\ (?:rétracté|retractado|retratado) | 撤稿 | отозвана )
  | (?P<{WITHDRAWN}> withdrawn | ritirato | 撤回 | 論文撤回 )
  | (?P<{CONCERN}> publication\ with\ expression\ of\ concern )
)(?:\ (?:article|paper|chapter|publication|preprint|manuscript|protocol))?"""
_BEFORE = re.compile(rf"[\W_]*{_MARKED}\s*(?:[:：\])）】*]+|\s[–—-]+\s|[–—]+)\s*", re.I | re.X)
_CAPITALS = re.compile(
    r"(?:RETRACTED|(?P<withdrawn>WITHDRAWN|REMOVED|TEMPORARY REMOVAL))(?: (?:ARTICLE|PAPER))?(?:\s*:\s*|\s+(?=[A-Z0-9“\"]))"
)
_AFTER = re.compile(rf"(?:[\[(（【]\s*|\s[–—-]+\s*){_MARKED}\b(?:[.,;:]?\s[^()\[\]]*)?[\])）】.]*\s*$", re.I | re.X)
_TO = r"(?:\s*(?:to|of|for|on|regarding|zu|à|a|de|sur|di)\b)?"
_HEAD = re.compile(
    rf"""[\W_]*(?:
        (?P<retracted> (?:notice|statement)\ of\ (?:retraction|withdrawal) | (?:publisher(?:['’]s)?\ |editorial\ )?retraction(?:\ (?:notice|note|statement|letter))?
            | withdrawal\ (?:notice|note|statement) | rétractation | retractación | retratação | widerruf | 撤稿声明 | ретракция )
      | (?P<concern> (?:editorial\ |publisher\ |notice\ of\ )?expressions?\ of\ concern )
      | (?P<corrected> (?:(?:author|publisher|editorial)(?:['’]s)?\ )?correction(?:\ (?:notice|note))? | corrigend(?:um|a) | errat(?:um|a)(?:\ corrige)?
            | fe\ de\ erratas | corrección | correção | berichtigung | rectificatif | 更正 | 勘误 | 勘誤 | 訂正 | исправление )
    )(?P<to>{_TO})\s*(?P<end>[:：.–—]+\s*|(?=[“"„«‘'\[(])|\s(?=[\w'’-]+(?:\s\w+)?\set\ al\b)|$)(?P<rest>.*)""",
    re.I | re.X | re.S,
)
"""The title of a notice: what it is, and after a colon or in quotation marks the paper that it is about."""
_WORK = r"(?:article|paper|preprint|manuscript|chapter|submission|publication|work|letter|report|contribution|abstract)"
_THIS = rf"(?:this|the\ (?:above|following|present|aforementioned|below))\ (?:[\w-]+\ ){{0,2}}?{_WORK}"
_INSERTED = r"(?:(?:,|\ \[|\ \(|\ (?:from|entitled|titled|by|published|in)\b)[^!?]{0,300}?)?"
_DONE = r"(?:has\ been|have\ been|is\ being|was|is|are|had\ to\ be)\ (?:\w+ly\ )?(?:(?P<{0}>retracted)|(?P<{1}>withdrawn)|removed)\b"
_BY = (
    r"(?:\s*(?:[.,;)\]]|$)|\ (?:at\ the\ request|by\ (?:the\ |its\ |all\ )?(?:\w+\ ){0,2}(?:authors?|editors?|publisher|journal|arxiv|administrators)"
    r"|due\ to|because|since|as\ (?:the|it|its|there)\b|owing\ to|following|for\ the\ following|from\ (?:arxiv|publication|the\ (?:journal|proceedings))))"
)
"""How a statement about the paper itself goes on; the needle was withdrawn from the tray, and the drug from the market."""
_TEXT = re.compile(
    rf"""(?:^|[.!?:\]]\s+|\n)[\W_]*(?:
        {_THIS}{_INSERTED}\ {_DONE.format("r0", "w0")}(?!\ (?:\d|more|less|from)|\ as\ often)
      | (?:(?:at|by|on|due|owing|because|following|with|for)\b[^.!?]{{0,200}}?,\ )?(?:{_THIS}|(?:the\ )?{_WORK}){_INSERTED}\ {_DONE.format("r1", "w1")}{_BY}
      | [^.!?]{{0,120}}?\b(?:(?P<r2>retract(?:s|ed)?)|(?P<w2>withdr(?:aws?|ew|awn)))\ {_THIS}\b
      | (?:(?P<r3>retracted)|(?:(?:paper|article|submission)\ )?(?P<w3>withdrawn)){_BY}
      | (?P<w4>(?:paper|article|submission|preprint)\ withdrawn)\s*[:–—]
    )""",
    re.I | re.X,
)
_NOTED = re.compile(
    r"[\W_]*this (?:(?P<retracted>retracts|withdraws)|(?P<corrected>corrects|amends)) the (?:article|paper)\b", re.I
)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\])>,;\"”’]+")
_ASKED = re.compile(
    r"\bretract|\bwithdr[ae]w|\berrat|\bcorrigend|\bexpressions? of concern\b|\bcorrections? (?:to|of)\b", re.I
)
_MANY = re.compile(
    r"\b(?:retractions|corrections|errata|withdrawals|(?:retracted|corrected|withdrawn) (?:\w+ )?(?:papers|articles|publications|studies|works))\b",
    re.I,
)
_TYPES = {
    "retracted": RETRACTED,
    "retracted publication": RETRACTED,
    "retracted article": RETRACTED,
    "withdrawn": WITHDRAWN,
    "withdrawn publication": WITHDRAWN,
    "retraction": NOTICE,
    "retraction notice": NOTICE,
    "retraction of publication": NOTICE,
    "item withdrawal": NOTICE,
    "withdrawal": NOTICE,
    "removal": NOTICE,
    "concern": CONCERN,
    "expression of concern": CONCERN,
    "publication with expression of concern": CONCERN,
    "corrected": CORRECTED,
    "correction": CORRECTED,
    "corrigendum": CORRECTED,
    "erratum": CORRECTED,
    "published erratum": CORRECTED,
    "corrected and republished article": CORRECTED,
}
_REMARKS = {
    RETRACTED: "was retracted",
    WITHDRAWN: "was withdrawn",
    NOTICE: "is a notice that another paper was retracted",
    CONCERN: "is under an expression of concern",
    CORRECTED: "was corrected later",
}
_OF_NOTICES = {CONCERN: "an expression of concern", CORRECTED: "a correction"}
_YES = ("true", "yes", "1")
_ENDS = 400
"""Characters of an abstract, at each end, in which a statement about the paper itself stands."""


class Subject(NamedTuple):
    """The paper that a notice is about."""

    mark: str
    """The status that the notice gives it."""
    title: str
    doi: str


def editorial_status(title: str, abstract: str, publication_type: str | None, stated: object = None) -> str | None:
    """`retracted`, `withdrawn`, `retraction notice`, `concern`, `corrected`, or None for a paper in good standing.

    `stated`: the status where the source has a field for it: a name, or True, `true` or `yes` for a retracted paper.
    """
    hinted = _is_hinted(title) or _NOTED.match(abstract) is not None
    notice = subject(title, abstract) if hinted else None
    if notice is not None:
        return NOTICE if notice.mark == RETRACTED else notice.mark
    found = [_of_title(title, abstract) if hinted else None, _of_text(abstract)]
    if publication_type is not None:
        found.append(_of_types(publication_type))
    if stated is not None:
        found.append(RETRACTED if str(stated).lower() in _YES else _of_types(str(stated)))
    return gravest(*found)


def gravest(*statuses: str | None) -> str | None:
    """The gravest of these."""
    if not any(statuses):
        return None
    return min(filter(None, statuses), key=STATUSES.index, default=None)


def remark(status: str | None, title: str, abstract: str) -> str:
    """What is to be said of a paper with this status, such as `was retracted`; empty for one in good standing."""
    if status in (CONCERN, CORRECTED) and subject(title, abstract) is not None:
        return f"is {_OF_NOTICES[status]} about another paper"
    return _REMARKS.get(status or "", "")


def only_says_status(status: str | None, abstract: str) -> bool:
    """Whether the abstract says nothing but that a paper was retracted or withdrawn, so that it is no evidence for anything
    else."""
    if status == NOTICE:
        return True
    return status in (RETRACTED, WITHDRAWN) and len(abstract) <= 2 * _ENDS and _TEXT.match(abstract) is not None


def asks_about_status(question: str) -> bool:
    """Whether a question is about retractions or corrections, so that a notice may answer it."""
    return _ASKED.search(question) is not None


def bare_title(title: str) -> str:
    """The title without what marks the paper as retracted or withdrawn."""
    if not _is_hinted(title):
        return title
    return _AFTER.sub("", _CAPITALS.sub("", _BEFORE.sub("", title, count=1), count=1)).strip() or title


def subject(title: str, abstract: str) -> Subject | None:
    """What a notice is about; None for a paper, and for a paper about notices."""
    if (noted := _NOTED.match(abstract)) is not None:
        doi = _DOI.search(abstract, noted.end())
        head = _HEAD.match(title)
        named = _subject_title(head["rest"]) if head else bare_title(title)
        return Subject(RETRACTED if noted["retracted"] else CORRECTED, named, doi[0].rstrip(".") if doi else "")
    head = _HEAD.match(title) if _is_hinted(title) else None
    if head is None or (_MANY.search(abstract) and _of_text(abstract) is None):
        return None
    mark = next(name for name in (RETRACTED, CONCERN, CORRECTED) if head[name])
    doi = _DOI.search(head["rest"])
    return Subject(mark, _subject_title(head["rest"]), doi[0].rstrip(".") if doi else "")


def _subject_title(rest: str) -> str:
    """The title in what follows the head of a notice: in quotation marks, or without authors before and the place after."""
    if quoted := re.search(r"[“\"„«]\s*(.+?)[,.]?\s*[”\"“»]", rest):
        return quoted[1]
    rest = re.sub(r"^\s*[^:,]{1,60}\bet al\.?,?\s*", "", rest)
    rest = re.sub(r"\s*(?:\[[^\]]*\]|\([^)]*\d[^)]*\)|\bdoi:?\s*10\.\S+|https?://\S+)\s*\.?\s*$", "", rest, flags=re.I)
    return rest.strip(" .")


@lru_cache(1_024)  # a file names few types
def _of_types(types: str) -> str | None:
    names = (re.sub(r"[-_\s]+", " ", name).strip().lower() for name in re.split(r"[;|,]", types))
    return gravest(*(_TYPES.get(name) for name in names))


def _of_title(title: str, abstract: str) -> str | None:
    if not title.isupper() and (capitals := _CAPITALS.match(title)):
        return WITHDRAWN if capitals["withdrawn"] else RETRACTED
    match = _BEFORE.match(title) or _AFTER.search(title)
    if match is None or (_MANY.search(abstract) and _of_text(abstract) is None):
        return None
    return next(name for name in (RETRACTED, WITHDRAWN, CONCERN) if match[name])


def _of_text(abstract: str) -> str | None:
    """What the abstract says of the paper itself, at its beginning or its end."""
    is_long = len(abstract) > 2 * _ENDS
    if not _holds(abstract[:_ENDS] + abstract[-_ENDS:] if is_long else abstract, _IN_TEXTS):
        return None
    for part in (abstract[:_ENDS], abstract[-_ENDS:].partition(". ")[2]) if is_long else (abstract,):
        if match := _TEXT.search(part):
            return RETRACTED if any(match[f"r{i}"] for i in range(4)) else WITHDRAWN
    return None


def _is_hinted(title: str) -> bool:
    return _holds(title, _IN_PLAIN_TITLES if title.isascii() else _IN_TITLES)


def _holds(text: str, words: tuple[str, ...]) -> bool:
    lower = text.lower()
    for word in words:  # noqa: SIM110 - this runs for every record, and any() takes twice the time
        if word in lower:
            return True
    return False
