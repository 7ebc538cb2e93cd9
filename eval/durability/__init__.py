"""Trials that show what a library survives: kills, damaged files, a full disk and failing models."""
