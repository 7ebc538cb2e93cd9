"""Does this abstract state what is asked, and in which sentence? Knows nothing about retrieval or language models."""

from assistant.answerability.reader import AnswerReader, Reading

__all__ = ["AnswerReader", "Reading"]
