"""Joins lines that stand together into whole titles and whole paragraphs.

Where a paragraph is wrapped, a line ends because the next word would not have fitted. A line that ends earlier was
ended on purpose.
"""

from __future__ import annotations

import re
from itertools import pairwise

_LONGEST_WRAPPED = 200
"""Characters; a longer line was not wrapped."""
_SAMPLE = 300
"""Lines from which the width of a wrapped text is estimated."""

Line = tuple[int, str]
"""The number and the text of a line."""


def ends_sentence(text: str) -> bool:
    """Whether the text ends with a full stop, a question mark or an exclamation mark."""
    return re.search(r"[.!?…。！？؟।][\"'”’)\]}$*]*$", text) is not None


def join_wrapped(block: list[Line], expects_abstract: bool) -> list[Line]:
    """The titles and paragraphs of a block of lines without a blank line, each with the number of its first line.

    `expects_abstract` says that the block stands right under a title, so that wrapped lines are one paragraph.
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
    """Whether titles and paragraphs of one line each alternate."""
    closed = [ends_sentence(text) for _, text in block]
    return len(block) > 2 and closed[::2] == [True] * len(closed[::2]) and not any(closed[1::2])


def _is_wrapped(block: list[Line]) -> bool:
    """Whether many lines break off within a sentence."""
    return 4 * len(_breaks_in_sentences([text for _, text in block])) >= len(block) - 1


def _breaks_in_sentences(lines: list[str]) -> list[tuple[str, str]]:
    """The lines that break off within a sentence, each with the next line."""
    return [(a, b) for a, b in pairwise(lines) if not ends_sentence(a) and b[:1].islower()]


def _paragraphs(block: list[Line]) -> list[list[Line]]:
    """The block, divided wherever a line was ended on purpose."""
    width = _width([text for _, text in block])
    ends = [_ends_on_purpose(a, b, width) for (_, a), (_, b) in pairwise(block)] + [True]
    parts = [block[:1]]
    for i in range(1, len(block)):
        # A line between the end of a sentence and a break made on purpose, without a full stop of its own, stands alone.
        alone = ends_sentence(block[i - 1][1]) and ends[i] and not ends_sentence(block[i][1])
        if ends[i - 1] or alone or _is_title(block, i) or _is_title(block, i - 1):
            parts.append([])
        parts[-1].append(block[i])
    return parts


def _ends_on_purpose(line: str, following: str, width: int) -> bool:
    if len(line) > width or len(following) > width:
        return True
    return len(line) + 1 + len(following.split(" ", 1)[0]) <= width


def _width(lines: list[str]) -> int:
    """The width at which the text was wrapped: the one that explains most breaks within sentences."""
    pairs = _breaks_in_sentences(lines[:_SAMPLE])
    candidates = sorted({len(line) for line in lines[:_SAMPLE]}, reverse=True)
    return min(candidates, key=lambda width: sum(_ends_on_purpose(a, b, width) for a, b in pairs))


def _is_title(block: list[Line], i: int) -> bool:
    """Whether the line is a title nearly as wide as the page, which looks like a wrapped line."""
    text = block[i][1]
    if ends_sentence(text) or not 0 <= i < len(block) - 1 or not block[i + 1][1][:1].isupper():
        return False
    if i and not ends_sentence(block[i - 1][1]):
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    return len(words) > 2 and sum(word[0].isupper() for word in words) >= 0.75 * len(words)
