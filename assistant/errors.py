"""Defines every error that a user can cause; each is a direct subclass of AssistantError.

The message is one line that says what went wrong, where, and what to do next. The command line prints it and exits
with 1; no other exception should ever reach a user.
"""


class AssistantError(Exception):
    """Base of everything that this package raises on purpose; its message is written for the user."""


class DocumentError(AssistantError):
    """A path cannot be read as papers at all."""


class SettingsError(AssistantError):
    """A setting, a model spec or a filter makes no sense."""


class QuestionError(AssistantError):
    """A question or a claim is empty or too long."""


class BudgetError(AssistantError):
    """A language model would be asked more than the budget allows; nothing was asked yet."""

    def __init__(self, message: str, calls: int, tokens: int) -> None:
        super().__init__(message)
        self.calls, self.tokens = calls, tokens
        """What it would take: calls, and at most so many tokens."""


class NotFoundError(AssistantError):
    """The library does not hold the paper, the answer or the conversation that was asked for."""


class LibraryError(AssistantError):
    """The library's folder is locked by another writer, cannot be written, or is damaged beyond repair."""


class EmbeddingError(AssistantError):
    """The embedding model cannot be loaded, or its endpoint does not answer."""


class ModelError(AssistantError):
    """The language model cannot be reached, refused the request, or broke off."""


class ServerError(AssistantError):
    """A server or the chat page cannot be started, for example because its port is taken."""


class MissingPackageError(AssistantError):
    """A feature needs a package that is not installed; the message names the extra to install."""


class TemplateError(AssistantError):
    """A prompt file is missing, or its placeholders are not the expected ones."""
