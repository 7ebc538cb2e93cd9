"""Takes the screenshots of README and docs/ui.md from the bundled sample: python docs/screenshots.py

It needs Chromium and Playwright (`pip install '.[test]'`).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from assistant import Assistant, Settings
from assistant.ui import build, serve

_FOLDER = Path(__file__).parent / "screenshots"
_DESK, _PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
_QUESTION = "How does Matryoshka Representation Learning cut the cost of retrieval?"
_COMPARISON = "Compare the methods, data and results of the papers on knowledge distillation"
_TREND = "How has interest in contrastive learning changed over the years?"
_READY = {"Library": "svg.map circle", "Trust": "#trust table", "Settings": "#model"}


def main() -> None:
    """Serves a fresh library of the sample and takes a picture of every tab, light, dark and on a phone."""
    from playwright.sync_api import sync_playwright

    _FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, Assistant(Settings(home=Path(home), llm="quotes")) as assistant:
        assistant.add()
        page = build(assistant)
        url = serve(page, port=None, block=False)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for suffix, options in (
                ("", {"viewport": _DESK}),
                ("-dark", {"viewport": _DESK, "color_scheme": "dark"}),
                ("-phone", {"viewport": _PHONE, "device_scale_factor": 2}),
            ):
                _draw(browser.new_page(reduced_motion="reduce", **options), url, suffix)
            browser.close()
        page.close(verbose=False)


def _draw(page: Any, url: str, suffix: str) -> None:
    page.goto(url)
    page.wait_for_selector("#examples button:visible")
    _shoot(page, f"empty{suffix}")
    _ask(page, _QUESTION)
    if not suffix.endswith("phone"):
        page.locator("#live .chip[data-n]").nth(2).click()
        page.wait_for_selector("#panel mark.active")
    page.evaluate("document.querySelector('#tabs').scrollIntoView()")
    _shoot(page, f"chat{suffix}")
    for name, question in (("table", _COMPARISON), ("trend", _TREND)):
        _ask(page, question)
        page.evaluate("document.querySelector('#live .turn').scrollIntoView()")
        _shoot(page, f"{name}{suffix}")
    for tab, ready in _READY.items():
        page.get_by_role("tab", name=tab).click()
        page.wait_for_selector(ready)
        page.evaluate("window.scrollTo(0, 0)")
        _shoot(page, f"{tab.casefold()}{suffix}")


def _ask(page: Any, question: str) -> None:
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#live .turn.done:has-text('{question[:30]}')")


def _shoot(page: Any, name: str) -> None:
    """Saves a PNG of 128 colours: a quarter of the size, with no visible difference."""
    from PIL import Image

    path = _FOLDER / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
