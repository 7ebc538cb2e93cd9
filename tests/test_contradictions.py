"""Abstracts that contradict each other are both shown; sentences about different settings do not contradict each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write_papers
from invariants import check_answer

from assistant import Assistant, Settings
from assistant.verification.contradictions import disagree

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
