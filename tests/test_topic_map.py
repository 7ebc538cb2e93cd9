"""The map of the library: every paper has one place, near papers lie near, and topics are named by their own terms."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from conftest import PAPERS, write_papers

from assistant import Assistant, Settings, TopicMap


def test_small_library(assistant: Assistant) -> None:
    drawn = assistant.topic_map()
    assert {p.title for p in drawn.places} == {str(p["title"]) for p in PAPERS}
    assert all(0 <= p.x <= 1 and 0 <= p.y <= 1 for p in drawn.places)
    assert [t.papers for t in drawn.topics] == [len(PAPERS)]


def test_empty_library(tmp_path: Path) -> None:
    with Assistant(Settings(home=tmp_path / "empty", llm="quotes")) as assistant:
        assert assistant.topic_map() == TopicMap("0" * 16, (), (), "PCA")


def test_visitors_who_ask_at_once_wait_for_the_same_map(fresh_home: Path) -> None:
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant, ThreadPoolExecutor(2) as visitors:
        first, second = visitors.map(lambda _: assistant.topic_map(), range(2))
    assert first is second


def test_two_subjects_are_two_topics_and_the_map_follows_the_library(tmp_path: Path) -> None:
    oceans = [
        _paper(f"Whale song {i}", "Whales sing below the ocean waves, and sailors hear the whales.", i)
        for i in range(16)
    ]
    bread = [
        _paper(f"Rye bread {i}", "Bakers knead rye dough and bake the sour bread in an oven.", i) for i in range(16)
    ]
    with Assistant(Settings(home=tmp_path / "home", llm="quotes")) as assistant:
        assistant.add([write_papers(tmp_path / "two.jsonl", [*oceans, *bread])])
        drawn = assistant.topic_map()
        assert assistant.topic_map() is drawn, "drawn once for each state of the library"
        whales = [p for p in drawn.places if "Whale" in p.title]
        loaves = [p for p in drawn.places if "bread" in p.title]
        assert len({p.topic for p in whales}) == len({p.topic for p in loaves}) == 1
        assert whales[0].topic != loaves[0].topic
        assert not set(drawn.topics[0].terms) & set(drawn.topics[1].terms)
        middle = [np.mean([(p.x, p.y) for p in group], axis=0) for group in (whales, loaves)]
        spread = max(np.std([(p.x, p.y) for p in group]) for group in (whales, loaves))
        assert np.linalg.norm(middle[0] - middle[1]) > spread
        assistant.delete([whales[0].paper_id])
        assert len(assistant.topic_map().places) == 31


def test_topics_are_named_by_phrases_of_their_own(tmp_path: Path) -> None:
    subjects = ("Coral Reef", "Night Bus", "Sheet Music", "Rye Bread", "Whale Song", "Steel Bridge")
    papers = [
        _paper(
            f"{('Mapping', 'Counting', 'Sorting', 'Judging')[i % 4]} the {subject}",
            f"A small residual remains in {subject.lower()} data. The losses of each {subject.lower()} are small.",
            i + 100 * n,
        )
        for n, subject in enumerate(subjects)
        for i in range(16)
    ]
    for i, paper in enumerate(papers):
        paper["title"] = f"{paper['title']} {i}"
    with Assistant(Settings(home=tmp_path / "home", llm="quotes")) as assistant:
        assistant.add([write_papers(tmp_path / "six.jsonl", papers)])
        topics = assistant.topic_map().topics
    assert {topic.terms[0] for topic in topics} == {subject.lower() for subject in subjects}
    named = [term for topic in topics for term in topic.terms]
    assert len(named) == len(set(named))


def _paper(title: str, text: str, number: int) -> dict[str, object]:
    return {
        "title": title,
        "abstract": f"{text} This is observation number {number}, made in the year {1900 + number}.",
    }
