"""Every error a user can cause, as one tree.

AssistantError
├── DocumentError      a file or a folder that cannot be read at all
├── SettingsError      a setting, a model spec or a filter that makes no sense
├── LibraryError       the library's folder: locked, not writable, damaged
├── EmbeddingError     the embedding model cannot be loaded or does not answer
├── ModelError         the language model cannot be reached or failed
└── TemplateError      a prompt file that is missing or has the wrong placeholders

The message is one line that says what went wrong, where, and what to do next. The command line prints it and exits
with 1; nothing below these classes should ever reach a user.
"""


class AssistantError(Exception):
    """Base of everything that this package raises on purpose; the message is written for the user."""


class DocumentError(AssistantError):
    """A path that cannot be read as papers at all."""


class SettingsError(AssistantError):
    """A setting, a model spec or a filter that makes no sense."""


class LibraryError(AssistantError):
    """The library's folder is locked by another writer, not writable, or damaged beyond repair."""


class EmbeddingError(AssistantError):
    """The embedding model cannot be loaded, or the endpoint does not answer."""


class ModelError(AssistantError):
    """The language model cannot be reached, refused the request, or broke off."""


class TemplateError(AssistantError):
    """A prompt file is missing or its placeholders are not the expected ones."""
