"""The shipped answerability model on invented abstracts."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from assistant.answerability.model import AnswerabilityModel, Signals
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
def model() -> AnswerabilityModel:
    return AnswerabilityModel()


def signals(
    model: AnswerabilityModel, question: str, paper: tuple[str, str] = (TITLE, ABSTRACT), *others: tuple[str, str]
) -> Signals:
    found = model.signals(question, [paper], others)[0]
    assert found is not None
    return found


def best(model: AnswerabilityModel, question: str, title: str = TITLE, abstract: str = ABSTRACT) -> str:
    scores = model.read(question, [(title, abstract)])[0].sentence_scores
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
        ("Which data does FernNet learn from?", "12 speech corpora"),
    ],
)
def test_the_sentence_that_answers_ranks_first(model: AnswerabilityModel, question: str, part: str) -> None:
    assert part in best(model, question)


def test_the_sentence_that_answers_ranks_first_outside_computer_science(model: AnswerabilityModel) -> None:
    assert "31%" in best(model, "By how much did ketamine reduce the use of morphine?", *MEDICAL)
    assert "three months" in best(model, "When did follow-up end?", *MEDICAL)
    assert "84" in best(model, "How many patients took part in the ketamine trial?", *MEDICAL)


@pytest.mark.parametrize(
    ("stated", "missing"),
    [
        ("On how many speech corpora is FernNet trained?", "On how many GPUs is FernNet trained?"),
        ("Which schedule is FernNet trained with?", "Which optimizer is FernNet trained with?"),
        ("How much of the accuracy does FernNet keep on WSJ?", "How much of the accuracy does FernNet keep on TIMIT?"),
        ("What does FernNet remove in cycles?", "What learning rate does FernNet use?"),
        ("What happens to connections that were removed?", "What happens to users who were removed?"),
    ],
)
def test_what_is_stated_gets_more_confidence(model: AnswerabilityModel, stated: str, missing: str) -> None:
    paper = [(TITLE, ABSTRACT)]
    assert model.read(stated, paper)[0].confidence > model.read(missing, paper)[0].confidence


def test_the_right_paper_gets_more_confidence_than_another(model: AnswerabilityModel) -> None:
    right, wrong = model.read("Which schedule is FernNet trained with?", [(TITLE, ABSTRACT), MEDICAL])
    assert right.confidence > wrong.confidence
    assert max(right.sentence_scores) > max(wrong.sentence_scores)


def test_reading_papers_together_or_alone_is_the_same(model: AnswerabilityModel) -> None:
    question = "Which schedule is FernNet trained with?"
    together = model.read(question, [(TITLE, ABSTRACT), MEDICAL])
    alone = [model.read(question, [p])[0] for p in ((TITLE, ABSTRACT), MEDICAL)]
    for a, b in zip(together, alone, strict=True):
        assert a.confidence == pytest.approx(b.confidence, abs=0.03)
        assert a.sentence_scores == pytest.approx(b.sentence_scores, abs=0.03)


def test_the_same_question_gives_the_same_numbers_on_every_thread(model: AnswerabilityModel) -> None:
    found = []
    jobs = [
        threading.Thread(target=lambda: found.append(model.read("What is pruned?", [(TITLE, ABSTRACT), MEDICAL])))
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
def test_odd_questions_and_papers_are_read(model: AnswerabilityModel, question: str) -> None:
    papers = [
        (TITLE, ABSTRACT),
        ("", ""),
        ("Only a title", ""),
        ("", "…"),
        ("t" * 5000, "a b c. " * 900),
        ("标题", "摘要。"),
    ]
    readings = model.read(question, papers)
    assert [len(r.sentence_scores) for r in readings] == [len(sentences.split(a)) for _, a in papers]
    assert all(0 <= v <= 1 for r in readings for v in (r.confidence, *r.sentence_scores))
    assert readings[1].confidence == readings[2].confidence == 0
    assert all((r.outcome is None) == (r.passage is None) == (not r.sentence_scores) for r in readings)


def test_what_was_read_comes_with_the_confidence(model: AnswerabilityModel) -> None:
    found = model.read("Which schedule is FernNet trained with?", [(TITLE, ABSTRACT)])[0]
    assert found.outcome is not None
    assert found.passage is not None
    assert found.passage.text.startswith(TITLE)
    assert [ABSTRACT[s.start : s.end] in found.passage.text for s in found.passage.spans] == [True] * 6
    strengths = found.passage.strengths(found.outcome.stating[0])
    assert found.sentence_scores == pytest.approx(strengths, abs=1e-6)


def test_of_a_long_abstract_the_sentences_about_the_question_are_read(model: AnswerabilityModel) -> None:
    filler = " ".join(f"Experiment {n} shows that weather matters." for n in range(30))
    long = f"{filler} {ABSTRACT} {filler}"
    found = model.read("Which schedule is FernNet trained with?", [(TITLE, long)])[0]
    spans = sentences.split(long)
    assert len(found.sentence_scores) == len(spans)
    scored = [long[s.start : s.end] for s, score in zip(spans, found.sentence_scores, strict=True) if score > 0]
    assert 1 <= len(scored) <= 8
    assert any("cosine schedule" in s for s in scored)


def test_where_a_number_is_asked_for_a_sentence_without_one_counts_less(model: AnswerabilityModel) -> None:
    for question, lowered in (("How many corpora are used?", True), ("Which corpora are used?", False)):
        found = signals(model, question)
        for span, mark, score in zip(sentences.split(ABSTRACT), found.marks, found.sentence_scores, strict=True):
            bare = not any(c.isdigit() for c in ABSTRACT[span.start : span.end])
            assert score == pytest.approx(mark * 0.5 if lowered and bare else mark, abs=1e-6)


def test_no_papers(model: AnswerabilityModel) -> None:
    assert model.read("Which schedule?", []) == []


def test_importing_loads_nothing_heavy() -> None:
    code = (
        "import sys; from assistant.answerability.model import AnswerabilityModel; AnswerabilityModel(); "
        "print([m for m in ('torch', 'transformers', 'tokenizers', 'safetensors') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("question", "slot"),
    [
        ("How much of the accuracy does FernNet keep on TIMIT?", "unknown_name"),
        ("On how many GPUs is FernNet trained?", "uncounted"),
        ("Which three benchmarks is FernNet tested on?", "unlisted"),
    ],
)
def test_a_slot_that_the_abstract_leaves_empty_is_noticed(model: AnswerabilityModel, question: str, slot: str) -> None:
    stated = "How much of the accuracy does FernNet keep on WSJ?"
    assert signals(model, question).features[slot] == 1
    assert signals(model, stated).features[slot] == 0


def test_a_name_that_another_paper_explains_is_not_unknown(model: AnswerabilityModel) -> None:
    question, other = "How does FernNet compare with MossNet?", ("MossNet: Growing Networks", "MossNet adds weights.")
    assert signals(model, question).features["unknown_name"] == 1
    assert signals(model, question, (TITLE, ABSTRACT), other).features["unknown_name"] == 0
