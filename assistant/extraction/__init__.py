"""Extracts the facts that a paper states about itself by rules: what it is about, its data, its results, its code.

It knows nothing about libraries, questions or networks: a paper goes in, facts with exact spans come out.
"""
