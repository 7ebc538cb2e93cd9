"""Can a model cite by itself? Tried once on two invented abstracts, then remembered in the library's folder.

Knows nothing about how answers are drafted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from assistant.answering.prompts import build_prompt
from assistant.answering.sentence_stream import sentences_of
from assistant.citations import Marked
from assistant.llm import LanguageModel
from assistant.types import Heartbeat, Paper, Passage, Usage

Form = Literal["free", "chosen"]

_FILE = "models.json"
_QUESTION = "How far can the paper lantern be seen in fog?"
_PAPERS = (
    Paper(
        "probe:1", "Ropes of Seaweed", "We braid ropes from kelp. A rope of nine strands carries 260 kg when it is wet."
    ),
    Paper(
        "probe:2",
        "A Lantern for Fog",
        "Lanterns of oiled paper are cheap to make. In fog our lantern can be seen from 41 metres, twice as far as one of "
        "glass.",
    ),
)
_RIGHT_NUMBER, _RIGHT_FIGURE = 2, "41"
_MOST_TOKENS = 80


def remembered(home: Path, model: LanguageModel) -> Form | None:
    """What was found out about the model before, None when nothing was."""
    form = _read(home / _FILE).get(model.identity)
    return "free" if form == "free" else "chosen" if form == "chosen" else None


def remember(home: Path, model: LanguageModel, form: Form) -> None:
    """Keeps what was found out; a folder that cannot be written to only costs another trial."""
    path = home / _FILE
    known = {**_read(path), model.identity: form}
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        temporary.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)


def probe(model: LanguageModel, deadline: float) -> Iterator[Form | Usage | Heartbeat]:
    """Asks about the second of two abstracts; the form comes last. Raises ModelError.

    `free` when some sentence states the figure and cites that abstract and no other.
    """
    passages = [Passage(paper, 1.0) for paper in _PAPERS]
    found: Form = "chosen"
    for item in sentences_of(model, build_prompt(_QUESTION, passages, model.fits), deadline, _MOST_TOKENS):
        if not isinstance(item, Marked):
            yield item
        elif item.numbers == (_RIGHT_NUMBER,) and _RIGHT_FIGURE in item.text:
            found = "free"
    yield found


def _read(path: Path) -> dict[str, str]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
