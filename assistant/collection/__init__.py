"""Questions about the whole library: every paper is read, and what is said of it has its span."""
