"""Connects the components of the chat tab with the steps of the chat that they trigger."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant import AssistantError, Plan
from assistant.ui import widgets
from assistant.ui.chat import Chat
from assistant.ui.chat_tab import ANY, ChatTab
from assistant.ui.evidence import render_pins
from assistant.ui.history import History
from assistant.ui.library_cache import question_about
from assistant.ui.sessions import Sessions
from assistant.ui.templates import escaped, failure, status
from assistant.ui.turn import Session
from assistant.ui.wait_queue import WaitQueue

if TYPE_CHECKING:
    import gradio as gr

CONCURRENCY = 4
"""Questions that are answered at the same time."""
_MOST_WAITING = 64

# Called with name and text of an export; the file is made in the browser and is never stored on the server.
_SAVE = """(name, text) => { if (name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = name; link.click(); URL.revokeObjectURL(link.href);
  } return ["", ""]; }"""


def connect_chat(
    tab: ChatTab, chat: Chat, history: History, sessions: Sessions, tabs: "gr.Tabs", asked_from: "list[gr.HTML]"
) -> None:
    """Connects all events of the tab; `asked_from` are blocks of other tabs with papers to ask about."""
    import gradio as gr

    outputs, queue = tab.conversation, WaitQueue(CONCURRENCY, _MOST_WAITING)

    async def ask(question: str, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        async for step in _ask(chat, history, queue, question or "", sessions.of(request.session_hash)):
            yield step

    async def retry(event: gr.EventData, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        action, session = widgets.clicked(event, "do"), sessions.of(request.session_hash)
        if action not in ("retry", "plan"):
            return
        if action == "retry":
            question, plan = chat.retry(session)
        else:
            question, plan = chat.change_plan(session, widgets.clicked(event, "field"), widgets.clicked(event, "value"))
        async for step in _ask(chat, history, queue, question, session, plan):
            yield step

    def request(event: gr.EventData) -> tuple[Any, str]:
        # Other clicks in those blocks (sorting, deleting) ask nothing.
        asks = widgets.clicked(event, "do") == "ask"
        paper = chat.library.papers.get(widgets.clicked(event, "paper")) if asks else None
        return (gr.Tabs(selected="chat"), question_about(paper)) if paper else (gr.skip(), "")

    common: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None}
    asking = [gr.on([tab.box.submit, tab.ask.click], ask, tab.box, outputs, api_name="ask", **common)]
    private: dict[str, Any] = {**common, "api_visibility": "private"}
    asking += [button.click(ask, button, outputs, **private) for button in tab.examples]
    asking.append(tab.live.click(retry, None, outputs, **private))
    for block in asked_from:
        chosen = block.click(request, None, [tabs, tab.requested], **widgets.NOW)
        asking.append(chosen.then(ask, tab.requested, outputs, **private))
    now: dict[str, Any] = {**widgets.NOW, "cancels": asking}

    def stop(request: gr.Request) -> str:
        return chat.stop(sessions.of(request.session_hash))

    def start_again(request: gr.Request) -> tuple[Any, ...]:
        session = sessions.of(request.session_hash)
        session.start_again()
        return show_conversation(chat, history, session)

    tab.stop.click(stop, None, tab.live, **now)
    tab.new.click(start_again, None, outputs, **now)
    _connect_answers(tab, chat, history, sessions)
    _connect_history(tab, chat, history, sessions)
    _connect_filters(tab, chat, sessions)


async def _ask(
    chat: Chat,
    history: History,
    queue: WaitQueue,
    question: str,
    session: Session,
    plan: Plan | None = None,
) -> AsyncIterator[tuple[Any, ...]]:
    """One question from the queue to its answer. Only the first step empties the box, because the visitor may type the
    next question while this one is answered."""
    import gradio as gr

    turn = chat.begin(question, session, plan)
    if turn is None:
        yield (gr.skip(),) * 5
        return
    box: Any = ""
    try:
        waiting = partial(chat.show_waiting, turn, session)
        async with aclosing(queue.serve(lambda: chat.answer(turn, session), waiting)) as steps:
            async for view in steps:
                yield view.live, view.past, box, gr.skip(), gr.skip()
                box = gr.skip()
    except AssistantError as error:
        view = chat.show_failure(turn, session, error)
        yield view.live, view.past, box, gr.skip(), gr.skip()
    finally:
        turn.stop()
    view = chat.view(session)
    yield view.live, view.past, gr.skip(), history.render(session), gr.skip()


def show_conversation(chat: Chat, history: History, session: Session, question: Any = "") -> tuple[Any, ...]:
    """The whole conversation as it is now, with this question in the box."""
    view = chat.view(session)
    return view.live, view.past, question, history.render(session), render_pins(session, chat.library.papers)


def _connect_answers(tab: ChatTab, chat: Chat, history: History, sessions: Sessions) -> None:
    """Connects the buttons under answers and beside papers."""
    import gradio as gr

    def act(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        action, session = widgets.clicked(event, "do"), sessions.of(request.session_hash)
        if action == "edit":
            return show_conversation(chat, history, session, session.take_back())
        if action == "rate":
            rating = -1 if widgets.clicked(event, "rating") == "-1" else 1
            try:
                chat.rate(session, widgets.clicked(event, "record"), rating)
            except AssistantError as error:  # another tab of the visitor has taken the answer back
                gr.Warning(escaped(error))
            return (*show_conversation(chat, history, session)[:2], *(gr.skip(),) * 3)
        if (turn := session.turn(widgets.clicked(event, "turn"))) is not None:
            if action == "sort-listed":
                turn.views.sort(widgets.clicked(event, "pile"), widgets.clicked(event, "by"))
            elif action == "page-listed":
                turn.views.turn_to(widgets.clicked(event, "pile"), widgets.clicked(event, "page"))
            return (*show_conversation(chat, history, session)[:2], *(gr.skip(),) * 3)
        return (gr.skip(),) * 5

    def export(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        try:
            if widgets.clicked(event, "do") == "export-listed":
                session = sessions.of(request.session_hash)
                return chat.export_listing(session, widgets.clicked(event, "turn"), widgets.clicked(event, "form"))
        except AssistantError as error:
            gr.Warning(escaped(error))
        return "", ""

    def pin(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Pins, excludes or releases a paper; rows of tables show which ones are pinned."""
        session = sessions.of(request.session_hash)
        conversation = session.conversation
        actions = {"pin": conversation.pin, "exclude": conversation.exclude, "release": conversation.release}
        action = actions.get(widgets.clicked(event, "do"))
        try:
            if action is None:
                return (gr.skip(),) * 3
            action(widgets.clicked(event, "paper"))
        except AssistantError as error:
            return gr.skip(), gr.skip(), failure(error)
        view = chat.view(session)
        return view.live, view.past, render_pins(session, chat.library.papers)

    for block in (tab.live, tab.past):
        block.click(act, None, tab.conversation, **widgets.NOW)
        exported = block.click(export, None, list(tab.export), **widgets.NOW)
        exported.then(None, list(tab.export), list(tab.export), js=_SAVE)
    for block in (tab.live, tab.past, tab.panel, tab.pins):
        block.click(pin, None, [tab.live, tab.past, tab.pins], **widgets.NOW)


def _connect_history(tab: ChatTab, chat: Chat, history: History, sessions: Sessions) -> None:
    """Connects the buttons beside saved conversations."""
    import gradio as gr

    def choose(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        session = sessions.of(request.session_hash)
        action, chosen = widgets.clicked(event, "do"), widgets.clicked(event, "conversation")
        try:
            if action == "open":
                history.open(session, chosen)
            elif action == "forget" and history.forget(session, chosen):
                session.start_again()
            elif action == "export":
                return (*(gr.skip(),) * 5, *history.export(session, widgets.clicked(event, "form")))
        except AssistantError as error:
            gr.Warning(escaped(error))
        return (*show_conversation(chat, history, session), "", "")

    done = tab.history.click(choose, None, [*tab.conversation, *tab.export], **widgets.NOW)
    done.then(None, list(tab.export), list(tab.export), js=_SAVE)


def _connect_filters(tab: ChatTab, chat: Chat, sessions: Sessions) -> None:
    import gradio as gr

    def change(low: str, high: str, sources: list[str], request: gr.Request) -> str:
        session = sessions.of(request.session_hash)
        session.filters = replace(
            session.filters, year_from=_year(low), year_to=_year(high), sources=tuple(sources or ())
        )
        return render_passing(chat, session)

    inputs = [*tab.years, tab.sources]
    gr.on([c.input for c in (*tab.years, tab.sources)], change, inputs, tab.passing, **widgets.NOW)


def _year(chosen: str | None) -> int | None:
    return int(chosen) if chosen and chosen.isdecimal() else None


def render_passing(chat: Chat, session: Session) -> str:
    """The number of papers that the next question searches."""
    passing, count = chat.library.count_passing(session.filters), chat.library.count
    return status(f"Searching {'all' if passing == count else f'{passing:,} of'} {count:,} papers")


def filter_choices(chat: Chat) -> tuple[Any, Any, Any]:
    """The choices of the filters: the library's years and sources."""
    import gradio as gr

    years = [ANY, *(str(year) for year in chat.library.years if year is not None)]
    return gr.update(choices=years), gr.update(choices=years), gr.update(choices=chat.library.sources)
