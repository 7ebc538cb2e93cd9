"""The chat page: `build` makes it, `serve` serves it, and `launch` does both.

Gradio is imported when one of them is called, so importing this package is cheap.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant import Assistant
from assistant.ui.page import build
from assistant.ui.server import read_auth, serve

__all__ = ["build", "launch", "read_auth", "serve"]


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
