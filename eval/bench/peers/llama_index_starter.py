"""Drives llama-index as in its Chroma starter: VectorStoreIndex over ChromaVectorStore with HuggingFaceEmbedding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eval.bench.peers.contract import drive, model_folder, read_papers, unique


class LlamaIndexStarter:
    """Defaults throughout: pieces of 1,024 tokens, ten texts per embedding batch. Only the number of hits is ours."""

    _model: Any
    _index: Any

    def load(self) -> None:
        """Imports, and runs one text through the model."""
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self._model = HuggingFaceEmbedding(model_name=model_folder())
        self._model.get_text_embedding("warm")

    def index(self, records: Path, folder: Path) -> int:
        """Indexes one document per paper; its id is metadata that is not embedded, like a file name in the starter."""
        from llama_index.core import Document, StorageContext, VectorStoreIndex

        documents = [
            Document(
                text=p.text,
                metadata={"paper_id": p.paper_id},
                excluded_embed_metadata_keys=["paper_id"],
                excluded_llm_metadata_keys=["paper_id"],
            )
            for p in read_papers(records)
        ]
        store = self._store(folder)
        VectorStoreIndex.from_documents(
            documents, storage_context=StorageContext.from_defaults(vector_store=store), embed_model=self._model
        )
        return int(store._collection.count())

    def open(self, folder: Path) -> None:
        """Opens the stored collection as an index."""
        from llama_index.core import VectorStoreIndex

        self.load()
        self._index = VectorStoreIndex.from_vector_store(self._store(folder), embed_model=self._model)

    def search(self, question: str, k: int) -> list[str]:
        """Searches with the index's own retriever."""
        nodes = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return unique([n.metadata["paper_id"] for n in nodes], k)

    def _store(self, folder: Path) -> Any:
        import chromadb
        from llama_index.vector_stores.chroma import ChromaVectorStore

        collection = chromadb.PersistentClient(str(folder)).get_or_create_collection("quickstart")
        return ChromaVectorStore(chroma_collection=collection)


if __name__ == "__main__":
    drive(LlamaIndexStarter())
