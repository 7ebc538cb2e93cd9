"""Estimates whether an abstract states what a question asks, and in which sentence."""

from assistant.answerability.model import AnswerabilityModel, Reading

__all__ = ["AnswerabilityModel", "Reading"]
