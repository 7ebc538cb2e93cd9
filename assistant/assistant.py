"""`Assistant`: one library and one way of answering, for programs, the command line and the chat page alike."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import doctor
from assistant.answering.service import AnswerService
from assistant.assembly import OpenLibrary, make_answer_service
from assistant.async_events import in_threads
from assistant.citations.export import export
from assistant.citations.listing_export import export_listing
from assistant.citations.table_export import export_table
from assistant.collection.collection import Collection
from assistant.collection.find import Finder
from assistant.collection.table import TableMaker
from assistant.conversation import Conversation
from assistant.errors import SettingsError
from assistant.ingestion.pipeline import IngestionPipeline, Progress
from assistant.library import topic_map
from assistant.library.answer_log import AnswerLog
from assistant.library.topic_map import TopicMap
from assistant.listing import Listing
from assistant.llm.client import LanguageModel
from assistant.llm.discovery import available_models
from assistant.llm.model_spec import choose
from assistant.plan import Plan
from assistant.query.query import checked
from assistant.reports import (
    AnswerRecord,
    AvailableModel,
    ClaimCheck,
    ConversationInfo,
    HealthCheck,
    IndexReport,
    Stats,
)
from assistant.retrieval.hits import best_sentences
from assistant.settings import Settings
from assistant.table import Table
from assistant.types import Answer, AnswerEvent, Embedder, Filters, History, Hit, Paper
from assistant.verification.claim_check import check_claim
from assistant.whole_library import WholeLibrary

if TYPE_CHECKING:
    from assistant.integrations.llama_index import HybridRetriever as LlamaIndexRetriever

_OF_THE_LIBRARY = frozenset({"home", "embedder", "embedder_api_key", "chunk_tokens", "chunk_overlap"})


class Assistant(WholeLibrary):
    """Answers questions about a library of abstracts; a context manager, safe to use from several threads.

    >>> Assistant().ask("What does CREAM regularise?")
    """

    def __init__(self, settings: Settings | None = None, *, embedder: Embedder | None = None) -> None:
        """Opens the library in `settings.home`, creating it when needed; `embedder` replaces the one in the settings.

        Raises SettingsError and LibraryError.
        """
        settings = settings or Settings()
        self._set_up(settings, OpenLibrary.of(settings, embedder), owns=True)

    def _set_up(self, settings: Settings, opened: OpenLibrary, *, owns: bool) -> None:
        self.settings = settings
        choice = choose(settings)
        self.model_reason = choice.why
        """The reason why this model answers, or none."""
        self._model = LanguageModel(choice.spec, settings) if choice.spec else None
        self._opened, self._owns = opened, owns
        self._library = opened.library
        self._retriever = opened.retriever(settings)
        self._collection = Collection(
            opened.library,
            self._retriever,
            opened.verifier,
            Finder(opened.library, self._retriever, opened.embedder),
            self._ask_unlogged,
            TableMaker(opened.library, opened.answerability, settings.min_confidence),
        )
        self._ingestion = IngestionPipeline(opened.library, opened.indexes, opened.embedder, settings)
        self._log = AnswerLog(opened.library, settings)
        self._service_lock, self._map_lock = threading.Lock(), threading.Lock()
        self._service: AnswerService | None = None
        self._topic_map: TopicMap | None = None

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Releases the library's files; closing another view of a library leaves them open."""
        if self._owns:
            self._opened.close()

    @property
    def model(self) -> str:
        """`quotes`, or the name of the language model that answers."""
        return self._model.name if self._model else "quotes"

    def using(self, **changes: Any) -> Assistant:
        """Another view of the same open library, with other settings (`llm`, `k`, `judge`, `min_confidence`, …).

        Closing the view leaves the library open. Raises SettingsError for a setting that is unknown, makes no sense, or
        belongs to the library itself.
        """
        fixed = sorted(_OF_THE_LIBRARY & changes.keys())
        if fixed:
            raise SettingsError(f"setting {fixed[0]} belongs to the library; open another Assistant for it")
        view = object.__new__(Assistant)
        view._set_up(self.settings.changed(**changes), self._opened, owns=False)
        return view

    def models(self) -> list[AvailableModel]:
        """The models available here: quotes, pulled files, the models of a running Ollama, and OpenAI when there is a key."""
        return available_models(self.settings)

    # -- the library -----------------------------------------------------------------------------------------------

    def add(
        self, paths: Sequence[str | Path] | None = None, progress: Progress | None = None, *, temporary: bool = False
    ) -> IndexReport:
        """Adds the papers in files and folders to the library (None: the bundled sample); repeating it changes nothing.

        `temporary` papers are removed when the first others are added: the sample fills an empty library this way.
        Raises DocumentError for a missing path, LibraryError and EmbeddingError; the report lists unreadable records.
        """
        return self._ingestion.add(paths, progress, temporary=temporary)

    def papers(self, filters: Filters | None = None) -> list[Paper]:
        """All papers of the library, by title, or those that pass filters."""
        store = self._library.store
        return list(store.papers(store.select(filters)) if filters else store.papers())

    def paper(self, paper_id: str) -> Paper:
        """One paper. Raises NotFoundError for an id that the library does not hold."""
        return self._library.paper(paper_id)

    def delete(self, paper_ids: Sequence[str]) -> int:
        """Removes papers from the library; returns how many there were. Raises LibraryError."""
        return self._ingestion.delete(paper_ids)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Rebuilds both indexes from the store; embeds only papers prepared by another embedder or chunker.

        Raises LibraryError and EmbeddingError.
        """
        self._ingestion.rebuild(progress)

    def stats(self) -> Stats:
        """Counts of papers, chunks, years and sources."""
        return doctor.stats(self._library, self._opened.embedder)

    def topic_map(self) -> TopicMap:
        """The library as a map of topics; drawn once for each state of the library, which takes seconds."""
        with self._map_lock:
            if self._topic_map is None or self._topic_map.fingerprint != self._library.store.fingerprint:
                self._topic_map = topic_map.draw(self._library)
            return self._topic_map

    def doctor(self) -> list[HealthCheck]:
        """Checks every part that can fail; each failed check names the next step."""
        return doctor.doctor(self._library, self._opened.indexes, self._opened.embedder, self.settings)

    # -- questions -------------------------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        history: History | None = None,
        filters: Filters | None = None,
        plan: Plan | None = None,
    ) -> Answer:
        """One cited answer, or an abstention. `history` holds the earlier answers of the conversation, or its questions.
        A `plan`, that of an earlier answer with corrections, decides instead of the question's wording what is asked.

        Raises QuestionError for a question that is empty or too long, LibraryError and EmbeddingError. A language model
        that fails raises nothing: the answer then consists of quotes, and its `notes` say so.
        """
        *_, last = self.stream(question, history, filters, plan)
        assert last.answer is not None  # noqa: S101 - the last event always holds the answer
        return last.answer

    def stream(
        self,
        question: str,
        history: History | None = None,
        filters: Filters | None = None,
        plan: Plan | None = None,
    ) -> Iterator[AnswerEvent]:
        """The same answer as it is made: each sentence once it is checked, the whole answer last."""
        return self._answers.answer(question, history or (), self._meant(filters), plan=plan)

    def search(self, question: str, k: int | None = None, filters: Filters | None = None) -> list[Hit]:
        """The best `k` papers, each with the sentence that is closest to the question. Raises as `ask` does."""
        question = checked(question)
        passages = self._retriever.search(question, k or self.settings.k, self._meant(filters)).passages
        return best_sentences(question, passages, self._opened.embedder)

    def check(self, claim: str, paper_ids: str | Sequence[str] | None = None) -> ClaimCheck:
        """Whether the library, or the papers named, support this sentence. Raises QuestionError and NotFoundError."""
        named = [paper_ids] if isinstance(paper_ids, str) else paper_ids
        return check_claim(checked(claim, "claim"), named, self._library, self._retriever, self._opened.verifier)

    def _ask_unlogged(self, question: str, filters: Filters, llm: str) -> Answer:
        return self.using(llm=llm, log_answers=False, cache=False).ask(question, filters=filters)

    # -- conversations and logged answers --------------------------------------------------------------------------

    def chat(self, conversation_id: str | None = None, owner: str = "") -> Conversation:
        """A conversation, in which questions may refer to earlier ones: a new one, or a stored one of the owner.

        Raises NotFoundError for an id that is unknown or belongs to somebody else, and SettingsError.
        """
        stored = self._log.conversation(conversation_id, owner) if conversation_id is not None else None
        return Conversation(self._answers.answer, self._library, self._log, owner, stored)

    def conversations(self, owner: str = "") -> list[ConversationInfo]:
        """The owner's stored conversations, newest first."""
        return self._log.conversations(owner)

    def delete_conversation(self, conversation_id: str, owner: str = "") -> None:
        """Removes a conversation with its answers. Raises NotFoundError as `chat` does."""
        self._log.delete_conversation(conversation_id, owner)

    def records(self, conversation_id: str | None = None, limit: int | None = None) -> list[AnswerRecord]:
        """Logged answers, newest first, of all conversations or of one."""
        return self._log.newest(conversation_id, limit)

    def record(self, record_id: str) -> AnswerRecord:
        """One logged answer. Raises NotFoundError."""
        return self._log.get(record_id)

    def rate(self, record_id: str, rating: int) -> None:
        """Stores the user's rating of an answer: -1, 0 or 1. Raises NotFoundError, SettingsError and LibraryError."""
        self._log.rate(record_id, rating)

    def export(self, answers: Sequence[Answer], form: str) -> str:
        """The answers as a `markdown`, `pandoc` or `json` document, or the cited papers as `bibtex`, `ris` or `csl`.

        Raises SettingsError for another form.
        """
        return export(answers, form, self._library.store.papers)

    def export_listing(self, listing: Listing, form: str) -> str:
        """The whole listing as `csv`, `markdown`, `bibtex`, `ris`, `csl` or `json`. Raises SettingsError."""
        return export_listing(listing, form, self._library.store.papers)

    def export_table(self, table: Table, form: str) -> str:
        """The whole table as `csv`, `markdown` or `json`, or its papers as `bibtex`, `ris` or `csl`. Raises SettingsError."""
        return export_table(table, form, self._library.store.papers)

    async def aask(self, question: str, history: History | None = None, filters: Filters | None = None) -> Answer:
        """`ask` without blocking the event loop."""
        return await asyncio.to_thread(self.ask, question, history, filters)

    def astream(
        self, question: str, history: History | None = None, filters: Filters | None = None
    ) -> AsyncGenerator[AnswerEvent, None]:
        """`stream` without blocking the event loop."""
        return in_threads(self.stream(question, history, filters))

    def as_retriever(self, k: int | None = None, filters: Filters | None = None) -> LlamaIndexRetriever:
        """A llama-index retriever over this library, for use in any of its query engines."""
        from assistant.integrations.llama_index import HybridRetriever as LlamaIndexRetriever

        return LlamaIndexRetriever(self._retriever, k or self.settings.k, filters)

    @property
    def _answers(self) -> AnswerService:
        """Made with the first question, since its judge may name a model. Raises SettingsError."""
        with self._service_lock:
            if self._service is None:
                self._service = make_answer_service(
                    self._opened,
                    self.settings,
                    self._model,
                    self._retriever,
                    self._log,
                    self._collection.finder,
                    self._collection.tables,
                    self.topic_map,
                )
            return self._service
