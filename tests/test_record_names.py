"""Which names in records are the ones that a filter asks for: authors with initials and accents, venues, categories."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.library.selection import folded, is_category, is_named, same_author

NAME = st.text("abcdefghijklmnopqrstuvwxyzéüøñç", min_size=2, max_size=8).map(str.title)
GIVEN, LAST = st.lists(NAME, min_size=1, max_size=3), NAME


@given(GIVEN, LAST)
def test_an_author_is_found_by_the_last_name_initials_and_each_given_name(first: list[str], last: str) -> None:
    recorded = " ".join([*first, last])
    initials = " ".join(f"{name[0]}." for name in first)
    assert same_author(recorded, last)
    assert same_author(recorded, recorded.upper())
    assert same_author(recorded, f"{initials} {last}")
    assert same_author(f"{initials} {last}", recorded)
    for name in first:
        assert same_author(recorded, f"{name} {last}")


@given(GIVEN, LAST, LAST)
def test_another_last_name_is_another_author(first: list[str], last: str, other: str) -> None:
    assume(folded(last) != folded(other))
    assert not same_author(" ".join([*first, last]), other)
    assert not same_author(" ".join([*first, last]), f"{first[0]} {other}")


@pytest.mark.parametrize(
    ("recorded", "asked", "same"),
    [
        ("Ann Beek", "Bob Beek", False),
        ("Ann Beek", "A. Beek", True),
        ("A. Beek", "Ann Beek", True),
        ("A. Beek", "Bob Beek", False),
        ("José Núñez", "jose nunez", True),
        ("Jan van der Berg", "van der Berg", True),
        ("Jan van der Berg", "Berg", True),
        ("Jan van der Berg", "Jan", False),
        ("Ann Beek", "", False),
        ("", "Beek", False),
        ("…", "…", False),
        ("Ann Beekman", "Beek", False),
    ],
)
def test_authors(recorded: str, asked: str, same: bool) -> None:
    assert same_author(recorded, asked) is same


WORDS = st.lists(st.text("abcdeé2", min_size=1, max_size=5), min_size=1, max_size=6)


@given(WORDS, st.data())
def test_a_venue_is_found_by_its_words_side_by_side(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    recorded = ", ".join(words).title()
    assert is_named(recorded, " ".join(words[start:end]))
    assert not is_named(recorded, " ".join([*words, "x"]))
    assert not is_named(recorded, " - ")


def test_a_part_of_a_word_is_no_name() -> None:
    assert is_named("Proc. of ICML 2021", "icml")
    assert not is_named("MICML 2021", "ICML")
    assert is_named("Advances in Neural Information Processing Systems (NeurIPS)", "NeurIPS")


@pytest.mark.parametrize(
    ("recorded", "asked", "found"),
    [
        ("cs.LG", "cs.LG", True),
        ("cs.LG", "CS", True),
        ("cs.LG", "c", False),
        ("csx.LG", "cs", False),
        ("cs", "cs.LG", False),
        ("astro-ph.GA", "astro-ph", True),
    ],
)
def test_categories(recorded: str, asked: str, found: bool) -> None:
    assert is_category(recorded, asked) is found
