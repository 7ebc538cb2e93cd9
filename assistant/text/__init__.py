"""Reads running English text: sentences, words and their stems, stop words, names, and quantities with their units."""
