"""The public names of the package, which `assistant` offers as its own."""

from assistant.assistant import Assistant
from assistant.collection.digest import LAST_RUN, Digest
from assistant.collection.draft_check import DraftCheck
from assistant.collection.facts import PaperFacts
from assistant.collection.filter_values import checked_filters
from assistant.collection.related import Related
from assistant.collection.screen import Screening
from assistant.collection.watch import WatchChange
from assistant.collection.watches import Watches
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
    CountedReason,
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
    Notice,
    Paper,
    Passage,
    Removed,
    Sentence,
    Step,
    Usage,
)

__all__ = [
    "COMPARE",
    "LAST_RUN",
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
    "CountedReason",
    "Digest",
    "DocumentError",
    "DraftCheck",
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
    "Notice",
    "Paper",
    "PaperFacts",
    "Passage",
    "Place",
    "Plan",
    "QuestionError",
    "Related",
    "Removed",
    "Screening",
    "Sentence",
    "ServerError",
    "Settings",
    "SettingsError",
    "Stats",
    "Step",
    "Table",
    "TemplateError",
    "Topic",
    "TopicMap",
    "Trend",
    "Usage",
    "WatchChange",
    "Watches",
    "checked_filters",
    "is_courtesy",
]
