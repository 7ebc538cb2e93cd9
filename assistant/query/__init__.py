"""Understands a question: its intent, its scope, and its wording when it leans on the conversation before it."""
