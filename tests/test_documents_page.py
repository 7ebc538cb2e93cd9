"""Text pages in all layouts. All titles and abstracts here are invented."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from assistant.documents import read
from assistant.types import Failure, Item, Paper

TOP = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\nMar 12\n\n"
PAIRS = [
    (
        "SpoonNet: Sorting Cutlery by Colour and Weight",
        "Kitchens hold many spoons, and sorting them by hand is slow. "
        "We propose SpoonNet, which sorts them by colour with a small lantern. On three kitchens it beats forks by 12%.",
    ),
    (
        "SPOONv2",
        "We describe the second release of a sorting system. It is faster than the first one and holds more "
        "drawers, e.g. wide ones. Code is available at https://example.org/spoons.",
    ),
    (
        "What Do Teapots Know? A Closer Look at Lids",
        "Do lids matter? This paper looks at two thousand teapots and "
        "finds that lids are lost more often than handles (p < 0.01).",
    ),
    (
        "On the careful and very patient selection of reduced tea leaves for self-sufficient household pre-brewing of "
        "deep green infusions with contrastive cups improves the downstream taste of all guests",
        "Tea leaves are often chosen at random. We choose them with care, and guests notice it in a blind tasting.",
    ),
    (
        "A Short Note on Kettles -- and How They Whistle",
        "Kettles whistle. We explain why, and give a formula, $f = "
        "c / 2L$, that predicts the pitch within a semitone for all of the kettles that we tried in our laboratory.",
    ),
]


def rows(tmp_path: Path, text: str) -> list[Item]:
    path = tmp_path / "page.txt"
    path.write_text(text)
    return list(read([path]))


def pairs(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    found = rows(tmp_path, text)
    assert not [row for row in found if isinstance(row, Failure)], found
    return [(row.title, row.abstract) for row in found if isinstance(row, Paper)]


def spaced(items: list[tuple[str, str]]) -> str:
    return TOP + "\n\n".join(f"{title}\n\n{abstract}" for title, abstract in items)


def glued(items: list[tuple[str, str]]) -> str:
    lines = "\n".join(f"{title}\n{abstract}" for title, abstract in items)
    return (
        "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\nSubscribe"
        + lines
    )


def small(items: list[tuple[str, str]], print_: str = "  • 6 authors\n·\nJul 13, 2023 2") -> str:
    return TOP + "\n\n".join(f"{title}\n\n{abstract}\n\n{print_}" for title, abstract in items)


@pytest.mark.parametrize("layout", [spaced, glued, small])
@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
def test_layouts(tmp_path: Path, layout: object, end: str) -> None:
    assert callable(layout)
    assert pairs(tmp_path, layout(PAIRS) + end) == PAIRS


def test_layouts_in_one_file(tmp_path: Path) -> None:
    text = "\n".join([spaced(PAIRS[:2]), glued(PAIRS[2:]), small(PAIRS[:3]), glued(PAIRS[:1])])
    assert pairs(tmp_path, text) == [*PAIRS, *PAIRS[:3], PAIRS[0]]


@pytest.mark.parametrize("width", [50, 72, 80, 100])
def test_wrapped_abstracts(tmp_path: Path, width: int) -> None:
    wrapped = [(title, textwrap.fill(abstract, width, break_on_hyphens=False)) for title, abstract in PAIRS]
    assert pairs(tmp_path, spaced(wrapped)) == PAIRS
    assert pairs(tmp_path, small(wrapped)) == PAIRS
    assert pairs(tmp_path, "\n\n".join(f"{t}\n{a}" for t, a in wrapped[:3])) == PAIRS[:3]


def test_wrapped_without_blank_lines(tmp_path: Path) -> None:
    items = [PAIRS[i] for i in (0, 1, 4)]
    wrapped = [(title, textwrap.fill(abstract, 60, break_on_hyphens=False)) for title, abstract in items]
    assert pairs(tmp_path, glued(wrapped)) == items


def test_lines_that_end_on_purpose(tmp_path: Path) -> None:
    lines = [
        "Kitchens hold many spoons,",
        "and sorting them by hand is slow.",
        "Spoon Sorting With Lanterns",
        "is what we propose.",
        "It works.",
    ]
    text = spaced([(PAIRS[0][0], "\n".join(lines)), PAIRS[1]])
    assert pairs(tmp_path, text) == [(PAIRS[0][0], " ".join(lines)), PAIRS[1]]


def test_title_that_reads_like_prose(tmp_path: Path) -> None:
    title = "This paper is about how we sort our spoons, and it is the one that we have always wanted to be read."
    items = [PAIRS[0], (title, PAIRS[1][1]), PAIRS[2]]
    assert pairs(tmp_path, small(items)) == items
    assert pairs(tmp_path, spaced(items[:1]) + "\n\n" + spaced(items[1:])) == items


def test_abstract_of_two_paragraphs(tmp_path: Path) -> None:
    more = "In a second study the lantern is replaced by a candle. We find that the candle works as well."
    for layout in (spaced, small, glued):
        text = layout([(PAIRS[0][0], PAIRS[0][1] + ("\n" if layout is glued else "\n\n") + more), *PAIRS[1:]])
        assert pairs(tmp_path, text) == [(PAIRS[0][0], PAIRS[0][1] + " " + more), *PAIRS[1:]]


@pytest.mark.parametrize(
    ("small_print", "count", "organisation", "date", "year"),
    [
        ("  • 6 authors\n·\nJul 13, 2023", 6, None, "2023-07-13", 2023),
        ("  • 1 author\n·\nDec 29, 2024 1", 1, None, "2024-12-29", 2024),
        ("  • 18 authors\n·\nApr 9", 18, None, "--04-09", None),
        ("  • 18 authors\n·\nApr 9 2", 18, None, "--04-09", None),
        ("acme Acme Spoons\n·\nAug 13 6", None, "acme Acme Spoons", "--08-13", None),
        ("  • 3 authors\n\n·\n\nSep 1, 2021 1.2k", 3, None, "2021-09-01", 2021),
        ("  • 3 authors · Sep 1, 2021 4", 3, None, "2021-09-01", 2021),
        ("  • 3 authors", 3, None, None, None),
        ("  • 3 authors\n·\nFeb 31, 2021", 3, None, "2021", 2021),
    ],
)
def test_small_print(
    tmp_path: Path,
    small_print: str,
    count: int | None,
    organisation: str | None,
    date: str | None,
    year: int | None,
) -> None:
    found = rows(tmp_path, small(PAIRS, small_print))
    assert [(p.title, p.abstract) for p in found if isinstance(p, Paper)] == PAIRS
    for paper in found:
        assert isinstance(paper, Paper)
        assert (paper.author_count, paper.organisation, paper.date, paper.year) == (
            count,
            organisation,
            date,
            year,
        )


def test_page_date_is_no_papers_date(tmp_path: Path) -> None:
    assert {p.date for p in rows(tmp_path, spaced(PAIRS)) if isinstance(p, Paper)} == {None}


@pytest.mark.parametrize(
    "head",
    [
        TOP + "Subscribe",
        "Daily PapersbyAK and the research communityMar 12",
        "Get trending papers in your email inbox!Subscribe",
        "Get trending papers in your email inbox!\nSubscribe ",
    ],
)
def test_first_title_runs_into_furniture(tmp_path: Path, head: str) -> None:
    assert pairs(tmp_path, head + spaced(PAIRS).removeprefix(TOP)) == PAIRS


def test_title_that_starts_like_furniture(tmp_path: Path) -> None:
    items = [
        ("Subscribers Leave Early: A Study", PAIRS[0][1]),
        ("New Spoons for Old", PAIRS[1][1]),
        ("Daily Papers and How to Read Them", PAIRS[2][1]),
        ("xSpoon Sorting", PAIRS[3][1]),
    ]
    assert pairs(tmp_path, spaced(items)) == items
    assert pairs(tmp_path, glued(items[::-1])) == items[::-1]


def test_navigation_is_never_a_paper(tmp_path: Path) -> None:
    items = [
        f"{title}\n\n{abstract}\n\nUpvote\n\n12\n\nSubmitted by\n\nspoonfan\n\n1.2k views" for title, abstract in PAIRS
    ]
    text = (
        "Hugging Face\n\nModels\n\nSearch papers\n\nLog In\n\nLeaderboard\n\n"
        + TOP
        + "\n\n".join(items)
        + "\n\nPrevious\n\nNext\n\nTOS"
    )
    assert pairs(tmp_path, text) == PAIRS


@pytest.mark.parametrize("layout", [spaced, small, glued])
@pytest.mark.parametrize("at", [0, 2, 5])
def test_title_without_abstract(tmp_path: Path, layout: object, at: int) -> None:
    assert callable(layout)
    lonely = "A Lonely Title About Empty Saucers"
    text = layout([*PAIRS[:at], (lonely, "#"), *PAIRS[at:]]).replace("\n\n#", "").replace("\n#", "")
    found = rows(tmp_path, text)
    (failure,) = [row for row in found if isinstance(row, Failure)]
    assert "title without an abstract" in failure.error
    assert failure.line is not None
    assert lonely in text.splitlines()[failure.line - 1]
    assert [(p.title, p.abstract) for p in found if isinstance(p, Paper)] == PAIRS


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ann,\n\nThank you for the spoons. I will sort them on Sunday and write again.\n\nYours,\n\nBob\n",
        "milk\neggs\nbread\n",
        "A Title and Nothing More\n",
        "Some prose that goes on. And on, for ever. " * 20,
        "One paragraph of a story. It rained that day. " * 4 + "\n\n" + "Another one. The sun shone on us. " * 5,
        "Introduction\n\n"
        + "This essay is about spoons. They are round. " * 5
        + "\n\nConclusion\n\n"
        + "It was long. " * 9,
        "My Summer\n\n"
        + "\n\n".join(["We sorted spoons by the lake every day. It was warm and quiet there. " * 3] * 6),
        TOP,
        "12\n\n13\n\n14\n",
        "Toys: New Papers\nIssue of March\n\n1. Spoons in towns\nDate: 2011-02\nBy: Ann Fork (Toy Institute)\n"
        "URL: http://example.org/1\nWe count 31 spoons in 8 towns. Prices rise by\n4 per cent.\nKeywords: spoons\n",
        "Journal of Spoons, Volume 12, March 2024\n\nSpoons in the wild\nAnn Fork, Bo Knife\npp. 12-19\n"
        "https://example.org/1\n\nForks revisited\nEva Pan\npp. 20-31\nhttps://example.org/2\n",
        "Dear authors,\n\nThank you for your manuscript. Two reviewers have read it.\n\nReviewer 1\n\nThe paper sorts "
        "spoons. I like it, but the baselines are weak.\n\nReviewer 2\n\nThe writing is clear. Accept it as it is.\n\n"
        "Kind regards,\nThe Editor\n",
        "START_RECORD\nFIELD Title:Spoons of polymers\nFIELD Abstract:We made 31 spoons of polymer. They last 8 years.\n"
        "FIELD Publication Year:2020\nEND_RECORD\n",
    ],
)
def test_text_that_is_no_list_of_papers(tmp_path: Path, text: str) -> None:
    (failure,) = rows(tmp_path, text)
    assert isinstance(failure, Failure)
    assert "put each title on a line of its own" in failure.error
