"""What a record is to the papers that are stored: new, a repeat, an edit, a merge or a conflict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.identity import names, paper_id, title_key
from assistant.ingestion.dedup import Conflict, Decision, Edit, Merge, New, Repeat, decide
from assistant.library.rows import StoredPaper
from assistant.types import Paper

TITLE = "Harbour Drift"
TEXT = "Boats drift in the harbour at night. We measure them with ropes and bells. The error is two metres."
LONGER = f"{TEXT} It rains."
OTHER = "Tides of grain prices follow the moon in no market that was looked at over ninety years."


def record(abstract: str = TEXT, source: str = "a.bib", title: str = TITLE, **values: object) -> Paper:
    return Paper(**{"paper_id": paper_id(title), "title": title, "abstract": abstract, "sources": (source,), **values})  # type: ignore[arg-type]  # named above


def stored(paper: Paper) -> StoredPaper:
    decision = decide(paper, [], ())
    assert isinstance(decision, New)
    return decision.paper


def test_an_unknown_title_is_new() -> None:
    paper = stored(record())
    assert (paper.paper, paper.title_key, paper.variants) == (record(), title_key(TITLE), frozenset())


@pytest.mark.parametrize(
    ("source", "seen", "duplicate"), [("a.bib", (), False), ("a.bib", (paper_id(TITLE),), True), ("b.bib", (), True)]
)
def test_the_same_text_is_a_repeat(source: str, seen: Sequence[str], duplicate: bool) -> None:
    decision = decide(record(source=source, year=2020), [stored(record())], seen)
    assert isinstance(decision, Repeat)
    assert decision.duplicate is duplicate
    assert (decision.after.paper.abstract, decision.after.paper.year) == (TEXT, 2020), "a gap is filled"
    assert set(decision.after.paper.sources) == {"a.bib", source}


def test_another_text_from_the_only_source_is_an_edit() -> None:
    shorter = TEXT.replace(" with ropes and bells", "")
    decision = decide(record(shorter), [stored(record(year=2020))], ())
    assert isinstance(decision, Edit)
    assert (decision.after.paper.abstract, decision.after.paper.year) == (shorter, 2020)
    assert decision.after.text_hash != decision.before.text_hash
    assert not decision.after.variants, "the old text is gone for good"


def test_a_longer_copy_is_merged() -> None:
    decision = decide(record(LONGER, "b.bib"), [stored(record(year=2020))], ())
    assert isinstance(decision, Merge)
    assert (decision.after.paper.abstract, decision.after.paper.year) == (LONGER, 2020)
    assert decision.after.paper.sources == ("a.bib", "b.bib")
    assert decision.before.text_hash in decision.after.variants
    assert isinstance(decide(record(), [decision.after], ()), Repeat), "the shorter text is known from now on"


def test_a_shorter_copy_is_a_repeat_and_known_from_now_on() -> None:
    decision = decide(record(source="b.bib"), [stored(record(LONGER))], ())
    assert isinstance(decision, Repeat)
    assert decision.duplicate
    assert (decision.after.paper.abstract, len(decision.after.variants)) == (LONGER, 1)


def test_a_second_version_within_one_run_is_merged_and_no_edit() -> None:
    assert isinstance(decide(record(LONGER), [stored(record())], {paper_id(TITLE)}), Merge)


def test_another_abstract_under_the_same_title_is_a_conflict() -> None:
    decision = decide(record(OTHER), [stored(record())], ())
    assert isinstance(decision, Conflict)
    assert decision.paper.paper.abstract == OTHER
    assert decision.paper.paper.paper_id != paper_id(TITLE), "the id is taken"
    assert isinstance(decide(record(OTHER), [stored(record()), decision.paper], ()), Repeat)


def test_the_same_id_under_another_title_is_the_same_paper() -> None:
    known = stored(record(paper_id="arxiv:2101.00001"))
    decision = decide(record(OTHER, title="Drift, Revised", paper_id="arxiv:2101.00001"), [known], ())
    assert isinstance(decision, Edit)
    assert (decision.after.paper.title, decision.after.title_key) == ("Drift, Revised", "drift revised")


def test_an_arxiv_id_replaces_the_hash_of_the_title() -> None:
    decision = decide(record(source="b.bib", paper_id="arxiv:2101.00001"), [stored(record())], ())
    assert isinstance(decision, Repeat)
    assert (decision.before.paper.paper_id, decision.after.paper.paper_id) == (paper_id(TITLE), "arxiv:2101.00001")


def run(records: Iterable[Paper], library: dict[str, StoredPaper]) -> list[Decision]:
    """Applies the decisions about records, one after the other, to a library of papers by id."""
    decisions, seen = [], set[str]()
    for new in records:
        key = title_key(new.title)
        wanted = names(new, key)
        candidates = [p for p in library.values() if not wanted.isdisjoint(names(p.paper, p.title_key))]
        decision = decide(new, candidates, seen)
        if isinstance(decision, Repeat | Edit | Merge):
            seen.add(decision.before.paper.paper_id)
            del library[decision.before.paper.paper_id]
            for absorbed in decision.absorbed if isinstance(decision, Merge) else ():
                seen.add(absorbed.paper_id)
                del library[absorbed.paper_id]
            after = decision.after
        else:
            after = decision.paper
        library[after.paper.paper_id] = after
        seen.add(after.paper.paper_id)
        decisions.append(decision)
    return decisions


COPIES = st.builds(
    lambda title, more, source, year, arxiv: record(
        " ".join([f"On {title} we say a first thing.", *["And more of it."] * more]),
        f"{source}.bib",
        f"Title {title}",
        year=year,
        paper_id=f"arxiv:2101.0000{'abc'.index(title)}" if arxiv else paper_id(f"Title {title}"),
    ),
    st.sampled_from("abc"),
    st.integers(0, 3),
    st.sampled_from("xyz"),
    st.sampled_from([None, 2020]),
    st.booleans(),
)


@given(st.lists(COPIES, min_size=1, max_size=8), st.randoms())
def test_order_does_not_matter_and_a_second_run_changes_nothing(records: list[Paper], random: Random) -> None:
    library, shuffled = dict[str, StoredPaper](), dict[str, StoredPaper]()
    run(records, library)
    random.shuffle(others := list(records))
    run(others, shuffled)

    def content(papers: dict[str, StoredPaper]) -> dict[str, object]:
        return {
            i: (p.paper.title, p.paper.abstract, p.paper.year, set(p.paper.sources), p.variants | {p.text_hash})
            for i, p in papers.items()
        }

    assert content(library) == content(shuffled)
    before = content(library)
    assert all(isinstance(d, Repeat) and d.before.paper == d.after.paper for d in run(records, library))
    assert content(library) == before
