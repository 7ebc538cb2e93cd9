"""Adds papers to a library: deduplicates, chunks, embeds and commits them."""
