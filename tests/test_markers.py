"""The marker parser gives the same sentences for every way in which a text may arrive."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.citations import Marked, MarkerParser


def parse(pieces: list[str]) -> list[Marked]:
    parser = MarkerParser()
    found = [marked for piece in pieces for marked in parser.feed(piece)]
    return found + parser.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It works [1].", [("It works.", (1,))]),
        ("It works. [1]", [("It works.", (1,))]),
        ("It works.[1] So does this [2].", [("It works.", (1,)), ("So does this.", (2,))]),
        ("Both say so [1, 2].", [("Both say so.", (1, 2))]),
        ("Both say so [1][3].", [("Both say so.", (1, 3))]),
        ("Doubled [[4]] brackets.", [("Doubled brackets.", (4,))]),
        ("Wide 【1】 brackets.", [("Wide brackets.", (1,))]),
        ("A range [1-3].", [("A range.", (1, 2, 3))]),
        ("A range [2–4].", [("A range.", (2, 3, 4))]),
        ("Twice [1] the same [1].", [("Twice the same.", (1,))]),
        ("Out of range [99].", [("Out of range.", (99,))]),
        ("Spelled out [source 2].", [("Spelled out.", (2,))]),
        ("Cut in the middle [1", [("Cut in the middle", ())]),
        ("Cut earlier [", [("Cut earlier", ())]),
        ("No marker at all.", [("No marker at all.", ())]),
        ("The [CLS] token is kept [1].", [("The [CLS] token is kept.", (1,))]),
        ("- First point. [1]\n- Second point [2].", [("First point.", (1,)), ("Second point.", (2,))]),
        ("1. First [1].\n2. Second [2].", [("First.", (1,)), ("Second.", (2,))]),
        ("The claim.\n[1]\nThe next. [2]", [("The claim.", (1,)), ("The next.", (2,))]),
        ("[1] leads the line.", [("leads the line.", (1,))]),
        ("See e.g. the work of Roe et al. on it [1].", [("See e.g. the work of Roe et al. on it.", (1,))]),
        ("It gains 3.5 points [1]. Good.", [("It gains 3.5 points.", (1,)), ("Good.", ())]),
        ("Code:\n```\nx[1] = y[2]\n```\nText [1].", [("Code:", ()), ("x[1] = y[2]", ()), ("Text.", (1,))]),
        ("", []),
        ("   \n ", []),
    ],
)
def test_markers(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert parse([text]) == [Marked(*pair) for pair in expected]
    assert parse(list(text)) == parse([text]), "one character at a time"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="[]【】1239 ,-–.\n`*aAb(:!", max_size=80), st.randoms(use_true_random=False))
def test_any_split_gives_the_same(text: str, rng: random.Random) -> None:
    assert parse(_cut(text, rng)) == parse([text])


def test_ten_thousand_random_streams() -> None:
    rng = random.Random(20)
    words = [
        "[1]",
        "[",
        "]",
        "[1",
        ", 2]",
        "1-3]",
        " ",
        ". ",
        ".",
        "\n",
        "foo",
        "Bar",
        "e.g.",
        "(",
        ")",
        "```",
        "`",
        "【2】",
        "【",
        "】",
        "- ",
        "1. ",
        "et al. ",
        "[12]",
        "Fig. 3",
        "3.5",
        "?",
        "A",
        "[[4]]",
        "**",
        "and so on",
        "![x](y)",
    ]
    for _ in range(10_000):
        text = "".join(rng.choice(words) + (" " if rng.random() < 0.3 else "") for _ in range(rng.randint(1, 25)))
        assert parse(_cut(text, rng)) == parse([text]), text


def test_a_sentence_comes_before_the_stream_ends() -> None:
    parser = MarkerParser()
    assert parser.feed("The first is done [1]. The second is") == [Marked("The first is done.", (1,))]


def _cut(text: str, rng: random.Random) -> list[str]:
    pieces, start = [], 0
    while start < len(text):
        size = rng.randint(1, 7)
        pieces.append(text[start : start + size])
        start += size
    return pieces
