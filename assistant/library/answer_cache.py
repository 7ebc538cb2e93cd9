"""Answers that were given before, under a key of everything that could have made them different.

Knows nothing about how an answer comes about. Only whole answers are kept, never one with a note of something that
failed on the way.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from assistant import prompt_files
from assistant.errors import LibraryError
from assistant.library.library import Library
from assistant.llm import ModelSpec
from assistant.settings import Settings
from assistant.types import Answer, Citation, Evidence, Filters, Passage, Usage

_LOG = logging.getLogger(__name__)
_MOST = 2_000
"""Answers kept; the oldest go first."""
_PACKAGE = Path(__file__).parent.parent
_MATTERS_NOT = frozenset({"home", "models_home", "llm_api_key", "embedder_api_key", "log_answers", "cache"})
"""Settings that say where things are and what is kept, and nothing about an answer."""


@dataclass(frozen=True, slots=True)
class Cached:
    """An answer with the passages that were read for it."""

    answer: Answer
    passages: tuple[Passage, ...]


class AnswerCache:
    """The answers of one library in one way of answering."""

    def __init__(self, library: Library, settings: Settings, spec: ModelSpec | None) -> None:
        self._library = library
        self._wanted = settings.cache
        chosen = {name: value for name, value in settings.model_dump(mode="json").items() if name not in _MATTERS_NOT}
        model = spec and [spec.name, spec.base_url, _stamp(spec.path) if spec.kind == "gguf" else ""]
        self._way = [chosen, model]

    def key(self, question: str, history: Sequence[str | Answer], filters: Filters | None) -> str:
        """64 hex digits: of the question, what came before, the papers that may answer and their text, the settings, the
        model, the prompts and the code."""
        library = self._library
        before = [_words(earlier) for earlier in history]
        # Years and sources may change while the papers' text, and so the fingerprint, stays.
        allowed = [asdict(filters), library.store.revision] if filters else None
        parts = [
            question,
            before,
            allowed,
            library.store.pinned(filters),
            library.store.fingerprint,
            library.signature,
            self._way,
            prompt_files.fingerprint(),
            _code(),
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def find(self, key: str) -> Cached | None:
        """What was answered under this key; it took no tokens this time."""
        document = self._library.store.answers.cached(key) if self._wanted else None
        if document is None:
            return None
        try:
            kept = json.loads(document)
            papers = {p.paper_id: p for p in self._library.store.papers([row[0] for row in kept["passages"]])}
            passages = tuple(Passage(papers[i], *scores) for i, *scores in kept["passages"] if i in papers)
            return Cached(replace(Answer.from_dict(kept["answer"]), usage=Usage(), cost=None), passages)
        except (ValueError, KeyError, TypeError) as error:
            _LOG.warning("a cached answer is damaged, so it is answered anew (%s)", error)
            return None

    def keep(self, key: str, answer: Answer, passages: Sequence[Passage]) -> None:
        """Keeps a whole answer, unless something is to be said about how it came about."""
        if not self._wanted or answer.notes:
            return
        rows = [[p.paper.paper_id, p.score, p.dense, p.lexical] for p in passages]
        document = json.dumps({"answer": answer.to_dict(), "passages": rows}, ensure_ascii=False)
        try:
            self._library.store.answers.cache(key, document, _MOST)
        except LibraryError as error:
            _LOG.info("answer not cached: %s", error)


def _words(earlier: str | Answer) -> object:
    if isinstance(earlier, str):
        return earlier
    spoken_of: list[Citation | Evidence] = [*earlier.citations, *earlier.nearest]
    spans = [[e.paper_id, e.start, e.end] for e in spoken_of]
    return [earlier.standalone_question, earlier.text, spans]


@cache
def _code() -> str:
    """Changes with every file of this package, weights included."""
    files = sorted(f for f in _PACKAGE.rglob("*") if f.is_file() and f.suffix != ".pyc")
    return hashlib.sha256("".join(f"{f.relative_to(_PACKAGE)} {_stamp(f)}" for f in files).encode()).hexdigest()


def _stamp(file: Path) -> str:
    stat = file.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}\n"
