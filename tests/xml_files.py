"""Writes XML files and reads them, for the tests of XML."""

from __future__ import annotations

from pathlib import Path

from assistant.documents import read
from assistant.types import Failure, Item, Notice, Paper

DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
PRISM = 'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
RSS1 = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {DC} {CONTENT} {PRISM}>'
RSS2 = f'<rss version="2.0" {DC} {CONTENT} {PRISM}><channel><title>t</title>'


def items(folder: Path, text: str | bytes, name: str = "a.xml") -> list[Item]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read([path]))


def paper(folder: Path, text: str | bytes) -> Paper:
    (found,) = items(folder, text)
    assert isinstance(found, Paper), found
    return found


def titles(found: list[Item]) -> list[str]:
    return [item.title for item in found if isinstance(item, Paper)]


def failures(found: list[Item]) -> list[tuple[int | None, str]]:
    return [(item.line, item.error) for item in found if isinstance(item, Failure)]


def notices(found: list[Item]) -> list[str]:
    return [item.text for item in found if isinstance(item, Notice)]


def pubmed(citation: str, data: str = "") -> str:
    return (
        '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.nlm.nih.gov/x.dtd">\n'
        f"<PubmedArticleSet><PubmedArticle><MedlineCitation>{citation}</MedlineCitation>{data}</PubmedArticle>"
        "<DeleteCitation><PMID>9</PMID></DeleteCitation></PubmedArticleSet>\n"
    )


def article(title: str, date: str = "", more: str = "") -> str:
    return (
        f"<PMID>7</PMID><Article><Journal><Title>Toy J</Title><JournalIssue><PubDate>{date}</PubDate></JournalIssue>"
        f"</Journal><ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>Kites fly.</AbstractText></Abstract>{more}"
        "</Article>"
    )
