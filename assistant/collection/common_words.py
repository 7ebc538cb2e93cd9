"""Words that say little about what a term of a criterion is about."""

from __future__ import annotations

from assistant.collection.paper_text import stems_of

COMMON_NOUNS = frozenset(
    stem
    for word in """algorithm analysis approach application architecture area based data dataset field framework function imaging
    imagery images input item learning like method model network paper photo picture problem procedure process research setting strategy style system
    task technique technology tool training type work""".split()
    for stem in stems_of(word)
)
"""Stems of nouns that papers use for anything; at the end of a term they may be left out: "diffusion-based", "unsupervised"."""
COMMON_WORDS = COMMON_NOUNS | frozenset(
    stem
    for word in """learn train make try stop need require use help keep get build improve reduce increase recognise recognize identify
    predict estimate observe adapt deal handle study solve do does go work see find know give show label only very more less most
    several different various large small good better well each every over under up out into it them one can together jointly both also which what otherwise
    analyse analyze process create between their example""".split()
    for stem in stems_of(word)
)
"""Stems of words that add nothing to a concept beside which they stand: "learn from only a few examples"."""
