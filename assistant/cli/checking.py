"""The command that checks sentences against the library: one sentence, or all of a draft."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from assistant import COMPARE, Assistant, DocumentError, QuestionError
from assistant.cli.app import Home, Json, app
from assistant.cli.console import ERR, OUT
from assistant.cli.files import read_text, write_text
from assistant.cli.progress import counting
from assistant.cli.session import fill_if_empty, open_assistant
from assistant.cli.show import print_json
from assistant.collection.annotation import annotated
from assistant.collection.draft_check import CheckedSentence, DraftCheck
from assistant.documents.drafts import Form, bibliographies, form_of

_COLOURS = {"supported": "green", "partial": "yellow", "contradicted": "red", "not here": "dim"}


@app.command()
def check(
    claim: Annotated[str | None, typer.Argument(help="The sentence to check.")] = None,
    paper: Annotated[
        list[str] | None,
        typer.Option("--paper", help="Check against this paper; repeat it to check against several together."),
    ] = None,
    draft: Annotated[
        Path | None, typer.Option("--draft", help="Check every sentence of this Markdown or LaTeX file instead.")
    ] = None,
    bib: Annotated[
        list[Path] | None,
        typer.Option("--bib", help="A BibTeX file with the draft's citation keys (default: those that it names)."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the draft with each verdict as a comment to this file.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check whether the library supports a sentence, or each sentence of a draft."""
    if (claim is None) == (draft is None):
        raise QuestionError("give either a sentence or --draft FILE")
    if draft is not None:
        _check_draft(draft, bib, out, home, as_json, paper)
    elif out is not None or bib:
        raise QuestionError("--out and --bib belong to --draft FILE")
    else:
        _check_claim(claim or "", paper, home, as_json)


def _check_claim(claim: str, paper: list[str] | None, home: Path | None, as_json: bool) -> None:
    with open_assistant(home) as assistant:
        fill_if_empty(assistant)
        result = assistant.check(claim, paper or None)
    if as_json:
        print_json(result.to_dict())
        return
    mark = f" ({COMPARE})" if result.verdict == "partial" else ""
    OUT.print(f"{result.verdict}{mark}{': ' + escape(result.why) if result.why else ''}", soft_wrap=True)
    for e in result.evidence:
        OUT.print(
            f"  {escape(e.title)} [dim]{e.paper_id} {e.start}-{e.end}[/dim]\n  “{escape(e.quote)}”", soft_wrap=True
        )


def _check_draft(
    path: Path, bib: list[Path] | None, out: Path | None, home: Path | None, as_json: bool, paper: list[str] | None
) -> None:
    if paper:
        raise QuestionError("--paper goes with one sentence; a draft is checked against the papers that it cites")
    if out is not None and out.exists() and out.samefile(path):
        raise DocumentError(f"--out {out} is the draft itself; choose another file")
    text = read_text(path)
    form: Form = "latex" if path.suffix == ".tex" else "markdown" if path.suffix == ".md" else form_of(text)
    with open_assistant(home) as assistant:
        fill_if_empty(assistant)
        result = _checked(assistant, text, form, bib or _named(path, text, form))
    if out is not None:
        write_text(out, annotated(text, result))
    if as_json:
        print_json(result.to_dict())
        return
    for sentence in result.sentences:
        _print(sentence)
    OUT.print(", ".join(f"{n} {verdict}" for verdict, n in result.counts.items() if n))


def _checked(assistant: Assistant, text: str, form: Form, bib: list[Path]) -> DraftCheck:
    with counting("checking sentences") as step:
        return assistant.check_text(text, form, bib, step)


def _named(draft: Path, text: str, form: Form) -> list[Path]:
    """The bibliographies that the draft names, those that exist; the others are said."""
    found = [draft.parent / name for name in bibliographies(text, form)]
    for missing in (f for f in found if not f.is_file()):
        ERR.print(f"[yellow]{escape(str(missing))} does not exist, so its citation keys are unknown[/yellow]")
    return [f for f in found if f.is_file()]


def _print(sentence: CheckedSentence) -> None:
    colour = _COLOURS[sentence.verdict]
    why = f": {sentence.why}" if sentence.why else ""
    OUT.print(f"line {sentence.line}: {escape(sentence.text)}", soft_wrap=True)
    OUT.print(f"  [{colour}]{sentence.verdict}[/{colour}]{escape(why)}", soft_wrap=True)
    for e in sentence.evidence:
        OUT.print(
            f"  {escape(e.citekey)} [dim]{e.paper_id} {e.start}-{e.end}[/dim] “{escape(e.quote)}”", soft_wrap=True
        )
    if sentence.unknown:
        OUT.print(f"  [dim]not in the library: {escape(', '.join(sentence.unknown))}[/dim]", soft_wrap=True)
