"""What speaks for a paper stating a criterion, as numbers that a logistic function weighs.

Words decide most: the whole term or another name of it, its rarer words alone, an abbreviation. Closeness of the stored
vectors finds papers that say it in other words; it is compared with that of the other papers read, since its level differs
between criteria.
"""

from __future__ import annotations

import math
import re

import numpy as np
import numpy.typing as npt

from assistant.collection.paper_text import Line, PaperText
from assistant.collection.wanted import Wanted
from assistant.types import Vectors

NAMES = (
    "in title", "mentions", "mentioned", "coverage", "words near", "example", "background", "sign in title", "by name",
    "closeness", "closeness of words", "likeness",
)  # fmt: skip
_CORE = 0.9
"""Least coverage of a line with the core of a term."""
_FAR = 2.5
"""Standard deviations above the mean beyond which closeness counts no more."""
_FEW, _NEAR = 10, 2.0
"""So many papers at this distance are added: among few papers none is far, and the words decide."""
_SURE = 8
"""Papers that stand for those that say it, when others are compared with them; of few papers, a tenth."""
_PASSING = re.compile(
    r"(?i)\b(?:such as|including|e\.g\.|like|unlike|inspired by|analog\w+|similar to|compared (?:to|with)|for example|for instance)\b[^.;]*$"
)
Floats = npt.NDArray[np.float64]


def _in_passing(wanted: Wanted, text: PaperText) -> tuple[bool, bool]:
    """Whether the term stands only in lists of examples and comparisons; whether it stands only once, in the first sentences."""
    hits = [(i, line) for i, line in enumerate(text.lines) if wanted.finds(line) or wanted.core(line)]
    if not hits or hits[0][0] == 0:
        return False, False
    return all(_is_example(wanted, line) for _, line in hits), len(hits) == 1 and hits[0][0] <= 2 < len(text.lines) - 2


def _is_example(wanted: Wanted, line: Line) -> bool:
    at = wanted.names.first(line)
    if at < 0:
        at = next((line.text.lower().find(c[0]) for c in wanted.cores if c and c[0] in line.stems), -1)
    return at > 0 and bool(_PASSING.search(line.text[:at]))


def words(wanted: Wanted, text: PaperText) -> list[float]:
    """The features of the words of one paper: all but the last three."""
    wanted = wanted.within(text)
    title, mentions = text.lines[0], sum(map(wanted.finds, text.lines))
    near = (
        1.0 if mentions else max(_CORE if any(map(wanted.core, text.lines)) else 0.0, *map(wanted.coverage, text.lines))
    )
    example, background = _in_passing(wanted, text)
    return [
        float(wanted.finds(title) > 0), math.log1p(mentions), float(mentions > 0), near, near**4, float(example),
        float(background), float(wanted.has_sign(title)), float(mentions > 0 and wanted.by_name),
    ]  # fmt: skip


def table(lexical: Floats, cosines: Floats, late: Floats, means: Vectors) -> Floats:
    """One row of features for each paper, in the order of `NAMES`.

    `lexical`: rows of `words`. `cosines`, `late`: closeness of its nearest chunk and of its words to the criterion.
    `means`: each paper's mean vector.
    """
    sure = above(cosines) + 2 * lexical[:, 3] + lexical[:, 1]
    some = min(_SURE, 1 + len(sure) // 10)
    typical = means[np.argsort(-sure, kind="stable")[:some]].mean(axis=0)
    like = np.vecdot(means, typical).astype(np.float64)
    return np.column_stack([lexical, above(cosines), above(late), above(like)])


def above(values: Floats) -> Floats:
    """Each value's distance from the mean, in standard deviations, up to a limit."""
    found: Floats = np.minimum((values - values.mean()) / (values.std() + 1e-9), _FAR)
    return (found * len(values) + _FEW * _NEAR) / (len(values) + _FEW)
