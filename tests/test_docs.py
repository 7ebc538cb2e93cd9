"""README and docs: their code blocks run, their links lead somewhere, and every command, option and setting is described.

A block that no test can run has a comment `<!-- not run: REASON -->` on the line before it.
"""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import PAPERS, ROOT
from test_serve import serving
from typer import Typer
from typer.main import get_command
from typer.testing import CliRunner

from assistant import Assistant
from assistant.cli import app

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ALL_PAGES = [
    *PAGES,
    ROOT / "CONTRIBUTING.md",
    ROOT / "eval" / "README.md",
    *sorted((ROOT / "eval").glob("training/*.md")),
]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
SERVER = "http://127.0.0.1:8010"
"""The address at which the documented blocks expect `assistant serve`."""
_BLOCK = re.compile(r"^(?:<!-- not run: (.+) -->\n)?```(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
NOT_OURS = {
    "eval/runs/latest/report.html",
    "owner/repo/file.gguf",
}
"""Names that are not files of the checkout."""
_RUN = {"sh", "python"}
_NOT_CODE = {"text", "caddy"}


@dataclass(frozen=True)
class Block:
    """A fenced block; `reason` says why it is not run."""

    reason: str | None
    language: str
    code: str


def blocks(page: Path) -> list[Block]:
    """All fenced blocks of a page."""
    return [Block(*found) for found in _BLOCK.findall(page.read_text(encoding="utf-8"))]


@pytest.fixture
def library(fresh_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of PAPERS that commands and programs open by default, and the papers as the files that the pages name."""
    entries = [
        f"@misc{{paper{n}, title = {{{p['title']}}}, year = {{{p['year'] or ''}}}, abstract = {{{p['abstract']}}}}}\n"
        for n, p in enumerate(PAPERS)
    ]
    bibliography = "".join(entries).replace("%", r"\%")
    for folder in (tmp_path, tmp_path / "papers"):
        folder.mkdir(exist_ok=True)
        (folder / "papers.bib").write_text(bibliography, encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_HOME", str(fresh_home))
    monkeypatch.setenv("ASSISTANT_LLM", "quotes")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # programs start `assistant` too
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        assert not isinstance(address, tuple) or address[0] in ("127.0.0.1", "::1"), f"reached out to {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
    return fresh_home


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_is_run_or_says_why_not(page: Path) -> None:
    assert page.read_text(encoding="utf-8").count("\n```") == 2 * len(blocks(page)), "a block is not closed"
    for block in blocks(page):
        assert block.language in _RUN | _NOT_CODE, f"the language of this block is not known:\n{block.code}"
        assert not block.reason or block.language in _RUN, f"this block is never run:\n{block.code}"


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(b.language in _RUN for b in blocks(page))], ids=lambda p: p.name
)
def test_blocks_run(page: Path, library: Path) -> None:
    for block in blocks(page):
        if block.reason or block.language not in _RUN:
            continue
        if block.language == "python":
            run_python(block.code)
        else:
            for line in block.code.splitlines():
                run_command(line)


def run_python(code: str) -> None:
    """Runs a block; one that asks the documented server finds a real one."""
    with Assistant() as assistant, serving(assistant) if SERVER in code else nullcontext(SERVER) as address:
        exec(compile(code.replace(SERVER, address), "block", "exec"), {})  # noqa: S102 - our own documentation


def run_command(line: str) -> None:
    """Runs one line of a shell block, which has to be an `assistant` command and has to succeed."""
    program, *arguments = [os.path.expanduser(part) for part in shlex.split(line, comments=True)] or [""]
    if not program:
        return
    assert program in ("assistant", ".venv/bin/assistant"), f"mark this line as not run: {line}"
    if {"ANSWER", "CONVERSATION", "PAPER"} & set(arguments):
        ids = known_ids()
        arguments = [ids.get(argument, argument) for argument in arguments]
    result = CliRunner().invoke(app, arguments, input="What error rate does NoteHound reach?\n")
    assert result.exit_code == 0, f"{line}\n{result.output}\n{result.exception!r}"


def known_ids() -> dict[str, str]:
    """The ids that the placeholders of the pages stand for."""
    with Assistant() as assistant:
        answers, conversations, papers = assistant.records(), assistant.conversations(), assistant.papers()
    return {
        "ANSWER": answers[0].record_id if answers else "",
        "CONVERSATION": conversations[0].conversation_id if conversations else "",
        "PAPER": papers[0].paper_id,
    }


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_named_files_and_modules_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    missing = [link for link in links if not (page.parent / link).exists()]
    files = re.findall(r"`((?:\w+/)+[\w.]*)`", text)
    roots = (ROOT, ROOT / "assistant", page.parent)
    missing += [file for file in files if not any((root / file).exists() for root in roots)]
    modules = re.findall(r"python -m (eval[\w.]*)", text)
    missing += [
        m
        for m in modules
        if not any((ROOT / f"{m.replace('.', '/')}{end}").exists() for end in (".py", "/__main__.py"))
    ]
    assert [name for name in missing if name not in NOT_OURS] == []


def commands(typer: Typer) -> Iterator[tuple[str, list[str]]]:
    """Every command with its options."""
    pending = [("assistant", get_command(typer))]
    while pending:
        name, command = pending.pop()
        if subcommands := getattr(command, "commands", {}):
            pending += [(f"{name} {sub}", found) for sub, found in subcommands.items()]
        else:
            yield name, [option for parameter in command.params for option in parameter.opts if option.startswith("-")]


def test_every_command_and_option_is_described() -> None:
    found = dict(commands(app))
    assert len(found) >= 18
    missing = [name for name in found if not re.search(rf"\b{name}\b", TEXT)]
    missing += [
        f"{name} {option}"
        for name, options in found.items()
        for option in options
        if option != "--help" and not re.search(rf"(?<![\w-]){option}(?![\w-])", TEXT)
    ]
    assert missing == []


def test_the_settings_page_is_that_of_the_settings() -> None:
    command = [sys.executable, str(ROOT / "docs" / "settings_page.py"), "--check"]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
