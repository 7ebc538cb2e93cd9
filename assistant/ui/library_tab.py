"""The library tab as Gradio components: files in, papers per year, the map, the table.

Holds no state but what all visitors share, the library; each visitor's view of the table lives in its browser tab.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import Assistant, AssistantError
from assistant.ui import papers, pictures, uploads, widgets
from assistant.ui.indexing import Indexing
from assistant.ui.library_cache import Shelf
from assistant.ui.papers import TableView
from assistant.ui.text import esc

if TYPE_CHECKING:
    import gradio as gr

_TICK = 0.4
"""Seconds between two looks at a run."""
_KINDS = "Text pages, JSON, JSON lines, CSV, TSV, BibTeX, RIS or Atom, also gzipped; up to 64 MB each."
_WAIT = '<p class="quiet">Drawing the map…</p>'


@dataclass(frozen=True, slots=True)
class LibraryTab:
    """The parts that other tabs react to."""

    papers: "gr.HTML"
    map: "gr.HTML"
    changes: "list[gr.events.Dependency]"
    """After these the library may hold other papers."""


class LibraryView:
    """Gives out what the tab shows."""

    def __init__(self, assistant: Assistant, shelf: Shelf, indexing: Indexing) -> None:
        self._assistant = assistant
        self._shelf = shelf
        self.indexing = indexing

    def table(self, view: TableView) -> str:
        """The table as this visitor sees it."""
        return papers.table(list(self._shelf.papers.values()), view)

    def status(self) -> str:
        """How far the files are, or what came of them."""
        return uploads.status(self.indexing)

    def open(self, view: TableView) -> Iterator[tuple[Any, Any, Any, str]]:
        """Status, years, table and map; the map comes a moment later when it has to be drawn anew."""
        import gradio as gr

        yield self.status(), pictures.years(self._shelf.years), self.table(view), _WAIT
        try:
            drawn = pictures.topic_map(self._assistant.topic_map())
        except AssistantError as error:
            drawn = f'<p class="failed" role="alert">{esc(error)}</p>'
        # The rest may have changed meanwhile: the visitor may be typing a search.
        yield gr.skip(), gr.skip(), gr.skip(), drawn

    async def follow(self) -> AsyncIterator[str]:
        """The status until nothing is being read any more."""
        while self.indexing.running:
            yield self.status()
            await asyncio.sleep(_TICK)
        yield self.status()

    def delete(self, paper_ids: list[str]) -> str:
        """Deletes the papers; returns what the visitor should know."""
        try:
            count = self._assistant.delete(paper_ids)
        except AssistantError as error:
            return f'<p class="failed" role="alert">{esc(error)}</p>'
        self._shelf.changed()
        return f'<p class="report" role="status">{count} deleted.</p>'


def build_library_tab(view: LibraryView, tab: "gr.Tab") -> LibraryTab:
    """Components and events of the tab; to be called within it."""
    import gradio as gr

    seen = gr.State(TableView())
    with gr.Row(elem_id="intake"):
        with gr.Column(elem_id="adding"):
            gr.HTML('<h2 class="section">Add papers</h2>', apply_default_css=False, js_on_load=None)
            files = gr.File(
                label="Files of papers", show_label=False, file_count="multiple", height=110, elem_id="files"
            )
            gr.HTML(f'<p class="quiet">{_KINDS}</p>', apply_default_css=False, js_on_load=None)
            status = widgets.block("", "status")
        with gr.Column(elem_id="timeline"):
            gr.HTML('<h2 class="section">Papers per year</h2>', apply_default_css=False, js_on_load=None)
            years = widgets.block("", "years")
    gr.HTML('<h2 class="section">Map</h2>', apply_default_css=False, js_on_load=None)
    topics = widgets.block(_WAIT, "map")
    gr.HTML('<h2 class="section">Papers</h2>', apply_default_css=False, js_on_load=None)
    query = gr.Textbox(
        label="Search the table",
        show_label=False,
        container=False,
        placeholder="Search title, authors, year, source…",
        max_lines=1,
        max_length=200,
        elem_id="search",
    )
    table = widgets.block("", "papers")

    shown = [status, years, table, topics]
    added = files.upload(lambda paths: _start(view, paths), files, files, **widgets.NOW)
    done = _follow(added, view, seen, status, shown)
    opened = tab.select(view.open, seen, shown, **widgets.QUIET, concurrency_limit=None)
    opened.then(view.follow, None, status, **widgets.QUIET, concurrency_limit=None)
    status.click(view.indexing.cancel, None, None, **widgets.NOW)
    query.change(lambda words, was: _narrow(view, words, was), [query, seen], [seen, table], **widgets.NOW)

    def clicked(was: TableView, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        yield from _clicked(view, was, event)

    deleted = table.click(clicked, seen, [seen, *shown], **widgets.QUIET, concurrency_limit=None)
    return LibraryTab(table, topics, [done, deleted])


def _follow(
    added: "gr.events.Dependency", view: LibraryView, seen: "gr.State", status: "gr.HTML", shown: "list[gr.HTML]"
) -> "gr.events.Dependency":
    followed = added.then(view.follow, None, status, **widgets.QUIET, concurrency_limit=None)
    done: gr.events.Dependency = followed.then(view.open, seen, shown, **widgets.QUIET, concurrency_limit=None)
    return done


def _start(view: LibraryView, paths: list[str] | None) -> None:
    """Hands the uploaded copies over; the upload box empties at once, for the next files."""
    if paths:
        view.indexing.start([Path(path) for path in paths])


def _narrow(view: LibraryView, words: str, was: TableView) -> tuple[TableView, str]:
    now = replace(was, query=words or "", page=0)
    return now, view.table(now)


def _clicked(view: LibraryView, was: TableView, event: "gr.EventData") -> Iterator[tuple[Any, ...]]:
    """Sorting, leafing and deleting in the table; asking about a paper is the chat's business."""
    import gradio as gr

    what, now = widgets.said(event, "do"), was
    if what == "delete":
        told = view.delete(widgets.said(event, "papers").split("\n"))
        for _, years, table, drawn in view.open(was):
            yield gr.skip(), told, years, table, drawn
        return
    if what == "sort":
        now = was.sorted_by(widgets.said(event, "by"))
    elif what == "page" and widgets.said(event, "page").isdecimal():
        now = replace(was, page=int(widgets.said(event, "page")[:6]))
    else:
        yield (gr.skip(),) * 5
        return
    yield now, gr.skip(), gr.skip(), view.table(now), gr.skip()
