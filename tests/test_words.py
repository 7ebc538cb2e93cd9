"""Word vectors: how they are stored, that old libraries get them, and what they and titles change in a ranking."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from conftest import PAPERS, write_papers
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Assistant, Settings
from assistant.embeddings import minilm, word_states
from assistant.embeddings.embedders import (
    DeviceEmbedder,
    PackagedEmbedder,
    encode_words,
    packaged_words_in_torch,
    word_encoder,
)
from assistant.embeddings.text_encoder import Encode
from assistant.embeddings.word_states import EncodeWords
from assistant.library.rows import Entry, StoredPaper
from assistant.library.store import Store
from assistant.library.word_store import PaperWords
from assistant.types import Chunk, Embedder, Paper, Vectors

WORDS = st.builds(PaperWords, st.integers(0, 500), st.binary(max_size=300))
QUESTION = "How are ears counted on fields?"


def entry(paper_id: str, words: PaperWords | None) -> Entry:
    paper = Paper(paper_id, f"Title {paper_id}", "One sentence.")
    chunk = Chunk(paper_id, 0, 0, 13, "One sentence.")
    return Entry(StoredPaper(paper, paper.title, paper_id), "one", (chunk,), np.ones((1, 4), np.float32), words=words)


@given(st.dictionaries(st.sampled_from("abcdef"), st.none() | WORDS), st.sets(st.sampled_from("abcdefx")))
@settings(max_examples=30, deadline=None)
def test_words_are_stored_with_their_papers_and_go_with_them(
    stored: dict[str, PaperWords | None], gone: set[str]
) -> None:
    with TemporaryDirectory() as folder, closing(Store(Path(folder) / "library.sqlite3")) as store:
        store.put([entry(i, words) for i, words in stored.items()])
        expected = {i: words for i, words in stored.items() if words is not None}
        assert store.words.get("abcdefx") == expected
        assert store.words.get(sorted(gone)) == {i: w for i, w in expected.items() if i in gone}
        assert store.words.lacking() == sorted(stored.keys() - expected.keys())
        store.delete(sorted(gone))
        assert store.words.get("abcdefx") == {i: w for i, w in expected.items() if i not in gone}
        assert store.words.count() == len(expected.keys() - gone)
        store.words.put({i: PaperWords(1, b"later") for i in "abcdefx"})
        assert sorted(store.words.get("abcdefx")) == sorted(stored.keys() - gone)


@given(st.integers(0, 6), st.integers(0, 99))
@settings(deadline=None)
def test_packed_vectors_keep_their_directions(count: int, seed: int) -> None:
    rows = np.random.default_rng(seed).standard_normal((count, word_states.DIM)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    packed = word_states.pack(rows)
    assert len(packed) == count * word_states.BYTES
    assert np.all(np.vecdot(word_states.unpack(packed), word_states.rotate(rows)) > 0.9)


def test_words_come_with_the_vectors_that_the_encoder_gives_anyway() -> None:
    texts = [
        "The tide, the tides and the TIDE.",
        "the of and",
        "",
        "Überprüfung 标题 😀 \ud800 unaffable",
        "word " * 700,
    ]
    vectors, words = encode_words(PackagedEmbedder(), texts)
    assert words is not None
    assert np.allclose(vectors, PackagedEmbedder().encode(texts), atol=1e-6)
    assert [w.words for w in words][:3] == [["tide", "tides"], ["the", "of", "and"], []]
    assert {"überprüfung", "unaffable"} <= set(words[3].words)
    assert all(np.allclose(np.linalg.norm(w.vectors, axis=1), 1) for w in words if w.words)
    same = word_states.merge([words[0], words[0]])
    assert same.words == words[0].words
    assert np.allclose(same.vectors, words[0].vectors, atol=1e-6)
    assert minilm.WIDTH == word_states.DIM


@pytest.mark.slow  # loads torch
def test_torch_gives_the_same_words() -> None:
    texts = [f"{p['title']}\n{p['abstract']}" for p in PAPERS]
    _, expected = encode_words(PackagedEmbedder(), texts)
    _, found = packaged_words_in_torch("cpu")(texts)
    assert expected is not None
    for one, other in zip(expected, found, strict=True):
        assert one.words == other.words
        assert np.min(np.vecdot(one.vectors, other.vectors)) > 0.99


def test_a_device_gives_words_where_the_embedder_does(caplog: pytest.LogCaptureFixture) -> None:
    packaged, texts = PackagedEmbedder(), [f"The tide {i}" for i in range(70)]

    def broken(device: str) -> EncodeWords:
        raise RuntimeError(f"no {device}")

    _, expected = encode_words(packaged, texts)
    _, fallen_back = encode_words(DeviceEmbedder(packaged, lambda _: packaged.encode, "none", broken), texts)
    assert expected is not None
    assert fallen_back is not None
    assert [w.words for w in fallen_back] == [w.words for w in expected]
    assert "no none" in caplog.text
    assert word_encoder(DeviceEmbedder(packaged, lambda _: packaged.encode, "cpu")) is None


def test_an_embedder_in_whose_place_another_runs_gives_no_words() -> None:
    def broken() -> Encode:
        raise RuntimeError("no runtime")

    replaced = PackagedEmbedder(broken)
    assert word_encoder(replaced) is None
    vectors, words = encode_words(replaced, ["The tide"])
    assert words is None
    assert vectors.shape == (1, word_states.DIM)


class Counting:
    """The packaged encoder, which counts the texts that it is given."""

    name = PackagedEmbedder.name

    def __init__(self) -> None:
        self._real = PackagedEmbedder()
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return self._real.encode(texts)

    def word_encoder(self) -> EncodeWords | None:
        return self._words

    def _words(self, texts: Sequence[str]) -> tuple[Vectors, list[word_states.TextWords]]:
        self.texts += len(texts)
        encode = self._real.word_encoder()
        assert encode is not None
        return encode(texts)


class Wordless:
    """The same encoder as a stranger's, who gives no words; it counts its texts too."""

    name = PackagedEmbedder.name

    def __init__(self) -> None:
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return PackagedEmbedder().encode(texts)


def forget(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "library.sqlite3")) as db, db:
        db.execute(statement)


def indexed(home: Path, source: Path, embedder: Embedder) -> int:
    """Indexes the source; returns how many papers then have words."""
    with Assistant(Settings(home=home, llm="quotes"), embedder=embedder) as assistant:
        assistant.add([source])
    with closing(Store(home / "library.sqlite3")) as store:
        return store.words.count()


def test_a_library_without_words_is_searched_and_gets_them_once(fresh_home: Path, tmp_path: Path) -> None:
    forget(fresh_home, "DROP TABLE words")
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        assert assistant.search(QUESTION)[0].title.startswith("Counting Barley")
    source, counting, wordless = write_papers(tmp_path / "again.jsonl"), Counting(), Wordless()
    assert indexed(fresh_home, source, wordless) == 0
    on_device = DeviceEmbedder(wordless, lambda _: wordless.encode, "cpu", packaged_words_in_torch)
    assert indexed(fresh_home, source, on_device) == 0
    assert wordless.texts == 0, "nothing is embedded only to learn that there are no words"
    assert indexed(fresh_home, source, counting) == len(PAPERS)
    assert counting.texts == len(PAPERS)
    assert indexed(fresh_home, source, counting) == len(PAPERS)
    assert counting.texts == len(PAPERS)


@pytest.mark.parametrize("damage", ["zeroblob(length(vectors))", "substr(vectors, 2)", "x''"])
def test_damaged_words_are_not_read_and_made_again(fresh_home: Path, damage: str) -> None:
    forget(fresh_home, f"UPDATE words SET vectors = {damage}")  # noqa: S608 - a constant
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        assert assistant.search(QUESTION)[0].title.startswith("Counting Barley")
        assert [c.name for c in assistant.doctor() if not c.ok] == ["words"]
        assistant.rebuild()
        assert all(c.ok for c in assistant.doctor())


def paper(title: str, abstract: str) -> dict[str, object]:
    return {"title": title, "abstract": abstract, "year": 2020}


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("named")
    rival = (
        "What is dataset quantization? Dataset quantization compresses a dataset: dataset quantization of a dataset."
    )
    papers = [
        paper("Dataset Quantization", "A method that keeps a small part of the training images, chosen in bins."),
        paper("A Survey of Compression", rival),
        paper("Bins and Images: Dataset Compression", f"{rival} It is better than others."),
        paper("Deep Learning", "Networks of many layers learn representations of speech and images."),
        paper("Grading Retinal Photographs", "We grade retinal photographs of diabetic patients with deep learning."),
        *PAPERS,
    ]
    with Assistant(Settings(home=home, llm="quotes")) as assistant:
        assistant.add([write_papers(tmp_path_factory.mktemp("source") / "papers.jsonl", papers)])
    return home


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is Dataset Quantization?", "Dataset Quantization"),
        ("what is dataset quantization", "Dataset Quantization"),
        ("Which images does Dataset Quantization keep for training a classifier on a laptop?", "Dataset Quantization"),
        ("what is bins and images", "Bins and Images: Dataset Compression"),
        ("How is deep learning used to grade retinal photographs?", "Grading Retinal Photographs"),
    ],
)
def test_a_paper_whose_title_is_named_comes_first(named: Path, question: str, first: str) -> None:
    with Assistant(Settings(home=named, llm="quotes")) as assistant:
        assert assistant.search(question)[0].title == first


@pytest.mark.parametrize(("name", "first"), [("ROADS", "ROADS: Cheaper Maps"), ("roads", "Paving")])
def test_a_short_name_that_is_a_common_word_finds_its_paper_where_it_is_written_as_a_name(
    tmp_path: Path, name: str, first: str
) -> None:
    common = [
        paper(f"Paving {i}", f"How roads do age: roads of asphalt, roads of gravel, {i} roads.") for i in range(60)
    ]
    source = write_papers(tmp_path / "papers.jsonl", [paper("ROADS: Cheaper Maps", "We sell maps of hills."), *common])
    with Assistant(Settings(home=tmp_path / "home", llm="quotes")) as assistant:
        assistant.add([source])
        assert assistant.search(f"How do {name} age?")[0].title.startswith(first)


def test_a_word_that_a_question_repeats_counts_as_often(named: Path) -> None:
    with Assistant(Settings(home=named, llm="quotes", dense_weight=0.0)) as assistant:
        for word, title in (("kite", "Counting Barley"), ("bus", "Learning to Route")):
            found = assistant.search(f"kites, buses, kites, buses and {word}s {word}s {word}s")
            assert found[0].title.startswith(title)
