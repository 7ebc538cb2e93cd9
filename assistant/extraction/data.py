"""Finds the data sets and benchmarks that a paper uses or makes: by name, or by number where they are not named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.extraction.fact import Fact
from assistant.extraction.known_names import DATASET, is_common
from assistant.extraction.lines import Line, Text
from assistant.extraction.methods import INTRODUCES, methods
from assistant.extraction.shapes import COUNT, NAME, NUMBER, is_name
from assistant.text.names import definitions, has_name_shape

_HEAD = (
    r"(?:data ?sets?|benchmarks?(?: suites?)?|corpus|corpora|test[- ]?sets?|challenges?|leaderboards?|data ?bases?|treebanks?|cohorts?|biobanks?|registry|registries|collections?|surveys?(?= data)"
    r"|(?:instruction[- ]tuning|training|evaluation) (?:data|sets?))"
)
_SEPARATOR = r"(?:\s?,\s(?:and\s|or\s)?|\s(?:and|or|&)\s|\s?/\s?)"
_LIST = rf"{NAME}(?:\s\([A-Z][\w-]*\))?(?:\s{NAME}){{0,2}}(?:{_SEPARATOR}(?:the\s)?{NAME}(?:\s{NAME}){{0,2}})*"
_BEFORE_HEAD = re.compile(rf"(?P<list>{_LIST})(?:['’]s)?\s(?:[a-z][\w-]*\s){{0,2}}?{_HEAD}\b")
_AFTER_HEAD = re.compile(
    rf"\b{_HEAD}(?:\s[a-z]+){{0,2}}?\s?(?:,\s)?(?:[(:]\s?|(?:such as|including|includes?|like|e\.g\.,?|i\.e\.,?|namely|called|named|from|of)\s)(?:i\.e\.,?\s|e\.g\.,?\s|including\s)?(?:the\s)?(?P<list>{_LIST})"
)
_ON = re.compile(rf"\b(?:on|across|over|from|using|in)\s(?:both\s|the\s|standard\s)*(?P<list>{_LIST})")
_TESTED = re.compile(
    r"(?i)\b(?:evaluat\w+|experiment\w*|tested|trained|training|pre-?trained|fine-?tuned|validat\w+|achiev\w+|accurac\w+|results?|outperform\w*|perform\w*|improv\w+|"
    r"demonstrat\w+|scores?|reach\w*|obtain\w*|attain\w*|surpass\w*|state[- ]of[- ]the[- ]art|benchmark\w*|mAP|FID|F1|AP|mIoU|BLEU|PSNR|Top-?1|Rank-?1)\b|\d\\?%"
)
_STOP = r"(?=,?\s(?:and\s)?(?:where|while|demonstrat\w+|show\w*|coupled|indicat\w+|we|our|it|they|when|reveal\w*|confirm\w*|verif\w+|prov\w+|suggest\w*)\b|[.;]|$)"
"""What ends the description of data: the sentence goes on with what is done with them."""
_NUMBERED = re.compile(
    rf"(?i)\b{COUNT}\s(?:(?!on |of |in |and |with |for |to |that )[\w-]+,?\s){{0,5}}?(?:benchmark )?(?:data ?sets?|benchmarks?(?! data)|corpora|cohorts|data ?bases|test sets)\b"
    r"(?:,?\s(?:spanning|covering|encompassing|including|comprising|containing|consisting of|such as|from|with|across|for|of|namely)\b[^.;]{0,200}?"
    + _STOP
    + ")?"
)
_OF_SIZE = re.compile(
    rf"(?i)\b(?:an?|the|our) (?:[\w-]+\s){{0,5}}?(?:data ?set|corpus|benchmark|collection|database)\b[^.;,]{{0,25}}?\b(?:of|with|comprising|containing|contains|consisting of|covering|includ\w+)\s"
    rf"(?:over |more than |about |around |approximately |nearly |up to )?{NUMBER}(?:[^.;,]|,(?=\d)){{0,120}}?"
    + _STOP.replace("[.;]", "[.;,]")
)
_PLAIN = re.compile(
    r"(?<=[a-z,] )(?P<name>[A-Z][a-z]{2,}(?<!an)(?<!ese)(?<!ish)(?<!ch)(?<!ic)(?<!al)(?:\s(?:[A-Z][a-z]+|\d+[kKM]?))*(?:(?:\sand\s|,\s(?:and\s)?)[A-Z][a-z]{2,}(?:\s(?:[A-Z][a-z]+|\d+[kKM]?))*)*)"
    r"\s(?:data ?sets?|corpus|corpora|benchmarks?)\b"
)
"""Capitalized words right before a word for data: "the Pile dataset", but no nationality: "a Czech corpus"."""
_HEADS_ONLY = re.compile(rf"(?i)^{_HEAD}$")
_OWN_DATA = re.compile(r"(?i)\b(?:data ?set|benchmark|corpus|data ?base|test suite|test ?bed)\b")


@lru_cache(maxsize=4)  # the rule for results asks again
def data(text: Text) -> tuple[Fact, ...]:
    """The data sets by name, in the order of the text; then those that are only counted; each once."""
    mine = {name for fact in methods(text) for name in re.findall(r"[\w'’^-]+", fact.value) if is_name(name)}
    defined = mine | {
        short for short, long in definitions(text.abstract) if not re.search(rf"(?i){_HEAD}|bench|set\b", long)
    }
    found = sorted((fact for line in text.own for fact in _named(line, defined)), key=lambda f: (f.start, -f.end))
    if not found:
        found = list(_named(text.title, defined))
    unnamed = [fact for line in text.own for fact in _unnamed(line) if not any(_inside(f, fact) for f in found)]
    seen: set[str] = set()
    each = []
    for fact in (*_made(text), *found, *unnamed):
        key = re.sub(r"[\W_]+", "", fact.value.casefold())
        if key and not any(key in known or known in key for known in seen):
            seen.add(key)
            each.append(fact)
    return tuple(each)


def _named(line: Line, defined: set[str]) -> Iterator[Fact]:
    """The names in one line that are well known, or stand beside "data set", or after "on" where results are told."""
    for match in DATASET.finditer(line.text):
        yield line.fact("data", *match.span())
    for pattern in (_BEFORE_HEAD, _AFTER_HEAD):
        for match in pattern.finditer(line.text):
            yield from _listed(line, *match.span("list"), defined)
    if line.where == "abstract":
        for match in _PLAIN.finditer(line.text):
            yield from _capitalized(line, *match.span("name"))
    if _TESTED.search(line.text) and line.where == "abstract":
        for match in _ON.finditer(line.text):
            yield from (f for f in _listed(line, *match.span("list"), defined) if _is_data_name(f.value))


def _listed(line: Line, start: int, end: int, defined: set[str]) -> Iterator[Fact]:
    """The names of a list that may name data sets."""
    at = start
    for piece in re.split(rf"({_SEPARATOR})", line.text[start:end]):
        words = piece.strip().removeprefix("the ")
        first = words.split(" ")[0]
        if (
            words
            and is_name(first)
            and first.rstrip("s") not in defined
            and not is_common(first)
            and not is_common(words)
            and not _HEADS_ONLY.match(words)
        ):
            begin = at + piece.index(first)
            yield line.fact("data", begin, at + len(piece.rstrip()))
        at += len(piece)


def _capitalized(line: Line, start: int, end: int) -> Iterator[Fact]:
    """The names in a list of capitalized words."""
    at = start
    for piece in re.split(r"(\sand\s|,\s(?:and\s)?)", line.text[start:end]):
        if piece[:1].isupper() and not any(is_common(word) or has_name_shape(word) for word in piece.split()[:1]):
            yield line.fact("data", at, at + len(piece))
        at += len(piece)


def _is_data_name(name: str) -> bool:
    """Whether a name that stands after "on" may be a data set's: it has a digit or capitals, and no shape of a model's."""
    return (
        not re.search(r"(?i)(?:net|former|bert|gpt|gan|cnn|rnn|lm|llm|vit|gnn|sgd|s|\d+[bm])$", name)
        and len(name) > 2
        and not re.search(r"-[a-z]{4,}$", name)
    )


def _unnamed(line: Line) -> Iterator[Fact]:
    """`six regression datasets`, `a corpus of 3,000 letters`."""
    for pattern in (_NUMBERED, _OF_SIZE):
        for match in pattern.finditer(line.text):
            yield line.fact("data", *match.span())


def _made(text: Text) -> Iterator[Fact]:
    """The data set that the paper introduces by a name: `X, a data set`, `a data set (X)`, `X: A Benchmark …`."""
    title = re.match(
        rf"(?P<name>{NAME}(?:['’]\d\d)?(?:\s{NAME})?)\s?:\s(?=.*\b(?i:data ?set|benchmark|corpus|database)\b)",
        text.title.text,
    )
    if title:
        yield text.title.fact("data", *title.span("name"))
    for line in text.own:
        verb = INTRODUCES.search(line.text)
        if verb is None:
            continue
        for pattern in _MADE:
            match = pattern.search(line.text, verb.end())
            if match and is_name(match["name"]) and not is_common(match["name"]):
                yield line.fact("data", *match.span("name"))
                break


_MADE = (
    re.compile(
        rf"(?P<name>{NAME}(?:['’]\d\d)?)\)?, (?:an?|the)\s(?:[\w-]+,?\s){{0,6}}?(?i:data ?set|benchmark|corpus|database|test suite)\b"
    ),
    re.compile(
        rf"\b(?i:data ?set|benchmark|corpus|database|test suite)\b(?=,|\s\(|\s(?:of|for|with|to|that|which|called|named|dubbed|termed)\b)[^.;()]{{0,90}}?(?:\(|,\s|\s(?:called|named|dubbed|termed)\s)(?P<name>{NAME}(?:['’]\d\d)?)(?=[),.\s])"
    ),
)


def _inside(inner: Fact, outer: Fact) -> bool:
    return inner.where == outer.where and outer.start <= inner.start and inner.end <= outer.end
