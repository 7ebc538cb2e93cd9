"""Lines that stand together, to units: a whole title or a whole paragraph each. Knows nothing about web pages.

A paragraph may be wrapped over lines; then a line ends where the next word would not have fitted. A line that ends
earlier ends on purpose.
"""

from __future__ import annotations

import re
from itertools import pairwise

_LONGEST_WRAPPED = 200
"""A line longer than this was not wrapped by anything."""
_SAMPLE = 300
"""Lines from which the width of a wrapped text is guessed."""

Line = tuple[int, str]
"""Number and text."""


def ends_sentence(text: str) -> bool:
    """True when the text ends with a full stop, question or exclamation mark."""
    return re.search(r"[.!?…][\"'”’)\]}$*]*$", text) is not None


def units(block: list[Line], expects_abstract: bool) -> list[Line]:
    """Titles and paragraphs of a block of lines without a blank one between them, each with its first line's number.

    `expects_abstract`: the block stands right under a title, so that wrapped lines are one paragraph.
    """
    if len(block) == 1 or max(len(text) for _, text in block) > _LONGEST_WRAPPED:
        return block
    if expects_abstract and not _has_pairs(block):
        return [_joined(block)]
    first, last = block[0][1], block[-1][1]
    if len(block) == 2 and last[:1].isupper() and ends_sentence(last) and not first.endswith("."):
        return block
    if len(block) <= 4 and not any(ends_sentence(text) for _, text in block[:-1]) and not last.endswith("."):
        return [_joined(block)]  # one title on a few lines
    return [_joined(part) for part in _paragraphs(block)] if _is_wrapped(block) else block


def _joined(lines: list[Line]) -> Line:
    return lines[0][0], " ".join(text for _, text in lines)


def _has_pairs(block: list[Line]) -> bool:
    """Do several short paragraphs, one a line, follow each other?"""
    closed = [ends_sentence(text) for _, text in block]
    return len(block) > 2 and closed[::2] == [True] * len(closed[::2]) and not any(closed[1::2])


def _is_wrapped(block: list[Line]) -> bool:
    """Do lines break off within a sentence?"""
    return 4 * len(_broken([text for _, text in block])) >= len(block) - 1


def _broken(lines: list[str]) -> list[tuple[str, str]]:
    """Lines that break off within a sentence, with the line after."""
    return [(a, b) for a, b in pairwise(lines) if not ends_sentence(a) and b[:1].islower()]


def _paragraphs(block: list[Line]) -> list[list[Line]]:
    """The block cut wherever a line ends on purpose."""
    width = _width([text for _, text in block])
    ends = [_is_end(a, b, width) for (_, a), (_, b) in pairwise(block)] + [True]
    parts = [block[:1]]
    for i in range(1, len(block)):
        # A short line between the end of a sentence and a line end on purpose stands alone.
        alone = ends_sentence(block[i - 1][1]) and ends[i] and not ends_sentence(block[i][1])
        if ends[i - 1] or alone or _is_title(block, i) or _is_title(block, i - 1):
            parts.append([])
        parts[-1].append(block[i])
    return parts


def _is_end(line: str, following: str, width: int) -> bool:
    if len(line) > width or len(following) > width:
        return True
    return len(line) + 1 + len(following.split(" ", 1)[0]) <= width


def _width(lines: list[str]) -> int:
    """The width at which the text was wrapped: the one that breaks the fewest sentences."""
    pairs = _broken(lines[:_SAMPLE])
    candidates = sorted({len(line) for line in lines[:_SAMPLE]}, reverse=True)
    return min(candidates, key=lambda width: sum(_is_end(a, b, width) for a, b in pairs))


def _is_title(block: list[Line], i: int) -> bool:
    """Is the line a title that is nearly as wide as the page? Its end then looks like a wrapped line's."""
    text = block[i][1]
    if ends_sentence(text) or not 0 <= i < len(block) - 1 or not block[i + 1][1][:1].isupper():
        return False
    if i and not ends_sentence(block[i - 1][1]):
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    return len(words) > 2 and sum(word[0].isupper() for word in words) >= 0.75 * len(words)
