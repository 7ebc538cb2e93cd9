"""Ordinary questions stay ordinary: what looks like a request for a list, a filter or a record is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT

from assistant.embeddings.minilm import shared
from assistant.library.store import Store
from assistant.query.holdings import Holdings
from assistant.query.intents import Grammar
from assistant.query.shorthand import spelled_out

TODAY = date(2026, 11, 27)
ORDINARY = {"figure", "method", "lay", "multi", "follow-up", "comparison", "near-domain", "false-premise"}
LOOKUPS = """
How many papers does the benchmark draw its questions from?
How many papers were annotated for the citation dataset?
How many articles did the authors read for the review?
How many papers are reviewed in the survey of hypernetworks?
How many studies were included in the meta-analysis?
How many documents does the retrieval corpus hold?
How many papers per reviewer does the matching algorithm allow?
How many parameters does ResNet-50 have?
How many authors annotated the corpus of charters?
Which method lists the objects in a scene?
What accuracy does list price prediction reach?
How does the model predict list prices?
In my opinion pruning is useless; is there evidence?
What do the plans of the authors for 2024 include?
What is the best model of 2012?
Which accuracy did the winner in 2012 reach?
Does training on data from 2019 hurt accuracy in 2024?
How is the number of papers used as a feature?
Which paper proposes rotating the pictures?
Who proposed batch normalization?
By how much does distillation shrink the model?
What is new about the attention of the model?
What is the newest layer of the network called?
Which is the oldest baseline in the comparison?
What is in the training set?
What does the library of kernels contain?
Summarise how contrastive learning works
What is a table of contents used for in parsing?
How does accuracy change over time during training?
How has the loss changed after pruning?
What does Table 2 of the ablation show?
Which datasets list the authors of images?
What do the papers say about rehearsal?
Count how often the teacher is updated
Find the learning rate that works best
Show that pruning helps
Name the loss that is minimised
What is the author's view on dropout?
When does early stopping help?
How recent is the knowledge that the model has?
Which journal entries does the model read?
What venue data was used to train the event model?
Is the source of the noise known?
Which source domain is used for adaptation?
Which category is hardest to classify?
What year of data is held out?
How many categories does the dataset have?
How many years of records does the network read?
Who wrote the captions of the images?
Does the title of an article help in classification?
In what year were the ship logs written?
Who released the buoys that drifted?
When was the data set released?
What share of labels is noisy in real data?
What are the most common datasets for noisy labels made of?
Is there anything that prevents feature collapse?
How many are needed to train a good teacher?
How many of the classes are animals?
Does the number of authors matter for quality?
Which papers' claims are contradicted by the network?
What is the oldest trick in self-training?
Explain the residual connection
Describe the dataset of the benchmark
Sort the methods by accuracy
Which ones are better, small or large teachers?
Compare the two papers
table tennis
count-based exploration
date palm classification
source-free domain adaptation
""".strip().splitlines()
UNFILTERED = [
    ("How many papers are about 2024 plans?", "count"),
    ("Which papers use data from 2019?", "list"),
    ("List papers on the 2012 ImageNet challenge", "list"),
    ("Which papers study elections in 2020 polls?", "list"),
    ("papers about images recorded in 2015", "list"),
    ("Which papers are about list price prediction?", "list"),
    ("Which papers discuss how authors are named?", "list"),
    ("How many papers deal with journals and their readers?", "count"),
    ("Which papers predict who wrote a text?", "list"),
    ("List papers on books by hand", "list"),
]


@pytest.fixture(scope="module")
def grammar(untouched_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grammar]:
    store = Store(untouched_home / "library.sqlite3")
    yield Grammar(Holdings(store), shared().words)
    store.close()


def test_eighty_traps(grammar: Grammar) -> None:
    assert len(LOOKUPS) + len(UNFILTERED) == 80
    wrong = [q for q in LOOKUPS if grammar.understand(q, None, TODAY).intent not in ("lookup", "compare")]
    for question, intent in UNFILTERED:
        found = grammar.understand(question, None, TODAY)
        if found.intent != intent or found.filters.restrict or not found.topic:
            wrong.append(question)
    assert len(wrong) <= 3, wrong


@pytest.mark.parametrize(
    "question",
    ["Which papers are reviews?", "Which of my papers are surveys or tutorials?", "List all papers that are reviews"],
)
def test_what_papers_are_makes_a_list(grammar: Grammar, question: str) -> None:
    assert grammar.understand(question, None, TODAY).intent == "list"


@pytest.mark.parametrize(
    ("question", "topic", "columns"),
    [
        ("Compare the methods, data and results of the papers on night buses", "night buses", ("methods", "data", "results")),
        ("compare the approaches and the benchmarks of the articles about tides", "tides", ("approaches", "benchmarks")),
        ("Could you compare the studies on barley in terms of sample size and code?", "barley", ("sample size", "code")),
        ("How do the papers on sheet music differ in data and results?", "sheet music", ("data", "results")),
        ("What is the difference in limitations between the papers on bread?", "bread", ("limitations",)),
        ("Compare methods for optical music recognition side by side", "optical music recognition", ()),
        ("Make a table of papers on harbour currents by task and dataset", "harbour currents", ("task", "dataset")),
        ("Compare the number of vehicles of the papers on buses", "buses", ("number of vehicles",)),
    ],
)  # fmt: skip
def test_papers_of_a_kind_are_compared_in_a_table(
    grammar: Grammar, question: str, topic: str, columns: tuple[str, ...]
) -> None:
    found = grammar.understand(question, None, TODAY)
    assert (found.intent, found.topic, found.columns) == ("table", topic, columns)


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("Compare TideNet and OwlRoute", 2),
        ("Compare the results of Quill with TideNet", 2),
        ("OwlRoute vs TideNet vs Quill", 3),
        ("Compare “Do Language Models Know When Bread Is Done?” and Counting Barley Ears with Kite Photographs", 2),
    ],
)
def test_papers_that_are_named_are_compared_in_a_table(grammar: Grammar, question: str, papers: int) -> None:
    found = grammar.understand(question, None, TODAY)
    assert (found.intent, len(set(found.papers))) == ("table", papers)


@pytest.mark.parametrize(
    "question",
    [
        "Does TideNet beat OwlRoute on the Leith harbour?",
        "Compare TideNet and DriftNet",
        "Compare TideNet and OwlRoute on windy days",
        "Compare the speed of TideNet and its teacher",
        "How does Quill differ from OwlRoute in what it learns?",
        "Compare recurrent methods for tides with convolutional ones",
        "Compare papers on buses with papers on trains",
        "Compare the two approaches to counting in the paper",
        "Compare them",
        "Which is better, TideNet or OwlRoute?",
    ],
)
def test_two_things_that_are_compared_make_no_table(grammar: Grammar, question: str) -> None:
    assert grammar.understand(question, None, TODAY).intent in ("compare", "lookup")


def test_a_topic_that_is_a_title_stays_whole(grammar: Grammar) -> None:
    found = grammar.understand("How many papers are about counting barley ears with kite photographs?", None, TODAY)
    assert (found.intent, found.topic) == ("count", "counting barley ears with kite photographs")


def test_ordinary_questions_are_not_rerouted(grammar: Grammar) -> None:
    lines = (ROOT / "eval" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [row["question"] for row in map(json.loads, lines) if row["type"] in ORDINARY]
    found = [(q, grammar.understand(q, None, TODAY)) for q in asked]
    rerouted = [q for q, u in found if u.intent not in ("lookup", "compare") or u.filters.restrict]
    assert len(rerouted) <= 0.01 * len(asked), rerouted


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("papers from March 2024", {"date_from": "2024-03", "date_to": "2024-03"}),
        ("Which papers were added last week?", {"added_from": "2026-11-16", "added_to": "2026-11-22"}),
        ("papers from the last two years", {"date_from": "2024-11-27"}),
        ("What do papers before 2020 say about buses?", {"year_to": 2019}),
        ("papers from papers.jsonl with a single author", {"sources": ["papers.jsonl"], "authors_from": 1, "authors_to": 1}),
        ("In 2021, which papers study harbours?", {"year_from": 2021, "year_to": 2021}),
        ("How many papers did Ann Beek write since 2019?", {"year_from": 2019, "authors": ["Ann Beek"]}),
        ("How many papers cite “Papers from 2019: A Review”?", {}),
    ],
)  # fmt: skip
def test_filters_are_read_off_the_wording(grammar: Grammar, question: str, filters: dict[str, object]) -> None:
    assert grammar.understand(question, None, TODAY).filters.given() == filters


def test_a_title_that_is_named_filters_nothing(grammar: Grammar) -> None:
    found = grammar.understand("Who wrote Counting Barley Ears with Kite Photographs?", None, TODAY)
    assert (found.intent, found.filters.restrict, len(found.papers)) == ("metadata", False, 1)


@pytest.mark.parametrize(
    ("question", "intent", "topic", "filters"),
    [
        ("how many papers r from 2021", "count", "", {"year_from": 2021, "year_to": 2021}),
        ("nr of papers 2022", "count", "", {"year_from": 2022, "year_to": 2022}),
        ("anything published in 2018?", "list", "", {"year_from": 2018, "year_to": 2018}),
        ("2019", "list", "", {"year_from": 2019, "year_to": 2019}),
        ("got anything on keyword spotting?", "list", "keyword spotting", {}),
        ("I'm looking for papers on prompt tuning", "list", "prompt tuning", {}),
        ("do any papers deal with noisy labels", "list", "noisy labels", {}),
        ("count the papres abotu transformers", "count", "transformers", {}),
        ("What percentage of papers release code?", "count", "release code", {}),
        ("contrastive learning papers", "list", "contrastive learning papers", {}),
        ("Which papers are from NeurIPS 2019?", "list", "", {"venues": ["NeurIPS"], "year_from": 2019, "year_to": 2019}),
        ("what has Ann Beek published?", "list", "", {"authors": ["Ann Beek"]}),
        ("papers from the first half of 2023", "list", "", {"date_from": "2023-01", "date_to": "2023-06"}),
        ("newest papers on pruning since 2020", "list", "pruning", {"year_from": 2020}),
        ("papers btw 2019 and 2020", "list", "", {"year_from": 2019, "year_to": 2020}),
        ("more than five authors", "list", "", {"authors_from": 6}),
        ("papers written by a single person", "list", "", {"authors_from": 1, "authors_to": 1}),
        ("papers on data from 20 people", "list", "data from 20 people", {}),
        ("year distribution", "metadata", "", {}),
        ("how big is the library", "overview", "", {}),
        ("whats in here", "overview", "", {}),
        ("What is this collection of papers about?", "overview", "", {}),
        ("which datasets are used most often", "metadata", "", {}),
    ],
)  # fmt: skip
def test_careless_wordings_are_understood(
    grammar: Grammar, question: str, intent: str, topic: str, filters: dict[str, object]
) -> None:
    found = grammar.understand(spelled_out(question), None, TODAY)
    assert (found.intent, found.topic, found.filters.given()) == (intent, topic, filters)


def test_a_topic_that_is_a_title_is_shown_in_its_words(grammar: Grammar) -> None:
    assert grammar.understand("do you have papers about Wide Residual Networks", None).topic == "Wide Residual Networks"


@pytest.mark.parametrize("word", ["three", "summaries", "late", "abut", "R", "r", "form"])
def test_words_that_are_spelled_right_stay_as_they_are(word: str) -> None:
    question = f"Does the {word} of the model matter?"
    assert spelled_out(question) == question


@pytest.mark.parametrize(
    ("question", "intent", "topic"),
    [
        ("would be good to see whatever i stored concerning speech synthesis", "list", "speech synthesis"),
        ("May I ask how large our holding of studies of bird migration is?", "count", "bird migration"),
        ("is there more and more work on graph transformers as the years go by", "trend", "graph transformers"),
        ("so what kind of stuff did I save in this library anyway", "overview", ""),
    ],
)
def test_wordings_that_no_rule_knows_are_learned(grammar: Grammar, question: str, intent: str, topic: str) -> None:
    understood = grammar.understand(question, None, TODAY)
    assert (understood.intent, understood.topic) == (intent, topic)


def test_a_learned_wording_keeps_the_filters_beside_its_topic(grammar: Grammar) -> None:
    understood = grammar.understand("i'd love to have everything we keep on voice cloning since 2021", None, TODAY)
    assert (understood.intent, understood.topic, understood.filters.year_from) == ("list", "voice cloning", 2021)
