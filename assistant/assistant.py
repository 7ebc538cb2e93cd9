"""`Assistant`: one library and one way of answering, for programs, the command line and the chat UI alike."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant import doctor
from assistant.answerability import AnswerabilityModel
from assistant.answering.drafting import ModelDrafts
from assistant.answering.pipeline import AnswerPipeline
from assistant.answering.service import AnswerService, checked
from assistant.citations.export import export
from assistant.conversation import Conversation
from assistant.embeddings.embedders import make_embedder
from assistant.errors import SettingsError
from assistant.index.manager import IndexManager
from assistant.ingestion.chunking import signature
from assistant.ingestion.pipeline import IngestionPipeline, Progress
from assistant.library import topic_map
from assistant.library.answer_cache import AnswerCache
from assistant.library.answer_log import AnswerLog
from assistant.library.library import Library
from assistant.llm import LanguageModel, available_models, choose
from assistant.query.model_rewriting import Rewording
from assistant.reports import (
    AnswerRecord,
    AvailableModel,
    ClaimCheck,
    ConversationInfo,
    HealthCheck,
    IndexReport,
    Stats,
)
from assistant.retrieval.hybrid import HybridRetriever
from assistant.settings import Settings
from assistant.text import sentences
from assistant.types import (
    Answer,
    AnswerEvent,
    Embedder,
    Filters,
    Hit,
    Paper,
    Passage,
)
from assistant.verification.claims import check_claim
from assistant.verification.judges import make_judge
from assistant.verification.verifier import Verifier

if TYPE_CHECKING:
    from llama_index.core.retrievers import BaseRetriever

_OF_THE_LIBRARY = frozenset({"home", "embedder", "embedder_api_key", "chunk_tokens", "chunk_overlap"})


class Assistant:
    """Answers questions about a library of abstracts; a context manager, safe to use from several threads.

    >>> with Assistant(Settings(llm="quotes")) as assistant:
    ...     assistant.add(["papers.bib"])
    ...     print(assistant.ask("What does CREAM regularise?"))
    """

    def __init__(
        self, settings: Settings | None = None, *, embedder: Embedder | None = None, of: Assistant | None = None
    ) -> None:
        """Opens the library that `settings.home` names, creating it when needed. Raises SettingsError, LibraryError.

        `of`: whose open library and loaded parts are shared (`using`).
        """
        self.settings = settings or Settings()
        choice = choose(self.settings)
        self.model_reason = choice.why
        """Why this model answers, or none."""
        self._model = LanguageModel(choice.spec, self.settings) if choice.spec else None
        self._owns_library = of is None
        s = self.settings
        self._embedder: Embedder = of._embedder if of else embedder or make_embedder(s)
        self._library: Library = (
            of._library if of else Library(s.home, signature(self._embedder.name, s.chunk_tokens, s.chunk_overlap))
        )
        self._indexes: IndexManager = of._indexes if of else IndexManager(self._library, s)
        self._retriever = HybridRetriever(self._library, self._indexes, self._embedder, s.dense_weight)
        self._ingestion = IngestionPipeline(self._library, self._indexes, self._embedder, s)
        self._reader: AnswerabilityModel = of._reader if of else AnswerabilityModel()
        self._verifier: Verifier = of._verifier if of else Verifier(self._embedder)
        self._records = AnswerLog(self._library, self.settings)
        self._loading = threading.Lock()
        self._drawing = threading.Lock()
        self._map: topic_map.TopicMap | None = None

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Releases the library's files; another view of a library leaves them open."""
        if self._owns_library:
            self._indexes.close()
            self._library.close()

    @property
    def model(self) -> str:
        """What answers: `quotes`, or the model's name."""
        return self._model.name if self._model else "quotes"

    def using(self, **changes: Any) -> Assistant:
        """Another view of the same open library: other settings for answers (`llm`, `k`, `judge`, `min_confidence`, …).

        Closing the view leaves the library open. Raises SettingsError for a setting that is unknown, makes no sense, or
        belongs to the library itself.
        """
        fixed = sorted(_OF_THE_LIBRARY & changes.keys())
        if fixed:
            raise SettingsError(f"setting {fixed[0]} belongs to the library; open another Assistant for it")
        return Assistant(self.settings.changed(**changes), of=self)

    def models(self) -> list[AvailableModel]:
        """What could answer here: quotes, pulled files, the models of a running Ollama, OpenAI when there is a key."""
        return available_models(self.settings)

    # -- the library -----------------------------------------------------------------------------------------------

    def add(
        self,
        paths: Sequence[str | Path] | None = None,
        progress: Progress | None = None,
        *,
        temporary: bool = False,
    ) -> IndexReport:
        """Reads files and folders into the library (None: the bundled sample). Doing it again changes nothing.

        `temporary` papers are removed when the first others are added: the sample shows the way in an empty library.
        Raises DocumentError for a missing path, LibraryError, EmbeddingError; unreadable records are in the report.
        """
        return self._ingestion.add(paths, progress, temporary=temporary)

    def papers(self) -> list[Paper]:
        """All papers of the library, by title."""
        return list(self._library.store.papers())

    def paper(self, paper_id: str) -> Paper:
        """One paper. Raises SettingsError for an id that the library does not hold."""
        found = next(self._library.store.papers([paper_id]), None)
        if found is None:
            raise SettingsError(f"no paper {paper_id} in the library; `assistant papers` lists them")
        return found

    def delete(self, paper_ids: Sequence[str]) -> int:
        """Removes papers from the library; returns how many there were."""
        return self._ingestion.delete(paper_ids)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Makes both indexes anew from the store; embeds only what another embedder or chunker had prepared."""
        self._ingestion.rebuild(progress)

    def stats(self) -> Stats:
        """Counts of what the library holds."""
        return doctor.stats(self._library, self._embedder)

    def topic_map(self) -> topic_map.TopicMap:
        """The library as a map of topics; drawn once for each state of the library, which takes seconds."""
        with self._drawing:
            if self._map is None or self._map.fingerprint != self._library.store.fingerprint:
                self._map = topic_map.draw(self._library)
            return self._map

    def doctor(self) -> list[HealthCheck]:
        """Looks at everything that can be wrong, and says what to do."""
        return doctor.doctor(self._library, self._indexes, self._embedder, self.settings)

    # -- questions -------------------------------------------------------------------------------------------------

    def ask(self, question: str, history: Sequence[str | Answer] = (), filters: Filters | None = None) -> Answer:
        """One cited answer, or an abstention; `history` are the earlier questions of the conversation, or better
        their answers.

        Raises SettingsError for an empty or overlong question, LibraryError, EmbeddingError. A language model that
        fails is no error: the answer is then made of quotes, and its `notes` say so.
        """
        answer = None
        for event in self.stream(question, history, filters):
            answer = event.answer
        assert answer is not None  # noqa: S101 - the last event always holds the answer
        return answer

    def stream(
        self, question: str, history: Sequence[str | Answer] = (), filters: Filters | None = None
    ) -> Iterator[AnswerEvent]:
        """The same as it comes about: every sentence when it is verified, the whole answer last."""
        return self._asking.stream(question, history, filters)

    def search(self, question: str, k: int | None = None, filters: Filters | None = None) -> list[Hit]:
        """The best `k` papers, each with its sentence that is closest to the question."""
        question = checked(question)
        passages = self._retriever.search(question, k or self.settings.k, filters).passages
        spans = [(p, s) for p in passages for s in sentences.split(p.paper.abstract)]
        vectors = self._embedder.encode([question, *(p.paper.abstract[s.start : s.end] for p, s in spans)])
        closeness = vectors[1:] @ vectors[0]
        hits = []
        for passage in passages:
            rows = [i for i, (p, _) in enumerate(spans) if p is passage]
            best = spans[rows[int(np.argmax(closeness[rows]))]][1]
            paper = passage.paper
            hits.append(Hit(paper.paper_id, paper.title, passage.score, paper.abstract[best.start : best.end]))
        return hits

    def check(self, claim: str, paper_id: str | None = None) -> ClaimCheck:
        """Is this sentence supported by the library, or by one paper of it? Raises SettingsError for an unknown id."""
        return check_claim(self._library.store, self._retriever, self._verifier, checked(claim), paper_id)

    # -- conversations and kept answers ----------------------------------------------------------------------------

    def chat(self, conversation_id: str | None = None, owner: str = "") -> Conversation:
        """A conversation: each question may lean on those before it. A new one, or one of the owner's kept ones.

        Raises LibraryError for an id that is not known, or that belongs to somebody else.
        """
        kept = self._records.conversation(conversation_id, owner) if conversation_id is not None else None
        return Conversation(lambda: self._asking, self._records, self._has_paper, owner, kept)

    def conversations(self, owner: str = "") -> list[ConversationInfo]:
        """The owner's kept conversations, newest first."""
        return self._records.conversations(owner)

    def delete_conversation(self, conversation_id: str, owner: str = "") -> None:
        """Removes a conversation with its answers. Raises LibraryError as `chat` does."""
        self._records.delete_conversation(conversation_id, owner)

    def records(self, conversation_id: str | None = None, limit: int | None = None) -> list[AnswerRecord]:
        """Kept answers, newest first; of one conversation where given."""
        return self._records.newest(conversation_id, limit)

    def record(self, record_id: str) -> AnswerRecord:
        """One kept answer. Raises LibraryError for one that is not there."""
        return self._records.get(record_id)

    def rate(self, record_id: str, rating: int) -> None:
        """Keeps what the reader thinks of an answer: -1, 0 or 1. Raises LibraryError, SettingsError."""
        self._records.rate(record_id, rating)

    def export(self, answers: Sequence[Answer], form: str) -> str:
        """The answers as a `markdown` or `json` document, or the cited papers as `bibtex`. Raises SettingsError."""
        return export(self._library, answers, form)

    # -- for other programs ----------------------------------------------------------------------------------------

    async def aask(self, question: str, history: Sequence[str | Answer] = (), filters: Filters | None = None) -> Answer:
        """`ask` without blocking the event loop."""
        return await asyncio.to_thread(self.ask, question, history, filters)

    async def astream(
        self, question: str, history: Sequence[str | Answer] = (), filters: Filters | None = None
    ) -> AsyncGenerator[AnswerEvent, None]:
        """`stream` without blocking the event loop."""
        events = self.stream(question, history, filters)
        step: asyncio.Future[AnswerEvent | None] | None = None
        try:
            while True:
                step = asyncio.ensure_future(asyncio.to_thread(next, events, None))
                if (event := await asyncio.shield(step)) is None:
                    return
                yield event
        finally:
            if step is not None:
                await asyncio.wait([step])  # never long: a model that says nothing still gives `waiting` events
            await asyncio.to_thread(events.close)  # type: ignore[attr-defined]  # it is a generator

    def as_retriever(self, k: int | None = None) -> BaseRetriever:
        """A llama-index retriever over this library, for use in any of its query engines."""
        from assistant.integrations.llama_index import make_retriever

        retriever: BaseRetriever = make_retriever(lambda question: self._passages(question, k))
        return retriever

    def _passages(self, question: str, k: int | None) -> list[Passage]:
        return self._retriever.search(checked(question), k or self.settings.k).passages

    def _has_paper(self, paper_id: str) -> bool:
        return any(self._library.store.papers([paper_id]))

    @cached_property
    def _asking(self) -> AnswerService:
        with self._loading:
            judge, drafts = make_judge(self.settings, self._verifier, self._model), None
            if self._model is not None:
                drafts = ModelDrafts(self._model, self._verifier, judge, self.settings)
            rewording = Rewording(self._model) if self._model else None
            answering = AnswerPipeline(
                self._library,
                self._indexes,
                self._retriever,
                self.settings,
                self._reader,
                drafts,
                rewording,
                self.model,
            )
            spec = self._model.spec if self._model else None
            return AnswerService(answering, AnswerCache(self._library, self.settings, spec), self._records, spec)
