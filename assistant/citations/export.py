"""Answers as documents for elsewhere: Markdown, JSON, and BibTeX of what they cite."""

from __future__ import annotations

import json
from collections.abc import Sequence

from assistant.citations import to_bibtex, to_markdown
from assistant.errors import SettingsError
from assistant.library.library import Library
from assistant.types import Answer


def export(library: Library, answers: Sequence[Answer], form: str) -> str:
    """The answers as `markdown` or `json`, or the papers they cite as `bibtex`, by first citation; papers that have left
    the library since are named in a comment. Raises SettingsError for another form."""
    if form == "markdown":
        return to_markdown(answers)
    if form == "json":
        return json.dumps({"answers": [a.to_dict() for a in answers]}, ensure_ascii=False, indent=2) + "\n"
    if form == "bibtex":
        cited = list(dict.fromkeys(c.paper_id for a in answers for c in a.citations))
        papers = list(library.store.papers(cited))
        missing = sorted({*cited} - {p.paper_id for p in papers})
        return to_bibtex(papers) + "".join(f"% {paper_id} is no longer in the library\n" for paper_id in missing)
    raise SettingsError(f"form {form!r} is not known; use markdown, json or bibtex")
