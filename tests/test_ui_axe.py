"""Accessibility of each tab, in both colour schemes and on a phone, by axe-core's rules."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import ask, served, to_tab
from partial import QUESTION, partial_answers
from tools import missing

pytestmark = pytest.mark.slow
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only whole-page landmarks of Gradio's own frame, which a page cannot change.
_FRAME = {"region", "landmark-one-main", "page-has-heading-one"}


@pytest.fixture(scope="session")
def axe(pytestconfig: pytest.Config) -> str:
    """The script of axe-core from npm, kept in pytest's cache."""
    folder = Path(str(pytestconfig.cache.mkdir("axe-core")))  # type: ignore[union-attr]  # the cache plugin is always on
    script = folder / "axe.min.js"
    if not script.exists():
        if shutil.which("npm") is None:
            missing("no npm on this machine to fetch axe-core with")
        done = subprocess.run(
            ["npm", "pack", "axe-core@4", "--silent"], cwd=folder, capture_output=True, text=True, timeout=120
        )
        if done.returncode:
            missing(f"axe-core cannot be fetched: {done.stderr.strip()[-200:]}")
        with tarfile.open(next(folder.glob("axe-core-*.tgz"))) as archive:
            member = archive.extractfile("package/axe.min.js")
            assert member is not None
            script.write_bytes(member.read())
    return script.read_text(encoding="utf-8")


def serious(page: Any, axe: str) -> list[str]:
    """Rules that are broken seriously or critically, each with what breaks it."""
    # Colours fade in, and axe would judge them half-way.
    page.add_style_tag(content="*, *::before, *::after { transition: none !important; animation: none !important; }")
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", _RULES)
    return [
        f"{v['id']} ({v['impact']}): {[n['html'][:160] for n in v['nodes'][:3]]}"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical") and v["id"] not in _FRAME
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_no_serious_violation(page_url: str, open_page: Callable[..., Any], axe: str, scheme: str, width: int) -> None:
    page = open_page(page_url, color_scheme=scheme, viewport={"width": width, "height": 800})
    page.wait_for_selector("#examples button:visible")
    problems = {"empty chat": serious(page, axe)}
    ask(page, "How much does TideNet lower the speed error?")
    page.locator("#live .chip[data-n]").first.click()
    page.locator("#panel .cards [data-do=pin]").first.click()
    page.wait_for_selector("#pins .pinned")
    page.click("#history summary")
    page.click("#filters > button")
    problems["chat"] = serious(page, axe)
    ask(page, "Who won the 1998 football cup?")
    problems["abstention"] = serious(page, axe)
    for tab, ready in (("Library", "svg.map circle"), ("Trust", "#trust table"), ("Settings", "#model")):
        to_tab(page, tab)
        page.wait_for_selector(ready)
        if tab == "Trust":
            page.click("#doctor")
            page.wait_for_selector("#health table")
        problems[tab] = serious(page, axe)
    assert {name: found for name, found in problems.items() if found} == {}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_a_sentence_to_compare_with_the_source(
    fresh_home: Path, open_page: Callable[..., Any], axe: str, scheme: str, width: int
) -> None:
    with partial_answers() as settings, served(fresh_home, **settings) as url:
        page = open_page(url, color_scheme=scheme, viewport={"width": width, "height": 800})
        ask(page, QUESTION)
        page.locator("#live .partial .chip").click()
        page.click("#live .removed summary")
        assert serious(page, axe) == []
