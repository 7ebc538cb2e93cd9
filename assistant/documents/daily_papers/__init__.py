"""Reads "Daily Papers" pages saved as text."""
