"""Fixtures for the tests of the interface: a served page over the invented papers, and pages of a real Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tools import missing

from assistant import Assistant, Settings
from assistant.ui import build, serve

CHROMIUM = shutil.which("chromium")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@contextmanager
def served(
    home: Path,
    report: Path | None = None,
    auth: list[tuple[str, str]] | None = None,
    port: int | None = None,
    **settings: Any,
) -> Iterator[str]:
    """The address of a page over the library, closed at the end as by a restart."""
    with Assistant(Settings(home=home, **{"llm": "quotes", **settings})) as assistant:
        page = build(assistant, report)
        try:
            yield serve(page, port=port, auth=auth or [], block=False)
        finally:
            page.close(verbose=False)


@pytest.fixture(scope="session")
def page_url(library_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page over a copy of the invented papers; for tests that leave the library as it is."""
    home = Path(shutil.copytree(library_home, tmp_path_factory.mktemp("ui") / "home"))
    with served(home) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for all tests."""
    from playwright import sync_api

    if CHROMIUM is None:
        missing("no chromium on this machine (Debian: apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages, each a browser of its own; the test fails on any request to another server, script error or dialog."""
    problems: list[str] = []
    contexts = []

    def opened(url: str, **options: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: None if _inside(r.url) else problems.append(f"left the machine: {r.url}"))
        page.on("pageerror", lambda e: problems.append(f"script error: {e}"))
        page.on("console", lambda m: problems.append(f"console: {m.text}") if _is_error(m) else None)
        page.on("dialog", lambda d: (problems.append(f"dialog: {d.message}"), d.dismiss()))
        page.set_default_timeout(60_000)
        page.goto(url)
        page.wait_for_selector("#question textarea")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def _is_error(message: Any) -> bool:
    """A page asks all the time whether its server is still there; a server that ends is no error of the page."""
    return message.type == "error" and "net::ERR_CONNECTION" not in message.text


def _inside(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))


def ask(page: Any, question: str) -> None:
    """Asks, and waits for the whole answer."""
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#live .turn.done:has-text("{question[:30]}")')


def to_tab(page: Any, name: str) -> None:
    """Opens a tab of the page."""
    page.get_by_role("tab", name=name).click()
