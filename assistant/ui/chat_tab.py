"""Builds the chat tab of Gradio components; `chat_events` connects their events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.ui import widgets
from assistant.ui.chat import Chat
from assistant.ui.templates import render

if TYPE_CHECKING:
    import gradio as gr

_LONGEST = 4_000
"""Characters of a question."""
EXAMPLES = 4
"""Example questions that an empty chat offers."""
ANY = "any"


@dataclass(frozen=True, slots=True)
class ChatTab:
    """The components of the tab."""

    welcome: gr.HTML
    examples: list[gr.Button]
    fill: gr.Button
    past: gr.HTML
    live: gr.HTML
    box: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    new: gr.Button
    history: gr.HTML
    place: gr.Textbox
    """The conversation that the tab was in before it was loaded again; not visible."""
    export: tuple[gr.Textbox, gr.Textbox]
    """Name and text of a file for the visitor; not visible."""
    requested: gr.State
    """A question that another tab asks."""
    years: tuple[gr.Dropdown, gr.Dropdown]
    sources: gr.Dropdown
    passing: gr.HTML
    pins: gr.HTML
    panel: gr.HTML

    @property
    def conversation(self) -> list[gr.Component]:
        """The components that change with the conversation."""
        return [self.live, self.past, self.box, self.history, self.pins]


def build_chat_tab(chat: Chat) -> ChatTab:
    """Builds the components; to be called within the tab."""
    import gradio as gr

    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="chat"):
            history = widgets.block("", "history")
            welcome = widgets.block(chat.welcome(), "welcome")
            with gr.Row(elem_id="examples"):
                examples = [gr.Button(visible=False, size="sm") for _ in range(EXAMPLES)]
                fill = gr.Button("Read the bundled sample", visible=False, variant="primary", size="sm")
            past, live = widgets.block("", "past"), widgets.block("", "live")
            composer = _composer()
        with gr.Column(elem_id="panel"):
            filters = _filters()
            pins = widgets.block("", "pins")
            panel = widgets.block(render("panel"), "evidence")
    place, export = gr.Textbox(visible=False), (gr.Textbox(visible=False), gr.Textbox(visible=False))
    requested = gr.State("")
    return ChatTab(
        welcome, examples, fill, past, live, *composer, history, place, export, requested, *filters, pins, panel
    )


def _composer() -> tuple[gr.Textbox, gr.Button, gr.Button, gr.Button]:
    """The question box with its buttons; chat.css shows either Ask or Stop."""
    import gradio as gr

    with gr.Row(elem_id="composer"):
        box = gr.Textbox(
            label="Question",
            show_label=False,
            container=False,
            placeholder="Ask about the papers…",
            lines=1,
            max_lines=6,
            max_length=_LONGEST,
            autofocus=True,
            elem_id="question",
            scale=1,
        )
        ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0, min_width=72)
        stop = gr.Button("Stop", variant="stop", elem_id="stop", scale=0, min_width=72)
        new = gr.Button("New", elem_id="new", scale=0, min_width=64)
    return box, ask, stop, new


def _filters() -> tuple[tuple[gr.Dropdown, gr.Dropdown], gr.Dropdown, gr.HTML]:
    """The dropdowns of years and sources, and the number of papers that pass them."""
    import gradio as gr

    with gr.Accordion("Filters", open=False, elem_id="filters"):
        with gr.Row():
            low = gr.Dropdown([ANY], value=ANY, label="From year", min_width=90, filterable=False, elem_id="year-from")
            high = gr.Dropdown([ANY], value=ANY, label="To year", min_width=90, filterable=False, elem_id="year-to")
        sources = gr.Dropdown(
            [], value=[], label="Sources (all if none is chosen)", multiselect=True, elem_id="sources"
        )
    return (low, high), sources, widgets.block("", "passing")
