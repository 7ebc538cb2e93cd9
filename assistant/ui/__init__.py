"""The chat page: `build` makes it, `launch` serves it. Stands on the public names of `assistant` only.

Gradio is loaded when one of the two is called, so that importing this package stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant import Assistant

if TYPE_CHECKING:
    import gradio as gr

__all__ = ["build", "launch", "serve"]


def build(assistant: Assistant) -> gr.Blocks:
    """The page over one assistant, not yet served."""
    from assistant.ui.page import build_page

    return build_page(assistant)


def launch(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int | None = 7860,
    auth: tuple[str, str] | None = None,
    *,
    open_browser: bool = False,
    block: bool = True,
) -> str:
    """Builds the page, serves it, and returns its address (`block`: once it ended). Raises SettingsError as `serve`."""
    return serve(build(assistant), host, port, auth, open_browser=open_browser, block=block)


def serve(
    page: gr.Blocks,
    host: str = "127.0.0.1",
    port: int | None = 7860,
    auth: tuple[str, str] | None = None,
    *,
    open_browser: bool = False,
    block: bool = True,
) -> str:
    """Serves a page that `build` made; `port` None takes any free one from 7860 on.

    Raises SettingsError for a host that other machines can reach without `auth` (name and password), and for a port
    that is taken.
    """
    from assistant.ui.server import serve_page

    return serve_page(page, host, port, auth, open_browser=open_browser, block=block)
