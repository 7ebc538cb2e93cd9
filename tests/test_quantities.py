"""Quantities in running text: one quantity in many spellings is the same, and another one never is."""

from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text.names import names
from assistant.text.number_words import COUNTS, FRACTIONS
from assistant.text.numbers import Quantity, quantities
from assistant.text.same_quantity import rounds, same

_WORDS = {int(value): word for word, value in COUNTS.items() if word not in ("single", "both")}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_UNITS = {
    "%": ("%", " %", " percent", " per cent", " percentage points"),
    "x": ("x", "×", " times", "-fold", "-times"),
    "ms": ("ms", " ms", " milliseconds"),
    "h": ("h", " h", " hours", "-hour"),
    "gb": ("GB", " GB", " gigabytes", " GiB"),
    "tesla": ("T", " T", "-T", " Tesla", "-Tesla", " tesla"),
    "mg": ("mg", " mg"),
}  # fmt: skip


def only(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("98.7\\%", "98.7 %"),
        ("14$\\times$", "14-fold"),
        ("1k images", "1K images"),
        ("7B parameters", "7 billion parameters"),
        ("two images", "2 images"),
        ("twice", "2x"),
        ("half", "50%"),
        ("0.93", "93%"),
        ("1e-4", "10^{-4}"),
        ("about 45 %", "45.3 %"),
        ("a 7T scanner", "a 7 Tesla scanner"),
        ("at 1.5T", "at 1.5 T"),
        ("2T tokens", "two trillion tokens"),
        ("two thirds", "66.7%"),
        ("one-third of the pages", "33%"),
        ("a quarter of all pages", "25%"),
        ("cut by a fifth", "20%"),
        ("2/3 of the nodes", "67 %"),
        ("sixty-five percent", "65%"),
        ("over a million", "1,234,567"),
        ("more than 60%", "63.4%"),
        ("nearly 5 million rows", "4.9M rows"),
        ("less than 5 ms", "4.2 ms"),
        ("500 ms", "0.5 s"),
        ("90 minutes", "1.5 hours"),
        ("1,024 MB", "1 GB"),
    ],
)
def test_spellings_of_one_quantity(left: str, right: str) -> None:
    assert same(only(left), only(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("98.7%", "98.6%"),
        ("14x", "14%"),
        ("7B", "7M"),
        ("5 ms", "5 hours"),
        ("45 %", "45.3 %"),
        ("1999", "2000"),
        ("3T", "7 Tesla"),
        ("7 Tesla", "7 trillion"),
        ("two thirds", "60%"),
        ("three quarters", "66.7%"),
        ("over a million", "980,000"),
        ("over a million", "2,300,000"),
        ("nearly a million", "1,050,000"),
        ("no more than 60 nodes", "70 nodes"),
        ("sixty-five percent", "60%"),
        ("1.5 hours", "15 minutes"),
    ],
)
def test_different_quantities(left: str, right: str) -> None:
    assert not same(only(left), only(right))


@settings(deadline=None)
@given(st.sampled_from(sorted(_UNITS)), st.integers(1, 20), st.data())
def test_a_unit_may_be_spelled_in_any_way(unit: str, value: int, data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(_UNITS[unit])) for _ in range(2))
    number = data.draw(st.sampled_from([str(value), _WORDS[value]])) if one[0] in " -" else str(value)
    assert same(only(f"It takes {number}{one} here."), only(f"It takes {value}{other} here."))
    assert not same(only(f"It takes {number}{one} here."), only(f"It takes {value + 1}{other} here."))


@settings(deadline=None)
@given(st.sampled_from(_TENS), st.integers(1, 9))
def test_tens_and_ones_are_one_number(tens: str, ones: int) -> None:
    value = 10 * (_TENS.index(tens) + 2) + ones
    assert only(f"{tens}-{_WORDS[ones]} nodes").value == only(f"{value} nodes").value == value


@given(st.integers(1, 9), st.integers(1, 99), st.sampled_from((" and ", " ")))
def test_hundreds_tens_and_ones_are_one_number(hundreds: int, rest: int, between: str) -> None:
    tens, ones = divmod(rest, 10)
    below = _WORDS[rest] if rest < 20 else "-".join(filter(None, [_TENS[tens - 2], _WORDS[ones] if ones else ""]))
    found = only(f"{_WORDS[hundreds]} hundred{between}{below} couples")
    assert found.value == hundreds * 100 + rest


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("between one hundred and two hundred patients", [100, 200]),
        ("two hundred two-layer networks", [200, 2]),
        ("three hundred single cells", [300, 1]),
        ("thirty single cells", [30, 1]),
    ],
)
def test_what_only_follows_a_number_in_words_is_no_part_of_it(text: str, values: list[int]) -> None:
    assert [q.value for q in quantities(text)] == values


@settings(deadline=None)
@given(st.sampled_from([w for w in FRACTIONS if w.endswith("s")]), st.integers(2, 9), st.integers(0, 2))
def test_a_fraction_is_its_percentage_in_any_rounding(part: str, count: int, digits: int) -> None:
    share = 100 * count / FRACTIONS[part]
    if share < 100:
        assert same(only(f"{_WORDS[count]} {part} of it"), only(f"{share:.{digits}f}% of it"))
        assert not same(only(f"{_WORDS[count]} {part} of it"), only(f"{share + 2:.{digits}f}% of it"))


@settings(deadline=None)
@given(st.integers(11, 99), st.integers(1, 9_999), st.sampled_from([" million", "M"]))
def test_more_than_a_rounded_figure_is_that_figure(value: int, rest: int, scale: str) -> None:
    exact = f"{value * 100_000 + rest:,} rows"
    assert same(only(f"over {value / 10:.1f}{scale} rows"), only(exact))
    assert rounds(only(f"{value / 10:.1f}{scale} rows"), only(exact))
    assert not same(only(f"nearly {value / 10:.1f}{scale} rows"), only(exact))


@settings(deadline=None)
@given(st.text(max_size=80))
def test_every_text_can_be_read(text: str) -> None:
    for one in quantities(text):
        assert same(one, one)


def test_ranges_and_deviations_yield_both_ends() -> None:
    assert [q.value for q in quantities("0.11~0.18dB")] == [0.11, 0.18]
    assert {q.unit for q in quantities("gains of 4-8%")} == {"%"}
    assert [q.value for q in quantities("0.67pm0.08")] == [0.67, 0.08]


def test_numbers_in_names_are_names() -> None:
    assert quantities("ResNet-50, GPT-3.5, ViT-B/14 and CIFAR-10/100 in 3D at https://x.org/2") == ()
    assert names("We test ResNet-50 and the Adam optimiser on CIFAR-10.") == ("ResNet-50", "Adam", "CIFAR-10")


@pytest.mark.parametrize(
    "text", ["1e999 parameters", "-1e999", "10^99999", "9" * 400, "1e308 million", "2^" + "9" * 5000]
)
def test_a_number_of_any_size_is_read(text: str) -> None:
    assert all(isfinite(q.value) for q in quantities(f"It has {text} in all."))
