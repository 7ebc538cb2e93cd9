"""Texts to vectors: the packaged encoder, another sentence-transformers model, or an embeddings endpoint."""
