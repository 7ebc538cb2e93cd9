"""The assistant itself: the only place that composes the stages."""

from assistant.core.assistant import Assistant, Conversation
from assistant.core.ingest import IndexProgress

__all__ = ["Assistant", "Conversation", "IndexProgress"]
