"""Lets a language model read what the rules leave open, within a budget; what it says counts with exact words alone."""

from assistant.collection.by_model.facts import facts_with_model
from assistant.collection.by_model.reader import ModelReader

__all__ = ["ModelReader", "facts_with_model"]
