"""Derives the id and the title key by which records of the same paper are recognised."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def title_key(title: str) -> str:
    """Title folded for comparison: NFKC, casefold, everything but letters and digits to single spaces."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(re.findall(r"\w+", folded.replace("_", " ")))


def paper_id(title: str, arxiv_id: str | None = None) -> str:
    """`arxiv:ID` without the version when an arXiv id is known, else `t:` and 12 hex of sha256 of the title key."""
    if arxiv_id:
        return "arxiv:" + re.sub(r"v\d+$", "", arxiv_id.strip())
    return "t:" + hashlib.sha256(title_key(title).encode()).hexdigest()[:12]
