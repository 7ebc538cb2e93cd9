"""The only package that talks to language models."""

from assistant.llm.available import available_models
from assistant.llm.client import LanguageModel, PromptCutError
from assistant.llm.prices import cost
from assistant.llm.specs import Choice, ModelSpec, choose, parse_spec

__all__ = ["Choice", "LanguageModel", "ModelSpec", "PromptCutError", "available_models", "choose", "cost", "parse_spec"]
