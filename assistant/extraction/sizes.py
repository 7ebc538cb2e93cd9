"""Finds how many subjects, samples or items a study is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.extraction.fact import Fact
from assistant.extraction.lines import Text
from assistant.extraction.shapes import COUNT

_COUNTED = (
    r"(?:patients?|participants?|subjects?|individuals?|volunteers?|adults?|children|infants?|women|men|mothers?|pregnancies|births|people|persons|respondents?|students?|cases?|controls?|donors?|families|twins?|"
    r"mice|rats|animals?|cohorts?|trials?|studies|articles|papers|records|samples?|specimens?|biopsies|tumou?rs?|genomes?|exomes?|cells|images?|videos?|frames|documents?|sentences?|words|tokens|questions?|"
    r"examples?|instances?|recordings?|hours|clips|utterances|scans?|slides?|pairs|triplets|conversations?|dialogues?|reviews?|tweets|posts|users?|annotators?|raters?|judgments?|classes|categories|languages|species)"
)
_SIZE = re.compile(
    rf"(?i)(?<![\w.-])(?P<size>(?:(?:over|more than|about|around|approximately|nearly|almost|up to|a total of|some|at least) )?(?:{COUNT}(?:\.\d+)?(?:\s?[KkMB]\b)?(?:\s(?:hundred|thousand|million|billion)s?(?: of)?)?)"
    rf"\s(?:(?!of |in |on |and |or |with |for |to |from |years? |days? |weeks? |months? |percent )[\w/-]+,?\s){{0,4}}?{_COUNTED})\b"
)
_N_EQUALS = re.compile(r"\b[nN]\s?=\s?\d[\d,]*")
_STUDIED = re.compile(
    r"(?i)\b(?:includ|enrol|recruit|randomi[sz]|analy[sz]|collect|assign|stud|examin|sequenc|genotyp|compris|contain|consist|cover|train|annotat|sampl|survey|interview|follow|treat|involv|encompass|using|use|"
    r"identif|review|evaluat|measur|record|obtain|participa|from|of|in|with|on|across|over|among)\w*\b"
)
_TOO_SMALL = re.compile(
    r"(?i)^(?:two|three|four|five|[1-5])\s(?:[\w-]+\s)*?(?:studies|trials|classes|categories|languages|cases|pairs|hours|frames|images?|examples?|papers|words|questions?)$"
)


def sample_sizes(text: Text) -> Iterator[Fact]:
    """The counts of what was studied, in the order of the text."""
    for line in text.own:
        for match in (*_SIZE.finditer(line.text), *_N_EQUALS.finditer(line.text)):
            before = line.text[max(0, match.start() - 60) : match.start()]
            if not _TOO_SMALL.match(match[0]) and (_STUDIED.search(before) or match.start() < 3 or "=" in match[0]):
                yield line.fact("sample size", *match.span())
