"""The words in which questions about a library are put, each said once, as parts of regular expressions (ignore case)."""

from __future__ import annotations

from assistant.text.number_words import WORDS

ONE = r"(?:paper|article|publication|study|preprint|manuscript)"
NOUN = r"(?:papers|articles|publications|preprints|abstracts|studies|works|manuscripts)"
REVIEWS = r"(?:surveys|reviews)"
PAPERS = rf"(?:{NOUN}|{ONE}|works?)"
ANYTHING = r"(?:anything|everything|something|stuff)"
"""What stands for papers where the question goes on with what they are about or when they were written."""
LIBRARY = r"(?:library|collection|corpus|database|pile|set|index)"
OWNER = r"(?:the|this|that|my|our|your)"
IN_LIBRARY = rf"(?:in|of|from|within|for)\s+{OWNER}\s+(?:whole\s+|entire\s+)?{LIBRARY}\b"
LEAD = (
    r"\W*(?:(?:please|ok|okay|so|and|now|also|then|hi|hello|hey|can you|could you|would you|tell me|do you know|i want to know|"
    r"i(?:[’']d| would) like to (?:know|see)|i (?:need|want)(?: to (?:see|have))?|let me (?:see|know)|in total|i(?:[’']m| am) (?:looking|searching) for|looking for)\b[,:]?\s*)*"
)
"""How a question is opened politely, or as one of several."""
SHOW = r"(?:list|show|give|find|get|name|tell|return|display|select|enumerate|search for|look for)(?:\s+(?:me|us|out))?(?:\s+a list of)?"
ARE_THERE = r"(?:are there|is there|do (?:you|we|i) have|(?:have )?(?:you|we|i) got|have (?:you|we|i)|got)"
HOW_MANY = (
    r"(?:how many|(?:what(?:[’']s| is| was)\s+|give me\s+|show me\s+)?(?:the\s+)?(?:total\s+|exact\s+)?(?:number|count) of|count(?:\s+up)?"
    r"|(?:what|which) (?:share|percentage|percent|proportion|fraction|part) of)"
)
QUANTITY = rf"(?:\d{{1,5}}|{'|'.join(w for w in WORDS if w != 'zero')})"
"""A number in figures or words."""
NEWEST = r"(?:newest|latest|most recent(?:ly published)?|youngest|last published)"
OLDEST = r"(?:oldest|earliest|least recent|first published)"
ADDED_LAST = r"(?:(?:most recently|last|latest|newest|recently) (?:added|indexed|stored))"
MOST = r"(?:the )?(?:most|largest number of|highest number of|greatest number of|longest list of)"
FEWEST = r"(?:the )?(?:fewest|least|smallest number of|lowest number of)"
MORE_THAN, AT_LEAST = r"(?:more than|over|above)", r"(?:at least|no fewer than|no less than|minimum of)"
LESS_THAN, AT_MOST = r"(?:fewer than|less than|under|below)", r"(?:at most|up to|no more than|maximum of)"


def number(words: str) -> int:
    """The value of a `QUANTITY`, or of "a" and "single"."""
    words = words.lower().removeprefix("a ")
    return int(words) if words.isdigit() else 1 if words in ("a", "an", "single", "") else int(WORDS[words])
