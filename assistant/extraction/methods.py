"""Finds the name that a paper gives to its own method, model, data set or framework."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.extraction.fact import Fact
from assistant.extraction.known_names import COMMON, is_common
from assistant.extraction.lines import Line, Text
from assistant.extraction.shapes import NAME, first_mention, is_name
from assistant.text.names import definitions

INTRODUCES = re.compile(
    r"(?i)\b(?:propos|introduc|present|develop|design|devis|creat|build|built|construct|contribut|advocat|deduc|curat|releas|describ|improv)"
    r"(?:es?|s|ed|ing|t)?\b"
)
"""A verb by which a paper introduces something of its own."""
_NEW = re.compile(r"\b(?:an?|the) (?:new|novel)\b")
_SAYS_OWN = re.compile(
    r"(?i)\b(?:we|our|us|paper|work|study|method|approach|model|framework|algorithm|propos\w+|introduc\w+|present\w*|novel|new)\b"
)
_RUN = rf"{NAME}(?:(?:[\s-]|\s(?:of|for|with|and|to|in|via|from|the|on|by)\s){NAME}){{0,7}}"
_NAMED = re.compile(
    r"(?:\b(?:called|named|termed|dubbed|coined|nicknamed|titled|referred to as|(?:calls?|name|term|dub) (?:(?:this|the|our|it|them|these)(?: [a-z-]+){0,3}?)"
    rf"|refer to (?:[\w-]+ ){{1,5}}as|which we (?:call|name|term|dub)))\s+(?:as\s+)?(?:the\s+)?[\"'“‘`*]*(?P<name>{_RUN})"
)
_BRACKETED = re.compile(
    rf"\(\s*(?:or\s+|termed\s+|i\.e\.,?\s+)?[\"“‘`*]*(?P<name>{NAME}(?:['’]\d\d)?)[\"”’`*]*s?\s*[);,]"
)
_AFTER_VERB = re.compile(
    rf"^(?P<plain>(?:\s[a-z][\w-]*){{0,6}}?)(?P<comma>,)?\s(?:the\s)?[\"“‘`*]*(?P<name>{NAME}(?:\s{NAME}){{0,3}})[\"”’`*]*(?P<after>.?)"
)
_PREPOSITIONS = frozenset(
    "for of in on with to that which based using from via by where as and how whether between into over".split()
)
_OURS = re.compile(
    rf"\b(?:[Oo]ur|[Tt]he proposed|proposed)\s(?:[a-z][\w-]*\s){{0,3}}?(?:(?:method|approach|model|framework|algorithm|system),\s)?(?P<name>{NAME}(?:-{NAME})?)"
    r"(?=\s?[,.(]|\s[a-z])"
)
_TITLE_NAME = re.compile(r"^(?:the\s)?(?P<name>[^\s:]+(?:\s[^\s:]+){0,2}?)\s*(?::|\s[–—-]\s)", re.IGNORECASE)
_TITLE_BRACKET = re.compile(rf"\((?P<name>{NAME})\)")
_ARTICLES = re.compile(r"(?:\s(?:an?|the|our|new|novel|simple|yet|effective|efficient))*\s?")
_LONGEST_FORM = 9
"""Words of the long form of an abbreviation."""
_OBJECT = 160
"""Characters after the verb in which what is introduced is named."""
_OF_EDITORS = frozenset(
    "retracted retraction withdrawn withdrawal removed correction corrected corrigendum erratum addendum".split()
)
"""Words before a colon that editors put before a title."""


@lru_cache(maxsize=4)  # the rules for tasks, data and comparisons ask again
def methods(text: Text) -> tuple[Fact, ...]:
    """The paper's own names, the surest first, each once."""
    seen: set[str] = set()
    found = []
    for fact in (*_said_to_be_named(text), *_in_title(text), *_introduced(text), *_ours(text)):
        spellings = {_short(fact.value).casefold(), fact.value.split("(")[0].strip().casefold()} - {""}
        if not any(new in old or old in new for new in spellings for old in seen):
            seen |= spellings
            found.append(fact)
    return tuple(found)


def _said_to_be_named(text: Text) -> Iterator[Fact]:
    """`a framework called X`, `we refer to it as X`."""
    for line in text.own:
        for match in _NAMED.finditer(line.text):
            end = _with_bracket(line.text, match.end("name"), match["name"])
            name = _short(line.text[match.start("name") : end])
            if (
                _SAYS_OWN.search(line.text)
                and len(name) > 1
                and not is_common(name)
                and (is_name(name) or name[:1].isupper())
            ):
                yield line.fact("method", match.start("name"), end)


def _in_title(text: Text) -> Iterator[Fact]:
    """`X: A Method for …`, `… (X) …`."""
    title = text.title.text
    match = _TITLE_NAME.match(title)
    if (
        match
        and match["name"] not in COMMON
        and match["name"].lower() not in _OF_EDITORS
        and _is_own_title_name(match["name"], text)
    ):
        yield _where_introduced(text, match["name"]) or text.title.fact("method", *match.span("name"))
    for match in _TITLE_BRACKET.finditer(title):
        if (
            is_name(match["name"])
            and not is_common(match["name"])
            and re.search(rf"(?<!\w){re.escape(match['name'])}(?!\w)", text.abstract)
        ):
            yield _where_introduced(text, match["name"]) or text.title.fact("method", *match.span("name"))


def _is_own_title_name(name: str, text: Text) -> bool:
    if " " not in name and is_name(name):
        return True
    return name[0].isupper() and bool(re.search(rf"(?<!\w)(?<![.!?] ){re.escape(name)}(?!\w)", text.abstract[1:]))


def _where_introduced(text: Text, name: str) -> Fact | None:
    """The name where the abstract first uses it, with its long form if that is beside it."""
    for line in text.lines:
        if match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line.text):
            start = _long_form_start(line.text, name, match.start())
            bracket = line.text[match.end() : match.end() + 1] == ")" and start < match.start()
            return line.fact(
                "method", start, match.end() + 1 if bracket else _with_bracket(line.text, match.end(), name)
            )
    return None


def _introduced(text: Text) -> Iterator[Fact]:
    """`we propose X, a …`, `we propose Long Form (LF)`."""
    for line in text.own:
        for verb in (*INTRODUCES.finditer(line.text), *_NEW.finditer(line.text)):
            if _SAYS_OWN.search(line.text[: verb.end()]):
                yield from _object_name(text, line, verb.end())


def _object_name(text: Text, line: Line, start: int) -> Iterator[Fact]:
    after = line.text[start : start + _OBJECT]
    for match in _BRACKETED.finditer(after):
        name = match["name"]
        long = _long_form_start(line.text, name, start + match.start("name"))
        if long == start + match.start():  # the letters do not tell the long form: it is all that is introduced
            long = start + len(_ARTICLES.match(after)[0])  # type: ignore[index]  # it matches the empty string
        between, form = line.text[start:long], line.text[long : start + match.start()]
        if re.search(r"[,;:]", form) or len(form.split()) > _LONGEST_FORM:
            continue
        direct = _PREPOSITIONS.isdisjoint((between + (form if not between.strip() else "")).split())
        if (direct or _is_title_case(form)) and _is_new(text, line, name, long):
            yield line.fact("method", max(long, start), start + match.end("name") + 1)
            return
    found = _AFTER_VERB.match(after)
    if found is None or not _PREPOSITIONS.isdisjoint(found["plain"].split()):
        return
    name = found["name"]
    if not is_name(name.split()[0]) and found["after"] not in {",", "(", ":", "."} and " " not in name:
        return
    indefinite = not found["comma"] and re.search(r"\b(?:an?|new|novel)\b", found["plain"])
    if (indefinite and found["after"] not in {",", "(", "."}) or not _is_new(
        text, line, name, start + found.start("name")
    ):
        return
    yield line.fact("method", start + found.start("name"), start + found.end("name"))


def _ours(text: Text) -> Iterator[Fact]:
    """`our X framework`."""
    for line in text.own:
        for match in _OURS.finditer(line.text):
            if is_name(match["name"]) and not is_common(match["name"]):
                yield line.fact("method", *match.span("name"))
        for match in re.finditer(r"\b[Oo]ur\s", line.text):
            if bracket := _BRACKETED.search(line.text, match.end(), match.end() + 80):
                start = _long_form_start(line.text, bracket["name"], bracket.start("name"))
                if 0 <= start - match.end() < 25 and _is_new(text, line, bracket["name"], start):
                    yield line.fact("method", start, bracket.end("name") + 1)


def _is_new(text: Text, line: Line, name: str, at: int) -> bool:
    """Whether it may be the paper's own name: no common one, and not used before."""
    return not any(is_common(n) for n in (name, name.split()[0])) and first_mention(
        name, text.abstract, line.start + at
    )


def _short(name: str) -> str:
    """The abbreviation of `Long Form (LF)`, else the name itself."""
    bracket = re.search(r"\(([^()]+)\)?$", name)
    return (bracket[1] if bracket else name).strip("\"'“”‘’`* ")


def _with_bracket(text: str, end: int, name: str) -> int:
    """The end of `Long Form (LF)` where `Long Form` ends at `end`; of `A and B` where the name A does."""
    match = re.compile(rf"\s?\(\s*(?P<short>{NAME})\s*\)|\sand\s(?P<second>{NAME})(?=[\s,.])").match(text, end)
    if match is None or not is_name(match["short"] or match["second"]) or (match["second"] and not is_name(name)):
        return end
    return match.end()


def _long_form_start(text: str, name: str, at: int) -> int:
    """The start of the long form that stands before `(name`; `at` itself where there is none."""
    if not text[:at].rstrip('"“‘`* ').endswith("("):
        return at
    opened = text.rindex("(", 0, at)
    for short, long in definitions(text[: at + len(name)] + ")"):
        begin = text.rfind(long, 0, opened)
        if short == name and begin >= 0:
            return begin
    words = re.search(rf"(?:{NAME})(?:[\s-](?:{NAME}|of|for|with|and|to|in|the|on|via))*\s*$", text[:opened])
    return words.start() if words and words[0][0].casefold() == name[0].casefold() else opened


def _is_title_case(form: str) -> bool:
    words = [w for w in re.findall(r"[A-Za-z][\w-]*", form) if len(w) > 3]
    return bool(words) and sum(w[0].isupper() for w in words) * 2 >= len(words)
