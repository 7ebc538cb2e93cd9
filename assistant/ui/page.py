"""Builds the whole page of Gradio components: its header, its tabs, and their content on arrival."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import Assistant
from assistant.ui import trust, widgets
from assistant.ui.chat import Chat
from assistant.ui.chat_events import CONCURRENCY, connect_chat, filter_choices, render_passing, show_conversation
from assistant.ui.chat_tab import EXAMPLES, build_chat_tab
from assistant.ui.history import History
from assistant.ui.indexing import Indexing
from assistant.ui.library_cache import LibraryCache
from assistant.ui.library_tab import LibraryView, build_library_tab
from assistant.ui.other_tabs import build_settings_tab, build_trust_tab
from assistant.ui.sessions import Sessions
from assistant.ui.templates import failure, status

if TYPE_CHECKING:
    import gradio as gr

_PLACE = """(browser, place, question) => [browser, ...["conversation", "question"].map((what) =>
    sessionStorage.getItem("abstract-assistant-" + what) || "")]"""
"""Where this tab was before it was reloaded, as `place.js` keeps it."""


def build(assistant: Assistant, report: Path | None = None) -> "gr.Blocks":
    """The page over one assistant, not yet served. Raises SettingsError for a `report` that no evaluation wrote."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    # Gradio describes the last 10,000 events in a table of pandas, which it makes anew after every event.
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "100")
    widgets.load_gradio()
    import gradio as gr

    library = LibraryCache(assistant)
    indexing = Indexing(assistant, library.invalidate)
    chat, history = Chat(assistant, library, indexing), History(assistant, library)
    sessions = Sessions(chat, history)
    page = gr.Blocks(title="Abstract assistant", analytics_enabled=False, fill_width=True)
    with page:
        # A random id that only this browser has, by which its conversations are found again after a restart. The
        # secret is no secret: it is part of the page, and fixed so that a restarted server can read the id.
        browser = gr.BrowserState("", storage_key="abstract-assistant", secret="abstract-assistant")  # noqa: S106 - see above
        header = widgets.block(chat.header(), "masthead")
        with gr.Tabs(selected="chat", elem_id="tabs") as tabs:
            with gr.Tab("Chat", id="chat") as chat_tab:
                tab = build_chat_tab(chat)
            with gr.Tab("Library", id="library") as library_tab:
                shown = build_library_tab(LibraryView(assistant, library, indexing), library_tab)
            with gr.Tab("Trust", id="trust"):
                build_trust_tab(assistant, trust.render_figures(trust.load(report)))
            with gr.Tab("Settings", id="settings") as settings:
                build_settings_tab(chat, sessions, settings)
        connect_chat(tab, chat, history, sessions, tabs, [shown.map, shown.papers])
        front = [header, tab.welcome, tab.fill, *tab.examples, *tab.years, tab.sources]

        def enter(name: str, place: str, question: str, request: gr.Request) -> tuple[Any, ...]:
            name = name or secrets.token_hex(16)
            session = sessions.enter(request.session_hash, owner(request.username, name), place)
            # Without a question to bring back, the box stays as it is: the visitor may be typing already.
            conversation = show_conversation(chat, history, session, question or gr.skip())
            return (name, *conversation, render_passing(chat, session), *_front(chat))

        async def fill() -> AsyncIterator[tuple[Any, ...]]:
            async for step in _fill(chat):
                yield step

        entered = [browser, *tab.conversation, tab.passing, *front]
        page.load(enter, [browser, tab.place, tab.box], entered, js=_PLACE, **widgets.NOW)
        chat_tab.select(lambda: _front(chat), None, front, **widgets.NOW)
        for change in shown.changes:
            change.then(lambda: _front(chat), None, front, **widgets.NOW)
        tab.fill.click(fill, None, front, **widgets.QUIET, concurrency_limit=None)
    page.queue(default_concurrency_limit=CONCURRENCY, max_size=None)
    return page


def owner(user: str | None, browser: object) -> str:
    """The owner of a visitor's conversations: the user if there are passwords, else this browser, else nobody ("")."""
    if user:
        return f"user:{user}"
    known = isinstance(browser, str) and len(browser) == 32 and all(c in "0123456789abcdef" for c in browser)
    return f"browser:{browser}" if known else ""


def _front(chat: Chat) -> tuple[Any, ...]:
    """Header, welcome, the button that fills the library, the example questions, and the choices of the filters."""
    import gradio as gr

    shown = [gr.update(value=question, visible=True) for question in chat.library.examples[:EXAMPLES]]
    shown += [gr.update(visible=False)] * (EXAMPLES - len(shown))
    return (chat.header(), chat.welcome(), gr.update(visible=chat.library.count == 0), *shown, *filter_choices(chat))


async def _fill(chat: Chat) -> AsyncIterator[tuple[Any, ...]]:
    """Adds the bundled sample to an empty library, with the progress in the place of the welcome."""
    import gradio as gr

    unchanged = [gr.skip()] * 7
    chat.indexing.start(None)
    while chat.indexing.running:
        yield (gr.skip(), status(chat.indexing.sample_progress), gr.update(interactive=False), *unchanged)
        await asyncio.sleep(0.4)
    if chat.indexing.problem:
        yield (gr.skip(), failure(chat.indexing.problem), gr.update(interactive=True), *unchanged)
        return
    yield _front(chat)
