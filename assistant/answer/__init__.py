"""From ranked abstracts to drafted sentences: verbatim quotes, or the prompt for a language model."""

from assistant.answer.prompt import REFUSAL, Prompt, build_prompt, build_rewrite
from assistant.answer.quotes import Scope, Scored, choose_quotes, scope

__all__ = ["REFUSAL", "Prompt", "Scope", "Scored", "build_prompt", "build_rewrite", "choose_quotes", "scope"]
