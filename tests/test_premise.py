"""False premises: what a question presupposes, compared with an invented abstract."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.verification.false_premise import premise_conflicts

TITLE = "FoldNet: Folding Networks for Small Devices"
ABSTRACT = (
    "We propose FoldNet, which uses RoBERTa as a text encoder for video retrieval. FoldNet reaches 75.0\\% top-1 accuracy "
    "on ImageNet after training on 300 million images. FoldNet is faster than PruneNet on small devices. A teacher "
    "network is not necessary for folding. On ORAND-A and ORAND-B it scores 89.7\\% and 91.1\\%, respectively."
)


@pytest.mark.parametrize(
    ("question", "stated", "says", "kind"),
    [
        ("Why does FoldNet reach only 72.1% top-1 accuracy on ImageNet?", "72.1%", "75.0%", "figure"),
        ("Why does FoldNet reach only 72.1 on ImageNet?", "72.1", "75.0%", "figure"),
        ("How does training on 400 million images help FoldNet?", "400 million", "300 million", "figure"),
        ("How come it scores 91.1% on ORAND-A?", "91.1%", "89.7%", "figure"),
        ("How does FoldNet use BERT as a text encoder?", "BERT", "RoBERTa", "name"),
        ("Why does PruneNet reach 75.0% top-1 accuracy on ImageNet?", "PruneNet", "FoldNet", "name"),
        ("Why is 75.0% on FooBench so low?", "FooBench", "ImageNet", "name"),
        ("Why is FoldNet slower than PruneNet on small devices?", "slower", "faster", "direction"),
        ("Why is a teacher network essential for folding?", "essential", "not necessary", "direction"),
    ],
)
def test_conflicts_are_found_with_their_correction(question: str, stated: str, says: str, kind: str) -> None:
    found = premise_conflicts(question, TITLE, ABSTRACT)
    assert found, question
    assert found[0].kind == kind
    assert stated in found[0].stated
    assert says in found[0].abstract_says
    assert found[0].abstract_says.split()[0].rstrip("%") in ABSTRACT[found[0].span.start : found[0].span.end]


@pytest.mark.parametrize(
    "question",
    [
        "Why does FoldNet reach 75% top-1 accuracy on ImageNet?",
        "What accuracy does FoldNet reach on ImageNet?",
        "How does FoldNet use RoBERTa?",
        "Why is FoldNet faster than PruneNet?",
        "Is FoldNet measured on a CPU or a GPU?",
        "What learning rate does FoldNet use?",
        "How many images is FoldNet trained on?",
        "How does it score 91.1% on ORAND-B?",
        "How does FoldNet compare with SparseNet on speech?",
        "Does FoldNet outperform MossNet?",
        "What is the weather like in Paris?",
    ],
)
def test_honest_questions_pass(question: str) -> None:
    assert premise_conflicts(question, TITLE, ABSTRACT) == ()


def test_an_opposite_word_in_the_same_context_is_a_conflict() -> None:
    abstract = "Label smoothing improves the calibration of image classifiers."
    (found,) = premise_conflicts("Why does label smoothing hurt the calibration of image classifiers?", "", abstract)
    assert (found.stated, found.abstract_says, found.kind) == ("hurt", "improves", "direction")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=300))
def test_never_raises(question: str, title: str, abstract: str) -> None:
    for conflict in premise_conflicts(question, title, abstract):
        assert 0 <= conflict.span.start < conflict.span.end <= len(abstract)
