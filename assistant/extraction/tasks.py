"""Finds what a paper is about: the task or question that its title names and its abstract sets out to solve."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.extraction.fact import Fact
from assistant.extraction.lines import Line, Text
from assistant.extraction.methods import methods
from assistant.extraction.shapes import is_name
from assistant.text.words import stems

_UNTIL = (
    r"(?=\s(?:while|which|that|where|by|using|via|with the|based on|through|driven|without|when|in which|whereby|so that|because|as (?:a|an|the)|under which"
    r"|and (?:propose|show|present|introduce|demonstrate|provide|explore|develop|is|are))\b|[,;:.](?:\s|$)|\s[-–—]+\s|$)"
)
_AIM = re.compile(
    r"(?i)\b(?:we|paper|work|study|article|thesis|review|survey|research|goal|aim|objective|purpose|here)\b[^.;,]{0,40}?"
    r"\b(?:focus(?:es|ed|ing)? on|aims? (?:to|at)|aimed (?:to|at)|seeks? to|tackles?|address(?:es|ed)?|(?:was|is|were) to|set out to|investigated?s?|studie[sd]|study|examine[sd]?|explored?s?)"
    rf"\s(?:the (?:task|problem|study|use) of\s)?(?P<task>[^.;]{{8,140}}?){_UNTIL}"
)
_TOOL = re.compile(
    r"(?i)\b(?:propos|introduc|present|develop|describ|design|is a|are a)\w*\b[^.;]{0,80}?\b(?:approach|method|framework|data ?set|benchmark|algorithm|technique|system|architecture|solution)e?s?\s"
    rf"(?:(?:that is |which is )?(?:specifically |explicitly )?(?:designed|aimed|intended|developed|tailored) )?(?:to|for)\s(?:the (?:task|problem) of\s)?(?P<task>[^.;]{{8,120}}?){_UNTIL}"
)
_SETS_OUT = re.compile(
    r"(?i)\b(?:we|our|paper|work|study|article|thesis|review|survey|research|goal|aim|objective|purpose|here)\b.*?"
    r"\b(?:propos|present|introduc|develop|investigat|stud(?:y|ies)|aim|focus|address|advocat|examin|explor|demonstrat|analy[sz]|evaluat|tackl|consider|compar|review|describ|sought|determin|assess|report)\w*"
)
_TITLE_CUT = re.compile(
    r"(?i)\s(?:via|using|with|by|through|based on|without|under|from the|in the presence|leveraging|as an?)\s"
)
_HEAD_END = re.compile(r"(?i)\s(?:on|in|of|over|under|across|from|to|at)\s")
_TITLE_FOR = re.compile(r"(?i)\s(?:for|towards?)\s")
_TITLE_LEAD = re.compile(
    r"(?i)^(?:(?:an?|the|on|towards?|rethinking|revisiting|understanding|exploring|investigating|evaluating|assessing|about|improving|advancing)\s"
    r"|(?:(?:comprehensive|systematic|brief|short|critical|literature|recent|empirical|theoretical|comparative|large-scale|novel|simple|unified|general|new|practical)\s)*"
    r"(?:survey|review|overview|study|analysis|evaluation|comparison|introduction|investigation|approach|framework|method|perspective|look|tutorial|advances?|guide|view|difficulty)\s(?:on|of|to|in|at|into|for)\s)+"
)
_PARTS = re.compile(r"\s?:\s|\s[–—]\s|\?\s")
_NOT_A_TASK = re.compile(
    r"(?i)(?:models?|networks?|data ?sets?|transformers?|llms?|representations?|backbones?|encoders?|systems|robots|devices)\W*$"
)
_MOTTO = re.compile(r"(?i)[?!]|\b(?:your|you|we|is|are|do|does|can|all|what|how|why|when|not|make|makes)\b")
_TOO_GENERAL = frozenset(
    "effici effect simpl novel fast robust gener new improv toward scalabl deep better larg".split()
)
"""Stems of title words that need not stand where the abstract sets out the task."""
_SHORTEST = 2
"""Words of a task."""
_AGREES, _AGREES_WITH_MOTTO = 0.8, 0.5
"""Share of the title's words that the sentence must have which sets out its task."""
_FIRST_LINES = 6
"""Sentences, from the first that speaks of the paper itself, among which one sets out its task."""


def tasks(text: Text) -> Iterator[Fact]:
    """What the paper is about, in the title's words; the quote is the sentence of the abstract that sets it out, else the whole title."""
    title = _of_title(text)
    motto = title is None or bool(_MOTTO.search(title.value))
    wanted = stems(title.value) - _TOO_GENERAL if title else frozenset[str]()
    line = _sentence_on(text, wanted, _AGREES_WITH_MOTTO if motto else _AGREES)
    aims = list(_aims(text))
    if title is not None and line is not None:
        yield line.fact("task", 0, len(line.text), title.value)
    elif title is not None and not (motto and aims):
        yield text.title.fact("task", 0, len(text.title.text), title.value)
    yield from aims[:1]


def _aims(text: Text) -> Iterator[Fact]:
    """Where the abstract says its aim in so many words."""
    for line in text.own[:_FIRST_LINES]:
        match = _AIM.search(line.text) or _TOOL.search(line.text)
        if match and len(match["task"].split()) > _SHORTEST:
            yield line.fact("task", *match.span("task"))


def _sentence_on(text: Text, wanted: frozenset[str], share: float) -> Line | None:
    """The sentence that sets out most of these words; None where none has that share of them."""
    lines = [line for line in text.own[:_FIRST_LINES] if _SETS_OUT.search(line.text)]
    if not wanted or not lines:
        return None
    best = max(lines, key=lambda line: len(wanted & stems(line.text)))
    return best if len(wanted & stems(best.text)) >= share * len(wanted) else None


def _of_title(text: Text) -> Fact | None:
    """The part of the title that names a task: after "for", before "via", without the method's name."""
    title = text.title.text
    own = {fact.value.split("(")[0].strip().casefold() for fact in methods(text)}
    parts = [(s, e) for s, e in _title_parts(title) if len(title[s:e].split()) >= _SHORTEST]
    parts = [(s, e) for s, e in parts if title[s:e].strip().casefold() not in own] or parts
    if not parts:
        return text.title.fact("task", 0, len(title)) if title.strip() else None
    here = stems(text.abstract)

    def promise(part: tuple[int, int]) -> float:
        words = stems(title[slice(*_core(title, *part))])
        known = len(words & here) / max(1, len(words))
        said = 0.15 * min(len(words & here), 4)
        first = 0.2 * (part == parts[0])
        return known + said + first + 2 * bool(_after_for(title, *part)) - bool(_MOTTO.search(title[slice(*part)]))

    return text.title.fact("task", *_core(title, *max(parts, key=promise)))


def _title_parts(title: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _PARTS.finditer(title):
        yield start, match.start() + (match[0][0] == "?")
        start = match.end()
    yield start, len(title)


def _core(title: str, start: int, end: int) -> tuple[int, int]:
    """The task in this part of the title."""
    after = _after_for(title, start, end)
    if after:
        start = after
    elif (lead := _TITLE_LEAD.match(title[start:end])) and len(title[start + lead.end() : end].split()) >= _SHORTEST:
        start += lead.end()
    cut = _TITLE_CUT.search(title, start, end)
    if cut and len(title[start : cut.start()].split()) >= _SHORTEST:
        end = cut.start()
    return start, end


def _after_for(title: str, start: int, end: int) -> int:
    """The start of the task after "for"; 0 where only a kind of model or data stands there, as in "Sampling for Networks"."""
    found = _TITLE_FOR.search(title, start, end)
    rest = title[found.end() : end] if found else ""
    if found is None or len(rest.split()) < _SHORTEST:
        return 0
    head = _HEAD_END.split(_TITLE_CUT.split(rest)[0])[0]
    if len(head.split()) == 1 and is_name(head.strip(" .,;:")):
        return 0  # "… for CLIP with …": what it is done to
    return found.end() if rest.split()[0].endswith("ing") or not _NOT_A_TASK.search(head) else 0
