"""Tells what kind of paper it is: a survey, a benchmark, a data set, theory, a trial, a method."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.extraction.fact import Fact
from assistant.extraction.lines import Line, Text
from assistant.extraction.methods import INTRODUCES

_WHOLE = r"(?:(?:this|the present|our|in this) (?:\w+ ){0,2}?|we (?:\w+ ){0,3}?)"
_KINDS = (
    (
        "survey",
        r"\b(?:survey|review|overview|tutorial|meta-analysis|meta-analyses|systematic review|primer|roadmap)\b(?!\s(?:data|respon|question|paper of))",
        rf"\b(?:{_WHOLE}(?:survey|review|overview|tutorial|meta-analysis)\b|we (?:\w+ )?(?:survey|review|summari[sz]e)\b|systematic(?:ally)? review|meta-analysis of)",
    ),
    (
        "trial",
        r"\b(?:randomi[sz]ed|controlled|clinical|phase [1-3I]+\w*|crossover|pilot) (?:\w+ ){0,2}?trial\b",
        r"\b(?:were|was) randomi[sz]ed\b|\brandomly (?:assigned|allocated)\b|\b(?:randomi[sz]ed|double-blind|placebo-controlled)\b[^.]{0,60}\btrial\b",
    ),
    (
        "benchmark",
        r"\bbenchmark(?:ing|s)?\b|\bchallenge\b|\bleaderboard\b",
        r"\b(?:propos|introduc|present|construct|creat|releas|develop|establish|build)\w*\s(?:[\w'’()-]+,?\s){0,6}?benchmark\b(?!\s(?:results|performance|data))",
    ),
    (
        "dataset",
        r"\b(?:an?|the|large[- ]scale|\w+:) (?:[\w-]+ ){0,5}?data ?set\b(?!\s(?:distill|quanti|condens|prun|shift|size))|\bcorpus\b|\bdatabase\b",
        r"\b(?:propos|introduc|present|construct|creat|releas|collect|build|built|contribut|curat|publish)\w*\s(?:[\w'’()-]+,?\s){0,6}?(?:data ?set|corpus|database)\b",
    ),
    (
        "theory",
        r"\b(?:provabl[ey]|theor(?:y|etical|em)|bounds?|convergence (?:rates?|analysis)|proof|complexity of|generali[sz]ation bounds?|sample complexity|mathematics of)\b",
        r"\bwe (?:\w+ ){0,3}?(?:prove|derive|establish)\b|\btheoretically (?:prove|show)|\b(?:theorems?|lower bounds?|upper bounds?)\b",
    ),
)
KINDS = (*(kind for kind, _, _ in _KINDS), "method", "study")
"""All kinds of paper, of which each paper has one at most."""
_COMPILED = tuple((kind, re.compile(f"(?i){title}"), re.compile(f"(?i){body}")) for kind, title, body in _KINDS)
_METHOD = re.compile(
    r"(?i)\b(?:method|approach|model|framework|algorithm|architecture|network|technique|strategy|system|module|loss|paradigm|pipeline|mechanism)s?\b"
)
_STUDY = re.compile(
    r"(?i)\bwe (?:\w+ ){0,3}?(?:investigat|study|studied|examin|analy[sz]|explor|evaluat|assess|compar|measur|conduct|report|find|found|show)\w*\b|\b(?:this|the) (?:\w+ )?study\b"
)


def paper_kinds(text: Text) -> Iterator[Fact]:
    """One kind, by the title first: what a title calls itself is sure."""
    fact = _by_title(text.title) or _by_abstract(text)
    if fact is not None:
        yield fact


def _by_title(title: Line) -> Fact | None:
    for kind, pattern, _ in _COMPILED:
        if match := pattern.search(title.text):
            return title.fact("paper kind", *match.span(), value=kind)
    return None


def _by_abstract(text: Text) -> Fact | None:
    """The first of survey and trial; else what is introduced first: a benchmark, a data set or a method; else theory, or a study."""
    return (
        _first(text, "survey", "trial")
        or min(
            (f for f in (_first(text, "benchmark", "dataset"), _introduced_method(text)) if f),
            key=lambda f: f.start,
            default=None,
        )
        or _first(text, "theory")
        or next(
            (line.fact("paper kind", *m.span(), value="study") for line in text.own if (m := _STUDY.search(line.text))),
            None,
        )
    )


def _first(text: Text, *wanted: str) -> Fact | None:
    """The first sentence that speaks of the paper as one of these kinds."""
    for line in text.own:
        for kind, _, pattern in _COMPILED:
            if kind in wanted and (match := pattern.search(line.text)):
                return line.fact("paper kind", *match.span(), value=kind)
    return None


def _introduced_method(text: Text) -> Fact | None:
    for line in text.own:
        verb = INTRODUCES.search(line.text)
        if verb and (thing := _METHOD.search(line.text, verb.end(), verb.end() + 120)):
            return line.fact("paper kind", verb.start(), thing.end(), value="method")
    return None
