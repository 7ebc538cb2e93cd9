"""Finds the limitations that a paper admits and the negative findings that it reports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.extraction.fact import Fact
from assistant.extraction.lines import Line, Text

_ADMITS = re.compile(
    r"""(?ix)
    \b(?:(?:a|an|one|main|major|key|important|our|potential)\ limitations?|limitations?\ (?:of|to|in)\ (?:our|this|the\ (?:present|current|proposed|study))|(?:our|this|the\ present)\ (?:study|work|method|approach|analysis|model|findings?)\ (?:is|are|was|were|remains?)\ limited
     |(?:is|are|was|were)\ limited\ (?:by|to)\ (?:the\ |a\ |our\ )?(?:small|lack|short|single|low|number|quality|size|retrospective|observational)
     |(?:small|limited|modest)\ (?:sample|number\ of\ (?:patients|participants|studies|events|cases|subjects))|high\ risk\ of\ bias|low[- ]quality\ evidence|insufficient\ evidence|evidence\ (?:is|was|remains)\ (?:limited|insufficient|weak|lacking|scarce)
     |(?:further|more|larger|additional)\ (?:studies|research|trials|work|investigations?)\ (?:is|are|will\ be)\ (?:needed|required|warranted|necessary)
     |at\ the\ (?:cost|expense|price)\ of|(?:only\ )?(?:minor|slight|small|modest|marginal|some|little)\ (?:\w+\ ){0,2}(?:degradation|drop|decrease|decline|overhead|reduction\ in\ (?:accuracy|performance|quality))
     |(?:our|this|the\ proposed)\ (?:\w+\ )?(?:method|approach|model|framework|algorithm|system)\ (?:still\ )?(?:fails?|struggles?|cannot|does\ not|is\ not\ able|suffers?|underperforms?|requires?\ (?:more|additional|longer)))\b"""
)
_FINDS = re.compile(
    r"(?i)\b(?:we|study|results?|analys[ei]s|experiments?|evidence|data|trial|findings|there (?:was|were|is|are)|observed|found|did|does|do|had|was|were)\b"
)
_NEGATIVE = re.compile(
    r"""(?ix)
    \b(?:no\ (?:statistically\ |clinically\ )?(?:significant|clear|consistent|measurable|detectable|appreciable|apparent|overall)\ (?:\w+\ ){0,3}(?:differences?|effects?|associations?|correlations?|improvements?|benefits?|changes?|relationships?|reductions?|increases?|impact|gains?|interactions?)
     |no\ (?:evidence|benefit|effect|association|correlation|improvement|advantage)\ (?:of|for|that|from|in|on|between|with|over)
     |(?:did|does|do|was|were|is|are)\ not\ (?:\w+ly\ )?(?:\w+\ ){0,1}?(?:improve|reduce|increase|differ\w*|affect|outperform|generali[sz]e|help|associated|correlated?|predict|benefit|significant|effective|sufficient|replicate|reproduc\w+|confer|prevent|support)
     |(?:fail(?:s|ed)?|failure)\ to\ (?:improve|generali[sz]e|outperform|reduce|detect|transfer|replicate|reproduce|show|find|capture|learn|demonstrate)
     |(?:provide[sd]?|yield(?:s|ed)?|offer(?:s|ed)?)\ (?:little|no|limited)\ (?:\w+\ )?(?:benefit|improvement|gain|advantage))\b"""
)
_OTHERS = re.compile(
    r"(?i)\b(?:existing|previous|prior|current|traditional|conventional|standard|typical\w*|recent|most|these methods|such methods|state-of-the-art|other|many|often|usually|baselines?|to (?:address|overcome|tackle|alleviate|mitigate|circumvent)|"
    r"without|because|since|unlike|whereas|if)\b"
)


def limitations(text: Text) -> Iterator[Fact]:
    """The sentences that admit a limitation of the paper's own work, then those that report what did not work."""
    own = [line for line in text.own if not line.text.rstrip().endswith("?")]
    yield from (line.fact("limitation", 0, len(line.text)) for line in own if _admits(line))
    yield from (line.fact("limitation", 0, len(line.text)) for line in own if not _admits(line) and _is_negative(line))


def _admits(line: Line) -> bool:
    """Whether the sentence speaks of the paper's own limits; one that names the limits of others does not."""
    match = _ADMITS.search(line.text)
    return bool(
        match
        and not _OTHERS.search(line.text[: match.end()])
        and not re.search(r"(?i)\b(?:no|not|without|negligible)\s+(?:\w+\s)?$", line.text[: match.start()])
    )


def _is_negative(line: Line) -> bool:
    match = _NEGATIVE.search(line.text)
    return bool(
        match
        and _FINDS.search(line.text)
        and not _OTHERS.search(line.text[: match.start()])
        and not re.search(r"(?i)\brequir\w*|\bneed\w*", match[0])
    )
