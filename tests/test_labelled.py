"""Exports as the databases write them as text, in `tests/exports`; all records are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents import read
from assistant.types import Failure, Item, Paper

EXPORTS = Path(__file__).parent / "exports"


def brief(item: Item) -> tuple[object, ...]:
    if not isinstance(item, Paper):
        assert isinstance(item, Failure)
        return (item.line, item.error)
    return (item.title, item.abstract, item.authors, item.date, item.venue, item.doi, item.pmid)


COFFEE = "We gave 120 nurses coffee at 6 pm. Coffee shortened sleep by 41 minutes."
EXPECTED: dict[str, list[tuple[object, ...]]] = {
    "cochrane.txt": [
        (
            "Rowing machines after knee surgery: a randomised trial",
            "BACKGROUND: Knees heal slowly. RESULTS: 40 rowers walked 2 weeks sooner.",
            ("Rowe P", "Oar M"), "2020", "Toy rehabilitation", "10.0000/rehab.3", "31111111",
        ),
        ("Bicycles after knee surgery", "38 cyclists walked 1 week sooner.", ("Wheel C",), "2021", None, None, None),
    ],
    "csa.txt": [
        (
            "Carp in ponds of monasteries", "Carp lived 14 years in ponds of monasteries, AU: pairs bred twice.",
            ("F Pond", "G Reed"), "1999", "Carp Letters", None, None,
        ),
        ("Eels in wells", "Eels lived 30 years in wells.", (), None, None, None, None),
    ],
    "ebsco.txt": [
        (
            "Choir practice and breathing in pensioners.",
            "Background: Choirs sing. Methods: 52 pensioners sang for 10 weeks. Results: Vital capacity rose by 4%.",
            ("Mia Alto", "Leo Basso"), "2016-04", "Journal of Choirs", "10.0000/choir.8", None,
        ),
        (
            "Drums and sleep in parents.", "Drums cost parents 31 minutes of sleep.",
            ("Jo Snare",), "2016-07", "Journal of Choirs", None, None,
        ),
    ],
    "embase.txt": [
        (
            "Honey for coughs in toddlers", "Honey was given to 66 toddlers. They coughed 3 times less a night.",
            ("Beeman A.", "Comb D."), "2018-02-01", "Toy Pediatrics", "10.0000/tp.44.100", "29999999",
        ),
        (42, "no abstract"),
    ],
    "eric.txt": [
        (
            "Chalk or Screen? Lessons from 12 Village Schools",
            "Pupils in 12 village schools learned 5% more words with chalk.",
            ("Bo Slate", "Ida Board"), "2018", "Village Education", None, None,
        ),
        ("Second", "Pupils used 3 slates each.", ("Bo Slate",), "2019", None, None, None),
    ],
    "notes.txt": [
        (
            "Snails on walls", "Snails climbed 2 m of wall a night.",
            ("Ann Shell", "Bo Slime"), "2011", None, "10.0000/snail", None,
        ),
        ("Slugs on walls", "Slugs climbed 1 m of wall a night.", (), None, None, None, None),
    ],
    "ovid_inline.txt": [
        ("Coffee and sleep in nurses: a trial.", COFFEE, ("Beek A", "Park L"), "2019-05", "Toy J Sleep", None, None),
        ("Tea and sleep in nurses.", "Tea did not change sleep in 88 nurses.", (), None, None, None, None),
    ],
    "ovid_tagged.txt": [
        (
            "Naps on trains.", "Commuters napped 11 minutes.",
            ("Anna Rail",), "2020", "Toy J Sleep", "10.0000/nap.1", "30000009",
        ),
        ("Naps on ferries.", "Passengers napped 19 minutes.", (), None, None, None, "30000010"),
    ],
    "pubmed_abstract.txt": [
        (
            "Coffee and sleep in nurses: a trial that has a long title.",
            "BACKGROUND: Nurses drink coffee. METHODS: We gave 120 nurses coffee at 6 pm. "
            "RESULTS: Coffee shortened sleep by 41 minutes. 2. Paragraphs may have numbers.",
            ("Beek A", "Park L", "van der Berg Ö", "Night Shift Group"),
            "2019-05-03", "Toy J Sleep", "10.1000/toy.1", "30000001",
        ),
        (30, "no abstract"),
        (
            "[Cocoa in schools].", "Cocoa raised marks by 3 points in 12 schools.",
            ("Mug R", "Spoon T"), "2021-01", "J Toy Tea", None, "30000003",
        ),
    ],
    "scopus.txt": [
        (
            "Otters return to the upper canal",
            "We counted otters from 14 bridges. RESULTS: Their number rose from 9 to 23.",
            ("Jane A. Doe", "Bert Roe"), "2017", "Journal of Canals", "10.0000/canal.17", None,
        ),
        (26, "no abstract"),
        (
            "Voles dig", "Voles dug 8 holes.", ("Dora Vole", "Ed Newt"), "2019", "Journal of Canals", None, None,
        ),
    ],
    "refworks.txt": [
        (
            "Otters return to the upper canal",
            "We counted otters from 14 bridges. Their number rose from 9 to 23.",
            ("Jane Doe", "Bert Roe"), "2017-03-15", "Journal of Canals", "10.0000/canal.17", None,
        ),
        ("Minks do not follow", "Minks were seen at 2 of 14 bridges.", ("Carl Mink",), "2018", None, None, None),
        (27, "no abstract"),
    ],
    "noteexpress.txt": [
        (
            "城市屋顶的苔藓", "苔藓覆盖了18%的平屋顶。", ("李小龙", "王芳"), "2014", "屋顶生态", None, None,
        ),
        ("桥上的地衣", "地衣每年生长1.1毫米。", ("王芳",), None, None, None, None),
    ],
    "cnki.txt": [
        (
            "城市屋顶的苔藓", "苔藓覆盖了18%的平屋顶。", ("李小龙", "王芳"), "2014-05-03", "屋顶生态", None, None,
        ),
        ("桥上的地衣", "地衣每年生长1.1毫米。", ("王芳",), None, None, None, None),
    ],
    "endnote_text.txt": [
        (
            "Mosses on city roofs", "Mosses cover 18% of flat roofs in the old town. They keep 4 litres of rain.",
            ("Kim Hale", "R. Ito"), "2014", "Roof Ecology", "10.0000/roof.3", None,
        ),
        ("Lichens on bridges", "Lichens grow 1.1 mm a year.", ("R. Ito",), "2016", None, None, None),
    ],
    "ovid_embase.txt": [
        (
            "Honey for coughs in toddlers.",
            "Background: Honey is sweet. Methods: 66 toddlers got honey. "
            "Results: They coughed 3 times less a night.",
            ("Anna Beeman", "Dora Comb"), "2018-02", None, "10.0000/tp.44", None,
        ),
        (31, "no abstract"),
    ],
    "pubmed_wrapped.txt": [
        (
            "Ferries.", "We counted 14 ferries. In 2017. 9 sank.", ("Boat A", "Oar B Jr", "Ferry Consortium"),
            "2018-12", "Proceedings of the Toy Academy of Sciences of the United Canals of Holland and Overijssel",
            "10.0000/ptas.3", "30000004",
        ),
        ("Barges.", "We counted 12 barges.", (), "2020-02-01", "J Toy", None, "30000007"),
    ],
    "proquest.txt": [
        (
            "Lanterns and the walk home: A field trial",
            "We put lanterns on 14 streets. Results: Walkers felt safer on 9 of them. Title: is also a word.",
            ("Tara Quill", "Ole van der Berg"), "2019-05", "Journal of Night Walks", "10.0000/night.12", None,
        ),
        ("Mopeds on cobbles", "Mopeds shake at 30 Hz on cobbles.", ("P. Stone",), "2020", None, None, None),
    ],
}  # fmt: skip


def test_every_export_is_tested() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in EXPORTS.iterdir())


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_export(tmp_path: Path, name: str, end: str) -> None:
    text = (EXPORTS / name).read_text(encoding="utf-8")
    path = tmp_path / name
    path.write_bytes(text.replace("\n", end).encode("utf-16" if end == "\r\n" else "utf-8"))
    assert [brief(item) for item in read([path])] == EXPECTED[name]
