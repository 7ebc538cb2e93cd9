"""The page as Gradio components: its tabs, who enters it, and what the header says.

Holds no state: a conversation lives in the session of its browser tab. Knows nothing about how an answer is made.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import Assistant
from assistant.ui import trust, widgets
from assistant.ui.chat import Chat
from assistant.ui.chat_events import choices, passing, wire_chat
from assistant.ui.chat_tab import build_chat_tab
from assistant.ui.history import History
from assistant.ui.indexing import Indexing
from assistant.ui.library_cache import Shelf
from assistant.ui.library_tab import LibraryView, build_library_tab
from assistant.ui.other_tabs import build_settings_tab, build_trust_tab
from assistant.ui.turn import Session
from assistant.ui.wait_queue import Line

if TYPE_CHECKING:
    import gradio as gr

_AT_ONCE = 4
"""Questions that are answered side by side."""
_LONGEST_LINE = 64
# A random id that only this browser knows; with it, its conversations are found again after a restart.
_WHO = """() => { const key = "abstract-assistant-visitor"; let id = localStorage.getItem(key);
  if (!id) { id = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
    localStorage.setItem(key, id); } return [id, null]; }"""


def build_page(assistant: Assistant, report: Path | None) -> "gr.Blocks":
    """The page over one assistant; `report` is an evaluation's report.json, or the folder that holds it."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio as gr

    shelf = Shelf(assistant)
    indexing = Indexing(assistant, shelf.changed)
    chat, history = Chat(assistant, shelf, indexing), History(assistant, shelf)
    page = gr.Blocks(title="Abstract assistant", analytics_enabled=False, fill_width=True)
    with page:
        session, browser = gr.State(None), gr.Textbox(visible=False)
        head = widgets.block(chat.header(), "masthead")
        with gr.Tabs(selected="chat", elem_id="tabs") as tabs:
            with gr.Tab("Chat", id="chat") as chats:
                tab = build_chat_tab(chat, session)
            with gr.Tab("Library", id="library") as shelves:
                library = build_library_tab(LibraryView(assistant, shelf, indexing), shelves)
            with gr.Tab("Trust", id="trust"):
                build_trust_tab(assistant, trust.figures(trust.load(report)))
            with gr.Tab("Settings", id="settings") as settings:
                build_settings_tab(chat, session, settings)
        wire_chat(tab, chat, history, Line(_AT_ONCE, _LONGEST_LINE), tabs, [library.map, library.papers])
        front = [head, tab.welcome, tab.fill, *tab.examples, *tab.years, tab.sources]

        def entered(name: str, kept: Session | None, request: gr.Request) -> tuple[Any, ...]:
            current = kept or chat.enter(owner(request.username, name))
            return (current, history.listed(current), passing(chat, current), *_front(chat))

        async def filled() -> AsyncIterator[tuple[Any, ...]]:
            async for step in _fill(chat):
                yield step

        page.load(entered, [browser, session], [session, tab.history, tab.passing, *front], js=_WHO, **widgets.NOW)
        chats.select(lambda: _front(chat), None, front, **widgets.NOW)
        for change in library.changes:
            change.then(lambda: _front(chat), None, front, **widgets.NOW)
        tab.fill.click(filled, None, front, **widgets.QUIET, concurrency_limit=None)
    page.queue(default_concurrency_limit=_AT_ONCE, max_size=None)
    return page


def owner(user: str | None, browser: str) -> str:
    """Whose conversations a visitor sees: the user's under a password, else those of this browser; "" for neither."""
    if user:
        return f"user:{user}"
    known = len(browser or "") == 32 and all(c in "0123456789abcdef" for c in browser)
    return f"browser:{browser}" if known else ""


def _front(chat: Chat) -> tuple[Any, ...]:
    """Header, welcome, the button that fills the library, the example questions, and what the filters offer."""
    import gradio as gr

    asked = chat.shelf.examples
    room = 4
    shown = [gr.update(value=question, visible=True) for question in asked[:room]]
    shown += [gr.update(visible=False)] * (room - len(shown))
    return (chat.header(), chat.welcome(), gr.update(visible=chat.shelf.count == 0), *shown, *choices(chat))


async def _fill(chat: Chat) -> AsyncIterator[tuple[Any, ...]]:
    """The bundled sample into an empty library, told in the place of the welcome."""
    import asyncio

    import gradio as gr

    from assistant.ui.text import esc, plural

    chat.indexing.start(None)
    still = [gr.skip()] * 7
    while chat.indexing.running:
        words = f"Reading the bundled sample: {plural(chat.indexing.pace.stored, 'paper')} so far…"
        yield (gr.skip(), f'<p class="welcome">{esc(words)}</p>', gr.update(interactive=False), *still)
        await asyncio.sleep(0.4)
    if chat.indexing.problem:
        told = f'<p class="welcome failed">{esc(chat.indexing.problem)}</p>'
        yield (gr.skip(), told, gr.update(interactive=True), *still)
        return
    yield _front(chat)
