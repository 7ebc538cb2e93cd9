"""Cuts off what publishers add to the end of an abstract, and archives and typesetters to its beginning."""

from __future__ import annotations

import re

_LONGEST = 1_500
"""Characters at the end of an abstract among which a publisher's notice is looked for."""
_LONGEST_LEAD = 300
"""Characters that one sentence of a notice at the beginning may have."""
_HEAD = re.compile(
    r"\s*(?i:(?:arxiv:\S{5,40}\s+)?(?:announce[ -]?type:\s*[\w-]{1,30}\s+)(?:abstract:\s*)?)"
    r"|\s*(?:Abstract|ABSTRACT|Summary|SUMMARY|Synopsis|Zusammenfassung|Résumé|Resumen|Resumo|Riassunto|Аннотация)"
    r"\s*(?::|[—–|]|\.(?=\s+[A-Z])|-(?=\s|[A-Z])|[-.]*\n)\s*"
    r"|\s*(?:ABSTRACT|SUMMARY)\s+(?=[A-Z][A-Za-z]*\b)"
    r"|\s*(?:[\[*_#]{1,3}\s?(?:Abstract|ABSTRACT|Summary|SUMMARY)\s?[:.]?\s?[\]*_]{1,3}|A B S T R A C T\b)\s*[:.—-]?\s*"
    r"|\s*(?:Abstract|Summary)\s+(?=(?:Background|Objectives?|Introduction|Purpose|Aims?|Context|Importance|Motivation|"
    r"Methods?|Problem|Rationale|Question|We|In|The|This|These|It|A|An|Our|Here|To|For|Although|While|Despite|Recent|"
    r"Many|Most|With|There|Since|By|On|As|BACKGROUND|OBJECTIVES?|INTRODUCTION|PURPOSE|AIMS?|CONTEXT)\b(?!-))"
    r"|\s*(?:摘要|要旨|초록)\s*[:：]?\s*"
)
_YEAR = r"(?:1[89]|20)\d\d"
_PUBLISHER = (
    r"(?:elsevier|springer|wiley|mdpi|taylor|francis|sage|oxford|cambridge|university|press|ieee|acm|frontiers|bmj|"
    r"karger|thieme|wolters|kluwer|lippincott|nature|society|association|publish\w*|verlag|gmbh|ltd|inc|b\.?v|llc|"
    r"authors?|institute|academy|college|american|royal|iop|aip)\b"
)
_SIGN = (
    r"(?:(?:abstract\s+)?(?:crown\s+)?copyright\b(?:\s+and\s+licen[cs]e[^:.]{0,30}:)?[\s:,]*"
    rf"(?:©|\(c\)|\[?{_YEAR}|\w+[^.]{{0,80}}is the property of)"
    rf"|©(?:\s|copyright|\d|[A-Z])|℗|\(c\)\s*(?:copyright\s*)?(?:{_YEAR}|(?=[A-Z][^.]{{0,60}}\b(?:{_PUBLISHER}|{_YEAR}))))"
)
"""The beginning of a copyright line, wherever it stands."""
_OWNER = re.compile(
    rf"\s*(?:copyright\s*)?(?:©|\(c\))\s*(?:copyright\s*)?{_YEAR}(?:\s*[-–]\s*{_YEAR})?,?\s+(?:by\s+)?[^.:;©]{{0,120}}?"
    r"\b(?:(?i:author\(s\)|authors?(?!\())|Ltd|Limited|Inc|B\.V|GmbH|(?:BV|LLC|AG|SAS|IEEE|ACM)\b)\.?\s*"
    r"(?i:all rights reserved\.?\s*)?(?=[A-Z0-9])(?!(?:Publi|Licen|Journal|Product|Exclusive|Distrib|Open access|This is|Co\b))"
)
"""A copyright line that ends with its owner, and after which Scopus writes the abstract without a full stop."""
_CLAUSE = (
    r"(?:all rights (?:are )?reserved\b(?=\s*[.;,)\]]|\s*$)"
    r"|this is an? (?:\w+ )?open[- ]access (?:article|paper|publication|work)"
    r"|this (?:article|work|paper|abstract|publication|content|manuscript|journal)(?: [\w'’]+)? (?:is|was|has been|may be) "
    r"(?!(?:about|on|not)\b)(?:\w+ ){0,3}(?:licensed|distributed under|published under|published open access|"
    r"protected by copyright|made available under|abridged|"
    r"open access(?=\s*(?:[.,;)]|$|(?:and|under|with|at|article|paper|publication|distributed)\b))|a u\.?s\.? government work|copyrighted|subject to copyright)"
    r"|\w+ database record\b(?=[^.]{0,20}(?:©|\(c\)|copyright|rights))"
    r"|(?:the )?\w+ (?:\w+ ){0,4}or its licensors?\b"
    r"|abstract (?:from (?:author|journal|publisher)|truncated)"
    r"|publication abstract\b(?=\s*[\])]?\s*$)"
    r"|copyright (?:holder|applies)"
    r"|creative commons attribution\b"
    r"|for (?:commercial re-?use|permissions?)[^.]{0,40}(?:please|contact|e-?mail|visit)"
    r"|(?:an )?open access (?:article )?(?:under|distributed|published)[^.]{0,60}licen[cs]e)"
)
"""The beginning of a sentence that only a publisher writes."""
_IMPRINT = rf"(?:published {_YEAR}(?=\.)|(?:published|epub|available) (?:by|under|in|on|online|with)\b|licensee\b|georg thieme verlag)"
"""The beginning of a sentence that a publisher writes if it consists of names and figures."""
_SIGNS = re.compile(r"©|℗|\(c\)|copyright", re.I)
_SIGN_START = re.compile(rf"[\[(]?\s?{_SIGN}", re.I)
_YEAR_OF_LAW = re.compile(rf"copyright {_YEAR}(?=\s+[a-z])(?!\s+(?:by|the|to|on)\b)", re.I)
"""What begins like a notice in `Copyright 2020 reforms changed …`."""
_BEFORE_SIGN = re.compile(r"[\[(]?\s?(?:abstract\s|crown\s)?$", re.I)
_SIGN_TRACES = ("copyright", "(c)", "©", "℗")
_PHRASE_LEADS = (
    "all rights", "this ", "abstract ", "copyright ", "for ", "open", "an open", "published", "epub", "available",
    "licensee", "georg ", "publication ", "creative ",
)  # fmt: skip
_SENTENCE_START = re.compile(r"[.!?;)\]”\"’]\s{0,3}|\s(?=[(\[])")
_PHRASE_START = re.compile(rf"[\[(]?\s?(?:(?P<clause>{_CLAUSE})|(?P<imprint>{_IMPRINT}))", re.I)
_LEGAL = re.compile(
    r"rights|reserved|licen[cs]\w*|copyright|permission|permitted|creative commons|\bcc[ -]by|©|copied|abridged|warranty|"
    r"download|original (?:work|author|published|material|version)|accuracy of the copy|full abstract|database record|"
    r"abstract from|publication abstract|open[- ]access|this (?:article|work) is an? u\.?s\.|government work|public domain",
    re.I,
)
_OF_NOTICES = re.compile(rf"{_PUBLISHER}|distribut\w+|reproduc\w+|https?://|\bdoi\b|government|{_YEAR}\b", re.I)
_PROSE = re.compile(
    r"\b(?:we|our|us|they|results?|conclusions?|methods?|background|findings|patients|study|studies|showed?|found|"
    r"conclude|suggests?|demonstrates?|compared|propose|increased|decreased|is|are|was|were|has|have)\b",
    re.I,
)
_SENTENCE_END = re.compile(r"(?<=[.!?\])])\s+(?=[A-Z(\[©])")
_GOES_ON = re.compile(
    r"\(or their employer|re-?use permitted|no commercial re-?use|see rights|all rights|published by|(?:however, )?users may|"
    r"the authors?(?:\(s\))?,? under (?:an? )?exclusive|licensee|no warranty|government work\b",
    re.I,
)
"""How a sentence after a notice at the beginning of an abstract belongs to the notice."""
_SMALL_WORDS = frozenset(
    "of by the and for on behalf in de la le der für und et al all rights reserved under license licence exclusive to "
    "published an imprint online ahead print first c from at & a".split()
)


_TRACES = (
    "copyright", "(c)", "reserved", "licen", "open access", "open-access", "published", "online", "warranty",
    "permission", "database record", "abstract", "thieme", "epub",
)  # fmt: skip
"""One of these stands at the end of every abstract with a notice there, if that is in ASCII."""
_LEADS = ("abstract", "summary", "synopsis", "resum", "riassunto", "zusammenf", "arxiv", "announce", "(c)", "copyright",
          "crown", "psycinfo", "(psycinfo", "[abstract", "**abstract", "a b s t r a c t", "published", "this is an open", "this article is", "this work is", "all rights")  # fmt: skip


def may_hold_notice(text: str) -> bool:
    """A cheap test, which most abstracts fail."""
    tail = text[-200:].lower()
    return _may_begin_with_notice(text) or not tail.isascii() or any(map(tail.__contains__, _TRACES))


def _may_begin_with_notice(text: str) -> bool:
    head = text[:60].lstrip().lower()
    return head.startswith(_LEADS) or not head.isascii()


def without_notices(text: str) -> str:
    """The abstract without a head such as `Abstract:` and without a publisher's notice at its beginning or end."""
    if _may_begin_with_notice(text):
        head = _HEAD.match(text)
        text = _without_leading_notice(text[head.end() :] if head else text)
    return _without_tail(text)


def _without_tail(text: str) -> str:
    for at, kind in _starts(text, max(0, len(text) - _LONGEST)):
        if _is_notice(text[at:], text[:at].rstrip(), kind):
            return text[:at].rstrip(" \t\n([{|·•-–—*")
    return text


def _starts(text: str, at: int) -> list[tuple[int, str]]:
    """Where a notice may begin, and what kind it is: a sign, a clause or an imprint."""
    found = list[tuple[int, str]]()
    tail = text[at:].lower()
    for sign in _SIGNS.finditer(text, at) if any(map(tail.__contains__, _SIGN_TRACES)) else ():
        before = _BEFORE_SIGN.search(text, max(0, sign.start() - 12), sign.start())
        start = before.start() if before else sign.start()
        start = next((place for place in (start, sign.start()) if _SIGN_START.match(text, place)), -1)
        if start >= 0:
            found.append((start, "sign"))
    has_owner = " or its licensor" in tail or "database record" in tail
    places = [0] if not at else []
    for place in (*places, *(match.end() for match in _SENTENCE_START.finditer(text, at))):
        begins = text[place : place + 20].lstrip("[( ").lower().startswith(_PHRASE_LEADS)
        if (begins or has_owner) and (phrase := _PHRASE_START.match(text, place)):
            found.append((place, "clause" if phrase["clause"] else "imprint"))
    return sorted(found)


def _is_notice(rest: str, before: str, kind: str) -> bool:
    """Whether all of `rest`, which begins like a notice of this kind, is one."""
    first, *others = _SENTENCE_END.split(rest)
    if kind == "sign" and (year := _YEAR_OF_LAW.match(first)) and not _is_names(first[year.end() :]):
        return False
    glued = kind == "sign" and before and before[-1] not in '.!?;:)]”"’>'
    if (kind == "imprint" or glued) and not _is_names(first):
        return False
    return not (_is_prose(first) and kind != "clause") and not any(map(_is_prose, others))


def _is_prose(sentence: str) -> bool:
    """Whether a sentence after the start of a notice belongs to the abstract."""
    if _LEGAL.search(sentence):
        return False
    if _PROSE.search(sentence):
        return True
    return len(sentence) > 60 and not _OF_NOTICES.search(sentence)


def _is_names(sentence: str) -> bool:
    """Whether a sentence consists of names and figures, as in `© 2020 by the Authors. Licensee MDPI`."""
    words = re.findall(r"[^\W\d_][\w.&'’/-]*", sentence)
    return all(word[0].isupper() or word.lower().strip(".s") in _SMALL_WORDS | {"author", ""} for word in words)


def _without_leading_notice(text: str) -> str:
    """The text without sentences at its beginning that are a copyright line."""
    if owner := _OWNER.match(text):
        text = _after_rest(text[owner.end() :])
    while starts := [kind for place, kind in _starts(text[:_LONGEST_LEAD], 0) if place == 0]:
        end = _SENTENCE_END.search(text, 1, _LONGEST_LEAD)
        if not end or not _is_notice(text[: end.start()], "", starts[0]):
            break
        text = _after_rest(text[end.end() :])
    return text


def _after_rest(text: str) -> str:
    """What follows the sentences that belong to a notice before them."""
    while (end := _SENTENCE_END.search(text, 1, _LONGEST_LEAD)) and _goes_on(text[: end.start()]):
        text = text[end.end() :]
    return text


def _goes_on(sentence: str) -> bool:
    """Whether a sentence after a notice is its rest: `Karger AG, Basel.` follows `Copyright 2014 S.`"""
    return bool(_GOES_ON.match(sentence) or (_is_names(sentence) and _OF_NOTICES.search(sentence)))
