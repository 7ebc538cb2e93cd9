"""Estimates whether an abstract states what a question asks, and in which sentence."""
