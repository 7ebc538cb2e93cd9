"""The assistant itself: the only place that composes the stages."""

from assistant.core.assistant import Assistant
from assistant.core.atlas import Atlas, Place, Topic
from assistant.core.conversation import Conversation
from assistant.core.ingest import IndexProgress

__all__ = ["Assistant", "Atlas", "Conversation", "IndexProgress", "Place", "Topic"]
