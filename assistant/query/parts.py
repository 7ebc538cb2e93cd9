"""Splits a message that asks several questions into them; one question that is long or lists things stays whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from assistant.query.courtesy import is_courtesy
from assistant.query.cues import cues_of
from assistant.text import sentences

_MOST_PARTS = 12
_FEWEST_SENTENCES = 3
_ADDRESSES = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Yy]ou|[Yy]our|[Pp]lease)\b")
"""Words of someone who wants something: no abstract holds them."""
_LEAST_NAMES = 4
"""Names in a row from which each gets an answer of its own; fewer are looked up together."""
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
_DO_SUPPORT = re.compile(
    r"(?:do|does|did|can|could|will|would|should) (?!not\b|well\b|so\b|be\b)[\w-]+ [\w-]+", re.IGNORECASE
)
"""A question after a comma; without one, "and does well" goes on with the one before."""
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
_NAME_WORD = r"(?!(?:Do|Does|Did|Are|Is|Were|Was|Can|What|Which|Who|How|Explain|Describe|Define|Summari[sz]e)\b)[a-z0-9]*[A-Z][\w^+-]*"
_ONE_NAME = rf"(?:“[^”]+”|{_NAME_WORD}(?: (?:of |for |the )*{_NAME_WORD})*)"
_NAMES = re.compile(rf"(?<!\w)(?:{_ONE_NAME}, ){{{_LEAST_NAMES - 2},}}{_ONE_NAME},? (?:and|&) {_ONE_NAME}")
_ABOUT_ALL = re.compile(
    r"\b(?:compar\w*|versus|vs|differ\w*|which|better|best|faste[rs]t?|common|share|combin\w*|both|between|rank)\b",
    re.IGNORECASE,
)
"""Words of a question that is about several things together, and not about each of them."""
_SETTING = re.compile(
    r"\b(?:on|in|over|than|against|with|using|to|from|like|as|beat|beats|outperforms?)\s+$", re.IGNORECASE
)
"""Words before names of data sets and rivals, which belong to one question."""
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
        parts += [lead + each for clause in _clauses(sentence) for each in _for_each_name(clause)]
    if not 1 < len(parts) <= _MOST_PARTS:
        return [message]
    return parts


def is_text(message: str) -> bool:
    """Whether the message is a text of several sentences that nobody asks anything in, such as a pasted abstract."""
    said = list(_sentences(message))
    return len(said) >= _FEWEST_SENTENCES and not any(map(_asks, said)) and not _ADDRESSES.search(message)


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
        left, right = _after_opening(hidden[start : boundary.start()]), hidden[boundary.end() :]
        asks = _is_clause(right) or ("," in boundary[0] and _DO_SUPPORT.match(right))
        if asks and left is not None and not _ASKS_INSIDE.search(left):
            yield sentence[start : boundary.start()].rstrip(" ,;") + "?"
            start = boundary.end()
    yield sentence[start:]


def _for_each_name(question: str) -> Iterator[str]:
    """The question for each of the names that it lists, where they are many."""
    listed = _NAMES.search(question)
    if listed is None or _ABOUT_ALL.search(question) or _SETTING.search(question[: listed.start()]):
        yield question
        return
    for name in re.findall(_ONE_NAME, listed[0]):
        yield question[: listed.start()] + name + question[listed.end() :]


def _is_clause(text: str) -> bool:
    return _after_opening(text) is not None


def _after_opening(text: str) -> str | None:
    """What follows the words that make the text a question in the form of a main clause; None for any other text."""
    lead = re.match(_LEAD, text, re.IGNORECASE)
    text = text[lead.end() :] if lead else text
    opening = next(filter(None, (form.match(text) for form in (_INVERTED, _WH_INVERTED, _WH_SUBJECT))), None)
    return None if opening is None else text[opening.end() :]
