"""What wrong encodings, damage and missing ends cost in a file of XML. Titles and abstracts are invented."""

from __future__ import annotations

import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from xml_files import RSS2, article, failures, items, paper, pubmed, titles

from assistant.types import Paper

FEED = "<feed><entry><title>Café toys</title><summary>Naïve – toys.</summary></entry></feed>"


@pytest.mark.parametrize(
    ("declared", "actual"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-8", "cp1252"),
        ("ISO-8859-1", "cp1252"),
        ("ISO-8859-1", "utf-8"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-8"),
        ("klingon", "utf-8"),
    ],
)
def test_encodings(tmp_path: Path, declared: str, actual: str) -> None:
    found = paper(tmp_path, f'<?xml version="1.0" encoding="{declared}"?>{FEED}'.encode(actual))
    assert (found.title, found.abstract) == ("Café toys", "Naïve – toys.")


def test_an_encoding_of_another_script(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="GB2312"?><feed><entry><title>玩具的研究</title><summary>九个玩具。</summary></entry></feed>'
    assert paper(tmp_path, text.encode("gb2312")).title == "玩具的研究"


GOOD = "<item><title>{0}</title><description>It is {0}.</description></item>\n"


@pytest.mark.parametrize(
    ("damaged", "kept"),
    [
        (
            "<item><title>R&D, caf&eacute;</title><description>p < 0.05 & a&nbsp;line<br>break\x0b</description></item>\n",
            True,
        ),
        ("<item><title>Undeclared</title><description>Fine.</description><foo:bar>x</foo:bar></item>\n", True),
        ("<item><title>Bad</title><description><b>nesting</i></description></item>\n", False),
        ("<item><title>No end</title><description>It is lost.</description>\n", False),
        ("<item <title>Bad</title></item>\n", False),
        ("<item><title>Too long</title><description>" + "x" * 10_000_001 + "</description></item>\n", False),
    ],
)
def test_damage_costs_one_record(tmp_path: Path, damaged: str, kept: bool) -> None:
    found = items(tmp_path, RSS2 + "\n" + GOOD.format("One") + damaged + GOOD.format("Two") + "</channel></rss>")
    assert titles(found)[0] == "One"
    assert titles(found)[-1] == "Two"
    assert (len(titles(found)), [line for line, _ in failures(found)]) == ((3, []) if kept else (2, [3]))


def test_damage_before_the_first_record(tmp_path: Path) -> None:
    found = items(
        tmp_path, "<rss><channel><title>a</b></title>" + GOOD.format("One") + GOOD.format("Two") + "</channel></rss>"
    )
    assert (titles(found), len(failures(found))) == (["One", "Two"], 1)


def _rss(names: list[str]) -> str:
    return RSS2 + "".join(GOOD.format(escape(name)) for name in names) + "</channel></rss>"


def _endnote(names: list[str]) -> str:
    record = "<record><titles><title><style>{0}</style></title></titles><abstract><style>It is {0}.</style></abstract></record>"
    return "<xml><records>" + "\r\n".join(record.format(escape(name)) for name in names) + "</records></xml>"


def _pubmed(names: list[str]) -> str:
    return "".join(pubmed(article(escape(name)).replace("Kites fly", f"It is {escape(name)}")) for name in names)


_NAMES = st.lists(
    st.text("abcé<&>β 漢", min_size=3, max_size=9).map(lambda text: f"x{text}y"), min_size=1, max_size=6, unique=True
)


def _clean(names: list[str]) -> list[str]:
    return [" ".join(name.split()) for name in names]


@settings(max_examples=60, deadline=None)
@given(
    _NAMES.map(lambda names: [name.replace("<", "").replace("&", "") for name in names]),
    st.sampled_from([_rss, _endnote, _pubmed]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.data(),
)
@example(["xay"], _rss, "utf-8", None)
def test_a_cut_off_file_keeps_what_came_before(
    names: list[str], write: object, encoding: str, data: st.DataObject | None
) -> None:
    assert callable(write)
    whole = write(names).encode(encoding)
    end = data.draw(st.integers(1, len(whole))) if data else len(whole)
    with tempfile.TemporaryDirectory() as folder:
        found = items(Path(folder), whole[:end])
    read_titles = titles(found)
    assert read_titles == _clean(names)[: len(read_titles)]
    assert all(item.abstract == f"It is {item.title}." for item in found if isinstance(item, Paper))
    if end == len(whole):
        assert read_titles == _clean(names)
        assert not failures(found)
