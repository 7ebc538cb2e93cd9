"""Gradio components that all tabs use: blocks of our own HTML, and the data of a click inside one."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from assistant.ui.templates import render

if TYPE_CHECKING:
    import gradio as gr

_CLICKS = (
    "element.addEventListener('click', (event) => { const button = event.target.closest('[data-do]');"
    " if (button && element.contains(button)) trigger('click', {...button.dataset}); });"
)
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""Options of every event except the question itself: no progress overlay, and not part of the public API."""
NOW: dict[str, Any] = {**QUIET, "queue": False}
"""The same for events that run at once, outside the queue."""


def load_gradio() -> None:
    """Imports the library without what the page does not use: 34 MB of pyarrow, which pandas would load, and 24 MB of mcp."""
    left_out = [name for name in ("pyarrow", "mcp") if name not in sys.modules]
    for name in left_out:
        sys.modules[name] = None  # type: ignore[assignment]  # None: "cannot be imported"
    try:
        importlib.import_module("gradio")
    finally:
        for name in left_out:
            del sys.modules[name]


def block(value: str, elem_id: str) -> gr.HTML:
    """A block of HTML; a click on an element with `data-do` triggers its `click` event with the data attributes."""
    import gradio as gr

    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=_CLICKS)


def heading(words: str) -> gr.HTML:
    """The heading of a section of a tab."""
    return _plain(render("heading", words=words))


def note(words: str) -> gr.HTML:
    """A line of explanation."""
    return _plain(render("notice", words=words, style="quiet", role=""))


def _plain(value: str) -> gr.HTML:
    import gradio as gr

    return gr.HTML(value, apply_default_css=False, js_on_load=None)


def clicked(event: gr.EventData, name: str) -> str:
    """A data attribute of the clicked element; empty if it has none. The browser may send anything."""
    data = getattr(event, "_data", None)
    value = data.get(name, "") if isinstance(data, dict) else ""
    return value if isinstance(value, str) else ""
