"""The answer reader on invented abstracts, with the shipped weights."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from assistant.answerability import AnswerabilityModel, word_features
from assistant.text import sentences

TITLE = "FernNet: Pruning Recurrent Networks by Seasonal Magnitude"
ABSTRACT = (
    "Recurrent networks are expensive to run on small devices. We propose FernNet, which removes weights in cycles "
    "and lets some of them grow back. FernNet is trained with a cosine schedule on 12 speech corpora. "
    "On the WSJ benchmark it keeps 97.3% of the accuracy with 40% of the weights. "
    "We release the code and the pruned models. Limits of the approach for streaming input are discussed."
)
MEDICAL = (
    "Low-Dose Ketamine after Knee Surgery",
    "Pain after knee replacement is often treated with opioids. In a randomised trial, 84 patients received "
    "low-dose ketamine or saline during surgery. Morphine use in the first day fell by 31% in the ketamine group. "
    "Nausea was equally frequent in both groups. Follow-up ended after three months.",
)


@pytest.fixture(scope="module")
def reader() -> AnswerabilityModel:
    return AnswerabilityModel()


def best(reader: AnswerabilityModel, question: str, title: str = TITLE, abstract: str = ABSTRACT) -> str:
    scores = reader.read(question, [(title, abstract)])[0].sentence_scores
    spans = sentences.split(abstract)
    assert len(scores) == len(spans)
    span = spans[max(range(len(scores)), key=lambda j: scores[j])]
    return abstract[span.start : span.end]


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("On how many speech corpora is FernNet trained?", "12 speech corpora"),
        ("Which schedule is FernNet trained with?", "cosine schedule"),
        ("How much of the accuracy does FernNet keep on WSJ?", "97.3%"),
        ("What do the authors release?", "pruned models"),
    ],
)
def test_the_sentence_that_answers_ranks_first(reader: AnswerabilityModel, question: str, part: str) -> None:
    assert part in best(reader, question)


def test_the_sentence_that_answers_ranks_first_outside_computer_science(reader: AnswerabilityModel) -> None:
    assert "31%" in best(reader, "By how much did ketamine reduce the use of morphine?", *MEDICAL)
    assert "84" in best(reader, "How many patients took part in the ketamine trial?", *MEDICAL)


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ("On how many speech corpora is FernNet trained?", "On how many GPUs is FernNet trained?"),
        ("Which schedule is FernNet trained with?", "Which optimizer is FernNet trained with?"),
        ("How much of the accuracy does FernNet keep on WSJ?", "How much of the accuracy does FernNet keep on TIMIT?"),
        ("What does FernNet remove in cycles?", "What learning rate does FernNet use?"),
    ],
)
def test_what_is_stated_gets_more_confidence(reader: AnswerabilityModel, stated: str, missing: str) -> None:
    paper = [(TITLE, ABSTRACT)]
    assert reader.read(stated, paper)[0].confidence > reader.read(missing, paper)[0].confidence


def test_the_right_paper_gets_more_confidence_than_another(reader: AnswerabilityModel) -> None:
    right, wrong = reader.read("Which schedule is FernNet trained with?", [(TITLE, ABSTRACT), MEDICAL])
    assert right.confidence > wrong.confidence
    assert max(right.sentence_scores) > max(wrong.sentence_scores)


def test_reading_papers_together_or_alone_is_the_same(reader: AnswerabilityModel) -> None:
    question = "Which schedule is FernNet trained with?"
    together = reader.read(question, [(TITLE, ABSTRACT), MEDICAL])
    alone = [reader.read(question, [p])[0] for p in ((TITLE, ABSTRACT), MEDICAL)]
    for a, b in zip(together, alone, strict=True):
        assert a.confidence == pytest.approx(b.confidence, abs=0.03)
        assert a.sentence_scores == pytest.approx(b.sentence_scores, abs=0.03)


def test_the_same_question_gives_the_same_numbers_on_every_thread(reader: AnswerabilityModel) -> None:
    found = []
    jobs = [
        threading.Thread(target=lambda: found.append(reader.read("What is pruned?", [(TITLE, ABSTRACT), MEDICAL])))
        for _ in range(4)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert len(found) == 4
    assert all(f == found[0] for f in found)


@pytest.mark.parametrize(
    "question", ["", " ", "?", "x" * 5000, "why " * 1500, "量子コンピュータは何ですか？", "Почему \x00 это так?"]
)
def test_odd_questions_and_papers_are_read(reader: AnswerabilityModel, question: str) -> None:
    papers = [
        (TITLE, ABSTRACT),
        ("", ""),
        ("Only a title", ""),
        ("", "…"),
        ("t" * 5000, "a b c. " * 900),
        ("标题", "摘要。"),
    ]
    readings = reader.read(question, papers)
    assert [len(r.sentence_scores) for r in readings] == [len(sentences.split(a)) for _, a in papers]
    assert all(0 <= v <= 1 for r in readings for v in (r.confidence, *r.sentence_scores))
    assert readings[1].confidence == readings[2].confidence == 0


def test_no_papers(reader: AnswerabilityModel) -> None:
    assert reader.read("Which schedule?", []) == []


def test_importing_loads_nothing_heavy() -> None:
    code = (
        "import sys; from assistant.answerability import AnswerabilityModel; AnswerabilityModel(); "
        "print([m for m in ('torch', 'transformers', 'tokenizers', 'safetensors') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_word_features_see_the_missing_attribute() -> None:
    texts = [ABSTRACT[s.start : s.end] for s in sentences.split(ABSTRACT)]
    stated = word_features.extract("Which schedule is FernNet trained with?", TITLE, texts)
    missing = word_features.extract("Which optimizer is FernNet trained with?", TITLE, texts)
    assert stated.best == 1
    assert stated.nowhere == stated.head_absent == 0
    assert missing.head_absent == 1
    assert missing.nowhere > 0


@pytest.mark.parametrize(
    ("question", "attribute"),
    [
        ("Which data sets does it use?", "data sets"),
        ("What kind of optimizer is used?", "optimizer"),
        ("How many layers are pruned?", "layers"),
        ("How does FernNet work?", ""),
        ("What is FernNet?", ""),
    ],
)
def test_head_attribute(question: str, attribute: str) -> None:
    assert word_features.head_attribute(question) == attribute
