"""Answers questions about paper abstracts; every sentence cites an exact span and is checked against it."""

from assistant.assistant import Assistant
from assistant.conversation import Conversation
from assistant.errors import (
    AssistantError,
    BudgetError,
    DocumentError,
    EmbeddingError,
    LibraryError,
    MissingPackageError,
    ModelError,
    NotFoundError,
    QuestionError,
    ServerError,
    SettingsError,
    TemplateError,
)
from assistant.ingestion.pipeline import IndexProgress
from assistant.library.topic_map import Place, Topic, TopicMap
from assistant.listing import ListedPaper, Listing
from assistant.model_use import Budget, ModelUse
from assistant.plan import Plan
from assistant.query.courtesy import is_courtesy
from assistant.reports import (
    AnswerRecord,
    AvailableModel,
    ClaimCheck,
    ConversationInfo,
    HealthCheck,
    IndexReport,
    Stats,
)
from assistant.settings import Settings
from assistant.table import Table
from assistant.trend import Trend
from assistant.types import (
    COMPARE,
    Answer,
    AnswerEvent,
    Citation,
    Evidence,
    Failure,
    Filters,
    Hit,
    Paper,
    Passage,
    Removed,
    Sentence,
    Usage,
)

__all__ = [
    "COMPARE",
    "Answer",
    "AnswerEvent",
    "AnswerRecord",
    "Assistant",
    "AssistantError",
    "AvailableModel",
    "Budget",
    "BudgetError",
    "Citation",
    "ClaimCheck",
    "Conversation",
    "ConversationInfo",
    "DocumentError",
    "EmbeddingError",
    "Evidence",
    "Failure",
    "Filters",
    "HealthCheck",
    "Hit",
    "IndexProgress",
    "IndexReport",
    "LibraryError",
    "ListedPaper",
    "Listing",
    "MissingPackageError",
    "ModelError",
    "ModelUse",
    "NotFoundError",
    "Paper",
    "Passage",
    "Place",
    "Plan",
    "QuestionError",
    "Removed",
    "Sentence",
    "ServerError",
    "Settings",
    "SettingsError",
    "Stats",
    "Table",
    "TemplateError",
    "Topic",
    "TopicMap",
    "Trend",
    "Usage",
    "is_courtesy",
]
