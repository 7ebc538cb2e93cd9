"""Measures a judge of sentences: what it shows of the true and of the false ones, by kind, and how well its score ranks them.

A judge is any function from rows to verdicts, so that the packaged verifier, a language model and the whole product are
measured alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.documents import read
from assistant.embeddings.embedders import PackagedEmbedder
from assistant.ingestion.pipeline import SAMPLE
from assistant.types import Paper, Verdict
from assistant.verification.grounding import SHOWN
from assistant.verification.observations import Question, Text
from assistant.verification.verifier import Verifier
from eval import sentences, statistics
from eval.judging import Claim
from eval.metrics import UNSCORED, Score
from eval.sentences import TYPES, Sentence

_KINDS = ("true", "false", *TYPES, "partial")
"""The order of the tables; other kinds (the labels of a public set) follow."""

SHARES = ("supported", "marked", "taken_out")
"""What may become of a sentence: called supported, shown to be compared with the source, or taken out."""


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with all that it cites, and what a judge should say of it."""

    id: str
    claim: str
    cited: tuple[Text, ...]
    kind: str
    """`true`, a type of falsehood, `partial`, or a label of a public set."""
    supported: bool | None
    """Whether the cited texts carry it; None where it is true in part, which counts neither way."""
    paper_ids: tuple[str, ...] = ()
    """The cited papers, where a library holds them."""
    question: str = ""


class Judged(Protocol):
    """A verdict with its score."""

    @property
    def verdict(self) -> Verdict:
        """What the judge calls the sentence."""

    @property
    def score(self) -> float:
        """How sure it is that the sentence is supported, 0 to 1."""


Judge = Callable[[Sequence[Row]], Iterable[Judged | None]]
"""Judges rows in order; None for one that it cannot judge."""


def packaged_judge() -> Judge:
    """The packaged verifier."""
    verifier = Verifier(PackagedEmbedder())

    def judge(rows: Sequence[Row]) -> Iterable[Judged]:
        for row in rows:
            yield from verifier.judge_all([Question(row.claim, row.cited)])

    return judge


def own_rows(split: str = "all") -> list[Row]:
    """The rows of our own sentences, over the bundled sample."""
    papers = {p.paper_id: p for p in read([SAMPLE]) if isinstance(p, Paper)}
    return rows_of_sentences(sentences.load(split=split), papers)


def rows_of_sentences(written: Iterable[Sentence], papers: Mapping[str, Paper]) -> list[Row]:
    """A row for each sentence whose papers are all held."""
    truth = {"true": True, "false": False, "partial": None}
    return [
        Row(s.id, s.text, _texts(s.paper_ids, papers), s.type or s.kind, truth[s.kind], s.paper_ids, s.question)
        for s in written
        if papers.keys() >= set(s.paper_ids)
    ]


def rows_of_claims(claims: Iterable[Claim], papers: Mapping[str, Paper]) -> list[Row]:
    """A row for each labelled claim whose paper is held."""
    return [
        Row(
            c.id,
            c.claim,
            _texts((c.paper_id,), papers),
            "true" if c.label == "supported" else c.label,
            c.label == "supported",
            (c.paper_id,),
        )
        for c in claims
        if c.paper_id in papers
    ]


def _texts(paper_ids: Sequence[str], papers: Mapping[str, Paper]) -> tuple[Text, ...]:
    return tuple(Text(papers[i].title, papers[i].abstract) for i in paper_ids)


def measure(judge: Judge, rows: Sequence[Row], done: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """The figures of a judge over `rows`; `done` is called after each.

    `kinds`: for each kind, and for `true` and `false` as a whole, the shares called supported, marked (`partial`) and
    taken out, as figures with n and interval. `auroc` ranks supported against other rows by score, with
    `auroc_interval`; `balanced_accuracy` is that of the verdict `supported`. Rows that are true in part enter neither;
    what was not judged is unscored.
    """
    verdicts = []
    for verdict in judge(rows):
        verdicts.append(verdict)
        done()
    return figures(rows, verdicts)


def figures(rows: Sequence[Row], verdicts: Sequence[Judged | None]) -> dict[str, Any]:
    """The figures of `measure` from the verdicts on `rows`."""
    pairs = list(zip(rows, verdicts, strict=True))
    judged = [(r.supported, v) for r, v in pairs if v is not None and r.supported is not None]
    scores, truth = [v.score for _, v in judged], [supported for supported, _ in judged]
    spread = statistics.auroc_interval(scores, truth) if judged else None
    named: dict[str, list[Judged | None]] = {}
    for row, verdict in pairs:
        whole = row.kind if row.supported is None else "true" if row.supported else "false"
        for kind in dict.fromkeys((whole, row.kind)):
            named.setdefault(kind, []).append(verdict)
    order = sorted(named, key=lambda kind: _KINDS.index(kind) if kind in _KINDS else len(_KINDS))
    return {
        "n_scored": sum(v is not None for _, v in pairs),
        "n_total": len(pairs),
        "auroc": statistics.rounded(statistics.auroc(scores, truth)) if judged else None,
        "auroc_interval": None if spread is None else [round(x, 4) for x in spread],
        "balanced_accuracy": statistics.rounded(
            statistics.balanced_accuracy([v.verdict == "supported" for _, v in judged], truth)
        ),
        "kinds": {kind: _shares(named[kind]) for kind in order},
    }


def _shares(verdicts: Sequence[Judged | None]) -> dict[str, Any]:
    shares: dict[str, list[Score]] = {
        "supported": [_is(v, v is not None and v.verdict == "supported") for v in verdicts],
        "marked": [_is(v, v is not None and v.verdict == "partial") for v in verdicts],
        "taken_out": [_is(v, v is not None and v.verdict not in SHOWN) for v in verdicts],
    }
    return {name: statistics.to_dict(statistics.figure(values)) for name, values in shares.items()}


def _is(verdict: Judged | None, value: bool) -> Score:
    return UNSCORED if verdict is None else float(value)


def scores(row: Row, verdict: Judged | None) -> dict[str, Score]:
    """The gated scores of one row; none for a row that is true in part."""
    if row.supported is None:
        return {}
    side = "true" if row.supported else "false"
    return {
        f"{side}_supported": _is(verdict, verdict is not None and verdict.verdict == "supported"),
        f"{side}_shown": _is(verdict, verdict is not None and verdict.verdict in SHOWN),
    }
