"""Exports answers as Markdown or JSON, and the papers that they cite for a reference manager."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from assistant.citations.keys import keys
from assistant.citations.markdown import to_markdown
from assistant.citations.references import WRITERS, references
from assistant.errors import SettingsError
from assistant.types import Answer, Paper

FORMS = ("markdown", "pandoc", "json", *WRITERS)


def export(answers: Sequence[Answer], form: str, find_papers: Callable[[Sequence[str]], Iterable[Paper]]) -> str:
    """The answers as a `markdown`, `pandoc` or `json` document, or the cited papers in the order of citation as `bibtex`,
    `ris` or `csl`. In `pandoc` Markdown, sentences cite papers by the keys that the papers have in those.

    `find_papers` looks papers up by id; in BibTeX a comment names those that it no longer finds. Raises SettingsError
    for an unknown form.
    """
    if form not in FORMS:
        raise SettingsError(f"form {form!r} is not known; use {', '.join(FORMS)}")
    if form == "markdown":
        return to_markdown(answers)
    if form == "json":
        return json.dumps({"answers": [a.to_dict() for a in answers]}, ensure_ascii=False, indent=2) + "\n"
    cited = list(dict.fromkeys(c.paper_id for a in answers for c in a.citations))
    papers = list(find_papers(cited))
    if form == "pandoc":
        return to_markdown(answers, keys(papers))
    gone = sorted({*cited} - {p.paper_id for p in papers}) if form == "bibtex" else []
    return references(papers, form) + "".join(f"% {paper_id} is no longer in the library\n" for paper_id in gone)
