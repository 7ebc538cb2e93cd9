"""What must hold for tagged text however it is written: any order of fields, line ends, encoding, wrapping, blank lines."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents import read
from assistant.types import Failure, Item, Paper

Record = tuple[str, str, str, str]
"""Title, abstract, author and year."""
Lines = list[str]

_WORD = st.sampled_from(
    "blint quorrel vandish mespa torrow grint plasode kervel dunnock wimble zorbit fenlike harrow TI AU ER PT 3D "
    "β-cell naïve C4 - AB SO".split()
)
_TEXT = st.lists(_WORD, min_size=6, max_size=30).map(lambda words: "The " + " ".join(words) + " end.")
_RECORDS = st.lists(
    st.tuples(_TEXT, _TEXT, st.sampled_from(["Roe, Bert", "Ito, Rin"]), st.integers(1950, 2026).map(str)),
    min_size=1,
    max_size=6,
    unique_by=lambda record: record[0],
)
_ORDER = st.permutations(range(4))


def ris(record: Record, order: list[int], wrap: int) -> Lines:
    return ["TY  - JOUR", *_hyphen(("TI", "AB", "AU", "PY"), record, order, wrap, ""), "ER  - "]


def ris_one_space(record: Record, order: list[int], wrap: int) -> Lines:
    fields = zip(("TI", "AB", "AU", "PY"), record, strict=True)
    lines = [f"{tag} - {value}" for tag, value in fields]
    return ["TY - JOUR", *(lines[i] for i in order), "ER -"]


def ris_kind_anywhere(record: Record, order: list[int], wrap: int) -> Lines:
    lines = _hyphen(("TI", "AB", "AU", "PY"), record, order, 0, "")
    return [*lines[: order[0]], "TY  - JOUR", *lines[order[0] :], "ER  - "]


def medline(record: Record, order: list[int], wrap: int) -> Lines:
    lines = _hyphen(("TI", "AB", "FAU", "DP"), record, order, wrap, "      ")
    return [f"PMID- {abs(hash(record[0])) % 10**8 + 1}", *lines]


def web_of_science(record: Record, order: list[int], wrap: int) -> Lines:
    fields = zip(("TI", "AB", "AF", "PY"), record, strict=True)
    blocks = [_wrapped(f"{tag} {value}", wrap, "   ") for tag, value in fields]
    return ["PT J", *(line for i in order for line in blocks[i]), "ER"]


def refer(record: Record, order: list[int], wrap: int) -> Lines:
    fields = zip(("%T", "%X", "%A", "%D"), record, strict=True)
    blocks = [_wrapped(f"{tag} {value}", wrap, "") for tag, value in fields]
    return ["%0 Journal Article", *(line for i in order for line in blocks[i])]


def ovid(record: Record, order: list[int], wrap: int) -> Lines:
    fields = zip(("Title", "Abstract", "Authors", "Year of Publication"), record, strict=True)
    blocks = [[name, *_wrapped("  " + value, wrap, "  ")] for name, value in fields]
    return ["<1>", *(line for i in order for line in blocks[i])]


def _hyphen(tags: tuple[str, ...], record: Record, order: list[int], wrap: int, indent: str) -> Lines:
    fields = zip(tags, record, strict=True)
    blocks = [_wrapped(f"{tag:4}- {value}", wrap, indent) for tag, value in fields]
    return [line for i in order for line in blocks[i]]


def _wrapped(text: str, width: int, indent: str) -> Lines:
    if not width:
        return [text]
    return textwrap.wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def read_bytes(data: bytes) -> list[Item]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.txt")
        path.write_bytes(data)
        return list(read([path]))


def expected(records: list[Record]) -> list[tuple[str, str, tuple[str, ...], str | None]]:
    return [(title, abstract, (" ".join(reversed(name.split(", "))),), year) for title, abstract, name, year in records]


def found(items: list[Item]) -> list[object]:
    return [(item.title, item.abstract, item.authors, item.date) if isinstance(item, Paper) else item for item in items]


FORMATS: list[Callable[[Record, list[int], int], Lines]] = [
    ris, ris_one_space, ris_kind_anywhere, medline, web_of_science, refer, ovid,
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    records=_RECORDS,
    order=_ORDER,
    wrap=st.sampled_from([0, 0, 60, 75]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_order_line_end_encoding_and_wrapping(
    records: list[Record], order: list[int], wrap: int, end: str, encoding: str
) -> None:
    for render in FORMATS:
        text = "\n\n".join("\n".join(render(record, order, wrap)) for record in records) + "\n"
        items = read_bytes(text.replace("\n", end).encode(encoding))
        assert found(items) == expected(records), (render.__name__, text)


@settings(max_examples=60, deadline=None)
@given(records=_RECORDS, order=_ORDER, at=st.integers(0, 100), line=st.integers(0, 100))
def test_a_missing_line_costs_no_neighbour(records: list[Record], order: list[int], at: int, line: int) -> None:
    for render in FORMATS:
        if render is ris_one_space:
            continue
        rendered = [render(record, order, 0) for record in records]
        damaged = at % len(records)
        lines = rendered[damaged]
        lost = lines.pop(line % len(lines))
        text = "\n\n".join("\n".join(lines) for lines in rendered) + "\n"
        whole = expected(records)
        items = found(read_bytes(text.encode()))
        others = whole[:damaged] + whole[damaged + 1 :]
        assert [item for item in items if item in others] == others, (render.__name__, lost, text)


@settings(max_examples=60, deadline=None)
@given(records=_RECORDS, order=_ORDER, cut=st.integers(1, 400))
def test_a_cut_tail_costs_the_last_record_alone(records: list[Record], order: list[int], cut: int) -> None:
    for render in FORMATS:
        blocks = ["\n".join(render(record, order, 0)) for record in records]
        text = "\n\n".join([*blocks[:-1], blocks[-1][: -(cut % len(blocks[-1])) or None]])
        if len(records) > 1:
            assert found(read_bytes(text.encode()))[: len(records) - 1] == expected(records)[:-1], (
                render.__name__,
                text,
            )


_EXPORTS = [path.read_text(encoding="utf-8").splitlines() for path in sorted(Path(__file__).parent.glob("exports/*"))]


@settings(max_examples=150, deadline=None)
@given(lines=st.sampled_from(_EXPORTS), data=st.data())
def test_lines_in_disorder_never_raise(lines: Lines, data: st.DataObject) -> None:
    shuffled = data.draw(
        st.lists(st.sampled_from([*lines, "", "<1>", "ER", "%", "(2017) ", "1. A. 2001"]), max_size=40)
    )
    errors = [
        item.error for item in read_bytes("\n".join([*lines[:3], *shuffled]).encode()) if isinstance(item, Failure)
    ]
    assert not [error for error in errors if "unexpected" in error and "please report" in error]
