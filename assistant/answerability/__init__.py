"""Does this abstract state what is asked, and in which sentence? Knows nothing about retrieval or language models."""

from assistant.answerability.model import AnswerabilityModel, Reading

__all__ = ["AnswerabilityModel", "Reading"]
