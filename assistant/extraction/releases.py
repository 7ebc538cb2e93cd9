"""Finds what a paper says about the release of its code, models and data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.extraction.fact import Fact
from assistant.extraction.lines import Line, Text

_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]}]+|\b(?:github\.com|gitlab\.com|huggingface\.co|zenodo\.org|osf\.io)/[^\s<>\"')\]}]+"
)
_THING = (
    r"(?P<thing>(?:source[- ]?)?codes?|code ?bases?|implementations?|scripts?|software|packages?|toolkits?|toolbox|librar(?:y|ies)|repositor(?:y|ies)|"
    r"(?:pre-?trained )?(?:models?|weights|checkpoints?)|data ?sets?|data|benchmarks?|corpus|corpora|annotations|resources?|project(?: page| website)?|web ?site|demo)"
)
_AVAILABLE = r"(?:available|accessible|released|open[- ]?sourced?|downloaded|found (?:at|on|in|here)|published|hosted|provided|shared|public|coming soon|at:? ?(?=http|www|github))"
_RELEASED = re.compile(
    rf"(?i)\b{_THING}\b[^.;?!]{{0,80}}?\b(?:is|are|was|were|be|been|being|can be)\b[^.;?!]{{0,60}}?\b{_AVAILABLE}"
)
_ELLIPTIC = re.compile(
    rf"(?i)^(?:the |our |all |project |source |official )*{_THING}[^.?!]{{0,60}}?(?:\bavailable\b|:|\bat\b|\breleased\b)"
)
_WE_RELEASE = re.compile(
    rf"(?i)\b(?:we|authors)\b[^.;?!]{{0,60}}?\b(?:(?:publicly |openly |also |will |have )*(?:release|open-?source|share|publish|make)[sd]?)\b[^.;?!]{{0,80}}?\b{_THING}\b"
)
_PUBLIC = re.compile(
    rf"(?i)\b(?:we|this (?:paper|work|thesis|article))\b[^.;?!]{{0,50}}?\b(?:provid|contribut|present|introduc|releas|offer|maintain|build|creat)\w*\b[^.;?!]{{0,80}}?"
    rf"\b(?:publicly|freely|openly|public|open[- ]?(?:source|access)?)[- ]?(?:available|accessible|sourced?)?\s(?:[\w-]+\s){{0,3}}?{_THING}\b"
)
_NOT_OWN = re.compile(
    r"(?i)\b(?:using|use[ds]?|from|on|with|only|leverag\w+|existing)\s(?:[\w-]+\s){0,3}?(?:publicly|freely|openly|public(?=\s)|open[- ]source)[^.;]{0,40}$"
)
_RELEASE_WORDS = re.compile(
    r"(?i)\b(?:publicly|freely|openly|public|download\w*|releas\w+|open[- ]sourc\w+|online|upon|on (?:reasonable )?request|soon)\b"
)
_MAKE = re.compile(r"(?i)\bmak\w+\b")
_PUBLICLY = re.compile(r"(?i)\b(?:available|public|publicly|open|accessible)\b")


def releases(text: Text) -> Iterator[Fact]:
    """The sentences that say what is released, code first."""
    found = [fact for line in text.lines if (fact := _release(line)) is not None]
    yield from sorted(found, key=lambda f: 0 if f.value.startswith("code") else 1)


def _release(line: Line) -> Fact | None:
    """The fact of one sentence; None where it releases nothing."""
    url = _URL.search(line.text)
    match = (
        _RELEASED.search(line.text)
        or _we_release(line.text)
        or _PUBLIC.search(line.text)
        or (url and _ELLIPTIC.search(line.text))
    )
    if match and _NOT_OWN.search(line.text[: match.end()]):
        match = None
    if match is None and url is None:
        return None
    thing = _kind_of(match["thing"] if match else "", url[0] if url else "")
    if thing != "code" and url is None and not (line.own and _RELEASE_WORDS.search(line.text)):
        return None  # "a large amount of data is available"
    later = re.search(r"(?i)\b(?:will be|to be released|upon (?:acceptance|publication)|soon)\b", line.text)
    state = "to be released" if later else "released"
    return line.fact("code", 0, len(line.text), f"{thing} {state}" + (f": {url[0].rstrip('.,;')}" if url else ""))


def _we_release(text: str) -> re.Match[str] | None:
    """`we release our code`; with "make", only where it is made public."""
    match = _WE_RELEASE.search(text)
    return None if match is None or (_MAKE.search(match[0]) and not _PUBLICLY.search(text)) else match


def _kind_of(thing: str, url: str) -> str:
    if re.search(r"(?i)code|implement|script|software|package|tool|librar|repositor", thing) or re.search(
        r"git(?:hub|lab)\.com", url
    ):
        return "code"
    if re.search(r"(?i)data|benchmark|corp|annot", thing):
        return "data"
    return "models" if re.search(r"(?i)model|weight|checkpoint", thing) else "resources"
