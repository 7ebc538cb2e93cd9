"""Turns texts into vectors, with the packaged encoder, a sentence-transformers model, or an embeddings endpoint."""
