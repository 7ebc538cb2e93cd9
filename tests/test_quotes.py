"""Which sentences are quoted where no language model writes, and in which order: by invented scores."""

from __future__ import annotations

import itertools

from assistant.answerability.model import Answerability
from assistant.answering.abstention import not_stated
from assistant.answering.assessment import Assessment
from assistant.answering.extractive import ExtractiveWriter, best_sentences, scored_papers
from assistant.answering.writer import WritingTask
from assistant.text import sentences
from assistant.types import Paper, Passage
from assistant.verification.grounding import GroundedSentence

FILLER = "Tidal gauges have emerged as a source of data."
NUMBER = "The error falls by 31%."
METHOD = "A filter compares each gauge with its neighbours."
_ids = itertools.count()


def paper(*lines: str) -> Paper:
    number = next(_ids)
    return Paper(f"t:{number}", f"Paper {number}", " ".join(lines))


def assessed(scope: str, *papers: tuple[Paper, float, list[float]], matches: float = 1.0) -> Assessment:
    """Papers with the confidence in each and the scores of its sentences."""
    subjects = tuple(Passage(p, matches) for p, _, _ in papers)
    assert all(len(scores) == len(sentences.split(p.abstract)) for p, _, scores in papers)
    found = tuple(Answerability(confidence, tuple(scores)) for _, confidence, scores in papers)
    assert scope in ("one", "several", "list")
    return Assessment(scope, subjects, found, 1.0)  # type: ignore[arg-type]  # checked above


def quoted(assessment: Assessment, most: int = 4) -> list[str]:
    task = WritingTask("?", assessment.subjects, assessment, 0.0)
    found = list(ExtractiveWriter(most).write(task))
    assert all(isinstance(s, GroundedSentence) and s.verdict == "supported" for s in found)
    return [s.text for s in found if isinstance(s, GroundedSentence)]


def test_what_states_the_answer_is_quoted_alone_and_not_what_leads_up_to_it() -> None:
    assert quoted(assessed("one", (paper(FILLER, METHOD, NUMBER), 0.9, [0.01, 0.02, 0.9]))) == [NUMBER]


def test_the_sentence_that_states_it_best_comes_first_wherever_it_stands() -> None:
    found = quoted(assessed("one", (paper(METHOD, FILLER, NUMBER), 0.9, [0.7, 0.01, 0.9])))
    assert found == [NUMBER, METHOD]


def test_however_low_the_scores_something_is_quoted_once() -> None:
    assert quoted(assessed("one", (paper(FILLER, NUMBER), 0.3, [0.0001, 0.01]))) == [NUMBER]
    assert quoted(assessed("one", (paper(FILLER, NUMBER), 0.3, [0.0, 0.0]))) == [FILLER]


def test_no_more_than_the_setting_allows() -> None:
    lines = [f"Gauge {n} is trusted." for n in range(9)]
    assert quoted(assessed("one", (paper(*lines), 0.9, [0.9] * 9)), most=3) == lines[:3]


def test_for_a_question_about_one_paper_another_that_hardly_answers_is_not_quoted() -> None:
    other = paper("Gauges are old.", "They rust.")
    found = assessed("one", (other, 0.03, [0.7, 0.05]), (paper(FILLER, NUMBER), 0.9, [0.01, 0.9]))
    assert quoted(found) == [NUMBER]


def test_a_paper_that_matches_the_question_weakly_is_not_quoted_first() -> None:
    papers = (paper(FILLER, NUMBER), paper("Gauges cost 900 euros."))
    subjects = (Passage(papers[0], 0.4), Passage(papers[1], 0.01))
    found = (Answerability(0.8, (0.01, 0.9)), Answerability(0.9, (0.95,)))
    assert quoted(Assessment("one", subjects, found, 0.8)) == [NUMBER]


def test_several_papers_are_each_quoted_with_one_or_two_sentences() -> None:
    first, second = paper(FILLER, NUMBER, METHOD), paper("A is 1.", "B is 2.", "C is 3.")
    found = quoted(assessed("several", (first, 0.2, [0.005, 0.4, 0.01]), (second, 0.9, [0.9, 0.8, 0.85])))
    assert found == ["A is 1.", "C is 3.", NUMBER]


def test_a_list_has_one_sentence_of_each_paper() -> None:
    papers = [(paper(f"Gauge {n} rusts.", f"It is {n}."), 0.9, [0.9, 0.9]) for n in range(5)]
    assert quoted(assessed("list", *papers)) == [f"Gauge {n} rusts." for n in range(5)]


def test_candidates_for_a_model_are_the_same_sentences_best_first() -> None:
    found = assessed("one", (paper(FILLER, METHOD, NUMBER), 0.9, [0.01, 0.02, 0.9]))
    assert [c.text for c in best_sentences(scored_papers(found), 2)] == [NUMBER, METHOD]


def test_an_abstention_quotes_what_comes_nearest_and_names_its_paper() -> None:
    near, far = paper(FILLER, NUMBER), paper("Rust is red.", "It is iron oxide.")
    found = not_stated(assessed("one", (far, 0.01, [0.1, 0.001]), (near, 0.1, [0.001, 0.3])))
    assert [e.quote for e in found.nearest] == [NUMBER, "Rust is red."]
    assert f"“{near.title}”" in found.text
