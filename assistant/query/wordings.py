"""The wordings by which questions about the whole library, or about one whole paper, are recognized."""

from __future__ import annotations

import re

from assistant.query.vocabulary import LEAD, LIBRARY, NOUN, PAPERS, SHOW

_A_LIBRARY = rf"(?:{LIBRARY}|data ?set of papers|(?:set|collection) of {NOUN}|papers|abstracts|files|documents)"
_THE_LIBRARY = (
    rf"(?:(?:in |of |from )?(?:the|this|these|those|my|our|your|all|all the|all of the|all these)\s+(?:whole\s+|entire\s+)?{_A_LIBRARY}"
    r"|(?:in |of )?here|(?:in |of )?everything(?: here)?)"
)
_SUBJECTS = r"(?:topics|subjects|themes|areas|fields|kinds? of papers|sorts? of papers)"
_GIVE = r"(?:give me |show me |write |provide |i want |i need )?"
_SHORT = r"(?:an? |the )?(?:short |brief |quick |rough )?"
_THERE = rf" (?:(?:are|do|does|is) .{{0,50}}(?:cover(?:ed|s)?|there|here|deal with|represented|{LIBRARY}|about)|{_THE_LIBRARY})"
OVERVIEW = re.compile(
    rf"^{LEAD}(?:"
    rf"(?:what|which)(?:[’']s| is| are| do (?:you|we|i) have| (?:papers |{_SUBJECTS} )(?:do (?:you|we|i) (?:have|cover)|are (?:there|covered|represented)))(?: all)?(?: (?:contained|included|stored|covered))?(?: {_THE_LIBRARY})?"
    rf"|how (?:big|large) is {_THE_LIBRARY}|what(?:[’']s| is) (?:all )?this (?:all )?about|what (?:can|will|do) i find {_THE_LIBRARY}"
    rf"|what (?:does|do|is|are) {_THE_LIBRARY} (?:contain|cover|hold|include|about|all about|consist of|deal with)"
    rf"|{_GIVE}{_SHORT}(?:overview|inventory|(?:overview|summary|inventory|synopsis|outline|description) (?:of|over|on) (?:what is )?{_THE_LIBRARY})"
    rf"|(?:summari[sz]e|describe|sum up|outline|introduce|tell me about|explain) {_THE_LIBRARY}"
    rf"|what (?:can i ask(?: you)?|do you know|do you have|can you tell me)(?: about)?(?: {_THE_LIBRARY})?"
    rf"|(?:what|which|{SHOW})(?: are)?(?: the)? (?:(?:main|different|most common) {_SUBJECTS}|{_SUBJECTS}{_THERE})(?:{_THERE})?"
    r")(?:\s+(?:please|roughly|briefly|in short))?\W*$",
    re.IGNORECASE,
)
NEW = re.compile(
    rf"^{LEAD}(?:(?:what|anything|something|is there anything|is anything|show me what)(?:[’']s| is| are| has been| was| came| got)?\s+(?:new|added|in|changed|recently added|new and added)"
    rf"|(?:what|which)\s+(?:{NOUN}\s+)?(?:are|is)\s+new)(?P<rest>(?:\s+(?:{_THE_LIBRARY}|in the last|since|this|last|today|yesterday|recently|lately)\b.*)?)\W*$",
    re.IGNORECASE,
)
_CALLED = rf"(?:the\s+)?(?:{PAPERS}\s+)?(?:called\s+|titled\s+|entitled\s+)?"
SUMMARY = re.compile(
    rf"^{LEAD}(?:(?:summari[sz]e|sum up|tl;?dr(?: of)?|abstract of|outline)(?: for me)?\s+{_CALLED}(?P<a>.+?)(?:\s+{PAPERS})?"
    rf"|{_GIVE}{_SHORT}(?:summary|overview|synopsis|gist|(?:key|main) (?:points?|ideas?|findings|takeaways?|messages?)) of\s+{_CALLED}(?P<b>.+?)(?:\s+{PAPERS})?"
    rf"|(?:what is|what[’']s|what does)\s+{_CALLED}(?P<c>.+?)(?:\s+{PAPERS})?\s+(?:all\s+)?about"
    rf"|(?:explain|describe)(?: to me)?\s+the\s+(?:{PAPERS}\s+(?P<e>.+?)|(?P<f>.+?)\s+{PAPERS})"
    rf"|tell me (?:more )?about\s+(?:the\s+{PAPERS}\s+(?P<g>.+?)|the\s+(?P<h>.+?)\s+{PAPERS}|(?P<names>.+?)))(?:\s+(?:for me|please|in (?:short|brief|a nutshell)))?\W*$",
    re.IGNORECASE,
)
"""`names` may be what a paper is about as well as its title."""
POINTS = re.compile(
    r"(?:it|this|that|this one|that one|(?:this|that|the) (?:paper|article|study|work)|the paper)", re.IGNORECASE
)
TREND = re.compile(
    rf"^{LEAD}(?:"
    r"how (?:has|have|did|does|do) (?:the )?(?:number|share|proportion|count|amount|popularity|interest in|use of|usage of|research on|research into|work on|attention to|papers on|papers about|focus on)\b(?P<a>.*?)(?:chang|gr[eo]w|develop|evolv|increas|declin|ris|fall|drop|vary|shift)\w*(?P<a2>.*)"
    r"|(?:show(?: me)?|plot|draw|what (?:is|are)|give me|graph)?\s*(?:the )?(?:trends?|popularity) (?:of|in|for|on)\s+(?P<b>.*?)(?:\s+(?:over (?:time|the (?:last )?years)|by year|per year|since \d{4}))?"
    rf"|(?:how many |{_THE_LIBRARY} |the number of |plot |show me )?(?:papers|articles|publications|studies) (?:on|about|using|that use)\s+(?P<c>.*?)\s+(?:are there |were published |were there )?(?:per year|by year|each year|over (?:time|the years)|in each year|year by year)"
    r"|is (?P<d>.*?) (?:getting|becoming|growing) (?:more|less) (?:popular|common|frequent|studied|used)"
    r")\W*$",
    re.IGNORECASE,
)
COMPARE = re.compile(
    r"\bcompar(?:e[ds]?|ing|isons?)\b|\bversus\b|\bvs\b|\bdiffer(?:s|ences?)?\b|\bwhich (?:of (?:them|these|the two)|one) (?:is|are|performs?|works?|does)\b",
    re.IGNORECASE,
)


def trend_topic(match: re.Match[str]) -> str:
    """What the trend is of: the words around the verb, without those for the time."""
    words = " ".join(" ".join(filter(None, match.groups())).split())
    return re.sub(
        r"\s*\b(?:over (?:time|the (?:last |past )?(?:\w+ )?years)|since \d{4}|by year|per year)\W*$", "", words
    ).strip(" ?.!")
