"""Asks a language model about the papers that come near a criterion without a sentence that surely states it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.collection.by_model.asking import Call, ask_all, list_schema, rows
from assistant.collection.by_model.quotes import located, sentence_around
from assistant.injections.screening import safe_title, screened
from assistant.library.store import Store
from assistant.listing import ListedPaper, Listing
from assistant.llm.client import LanguageModel
from assistant.llm.prompt import fill, visible
from assistant.model_use import Budget
from assistant.types import Paper, Step
from assistant.verification.observations import Text
from assistant.verification.verifier import Verifier

_BATCH = 5
"""Papers of one call. A model file gets one at a time: such models are small, and another call costs them little."""
_REPLY_TOKENS = 160
"""For one paper: a sentence and what stands around it."""
_LONGEST = 4_000
"""Characters of an abstract that are shown to the model, so that a batch fits into 8,192 tokens."""


@dataclass(frozen=True, slots=True)
class _Batch:
    criterion: str
    papers: tuple[Paper, ...]


def judge_unclear(
    listings: Mapping[str, Listing],
    store: Store,
    verifier: Verifier,
    model: LanguageModel,
    budget: Budget,
    step: Step | None = None,
) -> dict[str, Listing]:
    """The listings with the unclear papers that the model accepts among those that state the criterion, marked.

    It has to name words that stand in the paper, and the verifier must not hold them to say otherwise. A paper that the
    model does not accept stays unclear, since no words show that it is not meant. Raises BudgetError.
    """
    size = 1 if model.spec.kind in ("gguf", "ollama") else _BATCH
    batches = [batch for key, listing in listings.items() for batch in _batches(key, listing, store, size)]
    if not batches:
        return dict(listings)
    calls = [_call(listings[batch.criterion].criterion, batch.papers) for batch in batches]
    replies, use = ask_all(model, calls, budget, step)
    read: dict[str, set[str]] = {key: set() for key in listings}
    shown: dict[str, dict[str, ListedPaper]] = {key: {} for key in listings}
    for batch, reply in zip(batches, replies, strict=False):
        criterion = listings[batch.criterion].criterion
        for paper, quote in _judged(batch, reply):
            read[batch.criterion].add(paper.paper_id)
            if quote and (listed := _proved(paper, quote, criterion, verifier)) is not None:
                shown[batch.criterion][paper.paper_id] = replace(listed, judged_by=model.name)
    use = replace(use, read=sum(map(len, read.values())), accepted=sum(map(len, shown.values())))
    merged = {key: _merged(listing, shown[key], read[key], model.name) for key, listing in listings.items()}
    return {key: replace(listing, model=use) for key, listing in merged.items()}


def _batches(key: str, listing: Listing, store: Store, size: int) -> Iterator[_Batch]:
    papers = screened(list(store.papers([p.paper_id for p in listing.unclear]))) if listing.unclear else []
    for i in range(0, len(papers), size):
        yield _Batch(key, tuple(papers[i : i + size]))


def _call(criterion: str, papers: Sequence[Paper]) -> Call:
    shown = (f"[{n}] {visible(safe_title(p))}\n{visible(p.abstract)[:_LONGEST]}" for n, p in enumerate(papers, 1))
    count = len(papers)
    number = {"type": "integer", "enum": list(range(1, count + 1))}
    fields = {"n": number, "quote": {"type": "string"}, "meets": {"type": "boolean"}}
    return Call(
        fill("states.md", criterion=visible(criterion), papers="\n\n".join(shown)),
        list_schema("papers", fields, count, count),
        _REPLY_TOKENS * count,
        count,
    )


def _judged(batch: _Batch, reply: str) -> Iterator[tuple[Paper, str]]:
    """The papers of which the reply says something, once and readably, with the quote of those that it accepts."""
    said: dict[int, list[tuple[str, bool]]] = {}
    for row in rows(reply, "papers"):
        n, quote, meets = row.get("n"), row.get("quote"), row.get("meets")
        if isinstance(n, int) and isinstance(quote, str) and isinstance(meets, bool):
            said.setdefault(n, []).append((quote, meets))
    for n, paper in enumerate(batch.papers, 1):
        if len(said.get(n, ())) == 1:
            quote, meets = said[n][0]
            yield paper, quote if meets else ""


def _proved(paper: Paper, quote: str, criterion: str, verifier: Verifier) -> ListedPaper | None:
    """The paper with the sentence that holds the quote; None where there is none, or the verifier says that it says otherwise."""
    found = located(quote, paper)
    if found is None:
        return None
    where, span = found
    span = sentence_around(where, span, paper)
    sentence = (paper.title if where == "title" else paper.abstract)[span.start : span.end]
    judgement = verifier.judge(f"The paper is about {criterion}.", [Text(paper.title, sentence)])
    if judgement.verdict == "contradicted":
        return None
    return ListedPaper(paper.paper_id, paper.shown_title, sentence, span.start, span.end, where)


def _merged(listing: Listing, shown: Mapping[str, ListedPaper], read: set[str], model: str) -> Listing:
    papers = (*listing.papers, *(shown[p.paper_id] for p in listing.unclear if p.paper_id in shown))
    rest = (p for p in listing.unclear if p.paper_id not in shown)
    unclear = tuple(replace(p, judged_by=model) if p.paper_id in read else p for p in rest)
    return replace(listing, count=len(papers), papers=papers, unclear=unclear)
