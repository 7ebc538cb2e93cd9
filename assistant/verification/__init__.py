"""Checks sentences against what they cite, questions against what they presuppose, and abstracts against each other."""

from assistant.verification.contradictions import disagree
from assistant.verification.false_premise import Conflict, known_name, premise_conflicts
from assistant.verification.verifier import Judgement, Verifier

__all__ = ["Conflict", "Judgement", "Verifier", "disagree", "known_name", "premise_conflicts"]
