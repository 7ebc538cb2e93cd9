"""The page as Gradio components, and which step of the chat each of them triggers.

Holds no state: a conversation lives in the session of its browser tab. Knows nothing about how an answer is made.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant import Assistant, AssistantError
from assistant.ui.chat import Chat
from assistant.ui.text import esc
from assistant.ui.turn import Session

if TYPE_CHECKING:
    import gradio as gr

_PANEL = (
    '<aside class="panel" aria-label="Evidence"><div class="panel-head"><h2>Evidence</h2>'
    '<button type="button" class="back">Back to the answer</button></div><div class="panel-body" tabindex="-1">'
    '<p class="panel-words">Click a number behind a sentence, and the abstract opens here at that very span.</p>'
    "</div></aside>"
)
_LONGEST = 4_000
_EXAMPLES = 4


def build_page(assistant: Assistant) -> gr.Blocks:
    """The page over one assistant, with a queue that serves four visitors at a time."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio as gr

    chat = Chat(assistant)
    page = gr.Blocks(title="Abstract assistant", analytics_enabled=False, fill_width=True)
    with page:
        session = gr.State(None)
        head = _html(chat.header(), "masthead")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="chat"):
                welcome = _html(chat.welcome(), "welcome")
                with gr.Row(elem_id="examples"):
                    examples = [gr.Button(visible=False, size="sm") for _ in range(_EXAMPLES)]
                    fill = gr.Button("Index the bundled sample", visible=False, variant="primary", size="sm")
                past, live = _html("", "past"), _html("", "live")
                box, ask, stop, anew = _composer()
            with gr.Column(elem_id="panel"):
                _html(_PANEL, "evidence")
        _wire_chat(chat, session, (past, live), (box, ask, stop, anew), examples)
        front = [head, welcome, fill, *examples]
        page.load(lambda: _front(chat), None, front, queue=False, show_progress="hidden", api_visibility="private")
        fill.click(
            lambda: _fill(chat), None, front, show_progress="hidden", api_visibility="private", concurrency_limit=None
        )
    page.queue(default_concurrency_limit=4, max_size=64)
    return page


def _html(value: str, elem_id: str) -> gr.HTML:
    import gradio as gr

    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)


def _composer() -> tuple[gr.Textbox, gr.Button, gr.Button, gr.Button]:
    """The line at the bottom; style.css shows either Ask or Stop."""
    import gradio as gr

    with gr.Row(elem_id="composer"):
        box = gr.Textbox(
            label="Question", show_label=False, container=False, placeholder="Ask about the papers…", lines=1,
            max_lines=6, max_length=_LONGEST, autofocus=True, elem_id="question", scale=1,
        )
        ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0, min_width=72)
        stop = gr.Button("Stop", variant="stop", elem_id="stop", scale=0, min_width=72)
        anew = gr.Button("New", elem_id="anew", scale=0, min_width=64)
    return box, ask, stop, anew


def _wire_chat(
    chat: Chat,
    session: gr.State,
    views: tuple[gr.HTML, gr.HTML],
    composer: tuple[gr.Textbox, gr.Button, gr.Button, gr.Button],
    examples: list[gr.Button],
) -> None:
    import gradio as gr

    past, live = views
    box, ask, stop, anew = composer

    def asked(question: str, kept: Session | None) -> Iterator[tuple[Any, ...]]:
        # Only the first step empties the box: the visitor may type the next question while this one is answered.
        emptied: Any = ""
        for view in chat.ask(question or "", kept):
            yield view.live, view.past, view.session, emptied
            emptied = gr.skip()

    outputs = [live, past, session, box]
    common: dict[str, Any] = {"show_progress": "hidden", "concurrency_id": "ask"}
    asking = [gr.on([box.submit, ask.click], asked, [box, session], outputs, api_name="ask", **common)]
    for example in examples:
        asking.append(example.click(asked, [example, session], outputs, api_visibility="private", **common))
    quick: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private", "cancels": asking}
    stop.click(chat.stop, session, live, **quick)
    anew.click(lambda: ("", "", None, ""), None, outputs, **quick)


def _front(chat: Chat) -> tuple[Any, ...]:
    """Header, welcome, the button that fills the library, and the example questions."""
    import gradio as gr

    header = chat.header()
    shown = [gr.update(value=q, visible=True) for q in chat.shelf.examples[:_EXAMPLES]]
    shown += [gr.update(visible=False)] * (_EXAMPLES - len(shown))
    return (header, chat.welcome(), gr.update(visible=chat.shelf.count == 0), *shown)


def _fill(chat: Chat) -> Iterator[tuple[Any, ...]]:
    import gradio as gr

    still = [gr.skip()] * _EXAMPLES
    try:
        for message in chat.shelf.fill():
            yield (gr.skip(), f'<p class="welcome">{esc(message)}</p>', gr.update(interactive=False), *still)
    except AssistantError as error:
        yield (gr.skip(), f'<p class="welcome failed">{esc(error)}</p>', gr.update(interactive=True), *still)
        return
    yield _front(chat)
