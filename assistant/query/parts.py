"""Splits a message that asks several questions into them; one question that is long or lists things stays whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from assistant.query.courtesy import is_courtesy
from assistant.query.cues import cues_of
from assistant.text import sentences

_MOST_PARTS = 6
_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|must|may|might|isn[’']t|aren[’']t|doesn[’']t|"
    r"don[’']t|didn[’']t|can[’']t)"
)
_WH = r"(?:what|which|who|whom|whose|when|where|why|how)"
_NOMINATIVE = r"(?:it|they|he|she|we|you|i|this|that|these|those|there|one|its|their|the|a|an|any|all|both|each|some)"
_NAME = r"[A-Z“\"\[][\w-]*"
_LEAD = r"(?:(?:and|but|so|also|then|plus|next|finally|further|furthermore|moreover|secondly|lastly|in addition|besides|again)\b,?\s+)*"
_IMPERATIVE = re.compile(
    r"(?:please |also |then |can you |could you )*(?:tell me|explain|describe|compare|list|name|summari[sz]e|give me|show me|"
    r"find|define)\b",
    re.IGNORECASE,
)
_INVERTED = re.compile(rf"(?i:{_AUXILIARY} {_NOMINATIVE})\b|(?i:{_AUXILIARY}) {_NAME}")
_WH_INVERTED = re.compile(
    rf"(?:(?:by|in|on|at|for|to|with|from|of|under|over|against) )?(?:what|which|whose|how)(?! (?:{_AUXILIARY}|{_NOMINATIVE})\b)"
    rf"(?: [^\s,;?]+){{1,6}}? {_AUXILIARY}\b(?: \S+)"
    rf"|(?:(?:by|in|on|at|for|to|with|from|of|under|over|against) )?{_WH} {_AUXILIARY} \S+",
    re.IGNORECASE,
)
_WH_SUBJECT = re.compile(
    rf"(?:who|what) (?!{_AUXILIARY}\b|{_NOMINATIVE}\b)\w+(?:s|ed|ote|ade|id|un|on)\b \S+"
    rf"|which (?:[\w-]+ ){{1,3}}?\w+(?:s|ed|ote|ade)\b \S+",
    re.IGNORECASE,
)
_ASKS_INSIDE = re.compile(rf"\s(?:what|how|why|whether|if)\s(?!(?:{_AUXILIARY})\b)", re.IGNORECASE)
"""A question within a question ("decide what to prune"), which may be coordinated with what follows."""
_BOUNDARY = re.compile(
    r"(?:[,;]\s+(?:and\s+|but\s+)?(?:also\s+|then\s+)?|\s+(?:and|but)\s+(?:also\s+|then\s+)?)", re.IGNORECASE
)
_ITEM = re.compile(r"(?:^|(?<=\s))(?:\(?[1-9a-f]\)|[1-9]\.|[-*•])\s+(?=[A-Za-z“\"])")
_BEGINS = re.compile(rf"[^a-z]|(?i:and|but|so|also|then|plus|{_WH}|{_AUXILIARY})\b")
"""The beginning of a question; another small letter goes on after a title that ends with a question mark."""
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")


def split(message: str) -> list[str]:
    """The questions of a checked message, in order; the message itself where it asks only one.

    What is said before the first question belongs to all, and what follows one without asking anything belongs to it.
    """
    parts: list[str] = []
    lead = ""
    for sentence in _sentences(message):
        if is_courtesy(sentence):
            continue
        if not _asks(sentence):
            if parts:
                parts[-1] += f" {sentence}"
            else:
                lead += f"{sentence} "
            continue
        for clause in _clauses(sentence):
            parts.append(lead + clause)
    if not 1 < len(parts) <= _MOST_PARTS:
        return [message]
    return parts


def on_same_subject(parts: Sequence[str]) -> list[str]:
    """The first of these questions, as far as a pronoun stands for what the question before them is about."""

    def refers_back(part: str) -> bool:
        cues = cues_of(part)
        return cues.before_pronoun != part and not cues.names

    return list(takewhile(refers_back, parts))


def _sentences(message: str) -> Iterator[str]:
    """The sentences and the items of a list; nothing within quotation marks ends one."""
    hidden = _QUOTED.sub(lambda m: "x" * len(m[0]), message)
    items = [m.span() for m in _ITEM.finditer(hidden)]
    ends = (span.end for span in sentences.split(hidden)[:-1])
    cuts = sorted({start for start, _ in items} | {e for e in ends if not any(a < e <= b for a, b in items)})
    for start, end in zip([0, *cuts], [*cuts, len(message)], strict=True):
        if sentence := _ITEM.sub("", message[start:end].strip(), count=1).strip():
            yield sentence


def _asks(sentence: str) -> bool:
    if sentence.rstrip('"”’) ').endswith("?"):
        return _BEGINS.match(sentence) is not None
    return _IMPERATIVE.match(sentence) is not None or _is_clause(sentence)


def _clauses(sentence: str) -> Iterator[str]:
    """The coordinated questions of one sentence: each of them could stand alone."""
    hidden = _QUOTED.sub(lambda m: "x" * len(m[0]), sentence)
    start = 0
    for boundary in _BOUNDARY.finditer(hidden):
        left, right = hidden[start : boundary.start()], hidden[boundary.end() :]
        if _is_clause(left) and _is_clause(right) and not _ASKS_INSIDE.search(left):
            yield sentence[start : boundary.start()].rstrip(" ,;") + "?"
            start = boundary.end()
    yield sentence[start:]


def _is_clause(text: str) -> bool:
    """Whether the text begins with a question in the form of a main clause."""
    asked = re.match(_LEAD, text, re.IGNORECASE)
    text = text[asked.end() :] if asked else text
    return any(form.match(text) for form in (_INVERTED, _WH_INVERTED, _WH_SUBJECT))
