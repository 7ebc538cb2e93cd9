"""Finds what a paper compares itself with: baselines, earlier methods, named models, control groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from assistant.extraction.fact import Fact
from assistant.extraction.lines import Line, Text
from assistant.extraction.methods import methods
from assistant.extraction.shapes import is_name

_COMPARES = re.compile(
    r"""(?ix)\b(?:
      (?:significantly\ |consistently\ |largely\ |greatly\ |substantially\ |slightly\ |clearly\ |even\ )*
      (?:outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?|outstrip(?:s|ped|ping)?|beat(?:s|ing)?|outrank(?:s|ed)?|rival(?:s|ed|ing)?|match(?:es|ed|ing)?(?!\ for)
         |improv(?:es?|ed|ing)\ (?:up)?on|improv(?:es?|ed|ing)\ over)
     |(?:superior|comparabl[ey]|competitive(?:ly)?|inferior|non-inferior|equivalent|favou?rabl[ey]|similar|on[ -]par|par)\ (?:\w+\ )?(?:to|with|against)
     |(?:performances?|results?|accurac(?:y|ies)|quality)\ (?:comparable|similar|superior|competitive|equal)\ (?:to|with)
     |(?:compar(?:ed|ing|es?|isons?)|benchmarked|evaluated|tested|contrasted)\ (?:favou?rably\ )?(?:to|with|against)
     |in\ comparison\ (?:to|with)|versus|vs\.?|against
     |(?:improvements?|gains?|superiority|advantages?|speed-?ups?|increase|reduction|boost|progress|effectiveness)\b[^.,;]{0,60}?\ (?:over|against|upon|than)
     |(?:better|worse|faster|higher|lower|fewer|less|more|larger|smaller|stronger|greater|superior|cheaper|longer|shorter|easier)\b[^.,;]{0,60}?\ than
     |\d[\d.]*\s?(?:[a-z]+\ )?over
    )\ """
)
_OUTDOES = re.compile(r"(?i)outperform|outstrip|outrank")
"""A verb whose object is a rival, whatever it is called."""
_WE_COMPARE = re.compile(
    r"(?i)\bwe (?:also |then |first |systematically |empirically )*(?:compare|compared|benchmark|benchmarked)\s(?!to\b|with\b|against\b|our\b|favou?rabl)"
)
_WE_COMPARE_WITH = re.compile(
    r"(?i)\bwe (?:also )*compared?\s[^.;]{0,60}?\b(?:to(?!\s(?:obtain|understand|determin|evaluat|assess|show|see|identif|learn|provid|find|verif|demonstrat|study|investigat|gain|reveal|highlight|select|achiev|improv|test|check|measur)e?\w*\b)|with|against)\s"
)
_END = re.compile(
    r"""(?ix) \s(?:by|on|in|across|while|whilst|at|under|when|where|without|using|that|which|who|whose|for|with|because|since|although|despite|after|during|as|is|are|was|were|has|have|had|can|could|may|do|does|did|
      up\ to|thereby|but|even|both|particularly|especially|over|through|via|if|to|due|yet|only|would|significantly|from|within|among|including|such\ as|like|namely|provided|relying|achieved|obtained|trained|based\ on|achieve|
      and\ (?:by|present|propose|introduce|discuss|analy[sz]e|show|is|are|was|were|has|have|can|also|an?\ new|\w+ing|we|it|our|even|that|(?:\w+ly\ )?(?:achiev|outperform|perform|reduc|improv|show|demonstrat|provid|reach|requir|generali[sz]|highlight|prov|obtain)\w*|\w+s\ (?:its|the|their|our|a))|as\ well\ as\ on)\b
      |,\ (?!(?-i:(?:and\ )?[A-Z][\w-]*(?:\ [A-Z][\w-]*)*(?:,|\ and\ |\ or\ |$|\.)|(?:and\ )?[A-Z]\w*[A-Z0-9]))|[.;:!?](?:\s|$)|\s[-–—]+\s|,?\s\+?\d[\d.,]*\\?[%xX×]?(?=[\s.,;]|$)|\s\((?!\w+\))"""
)
_LIST_GOES_ON = re.compile(
    r"(?:,\s(?:e\.g\.,?|i\.e\.,?|including|such as|like|namely)|\s\((?:e\.g\.,?|i\.e\.,?)|\s(?:including|such as|like))\s"
    r"(?:[^.;:()]|\.(?=\d)|\([\w -]+\)){2,140}?(?=,?\s(?:in|on|by|across|for|with|under|while|at|when|using|achiev\w+|that|which|demonstrat\w+|without)\s|[;:)]|\.(?!\d)|\s\((?![\w -]+\))|$)"
)
_SKIPPED = re.compile(
    r"(?i)(?:(?:or|and) (?:even )?(?:outperform\w*|exceed\w*|surpass\w*|better)\s|not (?:just|only)\s|those (?:of|from|obtained by|achieved by|obtained with)\s|that of\s|the (?:excellent )?performance of\s|both\s|all\s|the\s|an?\s)*"
)
_EMPTY = re.compile(
    r"""(?ix)^(?:(?:the|a|an|all|any|most|many|several|some|various|its|their|both|these|those|other|others|current|strong|such)\ )*
    (?:others?|alternatives?|baselines?|state[- ]of[- ]the[- ]arts?|sota|competitors?|competing|methods?|approach(?:es)?|models?|techniques?|results?|ones?|counterparts?|rest|best|existing|prior|previous|performance|expected)?$"""
)
_OTHER = re.compile(
    r"(?i)^(?:the |all |any |many |several )*other (?:\w+ )?(?:methods?|approaches|models|baselines?|techniques|algorithms)$"
)
_OPEN = re.compile(r"(?i)\s(?:of|for|to|with)$")
"""A phrase that is cut in its middle: "other methods of"."""
_NO_RIVAL = re.compile(
    r"""(?ix)^(?:\d|(?:of|in|with|than|to|on|by|at|for|from|whether|or|and|where|as)\b|(?:it|them|this|that|these|those|each|ours?|itself|themselves|one|two|three|ever|before|usual|previously|expected|necessary|possible|either|half|what|how|chance|any\ |a\ (?:few|single|large|small|wide|variety)|
    (?:the\ )?(?:ground|human\ pref|target|true|real|label|data|image|text|training|test|same|new|following|performance|user|downstream|learning|source|query|optimal|full\ potential|unseen)\b))"""
)
_RIVAL = re.compile(
    r"""(?ix)\b(?:methods?|approach(?:es)?|models?|baselines?|techniques?|algorithms?|systems?|architectures?|networks?|frameworks?|counterparts?|strateg(?:y|ies)|learning|training|(?:fine-?)?tuning|pre-?training|
    representations?|features|backbones?|classifiers?|detectors?|encoders?|decoders?|transformers?|cnns?|convnets?|losses|functions?|optimi[sz]ers?|solutions?|alternatives?|works?|state[- ]of[- ]the[- ]arts?|sota|schemes?|
    supervision|procedures?|pipelines?|trackers?|agents?|policies|pruning|distillation|regulari[sz]\w+|augmentations?|sampling|search|attention|variants?|predecessors?|competitors?|humans?|experts?|physicians?|clinicians?|
    placebo|controls?|control\ groups?|usual\ care|standard\ (?:care|treatment|therapy)|no\ treatment|therap(?:y|ies)|treatments?|wild[- ]type|healthy|patients|individuals|subjects|participants|mice|those\ (?:with|without)|non-\w+)\b"""
)
_EXAMPLES = re.compile(r",?\s\(?(?:e\.g\.|i\.e\.|including|such as|like)")


def comparisons(text: Text) -> Iterator[Fact]:
    """What the paper compares with: named or described rivals first, then bare "previous methods"; each once."""
    own = _own_words(text)
    found = [_without_own(fact, own) for line in text.own for fact in _in_line(line) if not _is_own(fact.value, own)]
    seen: set[str] = set()
    for fact in sorted(found, key=_vagueness):
        key = fact.value.casefold()
        if not any(key in known for known in seen):
            seen.add(key)
            yield fact


def _in_line(line: Line) -> Iterator[Fact]:
    spans = []
    for match in chain(
        _WE_COMPARE.finditer(line.text), _COMPARES.finditer(line.text), _WE_COMPARE_WITH.finditer(line.text)
    ):
        spans.append((_rival(line.text, match.end()), bool(_OUTDOES.search(match[0]))))
    for span, sure in spans:
        if span and (sure or _RIVAL.search(line.text, *span) or _has_name(line.text[span[0] : span[1]])):
            yield line.fact("compared with", *span)


def _rival(text: str, start: int) -> tuple[int, int] | None:
    """The noun phrase from `start` on, with the list of examples that follows it; None where it names no rival."""
    start = _SKIPPED.match(text, start).end()  # type: ignore[union-attr]  # it matches the empty string
    stop = _END.search(text, start)
    end = stop.start() if stop else len(text)
    phrase = text[start:end].strip(" ,")
    if len(phrase) < 3 or len(phrase.split()) > 16 or _NO_RIVAL.match(phrase) or _OPEN.search(phrase):
        return None
    more = _LIST_GOES_ON.match(text, end)
    if more is None and (_EMPTY.match(phrase) or _OTHER.match(phrase)):
        return None
    return start, more.end() if more else end


def _without_own(fact: Fact, own: set[str]) -> Fact:
    """Without examples that name the paper's own method: "earlier methods, e.g., X" where X is the own one."""
    head = _EXAMPLES.split(fact.quote)[0]
    if head == fact.quote or not _names_own(fact.quote[len(head) :], own):
        return fact
    return replace(fact, value=head, quote=head, end=fact.start + len(head))


def _has_name(phrase: str) -> bool:
    return any(is_name(word.strip("(),.")) for word in phrase.split())


def _own_words(text: Text) -> set[str]:
    """The paper's own names in lower case."""
    return {w.casefold() for fact in methods(text) for w in re.findall(r"[\w-]{3,}", fact.value) if is_name(w)}


def _names_own(words: str, own: set[str]) -> bool:
    """Whether an own name, or a size of it such as `Name-2B`, is among the words."""
    found = [w.casefold() for w in re.findall(r"[\w-]{3,}", words)]
    return any(w == name or w.startswith(name + "-") for w in found for name in own)


def _is_own(value: str, own: set[str]) -> bool:
    """Whether it is the paper's own method alone."""
    few = len({w.casefold() for w in re.findall(r"[\w-]{3,}", value)} - {"the", "our", "method", "proposed"}) <= 1
    return value.casefold().startswith("our ") or (few and _names_own(value, own))


def _vagueness(fact: Fact) -> tuple[int, int]:
    """0 for a rival with a name, 1 for a described one, 2 for "previous methods"."""
    vague = re.match(
        r"(?i)^(?:the |all |many |most )*(?:state[- ]of[- ]the[- ]art|sota|existing|previous|prior|current|recent|other|best|strong|competing|standard|leading)?[, ]*"
        r"(?:state[- ]of[- ]the[- ]art|sota )?\s?(?:methods?|approaches|models?|baselines?|techniques?|algorithms?|works?|results?|alternatives?)?$",
        fact.value,
    )
    return (2 if vague else 0 if _has_name(fact.value) else 1), fact.start
