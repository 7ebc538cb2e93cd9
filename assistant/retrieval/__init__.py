"""Finds the papers that a question is about: hybrid search and the subjects of a question."""
