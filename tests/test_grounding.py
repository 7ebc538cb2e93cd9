"""The grounding check binds a sentence to the paper that carries it, or says why it may not be shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from conftest import PAPERS

from assistant.citations import Marked
from assistant.embeddings.embedders import PackagedEmbedder
from assistant.llm.prompt import Prompt
from assistant.types import Heartbeat, Paper, Removed
from assistant.verification.grounding import Doubtful, GroundedSentence, GroundingCheck
from assistant.verification.judges import Doubt, Draft, Judging, Opinion
from assistant.verification.verifier import Verifier

TIDE, BARLEY = (Paper(f"t:{i}", str(p["title"]), str(p["abstract"])) for i, p in enumerate(PAPERS[:2]))
QUESTION = "How much does TideNet lower the speed error?"
FACT = "TideNet lowers the mean speed error from 0.42 to 0.27 knots."
FACT_IN_FULL = "TideNet lowers the mean speed error from 0.42 to 0.27 knots on the Leith and Esbjerg harbours."
DOUBTFUL = (
    "TideNet cannot be trained without bathymetry.",
    "TideNet reads harbour pilots' own reports beside the buoy records.",
)
"""Not what the abstract says, but without a name or a figure that it lacks, so that no rule decides."""


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(PackagedEmbedder())


@pytest.fixture(scope="module")
def check(verifier: Verifier) -> GroundingCheck:
    return GroundingCheck(verifier, None, [BARLEY, TIDE], QUESTION)


def outcome(check: GroundingCheck, text: str, *numbers: int) -> GroundedSentence | Removed:
    checked = check.check(Marked(text, numbers))
    assert not isinstance(checked, Doubtful), "nobody else is asked"
    return checked


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
    check = GroundingCheck(verifier, None, [TIDE, other], QUESTION)
    removed = outcome(check, other.abstract, 1)
    assert isinstance(removed, Removed)
    assert removed.verdict == "contradicted"


class Deciding:
    """A judge that gives the opinions that it was made with, and notes what it was asked."""

    def __init__(self, *opinions: Opinion | None) -> None:
        self.opinions = opinions
        self.asked: list[tuple[str, ...]] = []

    def judge(self, doubts: Sequence[Doubt], draft: Draft, deadline: float) -> Judging:
        yield Heartbeat()
        self.asked.append(tuple(d.text for d in doubts))
        return list(self.opinions)


def settled(check: GroundingCheck, *texts: str, failed: bool = False) -> list[GroundedSentence | Removed]:
    """The outcomes of sentences that cite the first paper; with `failed`, the model of the draft failed."""
    draft = None if failed else Draft(Prompt("system", "user"), 1, "draft")
    steps = check.settle([check.check(Marked(text, (1,))) for text in texts], draft, math.inf)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: list[GroundedSentence | Removed] = done.value
            return result


def test_a_judge_is_asked_once_about_all_that_is_in_doubt(verifier: Verifier) -> None:
    judge = Deciding(Opinion("supported", 1.0, "m says so"), Opinion("contradicted", 0.0, "m says otherwise"))
    first, quote, last = settled(
        GroundingCheck(verifier, judge, [TIDE], QUESTION), *DOUBTFUL[:1], FACT_IN_FULL, *DOUBTFUL[1:]
    )
    assert judge.asked == [DOUBTFUL], "what is certain is not asked about"
    assert isinstance(first, GroundedSentence)
    assert first.verdict == "supported"
    assert first.evidence
    assert isinstance(quote, GroundedSentence)
    assert isinstance(last, Removed)
    assert last.verdict == "contradicted"
    assert "m says otherwise" in last.why


@pytest.mark.parametrize("failed", [False, True])
def test_without_an_opinion_the_verdict_of_the_verifier_holds(verifier: Verifier, failed: bool) -> None:
    judge = Deciding(None, None)
    alone = settled(GroundingCheck(verifier, None, [TIDE], QUESTION), *DOUBTFUL)
    assert settled(GroundingCheck(verifier, judge, [TIDE], QUESTION), *DOUBTFUL, failed=failed) == alone
    assert len(judge.asked) == (0 if failed else 1)


def test_the_nearest_paper_is_the_cited_one_or_the_one_that_carries_most(check: GroundingCheck) -> None:
    assert check.nearest(Marked(FACT, (1,))) == (1, BARLEY)
    assert check.nearest(Marked("TideNet lowers the error to 0.11 knots.", ())) == (2, TIDE)
