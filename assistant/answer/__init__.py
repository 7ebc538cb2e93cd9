"""From ranked abstracts to drafted sentences: verbatim quotes, or the prompt for a language model."""

from assistant.answer.prompt import REFUSAL, Prompt, build_prompt
from assistant.answer.quotes import Scored, asks_for_several, choose_quotes

__all__ = ["REFUSAL", "Prompt", "Scored", "asks_for_several", "build_prompt", "choose_quotes"]
