"""Cues in the wording of a question that it leans on those before it, and the wording that makes it stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text.names import MIXED_CASE_NAME

_GENERIC = r"(?:method|model|paper|author|approach|system|study|work|dataset|framework|network|technique)"
_PRONOUN = re.compile(
    rf"""\b(?:it|its|itself|they|them|their|theirs|he|she|his|her|this|these|those|the\ same|the\ former|the\ latter
    |(?:this|these|those|(?<!\bof\ )the)\ (?:first|second|third|other|last)?\ ?{_GENERIC}s?(?=\s*[?.,;]|\s*$|['’]s|\s+(?!on|of|that|which|about|with|by|from)\w+\b)
    |that(?=\s*[?.,;]|\s*$|\s+{_GENERIC}\b)
    |(?<=\bdoes\ )that|(?<=\bdid\ )that|(?<=\bis\ )that|(?<=\bwas\ )that|(?<=\bcan\ )that|(?<=\bwould\ )that|(?<=\bwhy\ )that
    |there(?=\s*[?.,;]|\s*$)|else|(?:which|that|this|other|first|second|last)\ ones?
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DUMMY = re.compile(
    r"\b(?:is|was|would|makes?|be|find) it (?:\w+ly )?(?:possible|true|necessary|useful|better|enough|hard|easy|common|"
    r"worth|known|harmful|safe|important|feasible|beneficial)\b",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"^\W*(?:and|but|so|then|also|or|what about|how about|why|how so|really|what else)\b", re.IGNORECASE
)
_SEVERAL = re.compile(r"\b(?:they|them|their|both|these|those|each of|which one|compare)\b", re.IGNORECASE)
_MORE = re.compile(
    r"\b(?:another|other|else|similar|related|different|alike|like (?:this|that|it|these))\b"
    r"|\b(?:more|further|additional) (?:ones|papers|articles|stud(?:y|ies)|works?|sources|results|literature|of (?:these|them))\b"
    r"|\b(?:more|further) (?:on|about|like) (?:this|that|the same|these)\b|^\W*(?:any|some)? ?more\W*$",
    re.IGNORECASE,
)
_ASK_ABOUT_ANYTHING = frozenset(
    """a an the and or but also any anything anyone something someone some another other others else more further additional
    similar related different alike like same one ones paper papers article articles study studies work works source sources
    result results literature publication publications thing things topic subject area problem question matter field theme
    idea line issue on about of to in with for from at as this that it these those them there here is are was were do does
    did have has had can could would will you your i me my we us our what which who whose how many library find found show
    give list know tell got get read see look deal deals cover covers discuss discusses discussed address addresses study
    studying treat treats concern concerning regarding please ok okay so well now just perhaps maybe exist exists then mean meant explain describe summarize summarise""".split()
)
"""Words of questions that name no subject and ask nothing in particular."""
_BACK = re.compile(
    r"^(?P<lead>.{0,40}?)\b(?:back|return(?:ing)?) to (?P<topic>[^:;?!]+?)"
    r"(?:(?:\s*[:;?!]|\s+[–—-]|,| and)\s+(?P<rest>\S.*)|\W*)$",
    re.IGNORECASE,
)
_BACK_LEAD = re.compile(
    r"\W*(?:(?:ok|okay|now|well|so|but|and|please|again|let[’']?s|let us|can|could|shall|may|we|i|you|i[’']d|would|like|want|to|"
    r"go|going|get|come|coming|switch|turn|jump|move|me|us)\b\W*)*",
    re.IGNORECASE,
)
_AFTER_PREPOSITION = re.compile(r"\b(?:on|in|for|with|than|to|from|at|of|over)\s+$", re.IGNORECASE)

_NAMING = " (about "


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues in the wording of a question."""

    points_back: bool
    """The question holds a pronoun, or opens as a continuation of the conversation."""
    before_pronoun: str
    """The text before the first pronoun, where the question's own subject would stand; all of it without a pronoun."""
    is_plural: bool
    """The question speaks of several things."""
    names: tuple[str, ...]
    """Names in `before_pronoun`, except those of a setting or a comparison ("on ImageNet", "than BERT")."""


def cues_of(question: str) -> Cues:
    """Reads the cues off a question."""
    dummies = [m.span() for m in _DUMMY.finditer(question)]
    pronouns = (m for m in _PRONOUN.finditer(question) if not any(a <= m.start() < b for a, b in dummies))
    first = next(pronouns, None)
    opener = _OPENER.match(question)
    before = question[opener.end() if opener else 0 : first.start() if first else len(question)]
    names = tuple(m[0] for m in MIXED_CASE_NAME.finditer(before) if not _AFTER_PREPOSITION.search(before[: m.start()]))
    return Cues(first is not None or opener is not None, before, bool(_SEVERAL.search(question)), names)


def naming(question: str, titles: Sequence[str]) -> str:
    """The question followed by the titles of the papers that it is about."""
    named = " and ".join(f"“{title}”" for title in titles)
    return f"{question.rstrip()}{_NAMING}{named})"


def without_naming(text: str) -> str:
    """The text up to the titles that `naming` added."""
    return text.split(_NAMING)[0]


def asks_for_more(question: str) -> bool:
    """Whether the question asks for further papers on the subject of the conversation, and names none of its own."""
    return bool(_MORE.search(question)) and says_nothing(question)


def says_nothing(question: str) -> bool:
    """Whether all words of the question are ones that ask about anything."""
    return all(word in _ASK_ABOUT_ANYTHING for word in re.findall(r"\w+", question.casefold()))


def goes_back(question: str) -> tuple[str, str] | None:
    """What "back to …" names, and the question that follows it, which may be empty; None for any other question."""
    match = _BACK.match(question)
    if match is None or not _BACK_LEAD.fullmatch(match["lead"]):
        return None
    return match["topic"].strip(), (match["rest"] or "").strip()


def without_titles(question: str) -> str:
    """The question with "it" in the place of the titles that it names in quotation marks."""
    return re.sub(r"“[^”]*”(?: and “[^”]*”)*", "it", re.sub(r" \(about “.*”\)$", "", question))
