"""Finds the acronym whose long form a question asks for."""

from __future__ import annotations

import re

from assistant.text.stop_words import STOP_WORDS

_KIND = r"(?:(?:the\s+)?(?:acronym|abbreviation|initialism|letters|short form|name)\s+)?"
_NAME = r"[“\"'‘(]?(?P<name>[A-Za-z][\w./+-]{0,19}?)[”\"'’)]?"
_ASKED = tuple(
    re.compile(rf"^\W*(?:(?:and|so|but|please|can you|could you|tell me|do you know)\s+)*{pattern}(?![\w-])", re.IGNORECASE)
    for pattern in (
        rf"what\s+(?:do|does|did)\s+{_KIND}{_NAME}\s+(?:stand\s+for|abbreviate)",
        rf"what\s+{_KIND}{_NAME}\s+stands?\s+for",
        rf"what(?:\s+(?:is|are)|['’]s)\s+{_KIND}{_NAME}\s+(?:short|an?\s+(?:acronym|abbreviation|initialism)|the\s+(?:acronym|abbreviation))\s+(?:for|of)",
        rf"(?:what(?:\s+(?:is|are|was)|['’]s)\s+)?(?:the\s+)?(?:full|long|expanded|unabbreviated)\s+(?:form|name|expansion|version|title)\s+(?:of|for)\s+{_KIND}{_NAME}",
        rf"(?:what(?:\s+(?:is|are)|['’]s)\s+)?the\s+expansion\s+of\s+{_KIND}{_NAME}",
        rf"(?:expand|spell\s+out|write\s+out)\s+{_KIND}{_NAME}",
        rf"how\s+(?:is|are)\s+{_KIND}{_NAME}\s+(?:spelled|spelt|written)\s+out",
    )
)  # fmt: skip


def acronym_asked(question: str) -> str | None:
    """The acronym that the question asks to spell out, as "SELU" in "What does SELU stand for?"; None for any other."""
    found = (pattern.match(question) for pattern in _ASKED)
    return next((m["name"] for m in found if m and m["name"].lower() not in STOP_WORDS), None)
