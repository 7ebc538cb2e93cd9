"""Reads a text together with what it is held against: one network for sentences that cite, and for questions."""
