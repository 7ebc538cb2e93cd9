"""What facts a paper's title and abstract give, and that each has its exact span."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.collection.facts import Fact, Kind, facts_of
from assistant.text.names import name_key
from assistant.types import Paper

ABSTRACT = (
    "Counting birds from sound is slow. We propose SoundFlock, a network that counts birds in recordings, unlike earlier "
    "counters. We evaluate SoundFlock on BirdVox-20k and the WarbleSet dataset, where it reaches 81.3% accuracy and "
    "outperforms spectrogram counters such as CountNet and TrillNet by 4.2 points. Training is 3x faster than with "
    "CountNet. At the cost of a higher memory use, it also runs on a phone. Our code is available at "
    "https://example.org/soundflock."
)
PAPER = Paper("t:1", "SoundFlock: Counting Birds in Field Recordings with Recurrent Networks", ABSTRACT)


def of_kind(paper: Paper, kind: Kind) -> list[Fact]:
    return [fact for fact in facts_of(paper) if fact.kind == kind]


def quotes(text: str, kind: Kind, title: str = "A Title of No Use") -> list[str]:
    return [fact.quote for fact in of_kind(Paper("t:2", title, text), kind)]


def test_each_fact_has_an_exact_span() -> None:
    facts = facts_of(PAPER)
    assert {f.kind for f in facts} >= {
        "task",
        "method",
        "data",
        "result",
        "compared with",
        "limitation",
        "code",
        "saving",
    }
    for fact in facts:
        source = PAPER.title if fact.where == "title" else PAPER.abstract
        assert source[fact.start : fact.end] == fact.quote != ""


def test_a_paper_with_every_kind_of_fact() -> None:
    assert of_kind(PAPER, "task")[0].value == "Counting Birds in Field Recordings"
    assert [f.quote for f in of_kind(PAPER, "method")] == ["SoundFlock"]
    assert [f.quote for f in of_kind(PAPER, "data")] == ["BirdVox-20k", "WarbleSet"]
    assert dict(of_kind(PAPER, "result")[0].details) == {
        "metric": "accuracy",
        "figure": "81.3",
        "unit": "%",
        "dataset": "BirdVox-20k",
    }
    assert of_kind(PAPER, "compared with")[0].quote == "spectrogram counters such as CountNet and TrillNet"
    assert of_kind(PAPER, "code")[0].value == "code released: https://example.org/soundflock"
    assert of_kind(PAPER, "saving")[0].quote.startswith("Training is 3x faster")
    assert of_kind(PAPER, "limitation")[0].quote.startswith("At the cost of")
    assert of_kind(PAPER, "paper kind")[0].value == "method"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We introduce a planner, called RouteWise, for ships.", "RouteWise"),
        ("We present Tidal Graph Attention (TGA), which reads maps.", "Tidal Graph Attention (TGA)"),
        ("Here we present harbour quantization (HQ), a way to store maps.", "harbour quantization (HQ)"),
        ("We refer to our method as PortSight.", "PortSight"),
        ("Our PortSight framework sees ships.", "PortSight"),
    ],
)
def test_the_method_is_the_name_that_the_paper_gives_to_its_own_work(text: str, name: str) -> None:
    assert quotes(text, "method") == [name]


@pytest.mark.parametrize(
    "text",
    [
        "We use Maximum Likelihood Estimation (MLE) to fit the model.",
        "We propose a method for named entity recognition (NER).",
        "We propose a simple change to convolutional networks (CNNs).",
        "We develop a BERT-based classifier.",
        "CountNet counts birds. We present CountNet on more data.",
    ],
)
def test_names_of_others_are_no_method_of_the_paper(text: str) -> None:
    assert quotes(text, "method") == []


@pytest.mark.parametrize("head", ["RETRACTED", "Withdrawn", "Erratum"])
def test_what_editors_put_before_a_title_is_no_method(head: str) -> None:
    paper = Paper("p", f"{head}: Magnetic bracelets", "Magnetic bracelets cured 60 sailors.")
    assert [fact for fact in facts_of(paper) if fact.kind == "method"] == []


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("We test it on three benchmarks, including PortSet, HullQA and Dock-500.", ["PortSet", "HullQA", "Dock-500"]),
        ("Experiments on MNIST and ImageNet confirm it.", ["MNIST", "ImageNet"]),
        (
            "We evaluate our model on four public datasets, covering 120 volunteers.",
            ["four public datasets, covering 120 volunteers"],
        ),
        ("We construct a new image dataset, ShipFaces.", ["ShipFaces"]),
        ("We train a ResNet-50 on eight GPUs.", []),
        ("Experiments on ResNet-50 and GPT-4 confirm it.", []),
        ("We test it on a diverse set of benchmarks.", []),
    ],
)
def test_data_sets_are_named_or_counted(text: str, data: list[str]) -> None:
    assert quotes(text, "data") == data


@pytest.mark.parametrize(
    ("text", "rival"),
    [
        ("Our planner outperforms the best greedy search algorithm by 5%.", "best greedy search algorithm"),
        ("It needs 9x fewer steps compared to state-of-the-art routing methods.", "state-of-the-art routing methods"),
        (
            "We show better recall than earlier methods, e.g., RouteNet and PortNet, in fog.",
            "earlier methods, e.g., RouteNet and PortNet",
        ),
        ("We compare six loss functions on this data.", "six loss functions"),
        ("In our trial, mortality was lower compared with placebo.", "placebo"),
    ],
)
def test_what_a_paper_compares_itself_with(text: str, rival: str) -> None:
    found = quotes(text, "compared with")
    assert found[:1] == [rival]


@pytest.mark.parametrize(
    "text",
    [
        "Our method outperforms the state of the art.",
        "We show results better than other methods.",
        "We use more than 20 layers.",
    ],
)
def test_a_comparison_with_nothing_in_particular_is_left_out(text: str) -> None:
    assert quotes(text, "compared with") == []


@pytest.mark.parametrize(
    ("text", "released"),
    [
        ("Code will be made publicly available.", ["code to be released"]),
        ("We release our models and data under an open licence.", ["models released"]),
        ("We open-sourced our code.", ["code released"]),
        ("We train on publicly available data only.", []),
        ("A large amount of data is available for this task, and we use it.", []),
    ],
)
def test_releases_of_code_and_data(text: str, released: list[str]) -> None:
    assert [f.value for f in of_kind(Paper("t:3", "T", text), "code")] == released


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We found no significant difference between the two groups.", True),
        ("A limitation of our study is its small sample.", True),
        ("To overcome the limitations of existing methods, we propose a new one.", False),
        ("Our method improves accuracy without any loss.", False),
    ],
)
def test_limitations_are_the_papers_own(text: str, found: bool) -> None:
    assert bool(quotes(text, "limitation")) is found


@given(st.text(alphabet="aA 1.,(%)WeourproposeNET-\n:/", max_size=400), st.text(alphabet="aAB 1:-", max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_exact_spans_and_the_same_facts_again(abstract: str, title: str) -> None:
    paper = Paper("t:4", title, abstract)
    facts = facts_of(paper)
    assert facts == facts_of(paper)
    for fact in facts:
        assert (title if fact.where == "title" else abstract)[fact.start : fact.end] == fact.quote


@pytest.mark.parametrize(
    "piece", ["We propose A and ", "Net, Net2 and ", "(", "1.5 % ", "a ", "we outperform A-B, ", "NAME", "better than "]
)
def test_endless_sentences_do_not_hold_up_the_others(piece: str) -> None:
    started = time.perf_counter()
    facts_of(Paper("t:5", piece * 20, "We show " + piece * (20_000 // len(piece))))
    assert time.perf_counter() - started < 20


def test_a_capitalized_word_before_a_word_for_data_is_a_name_but_a_language_is_none() -> None:
    assert quotes("We train on the Gull dataset and test on a Czech corpus of letters.", "data") == ["Gull"]
    assert quotes("We revisit the popular Harbour 5k and Fjord 6k datasets.", "data")[:2] == ["Harbour 5k", "Fjord 6k"]


def test_what_stands_after_for_is_no_task_where_it_is_a_name() -> None:
    title = "Improving Night Vision for OWLNET with Lamps"
    assert [f.value for f in of_kind(Paper("t:3", title, "Lamps help."), "task")] == ["Night Vision for OWLNET"]


@pytest.mark.parametrize("other", ["CIFAR10", "cifar-10", "CIFAR 10"])
def test_spellings_of_a_name_are_one(other: str) -> None:
    assert name_key(other) == name_key("CIFAR-10") != name_key("CIFAR-100")
