"""Lists of papers on the page: the number, a table that sorts and opens each paper at its span, and its exports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import ask, served, to_tab
from conftest import PAPERS, write_papers
from test_ui_axe import axe, serious

from assistant import Assistant, ListedPaper, Listing, Settings, SettingsError
from assistant.ui.plan_chips import changed, chips

__all__ = ["axe"]
OpenPage = Callable[..., Any]
QUESTION = "How many papers are about peat bogs?"
BOGS = 30


@pytest.fixture(scope="module")
def bogs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library in which the papers of one kind fill more than one page of a table."""
    folder = tmp_path_factory.mktemp("bogs")
    papers: list[dict[str, object]] = [
        {
            "title": f"{'ZYXWVUTSRQPONMLKJIHGFEDCBA'[i % 26]}{i}: Water Tables of Peat Bogs",
            "abstract": f"Rain fell for {i + 2} weeks. Here {i + 3} peat bogs are measured with steel rods. Moss grew.",
            "year": 1990 + i,
        }
        for i in range(BOGS)
    ]
    papers += [
        {"title": f"Bread {i}", "abstract": f"Bakers knead {i + 2} loaves. The crust is brown.", "year": 2021 + i % 2}
        for i in range(12)
    ]
    with Assistant(Settings(home=folder / "home", llm="quotes")) as assistant:
        assistant.add([write_papers(folder / "bogs.jsonl", papers)])
    return folder / "home"


@pytest.fixture(scope="module")
def bogs_url(bogs: Path) -> Iterator[str]:
    """A page over it."""
    with served(bogs) as url:
        yield url


def test_exports_hold_the_whole_list_and_no_formula(bogs: Path) -> None:
    with Assistant(Settings(home=bogs, llm="quotes")) as assistant:
        listing = assistant.find("peat bogs")
        assert listing.count == BOGS
        rows = list(csv.reader(io.StringIO(assistant.export_listing(listing, "csv"))))
        assert sum("stated" in row for row in rows) == BOGS
        assert {row[2] for row in rows[1:] if "stated" in row} == {str(1990 + i) for i in range(BOGS)}
        assert assistant.export_listing(listing, "ris").count("TY  - ") == BOGS
        assert assistant.export_listing(listing, "bibtex").count("@misc{") == BOGS
        assert json.loads(assistant.export_listing(listing, "json")) == listing.to_dict()
        assert assistant.export_listing(listing, "markdown").count("Peat Bogs") >= BOGS
        hostile = Listing("x", 1, 1, 1, (ListedPaper.titled("t:1", '=HYPERLINK("http://evil.test")'),))
        assert "\n=HYPER" not in assistant.export_listing(hostile, "csv").replace(",", "\n").replace('"', "")
        with pytest.raises(SettingsError, match="csv"):
            assistant.export_listing(listing, "xls")


@pytest.mark.slow
def test_a_list_sorts_opens_and_exports(bogs_url: str, open_page: OpenPage) -> None:
    page = open_page(bogs_url)
    ask(page, QUESTION)
    assert page.locator("#live .lead").inner_text().startswith(f"{BOGS} of 42 papers")
    rows = page.locator("#live .listed tbody tr")
    assert rows.count() == 25
    page.click("#live .listed [data-by=title]")
    page.wait_for_selector("#live th[aria-sort=ascending] [data-by=title]")
    titles = page.locator("#live .opens").all_inner_texts()
    assert titles == sorted(titles, key=str.casefold)
    page.click("#live .listed [data-by=year]")
    page.wait_for_selector("#live th[aria-sort=ascending] [data-by=year]")
    page.click("#live .listed [data-by=year]")
    page.wait_for_selector("#live th[aria-sort=descending] [data-by=year]")
    assert rows.first.locator("td").nth(2).inner_text() == "2019"
    page.click("#live .pager button:has-text('Next')")
    page.wait_for_selector("#live .pager:has-text('Page 2 of 2')")
    assert rows.count() == BOGS - 25
    quote = rows.first.locator("q").inner_text().strip("“”")
    rows.first.locator(".opens").click()
    assert "".join(page.locator("#panel mark.active").all_inner_texts()) == quote
    with page.expect_download() as download:
        page.click("#live [data-form=csv]")
    assert Path(download.value.path()).read_text(encoding="utf-8").count("stated") >= BOGS


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_a_list_is_accessible_and_fits(bogs_url: str, open_page: OpenPage, axe: str, scheme: str, width: int) -> None:
    page = open_page(bogs_url, color_scheme=scheme, viewport={"width": width, "height": 800})
    ask(page, QUESTION)
    page.locator("#live .opens").first.click()
    page.wait_for_selector("#panel mark.active")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": width, "height": 4000})  # so that the box for questions covers half of no button
    assert serious(page, axe) == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_rows_are_pinned_and_sorted_at_any_width(bogs_url: str, open_page: OpenPage, width: int) -> None:
    page = open_page(bogs_url, viewport={"width": width, "height": 800})
    ask(page, QUESTION)
    page.click("#live .listed [data-by=year]")
    page.click("#live th[aria-sort=ascending] [data-by=year]")
    page.wait_for_selector("#live th[aria-sort=descending] [data-by=year]")
    first = page.locator("#live .listed tbody tr").first
    first.locator(".pin").click()
    page.wait_for_selector("#live .pin[aria-pressed=true]")
    assert page.locator("#pins .pinned").count() == 1
    assert first.locator(".opens").inner_text() in page.locator("#pins li").inner_text()
    page.click("#pins [data-do=release]")
    page.wait_for_selector("#live .listed:not(:has(.pin[aria-pressed=true]))")


@pytest.mark.slow
def test_a_comparison_sorts_opens_and_exports(page_url: str, open_page: OpenPage) -> None:
    page = open_page(page_url)
    ask(page, "Compare TideNet and OwlRoute")
    page.click("#live .compared [data-by=title]")
    page.click("#live th[aria-sort=ascending] [data-by=title]")
    page.wait_for_selector("#live th[aria-sort=descending] [data-by=title]")
    assert page.locator("#live .compared tbody tr").first.locator(".opens").first.inner_text().startswith("TideNet")
    page.click("#live .cell:has-text('31%')")
    assert "31%" in "".join(page.locator("#panel mark.active").all_inner_texts())
    with page.expect_download() as download:
        page.click("#live [data-form=json]")
    made = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert [row["title"].split()[0] for row in made["rows"]] == ["TideNet:", "Learning"]
    with page.expect_download() as download:
        page.click("#live [data-form=bibtex]")
    assert Path(download.value.path()).read_text(encoding="utf-8").count("@misc{") == 2


@pytest.mark.slow
def test_a_trend_is_a_plot_with_its_figures(bogs_url: str, open_page: OpenPage) -> None:
    page = open_page(bogs_url)
    ask(page, "How has interest in peat bogs changed over the years?")
    assert "peat bogs" in (page.locator("#live .trend svg").get_attribute("aria-label") or "")
    assert page.locator("#live .trend circle").count() == BOGS + 2
    page.click("#live .trend summary")
    assert page.locator("#live .trend tbody tr").first.inner_text().split("\t")[0] == "1990"
    assert page.locator("#live .listed tbody tr").count() == 25


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_comparisons_and_trends_are_accessible_and_fit(
    page_url: str, open_page: OpenPage, axe: str, scheme: str, width: int
) -> None:
    page = open_page(page_url, color_scheme=scheme, viewport={"width": width, "height": 800})
    ask(page, "How has interest in reinforcement learning changed over the years?")
    page.click("#live .trend summary")
    ask(page, "Compare TideNet and OwlRoute")
    page.locator("#live .cell").first.click()
    page.wait_for_selector("#panel mark.active")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious(page, axe) == []


def test_a_table_of_papers_exports_in_every_form(bogs: Path) -> None:
    with Assistant(Settings(home=bogs, llm="quotes")) as assistant:
        table = assistant.table("peat bogs", columns=["task", "result"])
        assert assistant.export_table(table, "csv") == table.to_csv()
        assert json.loads(assistant.export_table(table, "json")) == table.to_dict()
        assert assistant.export_table(table, "ris").count("TY  - ") == BOGS
        with pytest.raises(SettingsError, match="csv"):
            assistant.export_table(table, "xls")


@pytest.mark.slow
def test_a_changed_plan_asks_again(bogs_url: str, open_page: OpenPage) -> None:
    page = open_page(bogs_url)
    ask(page, "How many papers about peat bogs are from 1990 to 2021?")
    assert " of 36 papers" in page.locator("#live .lead").inner_text()
    assert [c.replace("\n", " ") for c in page.locator("#live .plan .quiet").all_inner_texts()] == [
        "Asked for:",
        "Topic:",
        "Year:",
    ]
    page.click("#live .drop[data-field=year]")
    page.wait_for_selector(f'#live .lead:has-text("{BOGS} of 42 papers")')
    assert page.locator(".turn").count() == 1, "the new answer took the place of the old one"
    page.click("#live .intent summary")
    page.click("#live [data-value=lookup]")
    page.wait_for_selector('#live .turn.done .intent summary:has-text("answer")')
    assert page.locator("#live .listed").count() == 0
    page.click("#live .intent summary")
    page.click("#live [data-value=list]")
    page.wait_for_selector("#live .listed tbody tr")


def test_a_plan_decides_instead_of_the_wording(bogs: Path) -> None:
    with Assistant(Settings(home=bogs, llm="quotes")) as assistant:
        plan = assistant.ask("How many papers about peat bogs are from 1990 to 2021?").query
        assert plan is not None
        assert [(c.name, c.words) for c in chips(plan)] == [("Topic", "peat bogs"), ("Year", "1990 to 2021")]
        free = assistant.ask(plan.standalone, plan=changed(plan, "year", ""))
        assert free.listing is not None
        assert free.listing.count == BOGS
        every = assistant.ask(plan.standalone, plan=changed(changed(plan, "year", ""), "topic", ""))
        assert every.listing is not None
        assert every.listing.count == 42
        assert assistant.ask(plan.standalone, plan=changed(plan, "intent", "lookup")).listing is None
        assert changed(plan, "intent", "<script>") == plan


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_a_facet_lists_its_papers(page_url: str, open_page: OpenPage, axe: str, scheme: str, width: int) -> None:
    page = open_page(page_url, color_scheme=scheme, viewport={"width": width, "height": 800})
    to_tab(page, "Library")
    page.click("#facets [data-facet=method]:has-text('OwlRoute')")
    page.wait_for_selector("#papers:has-text('1 paper with “OwlRoute”')")
    page.click("#papers summary")
    assert page.locator("#papers details mark").inner_text() in str(PAPERS[4]["abstract"])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious(page, axe) == []
    page.click("#facets [aria-pressed=true]")
    page.wait_for_selector("#papers:has-text('6 papers')")
