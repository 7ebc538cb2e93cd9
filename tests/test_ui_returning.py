"""Reloads, the back button, two tabs, a model that dies and a server that stops, in a real Chromium: nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import ask, served
from conftest import PAPERS

from eval.fake_server import serve as serve_model

pytestmark = pytest.mark.slow
OpenPage = Callable[..., Any]
TIDE, BUSES = "How much does TideNet lower the speed error?", "What happens to the fleet with OwlRoute?"


def test_reload_and_back_keep_the_conversation_and_what_was_typed(page_url: str, open_page: OpenPage) -> None:
    page = open_page(page_url)
    ask(page, TIDE)
    page.fill("#question textarea", "half a quest")
    page.reload()
    page.wait_for_selector(f'#live .turn.done:has-text("{TIDE}")')
    assert page.input_value("#question textarea") == "half a quest"
    page.goto("about:blank")
    page.go_back()
    page.wait_for_selector(f'#live .turn.done:has-text("{TIDE}")')
    ask(page, "How long does it train?")
    assert "40 minutes" in page.locator("#live .reply").inner_text(), "it is the same conversation"


def test_two_tabs_of_one_visitor_are_two_conversations(page_url: str, open_page: OpenPage) -> None:
    one = open_page(page_url)
    ask(one, TIDE)
    other = one.context.new_page()
    other.goto(page_url)
    other.wait_for_selector("#examples button:visible")
    assert other.locator(".turn").count() == 0
    ask(other, BUSES)
    for tab, question in ((one, TIDE), (other, BUSES)):
        tab.reload()
        tab.wait_for_selector(f'#live .turn.done:has-text("{question}")')
        assert tab.locator(".turn").count() == 1


def test_a_model_that_dies_in_the_middle_leaves_what_was_checked(fresh_home: Path, open_page: OpenPage) -> None:
    first = f"{str(PAPERS[0]['abstract']).split('. ')[2]}. [1]\n"
    with serve_model(first * 3, cut_after=len(first) + 20) as model, served(fresh_home, llm=model.spec) as url:
        page = open_page(url)
        ask(page, TIDE)
        assert "0.27 knots" in page.locator("#live .reply").inner_text()
        assert page.locator("#live .note, #live .failed").count() > 0, "it says why the answer ends"
        model.cut_after = None
        ask(page, BUSES)
        assert page.locator(".turn.done").count() == 2


def test_a_page_that_stays_open_says_that_the_server_is_gone_and_goes_on_with_the_next(
    fresh_home: Path, open_page: OpenPage
) -> None:
    with served(fresh_home) as url:
        page = open_page(url)
        ask(page, TIDE)
    page.wait_for_selector('#lost:has-text("does not answer")')
    page.fill("#question textarea", "half a quest")
    page.evaluate("window.before = true")
    with served(fresh_home, port=urlsplit(url).port):
        page.wait_for_function("!window.before && document.querySelector('#live .turn.done') !== null")
        assert page.input_value("#question textarea") == "half a quest"
        ask(page, "How long does it train?")
        assert "40 minutes" in page.locator("#live .reply").inner_text()
        assert page.locator(".turn").count() == 2, "it is the same conversation"
