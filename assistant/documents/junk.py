"""Recognises files that lie beside papers and hold none: licences, program code, settings, logs."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.documents.fields import field_key
from assistant.documents.json_lines import parse
from assistant.documents.services.answers import in_place_of_papers
from assistant.errors import DocumentError


class NotPapersError(DocumentError):
    """The file is plainly something else than papers, and is passed over; the message says what it is."""


_NAMES = {
    "a licence": "license licence unlicense copying",
    "a change log": "changelog",
    "a project's notes": "contributing codeowners code_of_conduct",
    "a project's settings": "package package-lock npm-shrinkwrap composer tsconfig jsconfig requirements pipfile gemfile"
    " makefile dockerfile cmakelists vagrantfile procfile robots citation.cff codemeta",
}
_CAPITALS = {
    "a licence": "copyright notice",
    "a change log": "changes history news releases release_notes",
    "a project's notes": "contributors authors maintainers security support governance install todo credits",
}
"""Names that only in capitals are the file of a project: `security.txt` may well hold papers about security."""
_KIND_OF_NAME = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_KIND_IN_CAPITALS = {
    name.upper(): kind for names in (_NAMES, _CAPITALS) for kind, n in names.items() for name in n.split()
}
_TEXT_SUFFIXES = {"", ".txt", ".text", ".md", ".markdown", ".rst", ".json", ".in", ".cff", ".lock"}
_SUFFIXES = {
    "program code": ".bat .c .cc .dll .exe .so .pyc .cpp .cs .css .go .h .hpp .ipynb .java .jl .js .jsx .kt .lua .m .php .pl .ps1 .py .pyi"
    " .r .rb .rs .sass .scala .scss .sh .sql .swift .ts .tsx .vue",
    "a project's settings": ".cfg .conf .env .ini .lock .properties .toml .editorconfig",
    "a log": ".log",
}
_KIND_OF_SUFFIX = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}

_LICENCE = re.compile(
    r"\A.{0,99}\b(?:MIT|BSD|ISC|Apache|Mozilla Public|(?:Lesser |Affero )?General Public) License\b.{0,99}$"
    r"|^\W*(?:Permission is hereby granted, free of charge|Permission to use, copy, modify, and/or distribute this"
    r"|Redistribution and use in source and binary forms|This is free and unencumbered software"
    r"|Creative Commons (?:Corporation|Legal Code|public licenses)\b"
    r"|TERMS AND CONDITIONS FOR USE, REPRODUCTION|Everyone is permitted to copy and distribute verbatim copies)",
    re.I | re.M,
)
_REQUIREMENT = re.compile(r"[A-Za-z][\w.-]*(?:\[[\w,-]+\])?\s*(?:[=<>~!]=|[<>])\s*[\dv][\w.*,<>=! ]*(?:;.*)?$")
_LOGGED = re.compile(
    r"\W?(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d{1,2}:\d\d|\d\d:\d\d(?::\d\d)?\b|[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d"
    r"|\[?(?:INFO|DEBUG|WARN(?:ING)?|ERROR|TRACE)\b)"
)
_CODE = re.compile(
    r"(?:import [\w.{]|from [\w.]+ import |def \w+\(|class \w+[(:{]|#include\b|using \w|package \w|function \w+\("
    r"|(?:const|let|var|public|private|static|return|export) |if \(|if .*:$|for \(|while \(|\}|@\w+$|library\()"
    r"|.*[;{]$|\w[\w.]* [-+]?= \S|\w[\w.]*\(.*\)$"
)
_SETTING = re.compile(r"\[[\w. :\"'-]+\]$|[\w.-]+\s*=\s*\S|[#;]")
_LINES = 200
"""Lines at the start of a file by which its kind is judged."""
_MOST, _FEWEST = 0.6, 3
"""The share of the lines, and the number of them, that make a text of that kind."""


def by_name(path: Path) -> str | None:
    """What the file is by its name alone, such as `a licence`; None where that does not tell."""
    path = Path(path.stem) if path.suffix.lower() == ".gz" else path
    suffix = path.suffix.lower()
    if suffix not in _TEXT_SUFFIXES:
        return _KIND_OF_SUFFIX.get(suffix)
    stem = path.name[: len(path.name) - len(suffix)]
    # `LICENSE-MIT` and `requirements-dev.txt`
    first = stem if suffix == ".json" else re.split(r"[-_.]", stem)[0]
    if stem.lower() in _KIND_OF_NAME or first.lower() == "requirements":
        return _KIND_OF_NAME.get(stem.lower(), _KIND_OF_NAME["requirements"])
    return _KIND_IN_CAPITALS.get(stem) or _KIND_IN_CAPITALS.get(first) or _KIND_OF_SUFFIX.get(suffix)


def is_readme(path: Path) -> bool:
    """Whether the file is named README; it may be a reading list all the same."""
    return re.split(r"[-_.]", path.name)[0].lower() == "readme"


def by_content(head: str) -> str | None:
    """What a text that no reader recognises is by its content; None where that does not tell."""
    if head.startswith("#!/"):
        return "program code"
    if _LICENCE.search(head[:3_000]):
        return "a licence"
    lines = [stripped for line in head.splitlines()[:_LINES] if (stripped := line.strip())]
    for kind, pattern in (
        ("a list of packages", _REQUIREMENT),
        ("a log", _LOGGED),
        ("a project's settings", _SETTING),
        ("program code", _CODE),
    ):
        matching = [line for line in lines if pattern.match(line)]
        remarks_only = all(line.startswith(("#", ";")) for line in matching)  # Markdown's headings look like remarks
        if len(matching) >= max(_FEWEST, _MOST * len(lines)) and not remarks_only:
            return kind
    return None


_KEY = re.compile(r'"([A-Za-z][\w .:-]{0,40})"\s*:')
_OF_PAPERS = ("title", "displayname", "papername", "abstract", "summary", "columns")
"""`columns` names those of a table that pandas stored apart from its rows."""
_SETTINGS = {"devdependencies", "compileroptions", "lockfileversion", "nbformat", "kernelspec"}


def require_papers_in_json(head: str) -> None:
    """Raises NotPapersError for a project's settings, and DocumentError for JSON in which no title or abstract stands."""
    keys = list(dict.fromkeys(_KEY.findall(head)))
    folded = {field_key(key) for key in keys}
    if folded & _SETTINGS:
        raise NotPapersError("a project's settings")
    if keys and "}" in head and not any(part in key for key in folded for part in _OF_PAPERS):
        raise DocumentError(
            _said_in(head) or f"JSON without titles and abstracts; its fields are {', '.join(keys[:6])}"
        )


def _said_in(head: str) -> str | None:
    """What a service says in a short answer in place of papers."""
    try:
        answer = parse(head)
    except DocumentError:
        return None
    return in_place_of_papers(answer) if isinstance(answer, dict) else None
