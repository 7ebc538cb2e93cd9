"""Runs one whole evaluation: the library, every part of the question set, and the report."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from assistant import Assistant, Settings
from eval import checked, find_all, judging, llm_judge, manifest, questions, replay, summary
from eval.chat_server import serve
from eval.injections import carriers, hostile, measure
from eval.injections import figures as injection_figures
from eval.injections.rows import GATED, chosen
from eval.injections.rows import load as load_injections
from eval.questions import SCRIPTED
from eval.ranking import rankers
from eval.replay import Cassette
from eval.run import Record, run
from eval.scratch import uncached
from eval.scripted import Writer

_SCRIPTED_TYPES = ("figure", "method", "near-domain")
_SCRIPTED_EACH = 8
"""How many questions of each type the scripted writer gets: enough to see its lies, few enough to be quick."""
_NO_MODEL = ("quotes", "auto")
_REMOVED_EVERY = 2
"""Every second one of the questions whose gold papers are hidden is asked, so that the gate stays quick."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to evaluate."""

    corpus: Path | None = None
    """Files to ask; None: the bundled sample."""
    llm: str = "quotes"
    split: questions.Split = "all"
    home: Path | None = None
    """Where the library stays for the next run; None: nowhere."""
    cassette: Path | None = None
    record: bool = False
    judge: str | None = None
    question_file: Path = questions.QUESTIONS
    trap_file: Path = questions.TRAPS


@dataclass(frozen=True, slots=True)
class Outcome:
    """The document of `report.json`, which is the same in every run, and the timings, which are not."""

    document: dict[str, Any]
    timings: dict[str, Any]


Tick = Callable[[str], None]
"""Called with the name of the part after each question."""


def evaluate(options: Options, tick: Tick = lambda part: None) -> Outcome:
    """Runs everything. Raises AssistantError when the library or the model cannot be used at all, and ReplayError when
    a call of the model was not recorded."""
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cassette, spec = Cassette(options.cassette, options.record) if options.cassette else None, options.llm
        if cassette is not None and options.llm not in _NO_MODEL:
            spec = stack.enter_context(replay.through(cassette, options.llm))
        settings = uncached(options.home or scratch / "library", llm=spec)
        assistant = stack.enter_context(Assistant(settings))
        assistant.add([options.corpus] if options.corpus else None)
        tick("index")
        judge = judging.VerifierJudge(assistant)
        asked = questions.load(options.question_file, options.split)
        rank = stack.enter_context(rankers(settings))
        records = run(assistant, asked, judge, rank, lambda: tick("questions"))
        removed = questions.without_gold(asked)[::_REMOVED_EVERY]
        records += run(assistant, removed, judge, done=lambda: tick(questions.GOLD_REMOVED))
        records += _traps(settings, scratch, options, tick)
        if cassette is not None:
            cassette.check()
            records = [_named(record, options.llm) for record in records]
        if assistant.model == "quotes":
            records += scripted(settings, asked, judge, tick)[0]
        document = document_of(options, assistant, records, judge, cassette, tick)
        return Outcome(document, _timings(records))


def _traps(settings: Settings, scratch: Path, options: Options, tick: Tick) -> list[Record]:
    """Asks about the adversarial papers in a library of their own, so that they are retrieved and disturb nothing else."""
    traps = questions.load_traps(options.trap_file, options.split)
    source = scratch / "adversarial.jsonl"
    source.write_bytes(b"".join(orjson.dumps({"title": t.title, "abstract": t.abstract}) + b"\n" for t in traps))
    with Assistant(settings.model_copy(update={"home": scratch / "adversarial"})) as assistant:
        assistant.add([source])
        asked = [q for t in traps for q in t.questions]
        return run(assistant, asked, judging.VerifierJudge(assistant), done=lambda: tick(questions.ADVERSARIAL))


def scripted(
    settings: Settings, asked: Sequence[questions.Question], judge: judging.Judge, tick: Tick
) -> tuple[list[Record], Writer]:
    """Asks some questions again of a writer that lies in a known way; returns the records, and the writer with its lies."""
    chosen = [q for kind in _SCRIPTED_TYPES for q in [q for q in asked if q.type == kind][:_SCRIPTED_EACH]]
    chosen = [replace(q, id=f"{q.id}-{SCRIPTED}", type=SCRIPTED) for q in chosen]
    writer = Writer()
    with serve(writer) as url, Assistant(settings.model_copy(update={"llm": f"{url}#{SCRIPTED}"})) as assistant:
        records = run(assistant, chosen, judge, done=lambda: tick(SCRIPTED))
    return [_with_lies(_named(record, SCRIPTED), writer) for record in records], writer


def _with_lies(record: Record, writer: Writer) -> Record:
    shown = {s["text"] for s in record.answer["sentences"]} if record.answer else set()
    return replace(record, scores=record.scores | {"lies_shown": float(bool(shown & writer.lies))})


def _named(record: Record, model: str) -> Record:
    """The record with the name by which the model was asked for, in place of the port where it was reached."""
    if record.answer is None:
        return record
    reached = record.answer["model"]
    notes = [note.replace(reached, model) for note in record.answer["notes"]]
    return replace(record, answer=record.answer | {"model": model, "notes": notes})


def document_of(
    options: Options,
    assistant: Assistant,
    records: list[Record],
    judge: judging.VerifierJudge,
    cassette: Cassette | None,
    tick: Tick = lambda part: None,
) -> dict[str, Any]:
    """The document of `report.json`: what the run depended on, its figures, and every question, checked sentence,
    criterion of a list and planted text; `tick` is called after each of the last three."""
    papers = {p.paper_id: p for p in assistant.papers()}
    abstracts = {i: p.abstract for i, p in papers.items()}
    claims = judging.load_claims(split=options.split)
    support, sentences = checked.check(assistant, papers, options.split, lambda: tick("check"))
    injections = _injections(assistant, papers, options.split, lambda: tick("injections"))
    listings, criteria = _listings(assistant, papers, options.split, lambda: tick("lists"))
    document: dict[str, Any] = {
        "manifest": manifest.manifest(
            assistant, options.corpus, options.llm, options.split, options.question_file, options.trap_file
        ),
        "summary": summary.summarise(records),
        "selective": summary.selective(records),
        "confidence": summary.confidence(records),
        "support": support,
        "listings": listings,
        "injections": injection_figures.figures(injections),
        "retrievers": summary.retrievers(records),
        "tokens": summary.tokens(records),
        "verifier_error": judging.error(judge, claims, abstracts),
        "broken": summary.broken(records),
        "titles": {i: papers[i].title for i in sorted(_mentioned(records)) if i in papers},
        "questions": [r.to_dict() for r in records],
        "checked": sentences,
        "criteria": criteria,
        "planted": injection_figures.rows(injections),
    }
    if options.judge:
        with _connected(options.judge, cassette) as (base, model):
            judged = llm_judge.LanguageModelJudge(base, model, options.judge)
            document["judge"] = {"spec": options.judge, **llm_judge.judge(judged, records, claims, abstracts)}
    return document


def _listings(
    assistant: Assistant, papers: Iterable[str], split: questions.Split, done: Callable[[], None]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """As `find_all.of_sample`; nothing of a model, which would need recorded replies for lists as well."""
    return find_all.of_sample(assistant, papers, split, done) if assistant.model == "quotes" else ({}, [])


def _injections(
    assistant: Assistant, papers: Iterable[str], split: questions.Split, done: Callable[[], None]
) -> list[measure.Result]:
    """What became of the suite's rows for the gate; nothing of a run over other papers than the sample's, in which they are
    planted, or of a model, which `python -m eval.injections` measures. All rows are of the test split."""
    if split == "dev" or assistant.model != "quotes" or {p.paper_id for p in carriers.sample()} != set(papers):
        return []
    some = chosen(load_injections(), GATED[True], GATED[False])
    return measure.measure(some, done=done) + hostile.measure()


@contextmanager
def _connected(spec: str, cassette: Cassette | None) -> Iterator[tuple[str, str]]:
    """Yields the base URL and the model of the judge, which is reached through the cassette when there is one."""
    if cassette is None:
        yield replay.address(spec)
        return
    with replay.through(cassette, spec) as through:
        yield replay.address(through)
    cassette.check()


def _mentioned(records: Sequence[Record]) -> set[str]:
    return {i for r in records for i in (*r.gold_papers, *r.retrieved)}


def _timings(records: Sequence[Record]) -> dict[str, Any]:
    return {
        "stages_ms": summary.timings([r for r in records if r.type not in summary.DERIVED]),
        "questions_ms": {r.id: r.timings_ms.get("total") for r in records},
    }
