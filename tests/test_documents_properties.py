"""What must hold for every list of papers and for every file. Titles and abstracts are made of invented words."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.documents import read
from assistant.types import Failure, Item, Paper

Pairs = list[tuple[str, str]]

_WORD = st.sampled_from(
    "blint quorrel vandish mespa torrow grint plasode kervel dunnock wimble zorbit fenlike harrow ombric sallet "
    "tressing umbral jostle nidget pellow Krzyżak naïve β-cell 3D".split()
)
_TITLE = st.builds(
    lambda words, colon, end: (
        " ".join(w[:1].upper() + w[1:] for w in words[:2])
        + (": " if colon else " ")
        + " ".join(w.title() if i % 3 else w for i, w in enumerate(words[2:]))
        + end
    ),
    st.lists(_WORD, min_size=4, max_size=22),
    st.booleans(),
    st.sampled_from(["", "", "", "?"]),
)
_SENTENCE = st.builds(
    lambda opener, words, end: f"{opener} {' '.join(words)}{end}",
    st.sampled_from(["We", "This paper shows that", "In this work, we", "It is known that", "The", "Existing"]),
    st.lists(_WORD, min_size=8, max_size=25),
    st.sampled_from([".", ".", ".", " (p < 0.05).", ", e.g. $x_{i}$."]),
)
_ABSTRACT = st.lists(_SENTENCE, min_size=2, max_size=9).map(" ".join)
PAIRS = st.lists(st.tuples(_TITLE, _ABSTRACT), min_size=1, max_size=8, unique_by=lambda pair: pair[0])

BANNER = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community\n\nMar 12\n\n"


def spaced(pairs: Pairs) -> str:
    return BANNER + "\n\n".join(f"{t}\n\n{a}" for t, a in pairs)


def crlf(pairs: Pairs) -> str:
    return spaced(pairs).replace("\n", "\r\n")


def glued(pairs: Pairs) -> str:
    return "Get trending papers in your email inbox!\nSubscribe" + "\n".join(f"{t}\n{a}" for t, a in pairs)


def small_print(pairs: Pairs) -> str:
    prints = ["  • 6 authors\n·\nJul 13, 2023", "acme Acme Spoons\n·\nAug 13 6", "  • 1 authors\n·\nApr 9"]
    return BANNER + "\n\n".join(f"{t}\n\n{a}\n\n{prints[i % 3]}" for i, (t, a) in enumerate(pairs))


def two_pages(pairs: Pairs) -> str:
    return small_print(pairs[:1]) + "\n" + spaced(pairs[1:])


def json_lines(pairs: Pairs) -> str:
    return "\n".join(json.dumps({"title": t, "abstract": a}) for t, a in pairs)


def json_array(pairs: Pairs) -> str:
    return json.dumps([{"title": t, "abstract": a} for t, a in pairs], ensure_ascii=False, indent=1)


def json_object(pairs: Pairs) -> str:
    return json.dumps({"total": len(pairs), "papers": [{"paper_title": t, "summary": a} for t, a in pairs]})


def table(pairs: Pairs, delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows([("Title", "Abstract Note"), *pairs])
    return stream.getvalue()


def semicolons(pairs: Pairs) -> str:
    return table(pairs, ";")


def tabs(pairs: Pairs) -> str:
    return table(pairs, "\t")


def bibtex(pairs: Pairs) -> str:
    return "\n".join(
        f"@misc{{k{i},\n  title = {{{{{t}}}}},\n  abstract = {{{a}}}\n}}" for i, (t, a) in enumerate(pairs)
    )


def ris(pairs: Pairs) -> str:
    return "\r\n".join(f"TY  - JOUR\r\nTI  - {t}\r\nAB  - {a}\r\nER  - " for t, a in pairs)


def atom(pairs: Pairs) -> str:
    entries = (f"<entry><title>{escape(t)}</title><summary>\n{escape(a)}\n</summary></entry>" for t, a in pairs)
    return '<feed xmlns="http://www.w3.org/2005/Atom">' + "".join(entries) + "</feed>"


def read_bytes(name: str, data: bytes) -> list[Item]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        return list(read([path]))


PAGES = [spaced, crlf, glued, small_print, two_pages]
FORMATS = [json_lines, json_array, json_object, table, semicolons, tabs, bibtex, ris, atom]


@settings(max_examples=80, deadline=None)
@given(pairs=PAIRS, packed=st.booleans())
def test_every_list_of_papers_comes_back(pairs: Pairs, packed: bool) -> None:
    for render in PAGES + FORMATS:  # making the lists takes longer than reading them
        data = render(pairs).encode()
        found = read_bytes("a.txt.gz" if packed else "a.txt", gzip.compress(data) if packed else data)
        assert [(r.title, r.abstract) if isinstance(r, Paper) else r for r in found] == pairs, render.__name__


SUFFIXES = [
    ".txt",
    ".json",
    ".jsonl",
    ".csv",
    ".tsv",
    ".bib",
    ".ris",
    ".nbib",
    ".xml",
    ".gz",
    ".jsonl.gz",
    "",
    ".pdf",
    ".x",
]
STARTS = [
    b"",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1f\x8b\x08",
    b"[",
    b'{"',
    b"title,abstract\n",
    b"@a{b,",
    b"TY  - J\n",
    b"PMID- 1\n",
    b"<feed><entry>",
    b"<?xml ",
    b"Subscribe",
    BANNER.encode(),
    b'{"papers": [{',
]
_SYNTAX = st.sampled_from(
    [
        '"',
        "{",
        "}",
        "[",
        "]",
        "\\",
        "\n",
        ",",
        "@a{",
        "title",
        "abstract",
        " = ",
        "·",
        "• 3 authors\n",
        "TI  - ",
        "AB  - ",
        "ER  - ",
        "<entry>",
        "</entry>",
        "<title>",
        "Jul 13, 2023",
        "a b.",
        "$",
        "\0",
    ]
)
_JUNK = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")),
    st.lists(_SYNTAX, max_size=60).map(lambda parts: "".join(parts).encode()),
)


@settings(max_examples=400, deadline=None)
@given(suffix=st.sampled_from(SUFFIXES), start=st.sampled_from(STARTS), junk=_JUNK, packed=st.booleans())
@example(".json", b"[" * 5000, b"", False)
@example(".txt", b"\xff\xfe\x00", b"\xd8", False)
def test_read_never_raises(suffix: str, start: bytes, junk: bytes, packed: bool) -> None:
    data = start + junk
    found = read_bytes("a" + suffix, gzip.compress(data) if packed else data)
    assert found, "a file that gives nothing must say why"
    for record in found:
        if isinstance(record, Paper):
            text = record.title + record.abstract
            assert record.title.strip()
            assert record.abstract.strip()
            assert not {"\n", "\0", "\r"} & set(text)
            text.encode()  # can be stored
        elif isinstance(record, Failure):
            assert "unexpected" not in record.error or "JSON" in record.error
            assert "\n" not in record.error


@settings(max_examples=60, deadline=None)
@given(pairs=PAIRS, at=st.integers(0, 8), junk=st.text('{}[]",:abc \\', max_size=40))
def test_broken_line_costs_only_itself(pairs: Pairs, at: int, junk: str) -> None:
    lines = json_lines(pairs).split("\n")
    lines.insert(min(at, len(lines)), '{"title": ' + junk)
    found = read_bytes("a.jsonl", "\n".join(lines).encode())
    assert [(r.title, r.abstract) for r in found if isinstance(r, Paper)] == pairs
    assert [r.line for r in found if isinstance(r, Failure)] == [min(at, len(pairs)) + 1]
