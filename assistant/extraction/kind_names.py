"""The words by which readers call the kinds of facts: "dataset", "best result", "baselines"."""

from __future__ import annotations

from assistant.extraction.fact import Kind

_NAMES: dict[Kind, str] = {
    "task": "task, problem, goal, aim",
    "method": "method, approach, technique, methodology, method name, model name",
    "data": "data, dataset, data set, benchmark, corpus, corpora",
    "result": "result, finding, performance, outcome, best result, main result, key result",
    "compared with": "compared with, baseline, competitor",
    "limitation": "limitation, limit, weakness, weaknesses, shortcoming, negative finding",
    "code": "code, code available, code availability",
    "saving": "saving, speed-up, speedup",
    "sample size": "sample size",
    "paper kind": "paper kind, kind of paper",
}
_KINDS: dict[str, Kind] = {name: kind for kind, names in _NAMES.items() for name in names.split(", ")}


def kind_named(name: str) -> Kind | None:
    """The kind of fact that is called so, in singular or plural; None where it is no kind of fact."""
    name = name.casefold()
    return next(
        (_KINDS[form] for form in (name, name.removesuffix("s"), name.removesuffix("es")) if form in _KINDS), None
    )
