"""A question is found and answered however it is spelled, and never taken for one about something else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import write_papers

from assistant import Assistant, Settings
from assistant.query.acronym import acronym_asked
from assistant.text.acronyms import expansions
from assistant.text.spelling import canonical, respellings

PAPERS: list[dict[str, object]] = [
    {
        "title": "Slow-release TGF-β2 Beads for Torn Knee Menisci",
        "abstract": "Beads that release TGF-β2 were sewn into 14 torn menisci of sheep. After 90 days, 11 of them had closed. "
        "Beads of 40 µm held best, and storage at −80 °C did not harm them.",
    },
    {
        "title": "Pooled Kiln Firing among Potters",
        "abstract": "Co-operation among 23 potters lowered the fuel for each firing by 17%. We introduce shared kiln ledgers (SKLs), "
        "which record who fired what. Trust grew slowly.",
    },
    {
        "title": "Löwenthal Spectra of Glazed Tiles",
        "abstract": "We report Löwenthal spectra of 61 glazed tiles. Lead glazes show a peak at 3.2 Å with a width of 10⁻² Å. "
        "TileNet, a small network, tells lead from tin glazes in 93% of cases.",
    },
    {
        "title": "Weighted Ensembles of Drifting Buoys (WEDB) for Storm Surges",
        "abstract": "Storm surges are forecast with 30 drifting buoys. The mean error falls from 21 to 13 cm. GPT-4 writes the bulletins.",
    },
]  # fmt: skip


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("spelling")
    with Assistant(Settings(home=folder / "home", llm="quotes", log_answers=False, cache=False)) as assistant:
        assistant.add([write_papers(folder / "papers.jsonl", PAPERS)])
        yield assistant


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many menisci did beads with TGFb2 close?", "11 of them"),
        ("How many menisci did beads with TGF beta 2 close?", "11 of them"),
        ("Which beads of 40 micrometers held best?", "40 µm"),
        ("HOW MUCH DID CO-OPERATION AMONG POTTERS LOWER THE FUEL?", "17%"),
        ("How much did cooperation among potters lower the fuel?", "17%"),
        ("How many Loewenthal spectra of glazed tiles are reported?", "61 glazed tiles"),
        ("How many glased tiles have Lowenthal spektra?", "61 glazed tiles"),
        ("What is the width in angstroms of the peak of lead glazes?", "3.2 Å"),
        ("How well does TielNet tell lead from tin glazes?", "93%"),
        ("What does SKL stand for?", "shared kiln ledgers (SKLs)"),
        ("What is the long form of WEDB?", "Weighted Ensembles of Drifting Buoys"),
    ],
)  # fmt: skip
def test_other_spellings_are_answered(opened: Assistant, question: str, said: str) -> None:
    answer = opened.ask(question)
    assert answer.status == "answered"
    assert said in answer.text


def test_what_was_understood_is_said(opened: Assistant) -> None:
    answer = opened.ask("What are Lowenthal Spectar of Gazed Tiles?")
    assert answer.standalone_question == "What are Löwenthal Spectra of Glazed Tiles?"
    assert answer.question == "What are Lowenthal Spectar of Gazed Tiles?"


@pytest.mark.parametrize(
    "question",
    ["What is GPT-9?", "What is TileNeXt?", "What does the SKX record?", "How do octopuses sleep?", "Which potters trust the ledgers?"],
)  # fmt: skip
def test_what_may_be_meant_stays(opened: Assistant, question: str) -> None:
    assert opened.ask(question).standalone_question == question


def test_two_slips_in_a_title(sample: Assistant) -> None:
    """Every title of the sample that has words enough, with two letters swapped in each of two of its words."""
    rng, missed = random.Random(11), []
    titles = [p.title for p in sample.papers() if sum(len(w) > 5 and w.isalpha() for w in p.title.split()) > 2]
    for title in rng.sample(titles, 8):
        words = title.split()
        for at in rng.sample([i for i, w in enumerate(words) if len(w) > 5 and w.isalpha()], 2):
            words[at] = words[at][:2] + words[at][3] + words[at][2] + words[at][4:]
        answer = sample.ask(f"What does {' '.join(words)} propose?")
        if answer.standalone_question != f"What does {title} propose?":
            missed.append((title, answer.standalone_question))
    assert len(missed) <= 1, missed


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("TGF-β1 and α-synuclein", "TGF-beta1 and alpha-synuclein"),
        ("18 µg/L, 5 ug and 3 μM", "18 micrograms/L, 5 micrograms and 3 micromolar"),
        ("2 x 10^{-3} and 2×10⁻³", "2 × 10^-3 and 2 × 10^-3"),
        ("−20 °C, 37℃ and 20 degrees Celsius", "-20 degrees C, 37 degrees C and 20 degrees C"),
        ("4.2 Å, Ångström", "4.2 angstroms, Angstrom"),
        ("CO₂, H₂O₂ and m²", "CO2, H2O2 and m2"),
        ("naïve Löwdin co‐operation", "naive Lowdin co-operation"),
        ("5 +/- 2", "5 ± 2"),
        ("Ποια είναι; 日本語が", "Ποια είναι; 日本語が"),
        ("plain ASCII stays, as 10 bugs do", "plain ASCII stays, as 10 bugs do"),
    ],
)
def test_one_spelling(text: str, spelling: str) -> None:
    assert canonical(text) == spelling
    assert canonical(spelling) == spelling


def test_respellings() -> None:
    assert respellings("fine-tuning of TGF-beta1") == ("finetuning", "tgfbeta1", "tgfb1")


def test_acronyms() -> None:
    assert expansions('We use "softly gated units" (SGUs) and PCA (principal component analysis; see below).') == [
        ("SGU", "softly gated units"),
        ("PCA", "principal component analysis"),
    ]
    assert expansions("BERT (Devlin et al., 2019) and p-values (p < 0.05)") == []


@pytest.mark.parametrize(
    ("question", "acronym"),
    [
        ("What does SELU stand for?", "SELU"),
        ("what is MRL short for", "MRL"),
        ("What is the full form of the acronym BERT?", "BERT"),
        ("Spell out “NeRF”.", "NeRF"),
        ("What do the authors stand for?", None),
        ("Expand on the method of LoRA", None),
        ("What does attention do?", None),
    ],
)
def test_acronym_asked(question: str, acronym: str | None) -> None:
    assert acronym_asked(question) == acronym


def test_an_index_of_an_earlier_release_is_built_again(tmp_path: Path) -> None:
    import tantivy

    home = tmp_path / "home"
    settings = Settings(home=home, llm="quotes")
    with Assistant(settings) as assistant:
        assistant.add([write_papers(tmp_path / "papers.jsonl", PAPERS)])
    folder = home / "index" / "lexical" / (home / "index" / "lexical" / "CURRENT").read_text(encoding="utf-8")
    for file in folder.glob("*"):
        file.unlink()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text")
    tantivy.Index(builder.build(), path=str(folder)).writer().commit()
    with Assistant(settings) as assistant:
        assert assistant.search("potters")[0].title == "Pooled Kiln Firing among Potters"
