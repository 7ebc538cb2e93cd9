"""Checks sentences against what they cite, questions against what they presuppose, and abstracts against each other."""
