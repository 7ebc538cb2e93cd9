"""The chat page: `build` makes it, `serve` serves it, and `launch` does both.

Gradio is imported when one of them is called, so importing this package is cheap.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import Assistant

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["build", "launch", "read_auth", "serve"]


def build(assistant: Assistant, report: Path | None = None) -> gr.Blocks:
    """The page over one assistant, not yet served; `report` is an evaluation's report.json for the Trust tab."""
    from assistant.ui.page import build_page

    return build_page(assistant, report)


def launch(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int | None = 7860,
    auth: Sequence[tuple[str, str]] = (),
    *,
    report: Path | None = None,
    open_browser: bool = False,
    block: bool = True,
) -> str:
    """Builds the page, serves it, and returns its address (with `block`: after it has ended). Raises as `serve` does."""
    return serve(build(assistant, report), host, port, auth, open_browser=open_browser, block=block)


def serve(
    page: gr.Blocks,
    host: str = "127.0.0.1",
    port: int | None = 7860,
    auth: Sequence[tuple[str, str]] = (),
    *,
    open_browser: bool = False,
    block: bool = True,
) -> str:
    """Serves a page that `build` made on `port`, or on the first free port from 7860 (None). `auth`: names and passwords.

    Raises SettingsError for a host that other machines can reach without `auth`, and ServerError for a port that is
    taken.
    """
    from assistant.ui.server import serve_page

    return serve_page(page, host, port, auth, open_browser=open_browser, block=block)


def read_auth(pair: str | None, file: Path | None) -> Sequence[tuple[str, str]]:
    """Names and passwords from `name:password` and from the lines of a file. Raises SettingsError."""
    from assistant.ui.auth import read

    return read(pair, file)
