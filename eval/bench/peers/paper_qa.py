"""paper-qa's retrieval: texts into `Docs`, and back by its own search; no language model is asked for anything."""

from __future__ import annotations

import asyncio
import pickle
from pathlib import Path
from typing import Any

from eval.bench.peers.contract import drive, model_folder, read_papers, unique


class PaperQA:
    """One document with one text a paper. Its index on disk is the pickled `Docs`, as its documentation shows."""

    _model: Any
    _docs: Any
    _settings: Any

    def load(self) -> None:
        """Imports, and the model with one text through it."""
        from paperqa import Settings, embedding_model_factory

        self._settings = Settings(embedding=f"st-{model_folder()}")
        self._settings.parsing.use_doc_details = False  # would ask services for metadata
        self._model = embedding_model_factory(self._settings.embedding)
        asyncio.run(self._model.embed_documents(["warm"]))

    def index(self, records: Path, folder: Path) -> int:
        """Embedded paper by paper, which is what adding documents one after the other does."""
        from paperqa import Docs

        papers, docs = read_papers(records), Docs()
        asyncio.run(self._add_all(docs, papers))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "docs.pkl").write_bytes(pickle.dumps(docs))
        return len(docs.texts)

    async def _add_all(self, docs: Any, papers: list[Any]) -> None:
        from paperqa import Doc, Text

        for p in papers:
            doc = Doc(docname=p.paper_id, dockey=p.paper_id, citation=p.title)
            text = Text(text=p.text, name=p.paper_id, doc=doc)
            await docs.aadd_texts([text], doc, settings=self._settings, embedding_model=self._model)

    def open(self, folder: Path) -> None:
        """What was pickled, by ourselves, moments ago."""
        self.load()
        self._docs = pickle.loads((folder / "docs.pkl").read_bytes())  # noqa: S301 - as the docstring says

    def search(self, question: str, k: int) -> list[str]:
        """By its maximal marginal relevance search."""
        texts = asyncio.run(self._docs.retrieve_texts(question, k, self._settings, self._model))
        return unique([t.doc.dockey for t in texts], k)


if __name__ == "__main__":
    drive(PaperQA())
