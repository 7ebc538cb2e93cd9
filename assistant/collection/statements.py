"""The kinds of statement that a paper makes about itself, which are asked for by what they do, not by a topic.

"Papers that release code" need not hold the words "release" and "code": what is looked for is a sentence by which authors
release something. Each kind has the wordings that ask for it and those that make it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.collection.facts import Kind


@dataclass(frozen=True, slots=True)
class Statement:
    """A kind of statement."""

    name: str
    asks: re.Pattern[str]
    """Matches questions and topics that ask for it."""
    states: re.Pattern[str] = re.compile(r"(?!)")
    """Matches a sentence that makes it."""
    title: re.Pattern[str] | None = None
    """Matches a title that makes it."""
    fact: Kind | None = None
    """The kind of fact that decides instead of wordings."""


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


_OWN = r"(?:\b(?:we|our|this\ (?:paper|work|article|study|thesis|report)|the\ authors?|the\ paper|here)\b)"
_MAKES = r"(?:introduc|propos|present|provid|contribut|construct|creat|build|built|curat|collect|develop|releas|publish|establish|engineer|assembl|compil|describ|gather)\w*"
_ARTEFACT = r"(?:code|codes|source\ codes?|codebase|implementations?|models?|weights|checkpoints?|data|data\ ?sets?|software|toolbox|library|librar(?:y|ies)|package|repository|scripts?|benchmarks?|annotations|resources|materials|demo|project\ page)"
_DATA = r"(?:data\ ?sets?|benchmarks?|corpus|corpora|test\ ?beds?|(?:evaluation|challenge|test)\ (?:sets?|suites?)|challenge)"
_ITSELF = r"(?=\W*$|[,;:.()]|\W+(?:of|for|and|to|from|with|that|which|containing|consisting|based|in|is|are|called|named|covering|where|on|we|[A-Z]|\d))"
"""After a word for data: the noun ends there, which it does not in "dataset pruning"."""
_DIRECT = r"(?:(?!(?:on|for|with|by|to|from|that|which|using|over|across|and|in|of|at|we|is|are)\b)[\w'-]+\W+)"
"""A word between a verb and its object."""
_COST = r"(?:parameters?|params|memory|FLOPs?|comput\w*|costs?|time|latency|storage|energy|size|MACs|training|inference|speed|smaller|footprint|budget|bandwidth|cache|efficien\w*|pixels|(?:fewer|less)\ (?:training\ )?(?:examples|data|labels|annotations|samples))"
_FIGURE = r"(?:\d[\d.,-]*\s*(?:%|\\%|percent|x\b|×|times|-?fold|\\times)|orders?\ of\ magnitude|\b(?:two|three|four|five|six|seven|eight|nine|ten)\ times|\bhalf\b|\bhalv\w+|\btwice|\btwo-?fold|\bthirds?|\d+G\b)"
_WITHIN = (
    r"(?:(?!error|\bWER\b|forgetting|accuracy|\bAP|mAP\b|\bFPR|false|variance|supervision)(?:[^.]|\.(?=\w)|(?<=\d)\.))"
)
"""A character of the same sentence, and of nothing that measures how good results are."""

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
        "new data",
        _pattern(
            rf"\b(?:new|novel|introduc\w*|propos\w*|present\w*|creat\w*|contribut\w*|construct\w*|build\w*|collect\w*|releas\w*|publish\w*)(?:\W+\w+){{0,4}}?\W+{_DATA}\b|^\W*(?:data\ ?sets?|benchmark)\ papers\b"
        ),
        _pattern(
            rf"\b(?:we|authors|paper|work|study|thesis|and|also|which|to)\b\W+(?:\w+\W+){{0,2}}?{_MAKES}\W+{_DIRECT}{{0,8}}(?:of\ )?{_DIRECT}{{0,3}}{_DATA}\b{_ITSELF}"
            rf"|(?<!\bon\ )(?<!\bfor\ )(?<!\busing\ )\b(?:a|an|our|the|two|three|four|five|six|seven|several)\W+(?:newly\W+\w+|new|novel)\W+{_DIRECT}{{0,4}}{_DATA}\b\W*(?:[,:(]|$|of\b|for\b|called\b|named\b|consist|contain|with\b|that\b|to\ evaluate)"
            rf"|(?<!using\ the\ )\b(?:newly\W+)(?:created|curated|collected|proposed|constructed|built)\W+{_DIRECT}{{0,4}}{_DATA}\b"
            rf"|\b{_DATA}\b(?:\W+\w+){{0,2}}\W+(?:is|are|was|were)\W+(?:newly\W+)?(?:introduced|created|collected|constructed|built|presented|established)\b"
            rf"|\bis\ (?:a|an|the)\W+{_DIRECT}{{0,5}}{_DATA}\W+(?:of|for|with|that|containing|consisting|covering|gathered)"
        ),
        _pattern(r"\b(?:data\ ?set|benchmark|corpus|challenge)\b(?=\W*$|\W+(?:for|of|to|from|with|created|in)\b|:)"),
    ),
    Statement(
        "release",
        _pattern(
            rf"\b(?:releas|open-?\ ?sourc|publicly|public\b|publish|shar(?:e|ing)|availab|download)\w*(?:\W+\w+){{0,6}}?\W+{_ARTEFACT}\b"
            rf"|\b{_ARTEFACT}\b(?:\W+\w+){{0,6}}?\W+(?:releas|open-?\ ?sourc|publicly|public\b|publish|shared|availab|download)\w*"
        ),
        fact="code",
    ),
    Statement(
        "saving",
        _pattern(r"\b(?:speed-?\ ?ups?|savings?|saves?|saving\ of|faster|acceleration|cheaper|reductions?\ (?:of|in)\ (?:memory|comput\w+|cost|parameters))\b"),
        _pattern(
            rf"{_FIGURE}{_WITHIN}{{0,50}}\b(?:faster|speed-?\ ?ups?|fewer|less|smaller|cheaper|saving\w*|sav(?:e|es|ed)|shorter|memory-efficient|computationally\ efficient|acceler\w+|reduc\w+\ (?:in|of)\ {_DIRECT}{{0,2}}{_COST}|{_COST}\ reduc\w+|lower\ {_DIRECT}{{0,2}}{_COST}|(?:forward\ |training\ |inference\ )?FLOPs\ compar\w+|of\ the\ (?:original\ )?(?:parameters|FLOPs|comput\w+|memory|cost|training))\b"
            rf"|\b(?:reduc\w+|sav(?:e|es|ed|ing|ings)|cut(?:s|ting)?|decreas\w+|fewer|faster|speed-?\ ?ups?|acceler\w+|lower(?:s|ing)?|halv\w+|falls?|less|smaller|cheaper|improving)\b{_WITHIN}{{0,60}}\b{_COST}\b{_WITHIN}{{0,70}}{_FIGURE}"
            rf"|\b(?:reduc\w+|sav(?:e|es|ed|ing|ings)|cut(?:s|ting)?|decreas\w+|halv\w+)\b{_WITHIN}{{0,40}}{_FIGURE}{_WITHIN}{{0,30}}\b{_COST}\b"
            rf"|\b{_COST}\b{_WITHIN}{{0,30}}\b(?:reduc\w+|saving\w*|speed-?\ ?ups?|halv\w+|falls?)\b{_WITHIN}{{0,40}}{_FIGURE}"
            r"|\bhalv\w+[^.]{0,30}\b(?:time|parameters|memory|cost)\b|\bneeds?\W+(?:only\W+)?<?\s*\d+%\ of\ the\ original"
        ),
    ),
    Statement(
        "theory",
        _pattern(r"\b(?:theor(?:y|em|ems|etical|etically|ies)|guarantees?|proofs?|prov(?:e|es|able|ably|ing))\b"),
        _pattern(
            r"\b(?:theorems?|theoretical\w*|provabl[ye]|guarantees?|proofs?|lemma|sample\ complexity|generali[sz]ation\ bounds?|(?:lower|upper|error|regret)\ bounds?|minimax|(?:statistical|top-k|bayes|fisher)\W+consisten\w+)\b"
            r"|\b(?:we|paper|authors|is|and|also|to)\W+(?:\w+\W+){0,2}?(?:prove[sd]?|proving|proven)\b(?!\W+(?:to\ be\ )?(?:robust|effective|useful|an?|helpful))|\bconverge(?:s|nce)\b[^.]{0,30}\b(?:rate|guarantee|global|proof|exponential|linear|to\ the)\b"
            r"|\b(?:in|the|on\ the|our|from\ the)\ theory\b(?=\W+(?:side|covers|shows?|indicates?|they|we|and|predicts)|\W*$|[,.])|^\W*theory\ (?:shows?|indicates?|covers)"
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
