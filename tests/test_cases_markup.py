"""The reported cases of marked-up text, BibTeX and tables."""

from __future__ import annotations

from reading import CASES, needs_cases, pairs, remarks

from assistant.documents import read


@needs_cases
def test_reported_markup_in_bibtex() -> None:
    assert pairs(list(read([CASES / "F10.bib"]))) == [
        (
            "Scattering of Antarctic krill Euphausia superba at 120 kHz",
            "Krill scatter sound of 120 kHz. The target strength is -74 dB at p < 0.05 and r>0.9.",
        ),
        ("Lasing of Ti:Al2O3 rods", "Rods of Al2O3 lase at 10^−3 W cm^-2 when T < 4 K & dry."),
        (
            "Energy Transfer in OH X 2Πi",
            r"The rate is 3.2 $\times$ 10^-11 cm^3 s^-1 at 300 K, i. e. 5% above theory; H2O adds ±2°C and 4 µm.",
        ),
    ]


@needs_cases
def test_reported_markup_in_ris() -> None:
    assert pairs(list(read([CASES / "F11.ris"]))) == [
        (
            "Vocal habits of toy whales (Cetus lusorius)",
            "Background: In vivo calls. Results: the calls last 3 s (5 < 6).",
        )
    ]


@needs_cases
def test_reported_abstract_with_and_without_tags() -> None:
    assert pairs(list(read([CASES / "F14-html.jsonl"]))) == pairs(list(read([CASES / "F14-plain.jsonl"])))


@needs_cases
def test_reported_copyright_lines() -> None:
    assert [abstract for _, abstract in pairs(list(read([CASES / "F15.jsonl"])))] == [
        "Beets stored in sand lost 4% of their weight in a month.",
        "Beets stored in ash lost 7%.",
    ]


@needs_cases
def test_reported_faults_in_bibtex() -> None:
    assert pairs(list(read([CASES / "F27.bib"]))) == [
        ("Reed beds under ice", "Reed beds lose 12% of their stems under ice.")
    ]
    first, second = pairs(list(read([CASES / "F28.bib"])))
    assert "rises by 3 to 15%. Glosses" in first[1]
    assert second[0] == "After the Glosses"


@needs_cases
def test_reported_tables() -> None:
    found = list(read([CASES / "F30.csv"]))
    assert pairs(found) == [
        ('Paper with "quotes" in it', "First line. Second line has 3 parts."),
        ("One column too many", "Ten toys were lost."),
    ]
    assert any("more columns than the header" in remark for remark in remarks(found))
    assert pairs(list(read([CASES / "F30-fragment.csv"]))) == [
        ("Petri nets for toys", "We model 3 toys."),
        ("Fine row", "Two toys were found."),
    ]
    found = list(read([CASES / "F43.csv"]))
    assert pairs(found) == [("English title", "English abstract has 1 goat.")]
    assert remarks(found) == [
        "several columns have the same name (Title, Abstract); of each the first that is filled is read"
    ]
