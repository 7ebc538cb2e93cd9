"""Which step of the chat each component of its tab triggers.

Holds no state: a conversation lives in the session of its browser tab. Knows nothing about how an answer is made.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant import AssistantError
from assistant.ui import widgets
from assistant.ui.chat import Chat, View
from assistant.ui.chat_tab import ANY, ChatTab
from assistant.ui.evidence import kept
from assistant.ui.history import History
from assistant.ui.library_cache import about
from assistant.ui.text import esc
from assistant.ui.turn import Session
from assistant.ui.wait_queue import Line

if TYPE_CHECKING:
    import gradio as gr

# Called with name and text of an export; the file is made in the browser and never lies on the server.
_SAVE = """(name, text) => { if (name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = name; link.click(); URL.revokeObjectURL(link.href);
  } return ["", ""]; }"""


def wire_chat(
    tab: ChatTab, chat: Chat, history: History, line: Line, tabs: "gr.Tabs", asked_from: "list[gr.HTML]"
) -> None:
    """All events of the tab; `asked_from` are blocks of other tabs with papers to ask about."""
    import gradio as gr

    outputs = tab.conversation

    async def asked(question: str, session: Session | None) -> AsyncIterator[tuple[Any, ...]]:
        async for step in _asked(chat, history, line, question or "", session):
            yield step

    async def asked_again(session: Session | None, event: gr.EventData) -> AsyncIterator[tuple[Any, ...]]:
        if session is not None and widgets.said(event, "do") == "retry":
            async for step in _asked(chat, history, line, chat.again(session), session):
                yield step

    def ask_about(event: gr.EventData) -> tuple[Any, str]:
        # Other clicks in those blocks (sorting, deleting) ask nothing.
        paper = chat.shelf.papers.get(widgets.said(event, "paper")) if widgets.said(event, "do") == "ask" else None
        return (gr.Tabs(selected="chat"), about(paper)) if paper else (gr.skip(), "")

    common: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None}
    asking = [gr.on([tab.box.submit, tab.ask.click], asked, [tab.box, tab.session], outputs, api_name="ask", **common)]
    private: dict[str, Any] = {**common, "api_visibility": "private"}
    asking += [button.click(asked, [button, tab.session], outputs, **private) for button in tab.examples]
    asking.append(tab.live.click(asked_again, tab.session, outputs, **private))
    for block in asked_from:
        chosen = block.click(ask_about, None, [tabs, tab.wanted], **widgets.NOW)
        asking.append(chosen.then(asked, [tab.wanted, tab.session], outputs, **private))
    now: dict[str, Any] = {**widgets.NOW, "cancels": asking}
    tab.stop.click(chat.stop, tab.session, tab.live, **now)
    tab.anew.click(lambda session: _shown(chat, history, _afresh(chat, session)), tab.session, outputs, **now)
    _wire_answers(tab, chat, history)
    _wire_filters(tab, chat)


async def _asked(
    chat: Chat, history: History, line: Line, question: str, session: Session | None
) -> AsyncIterator[tuple[Any, ...]]:
    """One question from the line to its answer. Only the first step empties the box: the visitor may type the next
    question while this one is answered."""
    import gradio as gr

    session = session or chat.enter()
    turn = chat.begin(question, session)
    if turn is None:
        yield (gr.skip(),) * 6
        return
    emptied: Any = ""
    try:
        waiting = partial(chat.waiting, turn, session)
        async with aclosing(line.serve(lambda: chat.answer(turn, session), waiting)) as steps:
            async for view in steps:
                yield view.live, view.past, session, emptied, gr.skip(), gr.skip()
                emptied = gr.skip()
    except AssistantError as error:
        view = chat.refuse(turn, session, error)
        yield view.live, view.past, session, emptied, gr.skip(), gr.skip()
    finally:
        turn.stopped = turn.stopped or turn.running
    view = chat.view(session)
    yield view.live, view.past, session, gr.skip(), history.listed(session), gr.skip()


def _shown(chat: Chat, history: History, session: Session, question: str = "") -> tuple[Any, ...]:
    """The whole conversation as it stands, with this question in the box."""
    view: View = chat.view(session)
    pinned = kept(session, chat.shelf.papers)
    return view.live, view.past, session, question, history.listed(session), pinned


def _afresh(chat: Chat, session: Session | None) -> Session:
    """A new conversation of the same visitor, with the same settings and filters."""
    if session is None:
        return chat.enter()
    if session.turns:
        session.turns[-1].stopped = session.turns[-1].stopped or session.turns[-1].running
    return replace(session, conversation=session.assistant.chat(owner=session.owner), turns=[])


def _wire_answers(tab: ChatTab, chat: Chat, history: History) -> None:
    """Edit and rate, pin and exclude, the saved conversations, export."""
    import gradio as gr

    def acted(session: Session | None, event: gr.EventData) -> tuple[Any, ...]:
        what = widgets.said(event, "do")
        if session is not None and what == "edit":
            return _shown(chat, history, session, session.take_back())
        if session is not None and what == "rate":
            chat.rate(session, widgets.said(event, "record"), -1 if widgets.said(event, "rating") == "-1" else 1)
            return (*_shown(chat, history, session)[:3], *(gr.skip(),) * 3)
        return (gr.skip(),) * 6

    def marked(session: Session | None, event: gr.EventData) -> tuple[Any, ...]:
        session = session or chat.enter()
        conversation, paper = session.conversation, widgets.said(event, "paper")
        acts = {"pin": conversation.pin, "exclude": conversation.exclude, "release": conversation.release}
        if widgets.said(event, "do") in acts:
            try:
                acts[widgets.said(event, "do")](paper)
            except AssistantError as error:
                return session, f'<p class="failed" role="alert">{esc(error)}</p>'
        return session, kept(session, chat.shelf.papers)

    def remembered(session: Session | None, event: gr.EventData) -> tuple[Any, ...]:
        session, what, wanted = session or chat.enter(), widgets.said(event, "do"), widgets.said(event, "conversation")
        try:
            if what == "open":
                history.open(session, wanted)
            elif what == "forget" and history.forget(session, wanted):
                session = _afresh(chat, session)
            elif what == "export":
                return (*(gr.skip(),) * 6, *history.export(session, widgets.said(event, "form")))
        except AssistantError as error:
            gr.Warning(esc(error))
        return (*_shown(chat, history, session), "", "")

    for block in (tab.live, tab.past):
        block.click(acted, tab.session, tab.conversation, **widgets.NOW)
    for block in (tab.panel, tab.kept):
        block.click(marked, tab.session, [tab.session, tab.kept], **widgets.NOW)
    done = tab.history.click(remembered, tab.session, [*tab.conversation, *tab.export], **widgets.NOW)
    done.then(None, list(tab.export), list(tab.export), js=_SAVE)


def _wire_filters(tab: ChatTab, chat: Chat) -> None:
    import gradio as gr

    def changed(session: Session | None, low: str, high: str, sources: list[str]) -> tuple[Session, str]:
        session = session or chat.enter()
        session.filters = replace(
            session.filters, year_from=_year(low), year_to=_year(high), sources=tuple(sources or ())
        )
        return session, passing(chat, session)

    inputs = [tab.session, *tab.years, tab.sources]
    gr.on([c.input for c in (*tab.years, tab.sources)], changed, inputs, [tab.session, tab.passing], **widgets.NOW)


def _year(chosen: str | None) -> int | None:
    return int(chosen) if chosen and chosen.isdecimal() else None


def passing(chat: Chat, session: Session) -> str:
    """How many papers the next question searches."""
    passed, count = chat.shelf.passing(session.filters), chat.shelf.count
    words = f"Searching {passed:,} of {count:,} papers" if passed != count else f"Searching all {count:,} papers"
    return f'<p class="quiet" role="status">{words}</p>'


def choices(chat: Chat) -> tuple[Any, Any, Any]:
    """What the filters offer: the library's years and sources."""
    import gradio as gr

    years = [ANY, *(str(year) for year in chat.shelf.years if year is not None)]
    return gr.update(choices=years), gr.update(choices=years), gr.update(choices=chat.shelf.sources)
