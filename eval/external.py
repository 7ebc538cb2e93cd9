"""Opens the texts of an external dataset as a library, and maps the dataset's ids to paper ids."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import Assistant, AssistantError
from eval.scratch import uncached

_URL = "https://external.invalid/"
"""Carries the dataset's own id through the library; `.invalid` never resolves."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an external dataset."""

    id: str
    title: str
    body: str


@contextmanager
def library(texts: Iterable[Text], home: Path | None, **settings: Any) -> Iterator[tuple[Assistant, dict[str, str]]]:
    """Yields an open library of the texts, and the paper id for each of the dataset's ids.

    Texts that the library takes for one paper share its id; a text that it could not read has none. With a `home`, the
    library stays there for the next run.
    """
    with TemporaryDirectory() as temporary:
        source = Path(temporary) / "texts.jsonl"
        titles: dict[str, str] = {}
        with source.open("w", encoding="utf-8") as file:
            for text in texts:
                title = text.title.strip() or f"Document {text.id}"
                titles[text.id] = title
                row = {"title": title, "abstract": text.body.strip() or title, "url": _URL + text.id}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        with Assistant(uncached(home or Path(temporary) / "library", **settings)) as assistant:
            assistant.add([source])
            yield assistant, _ids(assistant, titles)


def _ids(assistant: Assistant, titles: dict[str, str]) -> dict[str, str]:
    papers = assistant.papers()
    by_url = {p.url.removeprefix(_URL): p.paper_id for p in papers if p.url}
    by_title = {p.title.casefold(): p.paper_id for p in papers}
    merged = {i: by_title.get(title.casefold()) for i, title in titles.items() if i not in by_url}
    return by_url | {i: paper_id for i, paper_id in merged.items() if paper_id}


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects in a file of JSON lines. Raises AssistantError that names the malformed line or the missing file."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise AssistantError(f"{path}:{number}: expected a JSON object")
                yield row
    except OSError as error:
        raise AssistantError(f"cannot read {path} ({error.strerror}); check the path") from None
    except ValueError as error:
        raise AssistantError(f"{path} is not a file of JSON lines ({error}); check the path") from None
