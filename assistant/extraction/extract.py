"""Extracts all facts of one paper."""

from __future__ import annotations

from assistant.extraction import lines
from assistant.extraction.comparisons import comparisons
from assistant.extraction.data import data
from assistant.extraction.fact import Fact
from assistant.extraction.limitations import limitations
from assistant.extraction.methods import methods
from assistant.extraction.paper_kinds import paper_kinds
from assistant.extraction.releases import releases
from assistant.extraction.results import results, savings
from assistant.extraction.sizes import sample_sizes
from assistant.extraction.tasks import tasks
from assistant.types import Paper

VERSION = 5
"""Raise it with every change of a rule: stored facts of another version are made anew."""
_RULES = (tasks, methods, data, results, comparisons, limitations, releases, savings, sample_sizes, paper_kinds)


def facts_of(paper: Paper) -> tuple[Fact, ...]:
    """The facts that title and abstract state, in the order of the kinds and then of the text; the same paper always
    gives the same facts."""
    text = lines.read(paper)
    return tuple(fact for rule in _RULES for fact in rule(text))
