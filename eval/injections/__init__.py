"""Measures what the product shows of text that was planted in papers, and what it loses of harmless text that resembles it."""
