"""Drives paper-qa's retrieval: texts go into `Docs` and come back by its own search, without a language model."""

from __future__ import annotations

import asyncio
import pickle
from pathlib import Path
from typing import Any

from eval.bench.peers.contract import drive, model_folder, read_papers, unique


class PaperQA:
    """One document with one text per paper. Its index on disk is the pickled `Docs`, as in its documentation."""

    _model: Any
    _docs: Any
    _settings: Any

    def load(self) -> None:
        """Imports, and runs one text through the model."""
        from paperqa import Settings, embedding_model_factory

        self._settings = Settings(embedding=f"st-{model_folder()}")
        self._settings.parsing.use_doc_details = False  # would ask services for metadata
        self._model = embedding_model_factory(self._settings.embedding)
        asyncio.run(self._model.embed_documents(["warm"]))

    def index(self, records: Path, folder: Path) -> int:
        """Adds the papers one by one, which embeds them one by one."""
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
        """Loads the pickle that `index` wrote moments ago."""
        self.load()
        self._docs = pickle.loads((folder / "docs.pkl").read_bytes())  # noqa: S301 - we wrote it ourselves

    def search(self, question: str, k: int) -> list[str]:
        """Searches by maximal marginal relevance, as paper-qa does."""
        texts = asyncio.run(self._docs.retrieve_texts(question, k, self._settings, self._model))
        return unique([t.doc.dockey for t in texts], k)


if __name__ == "__main__":
    drive(PaperQA())
