"""Evaluates the assistant offline: asks a question set of a library and measures how far its answers can be trusted."""
