"""From records to a library: deduplicates, chunks, embeds and commits papers."""
