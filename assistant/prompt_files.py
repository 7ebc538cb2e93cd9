"""Loads the prompt files of `prompts/` and checks their placeholders."""

from __future__ import annotations

import hashlib
from pathlib import Path
from string import Template

from assistant.errors import TemplateError

_PACKAGE = Path(__file__).parent
_FOLDERS = (_PACKAGE / "prompts", _PACKAGE.parent / "prompts")
"""In an installed wheel, and next to the package in a checkout."""


def load(name: str, placeholders: frozenset[str]) -> Template:
    """The prompt `name` as a `string.Template` (`$question`; a literal dollar is `$$`).

    Raises TemplateError when the file is missing or no text, or when its placeholders are not exactly `placeholders`.
    """
    path = next((folder / name for folder in _FOLDERS if (folder / name).is_file()), None)
    if path is None:
        raise TemplateError(f"prompt {name} not found in {' or '.join(map(str, _FOLDERS))}; reinstall the package")
    try:
        template = Template(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(
            f"prompt {path} cannot be read ({error}); save it as UTF-8, or reinstall the package"
        ) from None
    if not template.is_valid():
        raise TemplateError(f"prompt {path}: a $ that starts no placeholder; write $$ for a literal dollar")
    found = frozenset(template.get_identifiers())
    if found != placeholders:
        wrong = [f"missing ${n}" for n in sorted(placeholders - found)]
        wrong += [f"unknown ${n}" for n in sorted(found - placeholders)]
        raise TemplateError(f"prompt {path}: {', '.join(wrong)}")
    return template


def fingerprint() -> str:
    """A hash of all prompt files, which changes with any of them."""
    files = sorted(file for folder in _FOLDERS if folder.is_dir() for file in folder.glob("*.md"))
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
