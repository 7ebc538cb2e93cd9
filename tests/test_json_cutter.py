"""Cutting records out of JSON passes most of a record at once, and cuts the same as mark by mark."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.json_cutter import Cut, Cutter
from assistant.documents.json_shape import Shape

_PIECES = st.lists(
    st.sampled_from(
        [
            "{",
            "}",
            "[",
            "]",
            '"',
            "\\",
            '\\"',
            '\n  {"',
            '\n{"',
            "\n",
            ",",
            ":",
            '"a": ',
            '"q\\"r"',
            "[1,2]",
            '{"x":1}',
            " ",
        ]
    ),
    max_size=60,
)


class _MarkByMark(Cutter):
    def _skip(self, text: str, at: int) -> int:
        return at


def _cuts(cutter: Cutter, text: str, size: int) -> list[Cut]:
    found = [cut for at in range(0, len(text), size) for cut in cutter.feed(text[at : at + size])]
    return [*found, *cutter.rest()]


@given(_PIECES, st.sampled_from(["", "[", "{[", "{", "{{["]), st.sampled_from([1, 3, 7, 1_000]))
def test_cuts_as_mark_by_mark(pieces: list[str], around: str, size: int) -> None:
    text = "".join(pieces)
    assert _cuts(Cutter(Shape(around), 200), text, size) == _cuts(_MarkByMark(Shape(around), 200), text, size)


@pytest.mark.parametrize("size", [5, 4_096])
def test_inverted_indexes_and_lines(size: int) -> None:
    record = '{"title": "a [b", "index": {"a": [0, 3],\n "b\\"": [1]},\n "empty": []}'
    cuts = _cuts(Cutter(Shape("{["), 10_000), '{"results": [\n' + f"{record},\n{record}]}}", size)
    assert [(cut.line, cut.text) for cut in cuts] == [(2, record), (5, record)]
