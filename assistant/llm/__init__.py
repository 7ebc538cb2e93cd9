"""The only package that talks to language models."""

from assistant.llm.client import LanguageModel, PromptCutError
from assistant.llm.discovery import available_models
from assistant.llm.model_spec import Choice, ModelSpec, choose, parse_spec
from assistant.llm.prices import cost

__all__ = ["Choice", "LanguageModel", "ModelSpec", "PromptCutError", "available_models", "choose", "cost", "parse_spec"]
