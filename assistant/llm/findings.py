"""Keeps what was found out about models in small JSON files in the library's folder, by `LanguageModel.identity`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def recall(path: Path) -> dict[str, Any]:
    """All findings of a file, by model; none when it is missing or damaged."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def remember(path: Path, model: str, finding: object) -> bool:
    """Stores the finding about one model; False where the folder cannot be written."""
    known = {**recall(path), model: finding}
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        temporary.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        return False
    return True
