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
from assistant.ui.templates import escaped, failure, status
from assistant.ui.turn import Session
from assistant.ui.wait_queue import WaitQueue

if TYPE_CHECKING:
    import gradio as gr

# Called with name and text of an export; the file is made in the browser and is never stored on the server.
_SAVE = """(name, text) => { if (name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = name; link.click(); URL.revokeObjectURL(link.href);
  } return ["", ""]; }"""


def connect_chat(
    tab: ChatTab, chat: Chat, history: History, queue: WaitQueue, tabs: "gr.Tabs", asked_from: "list[gr.HTML]"
) -> None:
    """Connects all events of the tab; `asked_from` are blocks of other tabs with papers to ask about."""
    import gradio as gr

    outputs = tab.conversation

    async def ask(question: str, session: Session | None) -> AsyncIterator[tuple[Any, ...]]:
        async for step in _ask(chat, history, queue, question or "", session):
            yield step

    async def retry(session: Session | None, event: gr.EventData) -> AsyncIterator[tuple[Any, ...]]:
        action = widgets.clicked(event, "do")
        if session is None or action not in ("retry", "plan"):
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
    asking = [gr.on([tab.box.submit, tab.ask.click], ask, [tab.box, tab.session], outputs, api_name="ask", **common)]
    private: dict[str, Any] = {**common, "api_visibility": "private"}
    asking += [button.click(ask, [button, tab.session], outputs, **private) for button in tab.examples]
    asking.append(tab.live.click(retry, tab.session, outputs, **private))
    for block in asked_from:
        chosen = block.click(request, None, [tabs, tab.requested], **widgets.NOW)
        asking.append(chosen.then(ask, [tab.requested, tab.session], outputs, **private))
    now: dict[str, Any] = {**widgets.NOW, "cancels": asking}
    tab.stop.click(chat.stop, tab.session, tab.live, **now)
    tab.new.click(lambda session: _show(chat, history, _start_again(chat, session)), tab.session, outputs, **now)
    _connect_answers(tab, chat, history)
    _connect_history(tab, chat, history)
    _connect_filters(tab, chat)


async def _ask(
    chat: Chat,
    history: History,
    queue: WaitQueue,
    question: str,
    session: Session | None,
    plan: Plan | None = None,
) -> AsyncIterator[tuple[Any, ...]]:
    """One question from the queue to its answer. Only the first step empties the box, because the visitor may type the
    next question while this one is answered."""
    import gradio as gr

    session = session or chat.new_session()
    turn = chat.begin(question, session, plan)
    if turn is None:
        yield (gr.skip(),) * 6
        return
    box: Any = ""
    try:
        waiting = partial(chat.show_waiting, turn, session)
        async with aclosing(queue.serve(lambda: chat.answer(turn, session), waiting)) as steps:
            async for view in steps:
                yield view.live, view.past, session, box, gr.skip(), gr.skip()
                box = gr.skip()
    except AssistantError as error:
        view = chat.show_failure(turn, session, error)
        yield view.live, view.past, session, box, gr.skip(), gr.skip()
    finally:
        turn.stop()
    view = chat.view(session)
    yield view.live, view.past, session, gr.skip(), history.render(session), gr.skip()


def _show(chat: Chat, history: History, session: Session, question: str = "") -> tuple[Any, ...]:
    """The whole conversation as it is now, with this question in the box."""
    view = chat.view(session)
    return view.live, view.past, session, question, history.render(session), render_pins(session, chat.library.papers)


def _start_again(chat: Chat, session: Session | None) -> Session:
    """A new conversation of the same visitor, with the same settings and filters."""
    if session is None:
        return chat.new_session()
    if session.turns:
        session.turns[-1].stop()
    return replace(session, conversation=session.assistant.chat(owner=session.owner), turns=[])


def _connect_answers(tab: ChatTab, chat: Chat, history: History) -> None:
    """Connects the buttons under answers and beside papers."""
    import gradio as gr

    def act(session: Session | None, event: gr.EventData) -> tuple[Any, ...]:
        action = widgets.clicked(event, "do")
        if session is not None and action == "edit":
            return _show(chat, history, session, session.take_back())
        if session is not None and action == "rate":
            rating = -1 if widgets.clicked(event, "rating") == "-1" else 1
            chat.rate(session, widgets.clicked(event, "record"), rating)
            return (*_show(chat, history, session)[:3], *(gr.skip(),) * 3)
        if session is not None and (turn := session.turn(widgets.clicked(event, "turn"))) is not None:
            if action == "sort-listed":
                turn.views.sort(widgets.clicked(event, "pile"), widgets.clicked(event, "by"))
            elif action == "page-listed":
                turn.views.turn_to(widgets.clicked(event, "pile"), widgets.clicked(event, "page"))
            return (*_show(chat, history, session)[:3], *(gr.skip(),) * 3)
        return (gr.skip(),) * 6

    def export(session: Session | None, event: gr.EventData) -> tuple[str, str]:
        try:
            if session is not None and widgets.clicked(event, "do") == "export-listed":
                return chat.export_listing(session, widgets.clicked(event, "turn"), widgets.clicked(event, "form"))
        except AssistantError as error:
            gr.Warning(escaped(error))
        return "", ""

    def pin(session: Session | None, event: gr.EventData) -> tuple[Any, ...]:
        """Pins, excludes or releases a paper; rows of tables show which ones are pinned."""
        session = session or chat.new_session()
        conversation = session.conversation
        actions = {"pin": conversation.pin, "exclude": conversation.exclude, "release": conversation.release}
        action = actions.get(widgets.clicked(event, "do"))
        try:
            if action is None:
                return (gr.skip(),) * 4
            action(widgets.clicked(event, "paper"))
        except AssistantError as error:
            return gr.skip(), gr.skip(), session, failure(error)
        view = chat.view(session)
        return view.live, view.past, session, render_pins(session, chat.library.papers)

    for block in (tab.live, tab.past):
        block.click(act, tab.session, tab.conversation, **widgets.NOW)
        exported = block.click(export, tab.session, list(tab.export), **widgets.NOW)
        exported.then(None, list(tab.export), list(tab.export), js=_SAVE)
    for block in (tab.live, tab.past, tab.panel, tab.pins):
        block.click(pin, tab.session, [tab.live, tab.past, tab.session, tab.pins], **widgets.NOW)


def _connect_history(tab: ChatTab, chat: Chat, history: History) -> None:
    """Connects the buttons beside saved conversations."""
    import gradio as gr

    def choose(session: Session | None, event: gr.EventData) -> tuple[Any, ...]:
        session = session or chat.new_session()
        action, chosen = widgets.clicked(event, "do"), widgets.clicked(event, "conversation")
        try:
            if action == "open":
                history.open(session, chosen)
            elif action == "forget" and history.forget(session, chosen):
                session = _start_again(chat, session)
            elif action == "export":
                return (*(gr.skip(),) * 6, *history.export(session, widgets.clicked(event, "form")))
        except AssistantError as error:
            gr.Warning(escaped(error))
        return (*_show(chat, history, session), "", "")

    done = tab.history.click(choose, tab.session, [*tab.conversation, *tab.export], **widgets.NOW)
    done.then(None, list(tab.export), list(tab.export), js=_SAVE)


def _connect_filters(tab: ChatTab, chat: Chat) -> None:
    import gradio as gr

    def change(session: Session | None, low: str, high: str, sources: list[str]) -> tuple[Session, str]:
        session = session or chat.new_session()
        session.filters = replace(
            session.filters, year_from=_year(low), year_to=_year(high), sources=tuple(sources or ())
        )
        return session, render_passing(chat, session)

    inputs = [tab.session, *tab.years, tab.sources]
    gr.on([c.input for c in (*tab.years, tab.sources)], change, inputs, [tab.session, tab.passing], **widgets.NOW)


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
