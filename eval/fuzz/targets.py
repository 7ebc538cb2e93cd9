"""What is fuzzed, what must hold there, and the inputs from which it begins."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.fuzz import seeds

if TYPE_CHECKING:
    from assistant.types import Span

Check = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    """`make` loads the code, and returns what tries one input; that raises what is wrong."""

    make: Callable[[], Check]
    seeds: Callable[[], Sequence[bytes]]


class BrokenError(Exception):
    """Something that must always hold does not."""


def require(holds: object, what: str) -> None:
    """Raises BrokenError unless it holds."""
    if not holds:
        raise BrokenError(what)


def _split(data: bytes) -> tuple[str, str]:
    head, _, rest = data.decode("utf-8", "replace").partition("\n")
    return head, rest


_SUFFIXES = tuple(
    ".txt .txt .txt .json .jsonl .csv .tsv .bib .ris .nbib .ciw .enw .xml .atom .rss .md .zip .tar .gz .tgz .tar.gz .parquet .sqlite".split()
)


def documents() -> Check:
    """No file raises, or ends in an unexpected error; every paper has a title, and is storable text."""
    from assistant.documents import read
    from assistant.types import Failure, Paper

    folder = Path(tempfile.mkdtemp())

    def check(data: bytes) -> None:
        suffix = _SUFFIXES[data[0] % len(_SUFFIXES)] if data else ""
        path = folder / f"a{suffix}"
        path.write_bytes(data[1:])
        for item in read([path]):
            if isinstance(item, Failure):
                require("please report" not in item.error, item.error)
                require("\n" not in item.error, "a failure of several lines")
            elif isinstance(item, Paper):
                require(item.title.strip(), "a paper without a title")
                str(item.to_dict()).encode()
        path.unlink()

    return check


def _documents() -> list[bytes]:
    return [bytes([n % len(_SUFFIXES)]) + data for data in seeds.documents() for n in (0, len(data))]


def markers() -> Check:
    """However a text is cut into pieces, the sentences are the same, and none holds a marker."""
    from assistant.citations.markers import Marked, MarkerParser

    def parsed(pieces: Sequence[str]) -> list[Marked]:
        parser = MarkerParser()
        found = [m for piece in pieces for m in parser.feed(piece)]
        return found + parser.close()

    def check(data: bytes) -> None:
        text = data[1:].decode("utf-8", "replace")
        size = data[0] % 16 + 1 if data else 1
        size = max(size, len(text) // 400)
        pieces = [text[i : i + size] for i in range(0, len(text), size)]
        require(parsed(pieces) == parsed([text]), f"pieces of {size} change the sentences")

    return check


def queries() -> Check:
    """Every message is understood; its parts are not empty; spans point into it."""
    from assistant.errors import AssistantError
    from assistant.library.library import Library
    from assistant.query import parts, pointing
    from assistant.query.holdings import Holdings
    from assistant.query.intents import Grammar
    from assistant.query.query import checked
    from assistant.query.scope import scope_of
    from assistant.query.shorthand import spelled_out
    from assistant.query.standing import without_retracted
    from assistant.query.translation import accepted
    from assistant.text.language import foreign_language

    library = Library(Path(tempfile.mkdtemp()), "fuzz")
    grammar = Grammar(Holdings(library.store))
    shown = tuple(pointing.Shown(f"p{n}", f"Kites {n}") for n in range(4))
    turns = [pointing.Turn("What flies?", shown, shown), pointing.Turn("What falls?", shown[:1], only_listed=True)]

    def check(data: bytes) -> None:
        try:
            question = checked(data.decode("utf-8", "replace")[:4_000])
        except AssistantError:
            return
        foreign_language(question)
        accepted(question, "What flies?")
        for part in parts.split(question):
            require(part.strip(), "an empty part")
            grammar.understand(spelled_out(without_retracted(part)[0]), None)
            scope_of(part)
            for found in pointing.pointers(part, turns):
                require(0 <= found.start < found.end <= len(part), "a pointer beyond the question")
            pointing.unknown_citation(part, turns)

    return check


def prompts() -> Check:
    """Values appear in a prompt as they are; a file that is broken is a TemplateError."""
    from assistant import prompt_files
    from assistant.errors import TemplateError
    from assistant.llm.prompt import fill, visible

    folder = Path(tempfile.mkdtemp())
    prompt_files._FOLDERS = (*prompt_files._FOLDERS, folder)  # type: ignore[assignment]  # one more

    def check(data: bytes) -> None:
        value = data.decode("utf-8", "replace")
        require(value.strip() in fill("hypothetical.md", question=value).user, "a value was changed")
        visible(value)
        (folder / "broken.md").write_bytes(data)
        try:
            fill("broken.md", question=value)
        except TemplateError as error:
            require("\n" not in str(error), "an error of several lines")

    return check


def texts() -> Check:
    """What is read off a text is where it says it is; no text breaks a rule."""
    import assistant.api  # noqa: F401  # modules that import each other load in this order
    from assistant.documents.clean import clean
    from assistant.documents.drafts import read as read_draft
    from assistant.extraction.extract import facts_of
    from assistant.text import language, names, numbers, sentences, words
    from assistant.types import Paper
    from assistant.verification import contradictions, number_roles, rules
    from assistant.verification.finding import Source

    def check(data: bytes) -> None:
        title, abstract = (clean(part) for part in _split(data))
        for text in (title, abstract):
            _in_order(sentences.split(text), text)
            words.words(text)
            names.definitions(text)
            numbers.quantities(text)
            number_roles.roles(text)
            language.foreign_language(text)
        paper = Paper("p1", title or "Kites", abstract)
        for fact in facts_of(paper):
            source = paper.title if fact.where == "title" else abstract
            require(source[fact.start : fact.end] == fact.quote, f"{fact.kind}: not what it quotes")
        rules.findings(title, Source(title, abstract, abstract))
        contradictions.disagree(title, abstract)
        read_draft(data.decode("utf-8", "replace"))

    return check


def _in_order(spans: Sequence[Span], text: str) -> None:
    end = 0
    for span in spans:
        require(end <= span.start < span.end <= len(text), "sentences overlap or are empty")
        require(text[span.start : span.end].strip(), "a blank sentence")
        end = span.end


TARGETS = {
    "documents": Target(documents, _documents),
    "markers": Target(markers, lambda: [b"\x03" + text for text in seeds.MARKED]),
    "queries": Target(queries, lambda: seeds.QUESTIONS),
    "prompts": Target(prompts, lambda: (*seeds.QUESTIONS, b"Say $question, not $$ or ${question}.")),
    "texts": Target(texts, lambda: seeds.ABSTRACTS),
}
