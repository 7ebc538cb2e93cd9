"""The chat page: what it renders is text and exact spans, and a real browser can use it without leaving the machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import PAPERS, write_papers

from assistant import Assistant, Evidence, Paper, Settings, SettingsError
from assistant.ui import build, launch, serve
from assistant.ui.evidence import highlight
from assistant.ui.server import is_loopback
from assistant.ui.text import clean, esc, link
from assistant.ui.turn import Mark, Turn

CHROMIUM = shutil.which("chromium")
QUESTION = "How much does TideNet lower the speed error?"
HOSTILE = '<img src=x onerror="alert(1)"><script>document.title="owned"</script> [x](javascript:alert(2)) ![y](http://evil.test/z)'


def mark(label: str, abstract: str, start: int, end: int) -> Mark:
    return Mark.of(label, Evidence("t:1", "T", abstract[start:end], start, end))


def test_exact_spans_are_marked_and_nothing_is_lost() -> None:
    abstract = "One <b>bold</b> claim. Two & three. Four."
    shown = highlight(abstract, [mark("1", abstract, 0, 22), mark("2", abstract, 13, 35)])
    assert '<mark data-n="1">One &lt;b&gt;bold' in shown
    assert '<mark data-n="1 2">' in shown
    assert "<b>" not in shown


def test_untrusted_text_is_never_markup() -> None:
    paper = Paper("t:1", HOSTILE, f"{HOSTILE} and more.")
    turn = Turn(1, HOSTILE, "…", standalone=HOSTILE)
    from assistant import Passage
    from assistant.ui.render import render_turn

    turn.passages = (Passage(paper, 0.5),)
    shown = render_turn(turn, 1, HOSTILE)
    assert "<script" not in shown
    assert "<img" not in shown
    assert esc(HOSTILE) in shown


def test_invisible_characters_are_dropped() -> None:
    assert clean("a\u202eb\u200bc\x00d\ufeff") == "abcd"


@pytest.mark.parametrize(
    ("paper_id", "doi", "expected"),
    [
        ("arxiv:2205.13147", None, "https://arxiv.org/abs/2205.13147"),
        ("t:abc", "10.1000/x y", None),
        ("t:abc", "10.1000/xyz", "https://doi.org/10.1000/xyz"),
        ("arxiv:javascript:alert(1)", "javascript:alert(1)", None),
    ],
)
def test_only_links_that_the_page_builds(paper_id: str, doi: str | None, expected: str | None) -> None:
    assert link(paper_id, doi) == expected


@pytest.mark.parametrize(("host", "inside"), [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False)])  # noqa: S104 - it is refused
def test_loopback(host: str, inside: bool) -> None:
    assert is_loopback(host) is inside


def test_a_public_address_needs_a_password(assistant: Assistant) -> None:
    with pytest.raises(SettingsError, match="password"):
        launch(assistant, host="0.0.0.0", block=False)  # noqa: S104 - it is refused


@pytest.fixture(scope="module")
def page_url(library_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served page over the invented papers and one hostile one."""
    folder = tmp_path_factory.mktemp("ui")
    home = Path(shutil.copytree(library_home, folder / "home"))
    hostile = {"title": f"Hostile Weather {HOSTILE}", "abstract": f"Hostile weather is rare. {HOSTILE} It never pays."}
    with Assistant(Settings(home=home, llm="quotes")) as assistant:
        assistant.add([write_papers(folder / "hostile.jsonl", [hostile])])
        page = build(assistant)
        yield serve(page, port=None, block=False)
        page.close()


@pytest.mark.slow
def test_clients_get_answers_and_do_not_mix(page_url: str) -> None:
    from gradio_client import Client

    questions = [QUESTION, "How many tiles was BarleyCount trained on?", "What happens to the fleet with OwlRoute?"] * 2
    facts = ["0.27 knots", "3,400", "14 to 9"] * 2

    def ask(question: str) -> str:
        return str(Client(page_url, verbose=False).predict(question, api_name="/ask"))

    with ThreadPoolExecutor(6) as pool:
        for fact, others, shown in zip(facts, [facts[:3]] * 6, pool.map(ask, questions), strict=True):
            assert fact in shown
            assert not any(other in shown.split("evidence-store")[0] for other in others if other != fact)


@pytest.fixture
def browser_page() -> Iterator[Any]:
    """A page of a real Chromium that fails the test on any request to elsewhere, script error or dialog."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="pip install '.[test]' brings playwright")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        problems: list[str] = []
        page.on("request", lambda r: None if _inside(r.url) else problems.append(f"left the machine: {r.url}"))
        page.on("pageerror", lambda e: problems.append(f"script error: {e}"))
        page.on("console", lambda m: problems.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("dialog", lambda d: (problems.append(f"dialog: {d.message}"), d.dismiss()))
        page.set_default_timeout(60_000)
        yield page
        browser.close()
    assert problems == []


def _inside(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))


def _ask(page: Any, question: str) -> None:
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.turn.done:has-text("{question[:30]}")')


@pytest.mark.slow
def test_ask_and_open_the_exact_span(page_url: str, browser_page: Any) -> None:
    browser_page.goto(page_url)
    _ask(browser_page, QUESTION)
    chip = browser_page.locator("#live .chip[data-n]").first
    quote = chip.get_attribute("data-quote")
    chip.click()
    shown = browser_page.locator("#panel mark.active").all_inner_texts()
    assert "".join(shown) == quote
    assert quote in str(PAPERS[0]["abstract"])


@pytest.mark.slow
def test_follow_up_and_abstention(page_url: str, browser_page: Any) -> None:
    browser_page.goto(page_url)
    _ask(browser_page, "What does OwlRoute do for night buses?")
    _ask(browser_page, "And where does it transfer without retraining?")
    assert "Night Buses" in browser_page.locator("#live .standalone").inner_text()
    assert "Turku" in browser_page.locator("#live .reply").inner_text()
    _ask(browser_page, "Who won the 1998 football cup?")
    assert browser_page.locator("#live .abstention").count() == 1
    browser_page.locator("#past .chip[data-n]").first.click()
    assert browser_page.locator("#panel mark.active").count() >= 1, "older answers keep their citations"


@pytest.mark.slow
def test_hostile_papers_run_nothing(page_url: str, browser_page: Any) -> None:
    browser_page.goto(page_url)
    _ask(browser_page, "What is said about hostile weather?")
    browser_page.locator("#live .chip[data-n]").first.click()
    browser_page.wait_for_selector("#panel mark.active")
    assert browser_page.title() != "owned"
    assert browser_page.locator("#panel .abstract img, #panel .abstract script, #live .reply img").count() == 0


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(page_url: str, browser_page: Any, width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 800})
    browser_page.goto(page_url)
    _ask(browser_page, QUESTION)
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
