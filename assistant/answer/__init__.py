"""From ranked abstracts to drafted sentences: verbatim quotes, or the prompt for a language model."""

from assistant.answer.prompt import REFUSAL, Prompt, build_choice, build_composition, build_prompt, build_rewrite
from assistant.answer.quotes import Scope, Scored, best_quotes, choose_quotes, scope
from assistant.answer.rewording import accepted, build_standalone

__all__ = [
    "REFUSAL",
    "Prompt",
    "Scope",
    "Scored",
    "accepted",
    "best_quotes",
    "build_choice",
    "build_composition",
    "build_prompt",
    "build_rewrite",
    "build_standalone",
    "choose_quotes",
    "scope",
]
