"""Sentences have exact offsets and end where a reader would say so."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text import sentences


def texts(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences.split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It gains 3.5% AP. Then more.", ["It gains 3.5% AP.", "Then more."]),
        ("Networks, e.g. ResNets, and i.e. Others stay.", ["Networks, e.g. ResNets, and i.e. Others stay."]),
        ("As in Roe et al. (2020), it holds. Next.", ["As in Roe et al. (2020), it holds.", "Next."]),
        ("See Fig. 3 and Eq. 4. Then stop.", ["See Fig. 3 and Eq. 4.", "Then stop."]),
        ("We test (a. One. b. Two) here. End.", ["We test (a. One. b. Two) here.", "End."]),
        ("The theory behind this.We make the link.", ["The theory behind this.", "We make the link."]),
        ("Code at https://github.com/Foo.Bar now. End.", ["Code at https://github.com/Foo.Bar now.", "End."]),
        ("By J. Doe it was. End.", ["By J. Doe it was.", "End."]),
        ("It works, c.f. torch.Tensor docs.", ["It works, c.f. torch.Tensor docs."]),
        ("", []),
        ("   ", []),
        ("no stop", ["no stop"]),
    ],
)
def test_split(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@given(st.text(max_size=300))
def test_spans_are_ordered_and_lose_nothing(text: str) -> None:
    spans = sentences.split(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert "".join("".join(texts(text)).split()) == "".join(text.split())
