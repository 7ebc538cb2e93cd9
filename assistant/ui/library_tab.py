"""Builds the library tab of Gradio components: uploads, papers per year, the map of topics, the table of papers."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import Assistant, AssistantError, CountedReason, IndexReport
from assistant.ui import papers, pictures, widgets
from assistant.ui.facets import FacetCache, render_facets
from assistant.ui.indexing import Indexing, Pace
from assistant.ui.library_cache import LibraryCache
from assistant.ui.papers import TableView
from assistant.ui.templates import failure, render, status
from assistant.ui.text import plural

if TYPE_CHECKING:
    import gradio as gr

_TICK = 0.4
"""Seconds between two updates of the progress."""
_LISTED = 200
"""Reasons and changes that are listed; of the rest, only the number is shown."""
_REASONS = {"failed": "Not read", "conflict": "Same title, both kept", "notice": "To know", "merged": "Merged"}
_STAGES = {
    "starting": "Starting…",
    "reading": "Reading",
    "embedding": "Embedding",
    "embedding again": "Embedding again",
    "building the indexes": "Building the indexes…",
    "asking standing questions": "Asking standing questions…",
}
_KINDS = (
    "BibTeX, RIS, EndNote, Web of Science, PubMed, CSV, JSON, XML, Markdown or text, also zipped; up to 64 MB each."
)


@dataclass(frozen=True, slots=True)
class LibraryTab:
    """The components that other tabs react to."""

    papers: "gr.HTML"
    map: "gr.HTML"
    changes: "list[gr.events.Dependency]"
    """Events after which the library may contain other papers."""


class LibraryView:
    """Renders what the tab shows."""

    def __init__(self, assistant: Assistant, library: LibraryCache, indexing: Indexing) -> None:
        self._assistant = assistant
        self._library = library
        self.indexing = indexing
        self._facets = FacetCache(assistant)

    def table(self, view: TableView) -> str:
        """The table as this visitor sees it."""
        every = list(self._library.papers.values())
        spans = None
        if view.facet is not None:
            facet, value = view.facet
            spans = self._facets.facets(every).get(facet, {}).get(value, {})
        return papers.render_table(every, view, spans)

    def facets(self, view: TableView) -> str:
        """What the papers state, by kind of fact, with counts."""
        try:
            return render_facets(self._facets.facets(list(self._library.papers.values())), view.facet)
        except AssistantError as error:
            return failure(error)

    def status(self) -> str:
        """The progress of the files being read, or the report of the last ones."""
        pace = self.indexing.pace if self.indexing.running else None
        report = self.indexing.report
        return render(
            "uploads",
            pace=pace,
            facts=_facts(pace) if pace else (),
            problem=self.indexing.problem,
            report=report,
            groups=_groups(report) if report else (),
            changes=self.indexing.changes,
            duration=_duration(report.seconds) if report else "",
            most=_LISTED,
        )

    def open(self, view: TableView) -> Iterator[tuple[Any, Any, Any, str]]:
        """Status, years, table and map; the map follows a moment later if it has to be drawn again."""
        import gradio as gr

        yield self.status(), pictures.render_years(self._library.years), self.table(view), _drawing()
        try:
            drawn = pictures.render_map(self._assistant.topic_map())
        except AssistantError as error:
            drawn = failure(error)
        # The visitor may have changed the table meanwhile, for example by typing a search.
        yield gr.skip(), gr.skip(), gr.skip(), drawn

    async def follow(self) -> AsyncIterator[str]:
        """The status until all files are read."""
        while self.indexing.running:
            yield self.status()
            await asyncio.sleep(_TICK)
        yield self.status()

    def delete(self, paper_ids: list[str]) -> str:
        """Deletes the papers; returns a message for the visitor."""
        try:
            count = self._assistant.delete(paper_ids)
        except AssistantError as error:
            return failure(error)
        self._library.invalidate()
        return status(f"{plural(count, 'paper')} deleted.")


def build_library_tab(view: LibraryView, tab: "gr.Tab") -> LibraryTab:
    """Builds components and events of the tab; to be called within it."""
    import gradio as gr

    seen = gr.State(TableView())
    with gr.Row(elem_id="uploads"):
        with gr.Column(elem_id="adding"):
            widgets.heading("Add papers")
            files = gr.File(
                label="Files of papers", show_label=False, file_count="multiple", height=110, elem_id="files"
            )
            widgets.note(_KINDS)
            state = widgets.block("", "status")
        with gr.Column(elem_id="timeline"):
            widgets.heading("Papers per year")
            years = widgets.block("", "years")
    widgets.heading("Map")
    topics = widgets.block(_drawing(), "map")
    widgets.heading("By fact")
    facets = widgets.block("", "facets")
    widgets.heading("Papers")
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

    shown = [state, years, table, topics]
    added = files.upload(lambda paths: _start(view, paths), files, files, **widgets.NOW)
    followed = added.then(view.follow, None, state, **widgets.QUIET, concurrency_limit=None)
    done = followed.then(view.open, seen, shown, **widgets.QUIET, concurrency_limit=None)
    opened = tab.select(view.open, seen, shown, **widgets.QUIET, concurrency_limit=None)
    opened.then(view.follow, None, state, **widgets.QUIET, concurrency_limit=None)
    state.click(view.indexing.cancel, None, None, **widgets.NOW)
    query.change(lambda words, was: _narrow(view, words, was), [query, seen], [seen, table], **widgets.NOW)

    def act(was: TableView, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        yield from _act(view, was, event)

    def choose(was: TableView, event: gr.EventData) -> tuple[TableView, str, str]:
        chosen = widgets.clicked(event, "facet"), widgets.clicked(event, "value")
        now = replace(was, facet=None if chosen == was.facet else chosen, page=0)
        return now, view.facets(now), view.table(now)

    facets.click(choose, seen, [seen, facets, table], **widgets.NOW)
    for change in (opened, done):
        change.then(view.facets, seen, facets, **widgets.QUIET, concurrency_limit=None)
    deleted = table.click(act, seen, [seen, *shown], **widgets.QUIET, concurrency_limit=None)
    return LibraryTab(table, topics, [done, deleted])


def _facts(pace: Pace) -> list[str]:
    facts = [_STAGES.get(pace.stage, pace.stage), plural(pace.stored, "paper") + " stored"]
    if pace.rate:
        facts.append(f"{pace.rate:.0f} papers/s")
    if pace.remaining is not None:
        facts.append(f"about {_duration(pace.remaining)} left")
    return facts


def _groups(report: IndexReport) -> list[tuple[str, list[CountedReason]]]:
    """The reasons of a report, by what they are."""
    groups = [(words, [r for r in report.reasons if r.kind == kind]) for kind, words in _REASONS.items()]
    return [(words, reasons) for words, reasons in groups if reasons]


def _duration(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _drawing() -> str:
    return render("notice", words="Drawing the map…", style="quiet", role="")


def _start(view: LibraryView, paths: list[str] | None) -> None:
    """Starts adding the uploaded copies; the upload box empties at once, for the next files."""
    if paths:
        view.indexing.start([Path(path) for path in paths])


def _narrow(view: LibraryView, words: str, was: TableView) -> tuple[TableView, str]:
    now = replace(was, query=words or "", page=0)
    return now, view.table(now)


def _act(view: LibraryView, was: TableView, event: "gr.EventData") -> Iterator[tuple[Any, ...]]:
    """Sorts the table, turns its page or deletes papers; asking about a paper is an event of the chat."""
    import gradio as gr

    action, now = widgets.clicked(event, "do"), was
    if action == "delete":
        message = view.delete(widgets.clicked(event, "papers").split("\n"))
        for _, years, table, drawn in view.open(was):
            yield gr.skip(), message, years, table, drawn
        return
    if action == "sort":
        now = was.sorted_by(widgets.clicked(event, "by"))
    elif action == "page" and widgets.clicked(event, "page").isdecimal():
        now = replace(was, page=int(widgets.clicked(event, "page")[:6]))
    else:
        yield (gr.skip(),) * 5
        return
    yield now, gr.skip(), gr.skip(), view.table(now), gr.skip()
