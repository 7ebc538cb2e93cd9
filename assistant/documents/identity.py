"""Derives the id and the title key by which records of the same paper are recognised."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def title_key(title: str) -> str:
    """The title for comparison: NFKC, casefolded, with a single space for everything but letters and digits."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(re.findall(r"\w+", folded.replace("_", " ")))


def paper_id(title: str, arxiv_id: str | None = None) -> str:
    """`arxiv:ID` without a version if an arXiv id is known, else `t:` and 12 hex digits of the title key's SHA-256."""
    if arxiv_id:
        return "arxiv:" + re.sub(r"v\d+$", "", arxiv_id.strip())
    return "t:" + hashlib.sha256(title_key(title).encode()).hexdigest()[:12]


def aliases(doi: str | None, pmid: str | None) -> tuple[str, ...]:
    """The identifiers of a paper beside its `paper_id`, as names that can be compared: prefixed and in lower case."""
    return tuple(f"{kind}:{value.lower()}" for kind, value in (("doi", doi), ("pmid", pmid)) if value)
