"""Reads a draft in Markdown or LaTeX as sentences, each with its place in the file and the keys that it cites."""

from assistant.documents.drafts.reading import Draft, DraftSentence, Form, bibliographies, form_of, read

__all__ = ["Draft", "DraftSentence", "Form", "bibliographies", "form_of", "read"]
