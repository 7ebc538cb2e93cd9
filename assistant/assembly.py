"""Opens a library with all that is loaded for it, and assembles from these parts what answers questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.answerability.model import AnswerabilityModel
from assistant.answering.extractive import ExtractiveWriter
from assistant.answering.listing_answer import ListingAnswers
from assistant.answering.model_writer import ModelWriter
from assistant.answering.pipeline import Pipeline
from assistant.answering.service import AnswerService
from assistant.collection.find import Finder
from assistant.collection.library_questions import LibraryQuestions
from assistant.collection.table import TableMaker
from assistant.embeddings import minilm
from assistant.embeddings.embedders import make_embedder
from assistant.errors import AssistantError
from assistant.index.manager import IndexManager
from assistant.ingestion.chunking import signature
from assistant.library.answer_cache import AnswerCache
from assistant.library.answer_log import AnswerLog
from assistant.library.library import Library
from assistant.library.topic_map import TopicMap
from assistant.llm.client import LanguageModel
from assistant.query.contextualize import Contextualizer
from assistant.query.holdings import Holdings
from assistant.query.intents import Grammar
from assistant.query.spelling import Speller
from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.subjects import SubjectFinder
from assistant.settings import Settings
from assistant.types import Embedder
from assistant.verification.judge_choice import make_judge
from assistant.verification.verifier import Verifier


@dataclass(frozen=True, slots=True)
class OpenLibrary:
    """An open library with the parts loaded for it, shared by all views of it."""

    embedder: Embedder
    library: Library
    indexes: IndexManager
    answerability: AnswerabilityModel
    verifier: Verifier

    @classmethod
    def of(cls, settings: Settings, embedder: Embedder | None) -> OpenLibrary:
        """The library in `settings.home`, created when needed. Raises SettingsError and LibraryError."""
        embedder = embedder or make_embedder(settings)
        library = Library(settings.home, signature(embedder.name, settings.chunk_tokens, settings.chunk_overlap))
        try:
            return cls(embedder, library, IndexManager(library, settings), AnswerabilityModel(), Verifier(embedder))
        except AssistantError:
            library.close()
            raise

    def retriever(self, settings: Settings) -> HybridRetriever:
        """Searches the library with the weights of these settings."""
        return HybridRetriever(self.library, self.indexes, self.embedder, settings.dense_weight)

    def close(self) -> None:
        """Releases the library's files."""
        self.indexes.close()
        self.library.close()


def make_answer_service(
    opened: OpenLibrary,
    settings: Settings,
    model: LanguageModel | None,
    retriever: HybridRetriever,
    log: AnswerLog,
    finder: Finder,
    tables: TableMaker,
    topics: Callable[[], TopicMap],
) -> AnswerService:
    """What answers questions with these settings, with a model or without one. Raises SettingsError for its judge."""
    judge = make_judge(settings, model)
    subjects = SubjectFinder(opened.indexes, retriever)
    pipeline = Pipeline(
        library=opened.library,
        questions=LibraryQuestions(opened.library, topics, finder, tables),
        retriever=retriever,
        subjects=subjects,
        answerability=opened.answerability,
        extractive=ExtractiveWriter(settings.max_sentences),
        model_writer=ModelWriter(model, opened.verifier, judge, settings) if model else None,
        verifier=opened.verifier,
        language_model=model,
        embedder=opened.embedder,
        settings=settings,
        listings=ListingAnswers(finder, model.name if model else "quotes"),
    )
    cache = AnswerCache(opened.library, settings, model.spec if model else None)
    contextualizer = Contextualizer(opened.indexes, retriever, subjects)
    grammar = Grammar(Holdings(opened.library.store), lambda texts: minilm.shared().words(texts))
    speller = Speller(opened.library.store, opened.indexes)
    return AnswerService(pipeline, contextualizer, grammar, speller, cache, log, model)
