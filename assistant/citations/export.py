"""Exports answers as Markdown or JSON, and the papers that they cite as BibTeX."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from assistant.citations import to_bibtex, to_markdown
from assistant.errors import SettingsError
from assistant.types import Answer, Paper


def export(answers: Sequence[Answer], form: str, find_papers: Callable[[Sequence[str]], Iterable[Paper]]) -> str:
    """The answers as a `markdown` or `json` document, or the cited papers as `bibtex`, in the order of citation.

    `find_papers` looks papers up by id; a comment names those that it no longer finds. Raises SettingsError for an
    unknown form.
    """
    if form == "markdown":
        return to_markdown(answers)
    if form == "json":
        return json.dumps({"answers": [a.to_dict() for a in answers]}, ensure_ascii=False, indent=2) + "\n"
    if form == "bibtex":
        cited = list(dict.fromkeys(c.paper_id for a in answers for c in a.citations))
        papers = list(find_papers(cited))
        missing = sorted({*cited} - {p.paper_id for p in papers})
        return to_bibtex(papers) + "".join(f"% {paper_id} is no longer in the library\n" for paper_id in missing)
    raise SettingsError(f"form {form!r} is not known; use markdown, json or bibtex")
