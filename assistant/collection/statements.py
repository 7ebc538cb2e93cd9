"""The kinds of statement that a paper makes about itself, which are asked for by what they do, not by a topic.

"Papers that release code" need not hold the words "release" and "code": what is looked for is a sentence by which authors
release something. Each kind has the wordings that ask for it and those that make it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """A kind of statement."""

    name: str
    asks: re.Pattern[str]
    """Matches questions and topics that ask for it."""
    states: re.Pattern[str]
    """Matches a sentence that makes it."""
    title: re.Pattern[str] | None = None
    """Matches a title that makes it."""


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


_OWN = r"(?:\b(?:we|our|this\ (?:paper|work|article|study|thesis|report)|the\ authors?|the\ paper|here)\b)"
_MAKES = r"(?:introduc|propos|present|provid|contribut|construct|creat|build|built|curat|collect|develop|releas|publish|establish|design|assembl|compil|describ|generat|gather|annotat)\w*"
_ARTEFACT = r"(?:code|codes|source\ codes?|codebase|implementations?|models?|weights|checkpoints?|data|data\ ?sets?|software|toolbox|library|librar(?:y|ies)|package|repository|scripts?|benchmarks?|annotations|resources|materials|demo|project\ page|results|values)"
_DATA = r"(?:data\ ?sets?|benchmarks?|corpus|corpora|test\ ?beds?|evaluation\ sets?|challenge\ sets?|test\ sets?|test\ suites?)"
_COST = r"(?:parameters?|memory|FLOPs?|comput\w*|cost|costs|time|latency|storage|energy|size|MACs|training|inference|speed|smaller|footprint|budget|bandwidth|samples|examples|data|labels|annotations|pixels|params)"
_FIGURE = r"(?:\d[\d.,]*\s*(?:%|\\%|percent|x\b|×|times|-?fold|\\times)|orders?\ of\ magnitude|half|halv\w+|twice|two-?fold|thirds?|\d+G\b)"

STATEMENTS = (
    Statement(
        "survey",
        _pattern(r"\b(?:surveys?|review(?:s|\ (?:papers|articles))?|overviews?|tutorials?)\b"),
        _pattern(
            rf"(?:{_OWN}|\bthis\b)[^.]{{0,60}}\b(?:surveys?|review(?:s|ing)?|overview|tutorial)\b(?!\ (?:process|of\ errors))"
            r"|\b(?:comprehensive|systematic|critical|selective|brief|extensive|structured|thorough|short)\W+(?:\w+\W+){0,3}(?:survey|review|overview)\b"
            r"|^\W*(?:a|an)\ (?:\w+\ ){0,2}(?:survey|review|tutorial|overview)\b|\b(?:survey|review|tutorial)\ (?:covers|gives|offers|argues|discusses)"
        ),
        _pattern(r"\b(?:survey|review|overview|tutorial|primer|an\ introduction\ to|recent\ advances|trends)\b"),
    ),
    Statement(
        "release",
        _pattern(
            rf"\b(?:releas|open-?\ ?sourc|publicly|public\b|publish|shar(?:e|ing)|availab|download)\w*(?:\W+\w+){{0,6}}?\W+{_ARTEFACT}\b"
            rf"|\b{_ARTEFACT}\b(?:\W+\w+){{0,6}}?\W+(?:releas|open-?\ ?sourc|publicly|public\b|publish|shared|availab|download)\w*"
        ),
        _pattern(
            rf"\b{_ARTEFACT}\b[^.]{{0,90}}\b(?:available|accessible|released|open-?\ ?sourced?|public|made\ public|found\ (?:at|on|in|here)|provided|published|hosted)\b"
            rf"|\b(?:release[sd]?|releasing|open-?\ ?sourc(?:e[sd]?|ing)|publish(?:es|ed)?|provid(?:e|es|ing)|shar(?:e|es|ing)|publicly\ available|make)\b[^.]{{0,60}}\b(?:our|the|all|an?|its|as|models?)\b[^.]{{0,50}}\b(?:code|codes|codebase|implementation|weights|checkpoints?|toolbox|software|open-source\ \w+)\b"
            rf"|\b(?:we|authors)\b[^.]{{0,40}}\b(?:release|open-?source|publish|publicly)\b"
            r"|\b(?:publicly|freely|openly)\ (?:available|accessible)\b[^.]{0,20}(?:\bat\b|\bon\b|$|\.|:)"
            r"|\b(?:code|codes|implementation|repository|project)\b[^.]{0,40}(?:https?:|www\.|github)|https?://(?:www\.)?git(?:hub|lab)|github\.com/"
        ),
    ),
    Statement(
        "new data",
        _pattern(
            rf"\b(?:new|novel|introduc\w*|propos\w*|present\w*|creat\w*|contribut\w*|construct\w*|build\w*|collect\w*|releas\w*|publish\w*)(?:\W+\w+){{0,4}}?\W+{_DATA}\b|^\W*(?:data\ ?sets?|benchmark)\ papers\b"
        ),
        _pattern(
            rf"\b(?:we|authors|paper|work|study|and|also|which|to|is|are|thesis)\b\W+(?:\w+\W+){{0,3}}?{_MAKES}\W+(?:\w+\W+){{0,7}}?{_DATA}\b(?!\W+(?:results|performance|scores?))"
            rf"|\b(?:new|novel)\W+(?:[\w-]+\W+){{0,4}}?{_DATA}\b"
            rf"|\b{_DATA}\b[^.]{{0,60}}\b(?:is|are|was|were)\b[^.]{{0,20}}\b(?:{_MAKES})"
            rf"|\b(?:is|as)\ (?:a|an|the)\W+(?:[\w-]+\W+){{0,5}}?(?:data\ ?set|benchmark|corpus)\b"
        ),
        _pattern(r"(?::|--|\bA\b|\ba\b)[^:]*\b(?:data\ ?set|benchmark|corpus|challenge)\b|\b(?:data\ ?set|benchmark)\b\W*$"),
    ),
    Statement(
        "saving",
        _pattern(r"\b(?:speed-?\ ?ups?|savings?|saves?|saving\ of|faster|acceleration|cheaper|reductions?\ (?:of|in)\ (?:memory|comput\w+|cost|parameters))\b"),
        _pattern(
            rf"{_FIGURE}[^.]{{0,50}}\b(?:faster|speed-?\ ?ups?|fewer|less|smaller|cheaper|reduc\w+|saving\w*|sav(?:e|es|ed)|lower|shorter|memory-efficient|acceler\w+|of\ the\ (?:original\ )?(?:parameters|FLOPs|comput\w+|memory|cost|training))\b(?!\W+(?:error|false))"
            rf"|\b(?:reduc\w+|sav(?:e|es|ed|ing|ings)|cut(?:s|ting)?|decreas\w+|fewer|faster|speed-?\ ?ups?|acceler\w+|lower(?:s|ing)?|halv\w+|falls?|less|smaller|cheaper)\b[^.]{{0,50}}\b{_COST}\b[^.]{{0,40}}{_FIGURE}"
            rf"|\b(?:reduc\w+|sav(?:e|es|ed|ing|ings)|cut(?:s|ting)?|decreas\w+|halv\w+)\b[^.]{{0,40}}{_FIGURE}[^.]{{0,30}}\b{_COST}\b"
            rf"|\b{_COST}\b[^.]{{0,30}}\b(?:reduc\w+|saving\w*|speed-?\ ?ups?|halv\w+|falls?)\b[^.]{{0,40}}{_FIGURE}"
            r"|\bhalv\w+[^.]{0,30}\b(?:time|parameters|memory|cost)\b"
        ),
    ),
    Statement(
        "theory",
        _pattern(r"\b(?:theor(?:y|em|ems|etical|etically|ies)|guarantees?|proofs?|prov(?:e|es|able|ably|ing))\b"),
        _pattern(
            r"\b(?:theorems?|theoretical\w*|provabl[ye]|guarantees?|proofs?|lemma|sample\ complexity|generali[sz]ation\ bounds?|(?:lower|upper|error|regret)\ bounds?|minimax|(?:statistical|top-k|bayes|fisher)\W+consisten\w+)\b"
            r"|\b(?:we|paper|authors|it|is|and|also|to)\W+(?:\w+\W+){0,2}?prov(?:e|es|ed|ing|en)\b|\bconverge(?:s|nce)\b[^.]{0,30}\b(?:rate|guarantee|global|proof|exponential|linear|to\ the)\b|\bin\ theory\b|\bon\ the\ theory\ side\b"
        ),
    ),
    Statement(
        "negative finding",
        _pattern(
            r"\b(?:negative\ (?:findings?|results?)|(?:not|n't|never|fails?\ to|no)\W+(?:\w+\W+){0,2}?(?:help|work|improve|benefit)\w*|harm(?:s|ful)?|limitations?|failures?|shortcomings?)\b"
        ),
        _pattern(
            r"\b(?:we|authors|paper|study|results?|experiments?|findings?|analysis|surprisingly|evidence)\b[^.]{0,80}\b(?:harm\w*|hurts?|fails?\ to|fail|do(?:es)?\ not\ (?:\w+\ )?(?:help|improve|benefit|lead|work|generali[sz]e|hold)|no\ (?:significant\ |clear\ )?(?:benefit|improvement|gain|advantage)s?|not\ (?:\w+\ )?(?:effective|beneficial|necessary|sufficient|needed|helpful|useful)|ineffective|unnecessary|worse|degrad\w+|underperform\w*|limited\ (?:benefit|improvement))\b"
            r"|\b(?:may|can|could|might)\W+(?:\w+\W+){0,2}?(?:harm|hurt|impair|degrade)\b"
        ),
        _pattern(r"\b(?:harm(?:s|ful)?|hurts?|fails?|do\ not|does\ not|not\ (?:always|all)|uninformative|useless|pitfalls?|limitations?|failures?)\b"),
    ),
)  # fmt: skip


def statement_of(wording: str) -> Statement | None:
    """The kind of statement that a question or topic asks for; None where it names a topic."""
    return next((s for s in STATEMENTS if s.asks.search(wording)), None)
