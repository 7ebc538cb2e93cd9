"""Listings: every paper that states a criterion, with the span that shows it, asked for as a topic and as a question."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from assistant import Answer, Assistant, Filters, QuestionError
from assistant.cli import app
from assistant.collection import find
from eval.find_all import listed, load, measure


def test_every_listed_paper_has_its_exact_span(sample: Assistant) -> None:
    listing = sample.find("object detection")
    assert listing.count == len(listing.papers) > 5
    assert listing.read == listing.of == len(sample.papers())
    for found in (*listing.papers, *listing.unclear):
        paper = sample.paper(found.paper_id)
        assert (paper.title if found.where == "title" else paper.abstract)[found.start : found.end] == found.quote


def test_the_same_topic_gives_the_same_list_twice_and_as_a_question(sample: Assistant) -> None:
    once = sample.find("semi-supervised learning")
    assert sample.find("semi-supervised learning") == once
    assert listed(sample, "How many papers use semi-supervised learning?") == {p.paper_id for p in once.papers}


def test_another_wording_of_a_concept_lists_the_same_papers(sample: Assistant) -> None:
    found = sample.find("continual learning")
    assert found.count > 3
    assert sample.find("methods that keep networks from forgetting earlier tasks").papers == found.papers
    assert sample.find("lifelong or continual learning").papers == found.papers


def test_a_short_name_is_not_found_inside_a_longer_one(sample: Assistant) -> None:
    assert not {p.title for p in sample.find("CL").papers} & {p.title for p in sample.papers() if "CLIP" in p.title}


def test_a_count_says_the_number_and_cites_the_best_papers(sample: Assistant) -> None:
    answer = sample.ask("How many papers are about continual learning?")
    assert answer.listing is not None
    assert answer.text.startswith(f"{answer.listing.count} of {answer.listing.of} papers state “continual learning”")
    assert 0 < len(answer.citations) <= 8
    assert Answer.from_dict(json.loads(answer.to_json())) == answer


def test_the_number_stands_before_the_sentences_wherever_an_answer_is_read(sample: Assistant) -> None:
    question = "How many papers are about continual learning?"
    events = list(sample.stream(question))
    answer = events[-1].answer
    assert answer is not None
    assert answer.listing is not None
    number = f"{answer.listing.count} of {answer.listing.of} papers"
    leads = [e.lead for e in events[: [e.kind for e in events].index("sentence")] if e.lead]
    assert [lead.startswith(number) for lead in leads] == [True]
    assert str(answer).startswith(number)
    printed = CliRunner().invoke(app, ["ask", question, "--home", str(sample.settings.home)])
    assert number in printed.stdout.partition("[1]")[0]


def test_an_abbreviation_that_the_library_defines_means_its_long_form(sample: Assistant) -> None:
    assert listed(sample, "list the papers on PEFT") == listed(
        sample, "list the papers on parameter-efficient fine-tuning"
    )


def test_filters_limit_what_is_listed(sample: Assistant) -> None:
    everything = sample.find("object detection")
    later = sample.find("object detection", Filters(year_from=2022))
    assert later.of < everything.of
    assert {p.paper_id for p in later.papers} < {p.paper_id for p in everything.papers}


def test_filters_hide_papers_and_change_no_judgement(sample: Assistant) -> None:
    for topic in ("self-supervised learning", "object detection", "residual networks"):
        every = sample.find(topic)
        for year in range(2012, 2026):
            part = sample.find(topic, Filters(year_from=year, year_to=year))
            ids = {p.paper_id for p in sample.papers() if p.year == year}
            assert [p for p in every.papers if p.paper_id in ids] == list(part.papers)
            assert part.of == len(ids)


def test_a_kind_of_fact_is_listed_from_all_papers_of_a_large_library(
    sample: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sample.find("papers that release code")
    some = Filters(year_from=2022)
    later = sample.find("papers that release code", some)
    monkeypatch.setattr(find, "READ", 20)  # the sample is then a large library
    assert sample.find("papers that release code") == whole
    assert sample.find("papers that release code", some) == later
    assert sample.find("object detection").read < len(sample.papers())


def test_a_criterion_that_no_paper_states_lists_nothing(sample: Assistant) -> None:
    answer = sample.ask("How many papers are about medieval poetry?")
    assert answer.status == "abstained"
    assert answer.listing is not None
    assert answer.listing.count == 0
    assert answer.text.startswith("None of")


def test_a_list_that_no_paper_belongs_on_says_so_beside_what_comes_closest(sample: Assistant) -> None:
    answer = sample.ask("Which papers are about medieval poetry?")
    assert any(note.startswith("None of") and "medieval poetry" in note for note in answer.notes)


def test_filters_that_no_paper_passes_are_named_as_the_reason(sample: Assistant) -> None:
    for question in ("How many papers on segmentation are from 1950?", "List the papers on segmentation from 1950."):
        answer = sample.ask(question)
        assert answer.status == "abstained"
        assert "No paper passes the filters" in answer.text


def test_an_empty_topic_is_refused(sample: Assistant) -> None:
    with pytest.raises(QuestionError, match="topic is empty"):
        sample.find("  ")


def test_the_command_prints_the_listing_as_json_csv_and_bibtex(sample: Assistant) -> None:
    def run(*options: str) -> str:
        found = CliRunner().invoke(app, ["find", "active learning", "--home", str(sample.settings.home), *options])
        assert found.exit_code == 0, found.output
        return found.stdout

    document = json.loads(run("--json"))
    assert document == sample.find("active learning").to_dict()
    rows = list(csv.reader(run("--csv").splitlines()))
    assert [row[1] for row in rows if row[0] == "stated"] == [p["paper_id"] for p in document["papers"]]
    assert run("--bibtex").count("@misc{") == document["count"]


def test_questions_about_what_papers_do_are_no_lists(sample: Assistant) -> None:
    assert sample.ask("How many papers does the NEVIS'22 benchmark sample its tasks from?").listing is None


def test_a_topic_that_begins_a_title_is_still_a_topic(sample: Assistant) -> None:
    assert any(p.title.startswith("Knowledge distillation:") for p in sample.papers())
    for question in ("How many papers use knowledge distillation?", "list papers on  knowledge distillation, please"):
        listing = sample.ask(question).listing
        assert listing is not None
        assert listing.criterion == "knowledge distillation"


def test_listings_match_the_gold_of_the_bundled_criteria(sample: Assistant) -> None:
    found = measure(lambda question: listed(sample, question), load(split="dev"))
    assert sum(r.score.f1 for r in found) / len(found) > 0.8
    assert sum(r.score.precision for r in found) / len(found) > 0.85


def test_the_name_of_one_thing_does_not_ask_for_all_things_of_its_kind(assistant: Assistant) -> None:
    assert assistant.find("reinforcement learning").count
    assert assistant.find("RL").count, "an abbreviation is the same thing"
    assert not assistant.find("DQN").count, "no paper names it"
