"""The names under which answers hold their records, and what a record looks like from the outside."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.documents.fields import ABSTRACT, TITLE, field_key

LISTS = frozenset(
    "papers results records items articles documents entries data hits works collection docs result hit entry notes "
    "publications preprints pubmedarticle dailypapers studies edges rows library bibliography references response message list content".split()
)
"""Arrays of records."""
OF_A_RECORD = frozenset(
    "references citations reference citedby related relatedworks response message content notes hit".split()
)
"""Arrays that a single paper may have, and that hold other papers."""
ENVELOPES = frozenset(
    "message data paper citingpaper citedpaper work article publication item record document entry source metadata "
    "attributes content fields response result hit hits results resultlist searchresults node search coredata bibjson "
    "row pubmedarticleset info abstractsretrievalresponse fulltextretrievalresponse".split()
)
"""Objects around one record, or around the array of records."""
_TITLES = frozenset(TITLE) - {"name"} | {"dctitle", "titles", "maintitle", "titledisplay"}
_ABSTRACTS = frozenset(ABSTRACT) - {"description", "text"} | {
    "abstractinvertedindex", "indexedabstract", "dcdescription", "abstracts", "descriptions",
}  # fmt: skip
_IDENTIFYING = frozenset("doi author authors authorships creators creator year externalids paperid".split())


def holds_title(names: Iterable[object]) -> bool:
    """Whether one of an object's names is that of a title."""
    folded = {field_key(str(name)) for name in names}
    return not _TITLES.isdisjoint(folded) or ("name" in folded and not folded.isdisjoint(ABSTRACT))


def holds_abstract(names: Iterable[object]) -> bool:
    """Whether an object's names are those of a title and an abstract."""
    folded = {field_key(str(name)) for name in names}
    return not _TITLES.isdisjoint(folded) and not _ABSTRACTS.isdisjoint(folded)


def is_record(names: Iterable[object]) -> bool:
    """Whether an object's names are those of a paper: a title, and an abstract or what identifies a paper."""
    folded = {field_key(str(name)) for name in names}
    return not _TITLES.isdisjoint(folded) and not (_ABSTRACTS | _IDENTIFYING).isdisjoint(folded)
