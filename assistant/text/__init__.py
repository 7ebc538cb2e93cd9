"""What stands in running text: words with their stems, names, figures with their units. Knows nothing about papers."""
