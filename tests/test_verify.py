"""The shipped verifier on invented sentences: each rule, the network, properties, and damaged sentences."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.embeddings.embedders import PackagedEmbedder
from assistant.text import sentences
from assistant.text.names import definitions, mentions
from assistant.text.numbers import quantities
from assistant.text.words import squeeze
from assistant.types import Span
from assistant.verification import rules
from assistant.verification.finding import Source
from assistant.verification.observations import Question, Text
from assistant.verification.verifier import Judgement, Verifier

TITLE = "FoldNet: Folding Networks for Small Devices"
ABSTRACT = (
    "Large vision models are slow on small devices. We propose Folding Networks (FoldNet), a method that folds the "
    "layers of a ResNet-50 without any labels. FoldNet reaches 75.4\\% accuracy on ImageNet and 91.2\\% on CIFAR-10 "
    "while using 14x fewer parameters than BigNet. It is trained on 1.2 million images for three epochs. Folding "
    "does not need a teacher and improves robustness to noise. In all four ablations FoldNet outperforms PruneNet."
)


PAPER = Text(TITLE, ABSTRACT)
OTHER = Text(
    "BigNet: More Layers for Large Clusters",
    "BigNet stacks 400 layers and needs 64 accelerators. It reaches 77.0% accuracy on ImageNet, but it is slow.",
)


@pytest.fixture(scope="session")
def verifier() -> Verifier:
    """The shipped verifier."""
    return Verifier(PackagedEmbedder())


def judge(verifier: Verifier, claim: str, *cited: Text, context: str = "") -> Judgement:
    return verifier.judge(claim, cited or (PAPER,), context)


def quotes(judgement: Judgement, *cited: Text) -> list[list[str]]:
    return [
        [paper.abstract[s.start : s.end] for s in spans]
        for paper, spans in zip(cited or (PAPER,), judgement.spans, strict=True)
    ]


@pytest.mark.parametrize(
    "claim",
    [
        "FoldNet reaches 75.4 % accuracy on ImageNet and 91.2 percent on CIFAR-10.",
        "FoldNet uses 14× fewer parameters than BigNet.",
        "FoldNet uses 14-fold fewer parameters than BigNet.",
        "The authors propose Folding Networks, a method that folds the layers of a ResNet-50 without any labels.",
        "FoldNet is trained on 1,200,000 images for 3 epochs.",
        "Folding doesn't need a teacher.",
        "In all 4 ablations PruneNet is outperformed by FoldNet.",
        "Large vision models are slow on small devices",
    ],
)
def test_true_rewrites_are_shown(verifier: Verifier, claim: str) -> None:
    assert judge(verifier, claim).verdict in ("supported", "partial")


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("FoldNet reaches 57.4 % accuracy on ImageNet.", "says 57.4 %, the abstract says 75.4%"),
        ("FoldNet reaches 91.2% accuracy on ImageNet.", "says 91.2%, the abstract says 75.4%"),
        ("FoldNet uses 12x fewer parameters than BigNet.", "says 12x, the abstract says 14x"),
        ("It is trained on 1.3 million images.", "says 1.3 million, the abstract says 1.2 million"),
        ("It is trained on 1.2 million images for five epochs.", "says five, the abstract says three"),
        (
            "FoldNet folds the layers of a VGG-16 without any labels.",
            "says VGG-16, the abstract says ResNet-50",
        ),
    ],
)
def test_another_figure_or_name_in_its_place_is_contradicted(verifier: Verifier, claim: str, reason: str) -> None:
    judged = judge(verifier, claim)
    assert judged.verdict == "contradicted"
    assert reason in judged.why


@pytest.mark.parametrize(
    "claim",
    [
        "FoldNet folds the layers of a ResNet-50 with labels.",
        "Folding needs a teacher and improves robustness to noise.",
        "Folding does not need a teacher and degrades robustness to noise.",
        "In all four ablations PruneNet outperforms FoldNet.",
        "FoldNet does not outperform PruneNet in all four ablations.",
        "A teacher is needed for folding, which improves robustness.",
    ],
)
def test_the_reverse_is_not_supported(verifier: Verifier, claim: str) -> None:
    judged = judge(verifier, claim)
    assert judged.verdict != "supported"
    assert judged.why


@pytest.mark.parametrize(
    "claim",
    [
        "FoldNet was submitted to the Fashion-MNIST leaderboard by seventeen hospitals.",
        "Training takes 36 hours on eight machines.",
        "Protein structures are predicted from amino acid sequences.",
    ],
)
def test_foreign_sentences_are_not_supported(verifier: Verifier, claim: str) -> None:
    judged = judge(verifier, claim)
    assert judged.verdict in ("unsupported", "contradicted")
    assert judged.why


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("FoldNet needs no labels to fold a ResNet-50's layers.", "FoldNet needs labels to fold a ResNet-50's layers."),
        ("Folded networks withstand noise better.", "Folded networks withstand noise worse."),
        ("Large vision models run slowly on small devices.", "Large vision models run quickly on small devices."),
        ("No teacher is involved in folding.", "A teacher guides the folding."),
    ],
)
def test_a_true_sentence_scores_above_its_reverse(verifier: Verifier, true: str, false: str) -> None:
    assert judge(verifier, true).score > judge(verifier, false).score


def test_a_sentence_is_held_against_all_that_it_cites(verifier: Verifier) -> None:
    claim = "On ImageNet, FoldNet reaches 75.4% accuracy and BigNet 77.0%."
    both = judge(verifier, claim, PAPER, OTHER)
    assert both.verdict in ("supported", "partial")
    assert [bool(spans) for spans in both.spans] == [True, True]
    assert judge(verifier, claim, PAPER).verdict not in ("supported", "partial")
    assert judge(verifier, claim, OTHER).verdict not in ("supported", "partial")


def test_the_spans_are_the_sentences_that_say_it(verifier: Verifier) -> None:
    judged = judge(verifier, "FoldNet is trained on 1.2 million images for three epochs.")
    assert quotes(judged) == [["It is trained on 1.2 million images for three epochs."]]


@pytest.mark.parametrize(
    ("asked", "true", "false"),
    [
        ("Is a teacher network needed for folding?", "No, it is not.", "Yes, it is."),
        ("Does it run on small devices?", "It does.", "It does not."),
        ("On how many images is FoldNet trained?", "1.2 million.", "3.4 million."),
    ],
)
def test_the_question_tells_what_an_ellipsis_stands_for(verifier: Verifier, asked: str, true: str, false: str) -> None:
    assert judge(verifier, true, context=asked).score > judge(verifier, false, context=asked).score


def test_several_sentences_get_the_verdicts_that_each_gets_alone(verifier: Verifier) -> None:
    asked = [
        Question("FoldNet uses 14x fewer parameters than BigNet.", [PAPER]),
        Question("", [PAPER]),
        Question("BigNet needs 64 accelerators.", [PAPER, OTHER]),
    ]
    together = verifier.judge_all(asked)
    for one, question in zip(together, asked, strict=True):
        alone = verifier.judge(question.claim, question.cited)
        assert (one.verdict, one.spans) == (alone.verdict, alone.spans)
        assert one.score == pytest.approx(alone.score, abs=0.02)


def test_abbreviations_and_spellings_of_names() -> None:
    text = "We present Matryoshka Representation Learning (MRL). It helps residual networks and LLMs on ImageNet-1K."
    assert definitions(text) == (("MRL", "Matryoshka Representation Learning"),)
    for name in ("MRL", "Matryoshka", "ResNets", "LLM", "ImageNet", "ImageNet1k"):
        assert mentions(name, text, "", text), name
    for name in ("BERT", "ImageNet-21k", "CIFAR-10"):
        assert not mentions(name, text, "", text), name


def test_figures_belong_to_their_names(verifier: Verifier) -> None:
    paper = Text(TITLE, "It reaches 91.1% and 89.7% on ORAND-B and ORAND-A, respectively.")
    wrong = judge(verifier, "On ORAND-A the score is 91.1%.", paper)
    assert (wrong.verdict, wrong.why) == ("contradicted", "says 91.1%, the abstract says 89.7%")
    source = Source(paper.title, paper.abstract, paper.abstract)
    assert not rules.findings("On ORAND-A the score is 89.7%.", source)


def test_a_figure_is_compared_with_the_one_in_its_place(verifier: Verifier) -> None:
    judged = judge(verifier, "The network has a depth of 31.", Text(TITLE, "The network has a depth of 30."))
    assert (judged.verdict, judged.why) == ("contradicted", "says 31, the abstract says 30")


def test_a_quote_without_content_words_is_found(verifier: Verifier) -> None:
    paper = Text(TITLE, "The folders are counted. There are 1,024 of them.")
    judged = judge(verifier, "There are 1,024 of them.", paper)
    assert judged.verdict == "supported"
    assert judged.spans == ((Span(25, len(paper.abstract)),),)


def test_nothing_said_or_cited_is_not_supported(verifier: Verifier) -> None:
    assert verifier.judge("FoldNet is fast.", []).verdict == "unsupported"
    assert judge(verifier, "FoldNet is fast.", Text(TITLE, "")).verdict == "unsupported"
    assert judge(verifier, "  ").verdict == "unsupported"


@given(st.integers(0, len(ABSTRACT)), st.integers(20, 200))
def test_a_verbatim_piece_is_always_supported(verifier: Verifier, start: int, length: int) -> None:
    piece = ABSTRACT[start : start + length]
    if len(re.sub(r"\W", "", piece)) > 3:
        judged = judge(verifier, piece)
        assert judged.verdict == "supported"
        assert any(squeeze(piece) in squeeze(quote) for quote in quotes(judged)[0])


@given(
    st.sampled_from(list(re.finditer(r"(?<![\w.-])\d+(?:\.\d+)?", ABSTRACT))),
    st.decimals(2, 5000, places=1),
)
def test_a_changed_number_is_never_supported(verifier: Verifier, match: re.Match[str], value: object) -> None:
    known = {q.value for q in quantities(ABSTRACT)}
    if float(str(value)) in known:
        return
    spans = [s for s in sentences.split(ABSTRACT) if s.start <= match.start() < s.end]
    claim = ABSTRACT[spans[0].start : match.start()] + str(value) + ABSTRACT[match.end() : spans[0].end]
    assert judge(verifier, claim).verdict != "supported"


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=300))
def test_judging_never_raises(verifier: Verifier, claim: str, title: str, abstract: str) -> None:
    judged = judge(verifier, claim, Text(title, abstract))
    assert 0.0 <= judged.score <= 1.0
    assert (judged.why == "") == (judged.verdict == "supported")
    for span in judged.spans[0]:
        assert 0 <= span.start < span.end <= len(abstract)


@pytest.mark.parametrize(
    "claim",
    [
        "Nearly two thirds of the pupils had the condition in the family.",
        "The condition was about three times as common in the first group.",
    ],
)
def test_a_share_that_a_reader_works_out_is_left_to_the_network(claim: str) -> None:
    said = "64.4 % of the pupils reported the condition in the family; it was found in 59 % and 19 % of both groups."
    kinds = {f.kind for f in rules.findings(claim, Source("A survey", said, said))}
    assert not kinds & {"figure missing", "figure replaced"}
