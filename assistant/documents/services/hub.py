"""The daily papers of the Hugging Face Hub."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.documents.services.values import Record, names

MARKS = frozenset({"paper", "upvotes", "ai_summary", "submittedOnDailyAt"})


def recognizes(record: Record) -> bool:
    """Whether it is a daily paper, or the paper alone."""
    inner = record.get("paper")
    return (isinstance(inner, Mapping) and "title" in inner) or ("upvotes" in record and "summary" in record)


def record(daily: Record) -> Record:
    """Its fields. The `ai_summary` is a machine's, and so no abstract."""
    inner = daily.get("paper")
    paper = inner if isinstance(inner, Mapping) else daily
    return {
        "title": paper.get("title") or daily.get("title"),
        "abstract": paper.get("summary") or paper.get("abstract") or daily.get("summary"),
        "authors": [{"name": name} for name in names(paper.get("authors"))],
        "date": paper.get("publishedAt") or daily.get("publishedAt"),
        "arxivid": paper.get("id"),
        "keywords": names(paper.get("ai_keywords")),
    }
