"""The page in a real Chromium: what a reader does with it works, and nothing leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import ask, served, to_tab
from conftest import PAPERS, write_papers

from eval.fake_server import serve as serve_model

pytestmark = pytest.mark.slow
QUESTION = "How much does TideNet lower the speed error?"
OpenPage = Callable[..., Any]


@pytest.fixture
def own_url(fresh_home: Path) -> Iterator[str]:
    """A page over a library that the test may change."""
    with served(fresh_home) as url:
        yield url


def test_ask_and_open_the_exact_span(page_url: str, open_page: OpenPage) -> None:
    page = open_page(page_url)
    ask(page, QUESTION)
    chip = page.locator("#live .chip[data-n]").first
    quote = chip.get_attribute("data-quote")
    tip = page.locator(".cite-tip:visible")
    for _ in range(20):  # the tip hides while the page still scrolls to the new answer
        page.mouse.move(0, 0)
        chip.hover()
        if tip.count():
            break
    assert quote in tip.inner_text()
    chip.click()
    shown = page.locator("#panel mark.active").all_inner_texts()
    assert "".join(shown) == quote
    assert quote in str(PAPERS[0]["abstract"])
    assert "papers searched" in page.locator("#live .meta").inner_text()


def test_follow_up_and_abstention(page_url: str, open_page: OpenPage) -> None:
    page = open_page(page_url)
    ask(page, "What does OwlRoute do for night buses?")
    ask(page, "And where does it transfer without retraining?")
    assert "Night Buses" in page.locator("#live .contextualized").inner_text()
    assert "Turku" in page.locator("#live .reply").inner_text()
    ask(page, "Who won the 1998 football cup?")
    assert page.locator("#live .abstention").count() == 1
    page.locator("#past .chip[data-n]").first.click()
    assert page.locator("#panel mark.active").count() >= 1, "older answers keep their citations"


def test_sentences_stream_and_stop_keeps_what_was_checked(fresh_home: Path, open_page: OpenPage) -> None:
    reply = (
        f"{str(PAPERS[0]['abstract']).split('. ')[2]}. [1]\n" + "It trains in 40 minutes on a single laptop. [1]\n" * 8
    )
    with serve_model(reply, hang="middle") as model, served(fresh_home, llm=model.spec) as url:
        page = open_page(url)
        page.fill("#question textarea", QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector("#live .turn.running .sentence")
        height = page.evaluate("document.documentElement.scrollHeight")
        page.click("#stop")
        page.wait_for_selector("#live .turn.done")
        assert "Stopped" in page.locator("#live .reply").inner_text()
        assert "0.27 knots" in page.locator("#live .sentences").inner_text()
        assert page.evaluate("document.documentElement.scrollHeight") == height, "nothing moved while streaming"


def test_a_closed_tab_ends_its_work(fresh_home: Path, open_page: OpenPage) -> None:
    reply = f"{str(PAPERS[0]['abstract']).split('. ')[2]}. [1]\n" * 4
    with serve_model(reply, hang="middle") as model, served(fresh_home, llm=model.spec) as url:
        page = open_page(url)
        page.fill("#question textarea", QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector("#live .turn.running .sentence")
        assert not model.left.is_set()
        page.context.close()
        assert model.left.wait(30), "the model's server was told"


def test_retry_edit_and_rate(own_url: str, open_page: OpenPage) -> None:
    page = open_page(own_url)
    ask(page, QUESTION)
    page.click('#live [data-rating="1"]')
    page.wait_for_selector('#live [data-rating="1"][aria-pressed="true"]')
    page.click("#live [data-do=retry]")
    page.wait_for_selector('#live .turn.done [data-rating="1"][aria-pressed="false"]')
    assert page.locator(".turn").count() == 1, "the new try took the place of the old one"
    page.click("#live [data-do=edit]")
    page.wait_for_selector(".turn", state="detached")
    page.wait_for_function("question => document.querySelector('#question textarea').value === question", arg=QUESTION)


def test_pin_exclude_and_filter(own_url: str, open_page: OpenPage) -> None:
    page = open_page(own_url)
    ask(page, QUESTION)
    page.locator("#panel .cards [data-do=exclude]").first.click()
    page.wait_for_selector("#pins .excluded")
    page.click("#live [data-do=retry]")
    page.wait_for_selector('#live .turn.done:has-text("5 papers searched")')
    assert "TideNet" not in page.locator("#panel .panel-body .paper-title").first.inner_text()
    page.locator("#pins [data-do=release]").click()
    page.wait_for_selector("#pins .pins", state="detached")
    page.click("#filters > button")
    page.locator("#year-from input").click()
    page.get_by_role("option", name="2022").click()
    page.wait_for_selector('#passing:has-text("2 of 6")')
    ask(page, "What is proposed for night buses?")
    assert "2 papers searched" in page.locator("#live .meta").inner_text()


def test_conversations_survive_a_restart(fresh_home: Path, open_page: OpenPage) -> None:
    with served(fresh_home) as url:
        page = open_page(url)
        ask(page, QUESTION)
        state = page.context.storage_state()
        state = {"cookies": [], "origins": state["origins"]}
        other = open_page(url)
        other.wait_for_selector("#examples button:visible")
        assert other.locator("#history .open").count() == 0, "nobody else sees it"
    with served(fresh_home) as again:
        for origin in state["origins"]:
            origin["origin"] = again.rstrip("/")
        page = open_page(again, storage_state=state)
        page.click("#history summary")
        page.click("#history .open")
        page.wait_for_selector(f'#live .turn.done:has-text("{QUESTION}")')
        chip = page.locator("#live .chip[data-n]").first
        chip.click()
        assert "".join(page.locator("#panel mark.active").all_inner_texts()) == chip.get_attribute("data-quote")
        ask(page, "How long does it train?")
        assert "40 minutes" in page.locator("#live .reply").inner_text()
        with page.expect_download() as download:
            page.click("#history [data-form=markdown]")
        assert "0.27 knots" in Path(download.value.path()).read_text(encoding="utf-8")
        with page.expect_download() as download:
            page.click("#history [data-form=bibtex]")
        assert download.value.suggested_filename.endswith(".bib")
        page.click("#history summary")
        page.click("#history [data-do=forget]")
        page.wait_for_selector(".turn", state="detached")
        assert page.locator("#history .open").count() == 0


def test_upload_reports_and_delete_asks_first(own_url: str, open_page: OpenPage, tmp_path: Path) -> None:
    new = [
        {"title": f"Moss on roof number {i}", "abstract": f"Moss covers {i} percent of the roof after rain."}
        for i in range(40)
    ]
    good = write_papers(tmp_path / "moss.jsonl", new)
    bad = tmp_path / "broken.jsonl"
    bad.write_text('{"title": "<b>No end\n', encoding="utf-8")
    page = open_page(own_url)
    to_tab(page, "Library")
    page.set_input_files("#files input[type=file]", [good, bad])
    page.wait_for_selector("#status .progress")
    page.wait_for_selector("#status .report")
    report = page.locator("#status").inner_text()
    assert "40 papers added" in report
    assert "broken.jsonl" in report
    page.wait_for_selector('#masthead:has-text("46 papers")')
    page.fill("#search textarea, #search input", "moss roof 7")
    page.wait_for_selector('#papers:has-text("1 paper found"), #papers:has-text("papers found")')
    page.locator("#papers input[data-paper]").first.check()
    page.click("#papers [data-remove]")
    assert "Moss on roof" in page.locator("dialog.confirm").inner_text()
    page.click("dialog.confirm [data-keep]")
    page.click("#papers [data-remove]")
    page.click("dialog.confirm [data-do=delete]")
    page.wait_for_selector('#masthead:has-text("45 papers")')


def test_the_map_shows_titles_and_asks(page_url: str, open_page: OpenPage) -> None:
    page = open_page(page_url)
    to_tab(page, "Library")
    page.wait_for_selector("svg.map circle")
    assert page.locator("svg.map circle").count() == len(PAPERS)
    dot = page.locator('svg.map circle[data-title^="TideNet"]')
    dot.hover()
    assert "TideNet" in page.locator(".map-tip").inner_text()
    page.locator("svg.map").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("svg.map circle.current").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_selector("#live .turn.done")
    assert page.locator("#live .question").inner_text().startswith("What does ")


def test_composer_and_panel_stay_in_sight(page_url: str, open_page: OpenPage) -> None:
    page = open_page(page_url, viewport={"width": 1280, "height": 500})
    ask(page, QUESTION)
    ask(page, "What happens to the fleet with OwlRoute?")
    for top in (0, 300):
        page.evaluate("top => window.scrollTo(0, top)", top)
        boxes = [page.locator(name).bounding_box() for name in ("#composer", "#panel")]
        assert boxes[0]["y"] + boxes[0]["height"] <= 501
        assert 0 <= boxes[1]["y"] < 250


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colour_schemes(page_url: str, open_page: OpenPage, scheme: str) -> None:
    page = open_page(page_url, color_scheme=scheme)
    colours = page.evaluate(
        "(() => { const s = getComputedStyle(document.querySelector('.gradio-container')); return [s.backgroundColor, s.color]; })()"
    )
    light = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours]
    assert (light[0] > light[1]) is (scheme == "light")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(page_url: str, open_page: OpenPage, width: int) -> None:
    page = open_page(page_url, viewport={"width": width, "height": 800})
    ask(page, QUESTION)
    for tab, ready in (
        ("Library", "svg.map circle"),
        ("Trust", "#trust table"),
        ("Settings", "#model"),
        ("Chat", "#live"),
    ):
        to_tab(page, tab)
        page.wait_for_selector(ready)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_empty_library_teaches_and_fills_itself(tmp_path: Path, open_page: OpenPage) -> None:
    with served(tmp_path / "empty") as url:
        page = open_page(url)
        assert "still empty" in page.locator("#welcome").inner_text()
        page.get_by_role("button", name="Read the bundled sample").click()
        page.wait_for_selector("#examples button:has-text('?')")
        page.locator("#examples button:has-text('?')").first.click()
        page.wait_for_selector("#live .turn.done .chip")
