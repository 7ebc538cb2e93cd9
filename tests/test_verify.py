"""The shipped verifier on invented sentences: each rule, the support model, properties, and damaged sentences."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.embeddings.embedders import PackagedEmbedder
from assistant.text import sentences
from assistant.text.names import definitions, mentions, names
from assistant.text.numbers import quantities, same
from assistant.types import Span
from assistant.verification.verifier import Judgement, Verifier
from eval.training import edits

TITLE = "FoldNet: Folding Networks for Small Devices"
ABSTRACT = (
    "Large vision models are slow on small devices. We propose Folding Networks (FoldNet), a method that folds the "
    "layers of a ResNet-50 without any labels. FoldNet reaches 75.4\\% accuracy on ImageNet and 91.2\\% on CIFAR-10 "
    "while using 14x fewer parameters than BigNet. It is trained on 1.2 million images for three epochs. Folding "
    "does not need a teacher and improves robustness to noise. In all four ablations FoldNet outperforms PruneNet."
)


WHOLE = (Span(0, len(ABSTRACT)),)


@pytest.fixture(scope="session")
def verifier() -> Verifier:
    """The shipped verifier: the packaged encoder and the NLI model."""
    return Verifier(PackagedEmbedder())


def located(verifier: Verifier, claim: str) -> Judgement:
    return verifier.judge(claim, TITLE, ABSTRACT, verifier.locate(claim, TITLE, ABSTRACT) or WHOLE)


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
def test_true_rewrites_are_shown_and_no_rule_objects(verifier: Verifier, claim: str) -> None:
    judged = located(verifier, claim)
    assert judged.verdict in ("supported", "partial")
    assert judged.why in ("", "the cited passage says only part of this")


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
        ("FoldNet folds the layers of a ResNet-50 with labels.", "the abstract says “without”"),
        ("Folding needs a teacher and improves robustness to noise.", "the abstract says “not”"),
        ("Folding does not need a teacher and degrades robustness to noise.", "says “degrades”"),
        ("In all four ablations PruneNet outperforms FoldNet.", "round"),
        ("FoldNet does not outperform PruneNet in all four ablations.", "denies the comparison"),
        ("A teacher is needed for folding, which improves robustness.", "the abstract denies “needed”"),
    ],
)
def test_damage_is_contradicted(verifier: Verifier, claim: str, reason: str) -> None:
    assert located(verifier, claim).verdict == "contradicted"
    assert reason in verifier.judge(claim, TITLE, ABSTRACT, WHOLE).why


@pytest.mark.parametrize(
    "claim",
    [
        "FoldNet was submitted to the Fashion-MNIST leaderboard by seventeen hospitals.",
        "Training takes 36 hours on eight machines.",
        "Protein structures are predicted from amino acid sequences.",
    ],
)
def test_foreign_sentences_are_not_supported(verifier: Verifier, claim: str) -> None:
    assert located(verifier, claim).verdict in ("unsupported", "contradicted")
    assert verifier.judge(claim, TITLE, ABSTRACT, WHOLE).why


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("FoldNet works by folding a ResNet-50's layers and does without labels.", "supported"),
        ("The folding of layers happens without supervision.", "supported"),
        ("The layers are duplicated on several servers.", "unsupported"),
        ("Small devices run large vision models quickly.", "unsupported"),
    ],
)
def test_the_support_model_decides_where_no_rule_does(verifier: Verifier, claim: str, expected: str) -> None:
    spans = [sentences.split(ABSTRACT)[1]]
    assert verifier.rule(claim, TITLE, ABSTRACT, spans) is None
    assert verifier.judge(claim, TITLE, ABSTRACT, spans).verdict == expected


def test_a_figure_outside_the_cited_span_is_only_partial(verifier: Verifier) -> None:
    first = sentences.split(ABSTRACT)[3]
    judged = verifier.judge("It is trained on 1.2 million images for three epochs to 75.4%.", TITLE, ABSTRACT, [first])
    assert judged.verdict == "partial"
    assert "not in the cited passage" in judged.why


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("98.7\\%", "98.7 %"),
        ("98.7 percent", "98.7%"),
        ("14x", "14 times"),
        ("14$\\times$", "14-fold"),
        ("1,000 images", "1000 images"),
        ("1k images", "1K images"),
        ("7B parameters", "7 billion parameters"),
        ("two images", "2 images"),
        ("twice", "2x"),
        ("half", "50%"),
        ("0.93", "93%"),
        ("1e-4", "10^{-4}"),
        ("5 GB", "5GB"),
        ("about 45 %", "45.3 %"),
    ],
)
def test_spellings_of_one_quantity(left: str, right: str) -> None:
    assert same(quantities(left)[0], quantities(right)[0])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("98.7%", "98.6%"),
        ("14x", "14%"),
        ("7B", "7M"),
        ("5 ms", "5 hours"),
        ("45 %", "45.3 %"),
        ("1999", "2000"),
    ],
)
def test_different_quantities(left: str, right: str) -> None:
    assert not same(quantities(left)[0], quantities(right)[0])


def test_ranges_and_deviations_yield_both_ends() -> None:
    assert [q.value for q in quantities("0.11~0.18dB")] == [0.11, 0.18]
    assert {q.unit for q in quantities("gains of 4-8%")} == {"%"}
    assert [q.value for q in quantities("0.67pm0.08")] == [0.67, 0.08]


def test_numbers_in_names_are_names() -> None:
    assert quantities("ResNet-50, GPT-3.5, ViT-B/14 and CIFAR-10/100 in 3D at https://x.org/2") == ()
    assert names("We test ResNet-50 and the Adam optimiser on CIFAR-10.") == ("ResNet-50", "Adam", "CIFAR-10")


def test_abbreviations_and_spellings_of_names() -> None:
    text = "We present Matryoshka Representation Learning (MRL). It helps residual networks and LLMs on ImageNet-1K."
    assert definitions(text) == (("MRL", "Matryoshka Representation Learning"),)
    for name in ("MRL", "Matryoshka", "ResNets", "LLM", "ImageNet", "ImageNet1k"):
        assert mentions(name, text, "", text), name
    for name in ("BERT", "ImageNet-21k", "CIFAR-10"):
        assert not mentions(name, text, "", text), name


def test_figures_belong_to_their_names(verifier: Verifier) -> None:
    line = "It reaches 91.1% and 89.7% on ORAND-B and ORAND-A, respectively."
    wrong = verifier.judge("On ORAND-A the score is 91.1%.", TITLE, line, [Span(0, len(line))])
    assert (wrong.verdict, wrong.why) == ("contradicted", "says 91.1%, the abstract says 89.7%")
    assert verifier.rule("On ORAND-A the score is 89.7%.", TITLE, line, [Span(0, len(line))]) is None


def test_locate_finds_the_sentence_or_nothing(verifier: Verifier) -> None:
    parts = sentences.split(ABSTRACT)
    assert verifier.locate("three epochs of training on 1.2 million images", TITLE, ABSTRACT) == (parts[3],)
    assert verifier.locate("Zebras graze.", TITLE, ABSTRACT) == ()
    assert verifier.check("Zebras graze.", [(TITLE, ABSTRACT)])[0][0].verdict == "unsupported"
    assert verifier.check("Anything", []) == []


def test_a_figure_is_compared_with_the_one_in_its_place(verifier: Verifier) -> None:
    abstract = "The network has a depth of 30."
    judged = verifier.judge("The network has a depth of 31.", TITLE, abstract, [Span(0, len(abstract))])
    assert (judged.verdict, judged.why) == ("contradicted", "says 31, the abstract says 30")


def test_a_quote_without_content_words_is_found(verifier: Verifier) -> None:
    abstract = "The folders are counted. There are 1,024 of them."
    judged, spans = verifier.check("There are 1,024 of them.", [(TITLE, abstract)])[0]
    assert judged.verdict == "supported"
    assert spans == (Span(25, len(abstract)),)


def test_no_span_no_support(verifier: Verifier) -> None:
    assert verifier.judge("FoldNet is fast.", TITLE, ABSTRACT, []).verdict == "unsupported"
    assert verifier.judge("  ", TITLE, ABSTRACT, WHOLE).verdict == "unsupported"


@given(st.integers(0, len(ABSTRACT)), st.integers(20, 200))
def test_a_verbatim_piece_is_always_supported(verifier: Verifier, start: int, length: int) -> None:
    piece = ABSTRACT[start : start + length]
    if len(re.sub(r"\W", "", piece)) > 3:
        assert verifier.judge(piece, TITLE, ABSTRACT, WHOLE).verdict == "supported"


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
    assert verifier.judge(claim, TITLE, ABSTRACT, spans).verdict != "supported"


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=300))
def test_judging_never_raises(verifier: Verifier, claim: str, title: str, abstract: str) -> None:
    judged = verifier.judge(claim, title, abstract, [Span(0, len(abstract))])
    assert 0.0 <= judged.score <= 1.0
    assert (judged.why == "") == (judged.verdict == "supported")
    for span in verifier.locate(claim, title, abstract):
        assert 0 <= span.start < span.end <= len(abstract)


def test_small_run_of_damaged_sentences(verifier: Verifier) -> None:
    lines = [ABSTRACT[s.start : s.end] for s in sentences.split(ABSTRACT)]
    other = (
        "Other",
        ["Proteins are folded by WolfNet on BERT-large data.", "A survey of GPT-2 and MNIST is given."],
    )
    caught = {"false": [0, 0], "true": [0, 0]}
    for seed in range(5):
        for edit in edits.edits([(TITLE, lines)], [(TITLE, lines), other], seed):
            start = ABSTRACT.index(edit.source)
            judged = verifier.judge(edit.claim, TITLE, ABSTRACT, [Span(start, start + len(edit.source))])
            row = caught["true" if edit.kind in (*edits.TRUE, "untouched") else "false"]
            row[0] += judged.verdict in ("unsupported", "contradicted")
            row[1] += 1
    assert caught["false"][0] >= 0.95 * caught["false"][1]
    assert caught["true"][0] <= 0.05 * caught["true"][1]
