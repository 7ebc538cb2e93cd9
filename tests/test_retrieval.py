"""What the scores of a search mean, and which of the papers found a question is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.embeddings.embedders import PackagedEmbedder
from assistant.index.manager import IndexManager
from assistant.ingestion.chunking import signature
from assistant.library.library import Library
from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.relevance import off_topic, relevance
from assistant.retrieval.subjects import SubjectFinder
from assistant.settings import Settings
from assistant.types import Paper, Passage


def passages(*scores: float) -> list[Passage]:
    return [Passage(Paper(f"t:{i}", "A title", "An abstract."), score) for i, score in enumerate(scores)]


def test_a_question_is_outside_unmatched_or_on_topic_by_its_best_paper() -> None:
    assert off_topic([]) == "no_match"
    assert off_topic(passages(0.05, 0.01)) == "outside_corpus"
    assert off_topic(passages(0.12)) == "no_match"
    assert off_topic(passages(0.2, 0.01)) is None


def test_relevance_rises_from_nothing_to_certainty() -> None:
    values = [relevance(score / 100) for score in range(60)]
    assert values == sorted(values)
    assert (values[0], values[-1]) == (0.0, 1.0)
    assert 0.0 < relevance(0.2) < 1.0


@pytest.fixture
def search(fresh_home: Path) -> Iterator[tuple[HybridRetriever, SubjectFinder]]:
    settings, embedder = Settings(home=fresh_home), PackagedEmbedder()
    library = Library(settings.home, signature(embedder.name, settings.chunk_tokens, settings.chunk_overlap))
    indexes = IndexManager(library, settings)
    retriever = HybridRetriever(library, indexes, embedder, settings.dense_weight)
    yield retriever, SubjectFinder(indexes, retriever)
    indexes.close()
    library.close()


def titles(found: list[Passage]) -> set[str]:
    return {p.paper.title.partition(":")[0].partition(" ")[0] for p in found}


def test_a_question_names_a_paper_by_a_rare_word_of_its_title(
    search: tuple[HybridRetriever, SubjectFinder],
) -> None:
    retriever, finder = search
    question = "On which harbours was TideNet tested?"
    assert titles(finder.named(question, retriever.search(question, 6).passages)) == {"TideNet"}
    general = "Which networks were trained?"
    assert finder.named(general, retriever.search(general, 6).passages) == []


def test_a_question_about_two_papers_has_both_as_subjects(search: tuple[HybridRetriever, SubjectFinder]) -> None:
    retriever, finder = search
    question = "How long does TideNet train, and how many signs does the lexicon of Quill hold?"
    found = finder.subjects(question, retriever.search(question, 6).passages, False, None)
    assert titles(found) == {"TideNet", "Quill"}
    alone = "How long does TideNet train on a laptop?"
    assert titles(finder.subjects(alone, retriever.search(alone, 6).passages, False, None)) == {"TideNet"}


def test_a_second_subject_is_searched_for_when_the_first_search_missed_it(
    search: tuple[HybridRetriever, SubjectFinder],
) -> None:
    retriever, finder = search
    question = "Compare the waiting times of OwlRoute with the error rate of NoteHound."
    first = retriever.search(question, 1).passages
    assert len(titles(finder.subjects(question, first, True, None))) == 2
