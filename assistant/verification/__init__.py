"""Checks sentences against what they cite, questions against what they presuppose, and abstracts against each other."""

from assistant.verification.contradictions import disagree
from assistant.verification.false_premise import Conflict, known_name, premise_conflicts
from assistant.verification.verifier import Judgement, SupportJudge, Verifier

__all__ = ["Conflict", "Judgement", "SupportJudge", "Verifier", "disagree", "known_name", "premise_conflicts"]
