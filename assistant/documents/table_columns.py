"""The names of a table's columns for comparison, also those of spreadsheets in other languages than English."""

from __future__ import annotations

import unicodedata

from assistant.documents.fields import field_key

_WORDS = {
    "title": "titel titre titulo titolo",
    "abstract": "zusammenfassung kurzfassung resume resumen resumo riassunto samenvatting",
    "authors": "autor autoren verfasser auteur auteurs autores autore autori",
    "year": "jahr erscheinungsjahr annee ano anno jaar",
    "journal": "zeitschrift revue revista rivista tijdschrift",
    "keywords": "schlagworter schlagworte stichworter motscles palabrasclave palavraschave parolechiave trefwoorden",
    "language": "sprache langue idioma lingua taal",
    "date": "datum fecha data",
}
_OF_MAKERS = {
    # OpenAlex names columns by their place in its records.
    "authorshipsauthordisplayname": "authors",
    "primarylocationsourcedisplayname": "journal",
    # ProQuest, EBSCO, Embase
    "pubtitle": "journal",
    "pubdate": "date",
    "documenturl": "url",
    "plink": "url",
    "digitalobjectidentifier": "doi",
    "subjectterms": "keywords",
    "medlinepmid": "pmid",
}
_ENGLISH = {word: name for name, words in _WORDS.items() for word in words.split()} | _OF_MAKERS


def column_key(name: str) -> str:
    """The field that a column holds, as `documents/fields.py` names it."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name)
    key = field_key(name)
    return _ENGLISH.get(key, key)
