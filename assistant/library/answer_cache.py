"""Caches complete answers under a key of everything that could change them."""

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
from assistant.plan import Plan
from assistant.settings import Settings
from assistant.types import Answer, Citation, Evidence, Filters, Passage, Usage

_LOG = logging.getLogger(__name__)
_LIMIT = 2_000
"""Cached answers; the oldest are dropped first."""
_PACKAGE = Path(__file__).parent.parent
_IRRELEVANT = frozenset({"home", "models_home", "llm_api_key", "embedder_api_key", "log_answers", "cache"})
"""Settings about places and storage, which do not change an answer."""


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer with the passages that it was made from."""

    answer: Answer
    passages: tuple[Passage, ...]


class AnswerCache:
    """The cached answers of one library, for one set of settings and one model."""

    def __init__(self, library: Library, settings: Settings, spec: ModelSpec | None) -> None:
        self._library = library
        self._enabled = settings.cache
        relevant = {name: value for name, value in settings.model_dump(mode="json").items() if name not in _IRRELEVANT}
        model = spec and [spec.name, spec.base_url, _stamp(spec.path) if spec.kind == "gguf" else ""]
        self._configuration = [relevant, model]

    def key(
        self, question: str, history: Sequence[str | Answer], filters: Filters | None, plan: Plan | None = None
    ) -> str:
        """64 hex digits that depend on the question, the conversation so far, the papers that may be used and their text,
        the settings, the model, the prompts and the code."""
        library = self._library
        before = [_relevant(earlier) for earlier in history]
        restriction = None
        if filters is not None and filters.restrict:
            # Years and sources may change while the papers' text, and with it the fingerprint, stays the same.
            restriction = [asdict(filters), library.store.revision]
        parts = [
            question,
            before,
            restriction,
            plan and plan.to_dict(),
            library.store.pinned(filters),  # pins alone leave no paper out, and those of unknown papers do nothing
            library.store.fingerprint,
            library.signature,
            self._configuration,
            prompt_files.fingerprint(),
            _code(),
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def get(self, key: str) -> CachedAnswer | None:
        """The answer cached under this key, or None; its usage is zero because no model was asked this time."""
        document = self._library.store.answers.cached(key) if self._enabled else None
        if document is None:
            return None
        try:
            cached = json.loads(document)
            papers = {p.paper_id: p for p in self._library.store.papers([row[0] for row in cached["passages"]])}
            passages = tuple(Passage(papers[i], *scores) for i, *scores in cached["passages"] if i in papers)
            return CachedAnswer(replace(Answer.from_dict(cached["answer"]), usage=Usage(), cost=None), passages)
        except (ValueError, KeyError, TypeError) as error:
            _LOG.warning("a cached answer is damaged; the question is answered again (%s)", error)
            return None

    def put(self, key: str, answer: Answer, passages: Sequence[Passage]) -> None:
        """Caches an answer, unless a note says that something failed on the way."""
        if not self._enabled or answer.notes:
            return
        rows = [[p.paper.paper_id, p.score, p.dense, p.bm25] for p in passages]
        document = json.dumps({"answer": answer.to_dict(), "passages": rows}, ensure_ascii=False)
        try:
            self._library.store.answers.cache(key, document, _LIMIT)
        except LibraryError as error:
            _LOG.info("the answer was not cached: %s", error)


def _relevant(earlier: str | Answer) -> object:
    """The parts of an earlier turn that later answers may depend on."""
    if isinstance(earlier, str):
        return earlier
    evidence: list[Citation | Evidence] = [*earlier.citations, *earlier.nearest]
    spans = [[e.paper_id, e.start, e.end] for e in evidence]
    return [earlier.standalone_question, earlier.text, spans]


@cache
def _code() -> str:
    """A hash that changes with every file of this package, model weights included."""
    files = sorted(f for f in _PACKAGE.rglob("*") if f.is_file() and f.suffix != ".pyc")
    return hashlib.sha256("".join(f"{f.relative_to(_PACKAGE)} {_stamp(f)}" for f in files).encode()).hexdigest()


def _stamp(file: Path) -> str:
    stat = file.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}\n"
