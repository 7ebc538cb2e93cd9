"""Pieces of Gradio that all tabs use: a block of our own HTML, and what a click inside it says.

Knows nothing about what the HTML is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr

_CLICKS = (
    "element.addEventListener('click', (event) => { const button = event.target.closest('[data-do]');"
    " if (button && element.contains(button)) trigger('click', {...button.dataset}); });"
)
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""Options of every event but the question itself: no overlay of Gradio's, and no place in the public API."""
NOW: dict[str, Any] = {**QUIET, "queue": False}
"""The same for what is done at once."""


def block(value: str, elem_id: str) -> gr.HTML:
    """A block of HTML whose elements with `data-do` raise its `click` event, with their data attributes."""
    import gradio as gr

    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=_CLICKS)


def said(event: gr.EventData, name: str) -> str:
    """A data attribute of what was clicked, as text; empty when it has none. The browser may send anything."""
    data = getattr(event, "_data", None)
    value = data.get(name, "") if isinstance(data, dict) else ""
    return value if isinstance(value, str) else ""
