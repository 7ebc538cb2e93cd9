"""The grounding check binds a sentence to the paper that carries it, or says why it may not be shown."""

from __future__ import annotations

import math

import pytest
from conftest import PAPERS

from assistant.citations import Marked
from assistant.embeddings.embedders import PackagedEmbedder
from assistant.types import Paper, Removed
from assistant.verification.grounding import GroundedSentence, GroundingCheck
from assistant.verification.judges import Judging, VerifierJudge
from assistant.verification.verifier import Judgement, Verifier

TIDE, BARLEY = (Paper(f"t:{i}", str(p["title"]), str(p["abstract"])) for i, p in enumerate(PAPERS[:2]))
FACT = "TideNet lowers the mean speed error from 0.42 to 0.27 knots."


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(PackagedEmbedder())


@pytest.fixture(scope="module")
def check(verifier: Verifier) -> GroundingCheck:
    return GroundingCheck(verifier, VerifierJudge(verifier), [BARLEY, TIDE], math.inf)


def outcome(check: GroundingCheck, text: str, *numbers: int) -> GroundedSentence | Removed:
    steps = check.check(Marked(text, numbers))
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: GroundedSentence | Removed = done.value
            return result


def test_a_true_sentence_keeps_its_paper(check: GroundingCheck) -> None:
    grounded = outcome(check, FACT, 2)
    assert isinstance(grounded, GroundedSentence)
    assert grounded.evidence[0].paper_id == TIDE.paper_id
    assert TIDE.abstract[grounded.evidence[0].start : grounded.evidence[0].end] == grounded.evidence[0].quote


@pytest.mark.parametrize("numbers", [(1,), (), (9,)])
def test_a_wrong_or_missing_number_is_corrected(check: GroundingCheck, numbers: tuple[int, ...]) -> None:
    grounded = outcome(check, FACT, *numbers)
    assert isinstance(grounded, GroundedSentence)
    assert {e.paper_id for e in grounded.evidence} == {TIDE.paper_id}


def test_an_unknown_number_is_named_when_nothing_carries_the_sentence(check: GroundingCheck) -> None:
    removed = outcome(check, "Porridge is best eaten in silence.", 9)
    assert isinstance(removed, Removed)
    assert removed.why.startswith("cites [9], which does not exist")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{BARLEY.title}, {TIDE.title}", "titles"),
        ("This sentence states that the count is within 6.5% of hand counts.", "speaks of the answer"),
    ],
)
def test_what_states_nothing_is_removed(check: GroundingCheck, text: str, why: str) -> None:
    removed = outcome(check, text, 1)
    assert isinstance(removed, Removed)
    assert why in removed.why


def test_a_contradicted_sentence_is_not_rescued_by_another_paper(verifier: Verifier) -> None:
    other = Paper("t:2", "Another Harbour", "TideNet lowers the mean speed error from 0.42 to 0.11 knots.")
    check = GroundingCheck(verifier, VerifierJudge(verifier), [TIDE, other], math.inf)
    removed = outcome(check, other.abstract, 1)
    assert isinstance(removed, Removed)
    assert removed.verdict == "contradicted"


def test_a_slow_judge_is_asked_about_one_uncited_paper_at_most(verifier: Verifier) -> None:
    class Counting:
        asked = 0

        def judge(self, claim: str, paper: Paper, spans: object, deadline: float) -> Judging:
            self.asked += 1
            yield from ()
            return Judgement("supported", 1.0, "")

    judge = Counting()
    papers = [BARLEY, TIDE, *(Paper(f"t:{n}", f"Copy {n}", TIDE.abstract) for n in range(5))]
    grounded = outcome(GroundingCheck(verifier, judge, papers, math.inf), FACT)
    assert isinstance(grounded, GroundedSentence)
    assert judge.asked == 1


def test_the_nearest_paper_is_the_cited_one_or_the_one_that_carries_most(check: GroundingCheck) -> None:
    assert check.nearest(Marked(FACT, (1,))) == (1, BARLEY)
    assert check.nearest(Marked("TideNet lowers the error to 0.11 knots.", ())) == (2, TIDE)
