"""Abstracts that contradict each other are both shown; papers about another subject, setting or measure contradict nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import write_papers
from invariants import check_answer

from assistant import Assistant, Settings
from assistant.types import Span
from assistant.verification.contradictions import disagree
from assistant.verification.observations import Text
from assistant.verification.same_subject import contradicts, same_subject
from assistant.verification.verifier import Judgement

_YES = "Label smoothing improves the calibration of image classifiers on small data sets."
_NO = "On small data sets, label smoothing hurts the calibration of image classifiers in most of our runs."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_YES, _NO),
        (
            "We find that weight decay is necessary for stable training of large language models.",
            "Weight decay is not necessary for the stable training of large language models.",
        ),
    ],
)
def test_opposite_findings_about_one_thing_disagree(one: str, other: str) -> None:
    assert disagree(one, other) is not None
    assert disagree(other, one) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_YES, _YES),
        (_YES, "Label smoothing hurts machine translation when beams are wide."),
        (
            "Contrastive learning is a successful paradigm for self-supervised learning of representations.",
            "Contrastive learning is a successful paradigm for unsupervised learning of visual representations.",
        ),
        (_YES, "Label smoothing improves the calibration of image classifiers on large data sets."),
    ],
)
def test_what_differs_in_its_setting_does_not_disagree(one: str, other: str) -> None:
    assert disagree(one, other) is None


def test_both_sides_are_shown_each_with_its_span(tmp_path: Path) -> None:
    write_papers(
        tmp_path / "papers.jsonl",
        [
            {"title": "Smoothing Labels for Calibration", "abstract": f"We study label smoothing. {_YES}"},
            {"title": "When Smoothing Labels Misleads", "abstract": f"Label smoothing is widely used. {_NO}"},
            {"title": "Protein Folding at Night", "abstract": "Proteins fold faster in the dark than in the light."},
        ],
    )
    with Assistant(Settings(home=tmp_path / "home", llm="quotes")) as assistant:
        assistant.add([tmp_path / "papers.jsonl"])
        answer = assistant.ask("Does label smoothing improve the calibration of image classifiers on small data sets?")
        check_answer(answer, assistant)
    assert answer.status == "answered"
    quotes = {c.quote for c in answer.citations}
    assert {_YES, _NO} <= quotes
    assert any("disagree" in note for note in answer.notes)


_BARLEY = Text(
    "Silicon Against Mildew in Barley",
    "Silicon fertiliser was given to spring barley on sandy soil. It lowers powdery mildew by 31%. The yield rose by 4%.",
)


def _against(paper: Text, sentence: str, against: float = 0.95, closeness: float = 0.8) -> Judgement:
    """A sure judgement that this sentence of the paper contradicts the claim."""
    at = paper.abstract.index(sentence)
    span = Span(at, at + len(sentence))
    return Judgement("contradicted", 0.1, "", ((span,),), against=against, closeness=closeness)


_MILDEW = "It lowers powdery mildew by 31%."


@pytest.mark.parametrize(
    ("claim", "same"),
    [
        ("Silicon fertiliser raises powdery mildew in spring barley.", True),
        ("Silicon fertiliser lowers powdery mildew in spring barley by 52%.", True),
        ("Silicon fertiliser lowers powdery mildew in greenhouse cucumbers.", False),
        ("Silicon fertiliser lowers powdery mildew in spring barley within 9 days.", False),
        ("BarleyGuard lowers powdery mildew in spring barley.", False),
        ("A mild winter lowers the price of heating oil by 31%.", False),
    ],
)
def test_only_a_paper_about_the_same_subject_and_measure_contradicts(claim: str, same: bool) -> None:
    judgement = _against(_BARLEY, _MILDEW)
    assert same_subject(claim, _BARLEY, judgement) == same
    assert contradicts(claim, _BARLEY, judgement) == same


@pytest.mark.parametrize("weak", [{"against": 0.5}, {"closeness": 0.3}])
def test_a_contradiction_from_elsewhere_has_to_be_sure_and_close(weak: dict[str, float]) -> None:
    claim = "Silicon fertiliser raises powdery mildew in spring barley."
    assert not contradicts(claim, _BARLEY, _against(_BARLEY, _MILDEW, **weak))


_BALCONY: list[dict[str, object]] = [
    {
        "title": "Balcony Bees in Three Cities",
        "abstract": "We counted wild bees on 120 balconies. Flower boxes raised the number of wild bees by 18% within a year.",
    },
    {
        "title": "Do Flower Boxes Help Wild Bees?",
        "abstract": "Flower boxes on balconies are popular. In our survey, flower boxes did not raise the number of wild bees.",
    },
    {
        "title": "Hedges and Hoverflies",
        "abstract": "Hedges were planted on 40 farms. Hedges raised the number of hoverflies by 62% within a year.",
    },
]


@pytest.fixture(scope="module")
def balconies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("balconies")
    write_papers(folder / "papers.jsonl", _BALCONY)
    with Assistant(Settings(home=folder / "home", llm="quotes")) as assistant:
        assistant.add([folder / "papers.jsonl"])
        yield assistant


def test_a_verbatim_sentence_is_supported_whatever_another_paper_counts(balconies: Assistant) -> None:
    found = balconies.check("Hedges raised the number of hoverflies by 62% within a year.")
    assert (found.verdict, found.why) == ("supported", "")
    assert {e.title for e in found.evidence} == {"Hedges and Hoverflies"}


def test_a_claim_about_something_else_is_contradicted_by_nobody(balconies: Assistant) -> None:
    assert balconies.check("Window boxes raised the number of bats by 75% within a month.").verdict != "contradicted"
