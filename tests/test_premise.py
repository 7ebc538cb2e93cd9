"""False premises: what a question takes for granted, compared with an invented abstract."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answerability.model import AnswerabilityModel
from assistant.reading.evidence import Passage
from assistant.reading.network import Marks, Outcome
from assistant.text import sentences
from assistant.verification.false_premise import (
    FEATURES,
    Asked,
    Conflict,
    PremiseModel,
    features,
    find_conflict,
    packaged,
)

TITLE = "FoldNet: Folding Networks for Small Devices"
ABSTRACT = (
    "We propose FoldNet, which uses RoBERTa as a text encoder for video retrieval. FoldNet reaches 75.0\\% top-1 accuracy "
    "on ImageNet after training on 300 million images. FoldNet is faster than PruneNet on small devices. A teacher "
    "network is not necessary for folding. On ORAND-A and ORAND-B it scores 89.7\\% and 91.1\\%, respectively. The fold "
    "layer is trained first and then guides the crease layer. Folding fails on recurrent networks. The scanner was a "
    "7T machine, and 1,234,567 frames were labelled, 60\\% of them by hand."
)
_ALWAYS, _NETWORK = PremiseModel({}, 0.0, 0.5), PremiseModel({"contradicted": 1.0}, 0.0, 0.5)

FALSE = [
    ("Why does FoldNet reach only 72.1% top-1 accuracy on ImageNet?", "75.0"),
    ("How does training on 400 million images help FoldNet?", "300 million"),
    ("How come it scores 91.1% on ORAND-A?", "89.7"),
    ("Why is a teacher network essential for folding?", "not necessary"),
    ("How does FoldNet manage to fold recurrent networks so well?", "fails on recurrent networks"),
]
"""Questions, and words of the sentence that says otherwise."""
HONEST = [
    "Why does FoldNet reach 75% top-1 accuracy on ImageNet?",
    "What accuracy does FoldNet reach on ImageNet?",
    "How does FoldNet use RoBERTa?",
    "Why is FoldNet faster than PruneNet?",
    "Is FoldNet measured on a CPU or a GPU?",
    "What learning rate does FoldNet use?",
    "How many images is FoldNet trained on?",
    "How does FoldNet compare with SparseNet on speech?",
    "What is the weather like in Paris?",
]
SPELLED_OTHERWISE = [
    "What was the 7 Tesla scanner used for?",
    "Who labelled 60 percent of the frames by hand?",
    "Who labelled over a million frames?",
    "How were 1.2 million frames labelled?",
    "How were three fifths of the frames labelled by hand?",
]


def conflict(question: str) -> Conflict | None:
    """As an answer decides it: what the network takes as an honest question is not read as a claim."""
    (read,) = AnswerabilityModel().read(question, [(TITLE, ABSTRACT)])
    if read.passage is None or read.outcome is None or read.as_claim is None:
        return None
    return find_conflict(Asked(question, TITLE, ABSTRACT, read.passage, read.outcome, read.as_claim, read.closeness))


def marked(question: str, wrong: str, says: str, against: float = 4.0, title: str = TITLE) -> Asked:
    """The question beside the whole abstract, and an outcome that marks these words of the question and of the abstract."""
    spans = tuple(sentences.split(ABSTRACT))

    def marks(text: str, what: str) -> Marks:
        offsets = [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]
        at = text.find(what) if what else -1
        inside = [at >= 0 and a >= at and b <= at + len(what) for a, b in offsets]
        return Marks(offsets, np.array([0.9 if yes else 0.05 for yes in inside], dtype=np.float32))

    logits = np.array([0.0, against, 0.0], dtype=np.float32)
    outcome = Outcome(logits, marks(question, wrong), (marks(ABSTRACT, says),))
    passage = Passage(ABSTRACT, spans, tuple(s.start for s in spans), tuple(s.end for s in spans))
    return Asked(question, title, ABSTRACT, passage, outcome, outcome, 0.8)


@pytest.mark.parametrize(("question", "says"), FALSE)
def test_a_false_premise_is_named_with_the_sentence_that_says_otherwise(question: str, says: str) -> None:
    found = conflict(question)
    assert found is not None, question
    assert says in ABSTRACT[found.span.start : found.span.end]
    assert found.stated in question


@pytest.mark.parametrize("question", [*HONEST, *SPELLED_OTHERWISE])
def test_an_honest_question_is_not_accused(question: str) -> None:
    assert conflict(question) is None


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("What was the 7 Tesla scanner used for?", "7 Tesla"),
        ("Who labelled 60 percent by hand?", "60 percent"),
        ("How were 1.2 million frames labelled?", "1.2"),
        ("How were three fifths of the frames labelled?", "three fifths"),
        ("What does FoldNets do?", "FoldNets"),
    ],
)
def test_another_spelling_is_never_an_accusation(question: str, wrong: str) -> None:
    assert find_conflict(marked(question, wrong, "faster"), _ALWAYS) is None


def test_the_same_figure_in_another_place_is_an_accusation() -> None:
    question = "How does it score 91.1% on ORAND-A?"
    found = find_conflict(marked(question, "91.1%", "89.7"), _ALWAYS)
    assert found is not None
    assert found.stated == "91.1%"


@pytest.mark.parametrize(
    ("question", "wrong", "stated"),
    [
        ("How do all the layers of a network fold?", "all", "all the layers"),
        ("Why is a teacher essential for the folding?", "essential", "essential"),
        ("Why does it score 91.1% on ORAND-A?", "91.1%", "91.1%"),
        ("It is slower than PruneNet. Why?", "slower than PruneNet", "slower than PruneNet"),
        ("When trained on video, why does it stay silent?", "", "When trained on video"),
    ],
)
def test_the_marked_phrase_is_what_the_question_says(question: str, wrong: str, stated: str) -> None:
    found = find_conflict(marked(question, wrong, "not necessary", title=""), _ALWAYS)
    assert found is not None
    assert found.stated == stated
    assert "not necessary" in ABSTRACT[found.span.start : found.span.end]


def test_the_network_decides_by_its_odds() -> None:
    question = "Why is a teacher essential?"
    told = [find_conflict(marked(question, "essential", "not necessary", a, title=""), _NETWORK) for a in (-4.0, 4.0)]
    assert told[0] is None
    assert told[1] is not None
    assert told[1].probability > 0.9


def test_the_packaged_model_knows_its_inputs() -> None:
    question = FALSE[0][0]
    found = features(marked(question, "72.1%", "75.0").as_claim)
    assert tuple(found) == FEATURES
    assert packaged().coefficients.keys() <= set(FEATURES)
    assert 0 < packaged().named < 1


def test_an_abstract_without_sentences_contradicts_nothing() -> None:
    outcome = Outcome(np.zeros(3, dtype=np.float32), Marks([], np.zeros(0, dtype=np.float32)), ())
    assert find_conflict(Asked("Why?", "", "", Passage("", (), (), ()), outcome, outcome, 0.0), _ALWAYS) is None


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200), st.text(max_size=40))
def test_every_question_can_be_judged(question: str, wrong: str) -> None:
    found = find_conflict(marked(question, wrong, "faster"), _ALWAYS)
    assert found is not None
    assert 0 <= found.span.start < found.span.end <= len(ABSTRACT)
