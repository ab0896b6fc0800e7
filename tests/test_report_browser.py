"""The report in a real browser: opened from disk, used with the keyboard and the mouse, checked by axe-core."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.conftest import require
from tests.reporting import HOSTILE, long_article, odd_answers, odd_gold, rules, wanting
from tests.tinycorpus import build_tiny

from onrecord.report import page as pages
from onrecord.report.page import write_report
from onrecord.report.study import read_study

sync_api = pytest.importorskip("playwright.sync_api") if os.environ.get("ONRECORD_REQUIRE_SHARED") != "1" else None
if sync_api is None:
    from playwright import sync_api

# What follows a link within a page is waited for: the page hears of its new hash some time after the address has it.
expect = sync_api.expect
pytestmark = pytest.mark.xdist_group("browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTICLE = "tram-fares/city-sheet"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = shutil.which("chromium")
    require(program is not None, "needs Chromium: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports on the tiny corpus (one, two and no systems, and in a folder), on odd articles and on a long one."""
    folder = tmp_path_factory.mktemp("browser")
    release = build_tiny(folder)
    files = [rules(release, folder / "rules.jsonl"), wanting(release, folder / "wanting.jsonl")]
    two = read_study(files, release)
    write_report(read_study(files[:1], release), folder / "one.html")
    write_report(two, folder / "two.html")
    write_report(read_study([], release), folder / "data.html")
    write_report(read_study([odd_answers()], odd_gold()), folder / "odd.html")
    gold, answer = long_article(3_000, 600)
    write_report(read_study([[answer]], [gold]), folder / "long.html")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "MOST_ARTICLES", 1)
        write_report(two, folder / "many.html")
    return folder


class Tab:
    """A page that remembers what it asked for and what it complained of."""

    def __init__(self, browser: Any, folder: Path, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.folder = folder
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, name: str, fragment: str = "") -> Any:
        self.page.goto(f"{(self.folder / name).as_uri()}{fragment}")
        return self.page

    def close(self) -> None:
        """Nothing was said on the console, and nothing was asked of any network."""
        self.context.close()
        assert self.complaints == []
        assert self.requests and all(url.startswith("file:") for url in self.requests), self.requests


@pytest.fixture
def tab(browser: Any, folder: Path) -> Iterator[Tab]:
    opened = Tab(browser, folder)
    yield opened
    opened.close()


def marks(page: Any, selector: str) -> list[str]:
    return list(page.locator(f"#text .m{selector}").all_inner_texts())


def switch(page: Any, name: str) -> Any:
    return page.get_by_role("checkbox", name=name, exact=True)


def control(page: Any, name: str) -> Any:
    return page.locator("main label.field:visible", has_text=name).locator("input, select")


def visible_text(page: Any) -> str:
    """The text of an article without its chips, paragraphs put together as they were."""
    found: str = page.evaluate(
        """() => [...document.querySelectorAll("#text p")].map((p) => {
             const copy = p.cloneNode(true);
             for (const chip of copy.querySelectorAll(".chip")) chip.remove();
             return copy.textContent;
           }).join("\\n\\n")"""
    )
    return found


# Finding one's way -----------------------------------------------------------------------------------------------


def test_the_overview_is_shown_first(tab: Tab) -> None:
    page = tab.open("two.html")
    assert page.locator("#overview").is_visible() and not page.locator("#failures").is_visible()
    assert page.locator("nav a[aria-current=page]").inner_text() == "Overview"
    assert page.locator("#overview svg.chart").count() == 2
    page.get_by_role("link", name="Where it fails").click()
    expect(page.locator("#failures")).to_be_visible()
    assert not page.locator("#overview").is_visible()
    assert page.url.endswith("#failures")
    page.go_back()
    expect(page.locator("#overview")).to_be_visible()


def test_layers_switch(tab: Tab) -> None:
    page = tab.open("one.html", f"#article/{ARTICLE}")
    assert marks(page, ".l-quotes") and marks(page, ".l-names") and not marks(page, ".l-others")
    switch(page, "Quotes").uncheck()
    assert not marks(page, ".l-quotes") and marks(page, ".l-names")
    assert page.locator("#lines path").count() == 0
    switch(page, "Nominals and pronouns").check()
    assert "It" in marks(page, ".l-others.o-wrong-attribute")
    switch(page, "Stances").uncheck()
    assert not page.locator("#claims").is_visible()


def test_systems_switch(tab: Tab) -> None:
    page = tab.open("two.html", f"#article/{ARTICLE}")
    assert "LANNICK" in marks(page, ".o-missed")
    switch(page, "B wanting").uncheck()
    assert "LANNICK" not in marks(page, ".o-missed") and marks(page, ".o-spurious")
    switch(page, "A rules").uncheck()
    assert not marks(page, ".o-right") and marks(page, ".o-gold")
    switch(page, "gold").uncheck()
    assert not marks(page, "")


def test_outcomes_differ_without_colour(tab: Tab) -> None:
    page = tab.open("one.html", f"#article/{ARTICLE}")
    styles = {
        outcome: page.evaluate(
            "(outcome) => getComputedStyle(document.querySelector(`.legend .o-${outcome}`)).textDecorationStyle",
            outcome,
        )
        for outcome in ("right", "partial", "wrong-attribute", "missed", "spurious")
    }
    assert len(set(styles.values())) == 5
    signs = {text.strip()[0] for text in page.locator("#text .chip").all_inner_texts()}
    assert signs >= {"≠", "+", "−"}


def test_lines_lead_from_content_to_source(tab: Tab) -> None:
    page = tab.open("data.html", f"#article/{ARTICLE}")
    assert page.locator("#lines path").count() == 4
    switch(page, "lines to speakers").uncheck()
    assert page.locator("#lines path").count() == 0


def test_keys_step_through_errors(tab: Tab) -> None:
    page = tab.open("one.html", f"#article/{ARTICLE}")
    total = page.locator("#errors li").count()
    assert total >= 5 and page.locator("#counter").inner_text() == f"{total} errors"
    page.keyboard.press("n")
    assert page.locator("#counter").inner_text() == f"error 1 of {total}"
    assert page.url.endswith(f"#article/{ARTICLE}~rules.entities.1")
    assert page.evaluate("document.activeElement.textContent") == "Orbel"
    assert "ORG" in page.locator("#inspector").inner_text() and "≠ PERSON" in page.locator("#inspector").inner_text()
    page.keyboard.press("p")
    assert page.locator("#counter").inner_text() == f"error {total} of {total}"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("#counter").inner_text() == f"error 2 of {total}"
    page.keyboard.press("Escape")
    assert page.locator("#counter").inner_text() == f"{total} errors"
    assert page.url.endswith(f"#article/{ARTICLE}"), "what is not chosen is not in the address"
    page.locator("#next").click()
    assert page.locator("#counter").inner_text() == f"error 1 of {total}"


def test_keys_turn_the_page_however_fast_they_come(tab: Tab) -> None:
    page = tab.open("one.html", f"#article/{ARTICLE}")
    heading = page.locator("#article-heading")
    first = heading.inner_text()
    press = """(keys) => keys.map((key) => {
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      return document.querySelector("#article code").textContent;
    })"""  # All within one task: no event of the browser's own comes between.
    other = ARTICLE.replace("city-sheet", "coast-wire")
    assert page.evaluate(press, list("[]][[]")) == [ARTICLE, other, other, ARTICLE, ARTICLE, other]
    assert page.url.endswith(f"#article/{other}")
    assert heading.inner_text() != first
    page.go_back()
    expect(heading).to_have_text(first)
    assert page.url.endswith(f"#article/{ARTICLE}")


def test_an_article_begins_at_its_top(tab: Tab) -> None:
    page = tab.open("one.html", f"#article/{ARTICLE}")
    page.set_viewport_size({"width": 400, "height": 200})
    page.evaluate("window.scrollTo(0, 300)")
    assert page.evaluate("window.scrollY") == 300
    page.keyboard.press("]")
    assert page.evaluate("window.scrollY") == 0


def test_everything_is_reached_with_the_tab_key(tab: Tab) -> None:
    page = tab.open("one.html", f"#article/{ARTICLE}")
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("(document.activeElement.id || document.activeElement.textContent).trim()"))
    assert seen[0] == "Skip to content"
    for wanted in ("Overview", "next", "page-after"):
        assert wanted in seen
    assert any("Fares" in text for text in seen)  # A link in the list of errors.


def test_links_to_errors_and_articles(tab: Tab) -> None:
    page = tab.open("one.html", "#failures")
    page.locator("#failures a", has_text="Fares").first.click()
    expect(page.locator("#article")).to_be_visible()
    assert marks(page, ".sel") and set(marks(page, ".sel")) == {"Fares"}
    assert page.evaluate("document.activeElement.textContent") == "Fares"
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert set(marks(page, ".sel")) == {"Fares"}


def test_a_click_shows_gold_beside_the_answers(tab: Tab) -> None:
    page = tab.open("two.html", f"#article/{ARTICLE}")
    page.locator("#text .m.l-dates", has_text="three years").first.click()
    inspector = page.locator("#inspector")
    heads = [text for text in inspector.locator("thead th").all_inner_texts() if text]
    assert [head.split("\n")[0].split(" ✓")[0] for head in heads] == ["gold", "A rules", "B wanting"]
    assert inspector.locator("td", has_text="P3Y").count() == 3


def test_unknown_fragments_show_the_overview(tab: Tab) -> None:
    for fragment in ("#article/nobody", "#nothing", "#article/%E0%A4%A", f"#article/{ARTICLE}~nobody.entities.999"):
        page = tab.open("one.html", fragment)
        page.reload()
        assert page.locator("main > section:visible").count() == 1


# Lists ----------------------------------------------------------------------------------------------------------


def test_filters(tab: Tab) -> None:
    page = tab.open("two.html", "#articles")
    rows = page.locator("#list tbody tr")
    assert rows.count() == 2 and page.locator("#found").inner_text() == "2 articles"
    control(page, "phenomenon").select_option("weekday-before")
    assert rows.count() == 1 and ARTICLE in rows.first.inner_text()
    control(page, "phenomenon").select_option("")
    control(page, "outlet").select_option("coast-wire")
    assert rows.count() == 1 and "coast-wire" in rows.first.inner_text()
    control(page, "outlet").select_option("")
    control(page, "search").fill("riders were not")  # Stands in the text.
    assert rows.count() == 1 and "coast-wire" in rows.first.inner_text()
    control(page, "search").fill("")
    control(page, "order").select_option("worst")
    control(page, "figure").select_option("entities/strict:f1")
    scores = [row.split("\t") for row in rows.all_inner_texts()]
    assert [float(cells[-3]) for cells in scores] == sorted(float(cells[-3]) for cells in scores)
    rows.first.get_by_role("link").click()
    expect(page.locator("#article")).to_be_visible()


def test_compare(tab: Tab) -> None:
    page = tab.open("two.html", "#compare")
    assert (
        page.locator("#difference-count").inner_text().startswith("2 items that rules gets right and wanting does not")
    )
    control(page, "A (right)").select_option(label="wanting")
    assert "Choose two different systems" in page.locator("#compared").inner_text()
    control(page, "B (not right)").select_option(label="rules")
    count = int(page.locator("#difference-count").inner_text().split()[0])
    assert count == page.locator("#differences tbody tr").count() > 2
    control(page, "layer").select_option("quotes")
    assert page.locator("#differences tbody tr").count() < count
    page.locator("#differences a").first.click()
    expect(page.locator("#article")).to_be_visible()
    assert marks(page, ".sel")


def test_a_report_in_a_folder(tab: Tab) -> None:
    page = tab.open("many.html", "#articles")
    page.locator("#list a").first.click()
    page.wait_for_url("**/many-articles/0000*.html#article")
    assert page.locator("#article").is_visible() and marks(page, "")
    page.keyboard.press("n")
    assert "~rules." in page.url or "~wanting." in page.url
    before = page.url
    page.keyboard.press("]" if "00001" in before else "[")
    page.wait_for_url(lambda url: url.split("#")[0] != before.split("#")[0])
    page.get_by_role("link", name="Overview").click()
    page.wait_for_url("**/many.html#overview")
    page.goto(page.url.replace("#overview", "#compare"))
    page.locator("#differences a").first.click()
    page.wait_for_url("**/many-articles/*.html#article~*")
    assert marks(page, ".sel")


def test_the_data_itself(tab: Tab) -> None:
    page = tab.open("data.html")
    assert page.locator("nav a").all_inner_texts() == ["Overview", "Articles"]
    page.goto(page.url + f"#article/{ARTICLE}")
    expect(page.locator("#article")).to_be_visible()
    assert {"ORG", "PERSON", "GPE"} <= set(page.locator("#text .chip.l-names").all_inner_texts())
    assert "2032-01-12" in page.locator("#text .chip.l-dates").all_inner_texts()
    assert page.locator("#claims tbody tr").count() == 2
    page.keyboard.press("n")
    page.locator("#text .m", has_text="LANNICK").first.click()
    assert "gpe/lannick" in page.locator("#inspector").inner_text()


# Odd articles ----------------------------------------------------------------------------------------------------


def test_hostile_texts_show_as_text(tab: Tab) -> None:
    gold = odd_gold()
    page = tab.open("odd.html")
    for fragment in ("#overview", "#failures", "#articles", f"#article/{quote(gold[0]['id'], safe='/')}"):
        page.goto(page.url.split("#")[0] + fragment)
        expect(page.locator(fragment.split("/")[0])).to_be_visible()
        assert page.evaluate("window.hurt") is None
        assert page.locator("img").count() == 0 and page.locator("b i, i").count() == 0
    assert page.locator("#article-heading").inner_text() == HOSTILE
    assert visible_text(page) == gold[0]["text"]
    page.locator("#others select").select_option("all")
    assert any(HOSTILE[:10] in text for text in page.locator("#text .chip").all_inner_texts())
    for _ in range(page.locator("#errors li").count()):
        page.keyboard.press("n")
        assert page.locator("img").count() == 0
    assert "(not in the text)" not in page.locator("#errors").inner_text()
    assert "<i>invented</i>" in page.locator("#errors").inner_text()
    assert page.evaluate("window.hurt") is None


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_odd_articles_keep_their_text(tab: Tab, number: int) -> None:
    article = odd_gold()[number]
    page = tab.open("odd.html", f"#article/{quote(article['id'], safe='/').replace('~', '%7E')}")
    page.locator("#others select").select_option("all")
    assert visible_text(page) == article["text"]
    gold = [(mention["start"], mention["end"]) for mention in article["entities"] + article.get("dates", [])]
    marked = page.evaluate(
        """() => {
             const found = new Map();
             for (const element of document.querySelectorAll("#text .m.o-gold:not(.l-quotes)")) {
               const before = found.get(element.mark.item) || "";
               found.set(element.mark.item, before + element.textContent);
             }
             return [...found.values()].sort();
           }"""
    )
    assert marked == sorted(article["text"][start:end] for start, end in gold)


def test_ten_deep_spans_lie_in_lanes_of_their_own(tab: Tab) -> None:
    page = tab.open("odd.html", "#article/nested")
    lanes = page.evaluate(
        """() => [...document.querySelectorAll("#text .m.o-gold.l-names[data-at='18']")]
             .map((element) => getComputedStyle(element).textUnderlineOffset)"""
    )
    assert len(lanes) == len(set(lanes)) == 10


def test_right_to_left_paragraphs(tab: Tab) -> None:
    page = tab.open("odd.html", f"#article/{quote(odd_gold()[3]['id'], safe='/')}")
    assert page.evaluate("getComputedStyle(document.querySelector('#text p')).direction") == "rtl"
    page.keyboard.press("n")
    assert "2031-01-10" in page.locator("#inspector").inner_text()
    assert "يوم الجمعة" in page.locator("#inspector blockquote").inner_text()


def test_a_system_without_an_answer_is_said_so(tab: Tab) -> None:
    page = tab.open("odd.html", "#article/empty")
    assert "gave no" in page.locator("#errors").inner_text()
    assert "not annotated" in tab.open("odd.html", "#article/many%7Etypes.entities.3").locator("#layers").inner_text()


def test_a_long_article_is_drawn_whole(tab: Tab) -> None:
    page = tab.open("long.html", "#article/long")
    assert page.locator("#text p").count() == 50
    assert (
        page.evaluate("new Set([...document.querySelectorAll('#text .m.o-gold')].map((e) => e.mark.item)).size") == 600
    )
    switch(page, "Names").uncheck()
    assert not marks(page, "")


# For everybody ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "fragment"),
    [
        ("two.html", "#overview"),
        ("two.html", "#failures"),
        ("two.html", "#articles"),
        ("two.html", "#compare"),
        ("two.html", f"#article/{ARTICLE}~rules.entities.1"),
        ("data.html", f"#article/{ARTICLE}"),
        ("odd.html", "#article/nested"),
    ],
)
def test_axe_finds_nothing_serious(browser: Any, folder: Path, name: str, fragment: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened = Tab(browser, folder, color_scheme=scheme)
    page = opened.open(name, fragment)
    found = Axe().run(page).response["violations"]
    serious = [
        (rule["id"], node["html"][:200], node["failureSummary"][:300])
        for rule in found
        if rule["impact"] in ("serious", "critical", "moderate")
        for node in rule["nodes"]
    ]
    assert serious == []
    opened.close()


@pytest.mark.parametrize("fragment", ["#overview", "#failures", "#articles", "#compare", f"#article/{ARTICLE}"])
def test_a_phone_never_scrolls_sideways(browser: Any, folder: Path, fragment: str) -> None:
    opened = Tab(browser, folder, viewport={"width": 360, "height": 740}, has_touch=True)
    for name in ("two.html", "odd.html"):
        page = opened.open(name, fragment if name == "two.html" else fragment.replace(ARTICLE, "nested"))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    opened.close()


def test_paper_shows_the_article_without_the_switches(tab: Tab) -> None:
    page = tab.open("one.html", f"#article/{ARTICLE}")
    page.emulate_media(media="print")
    assert not page.locator(".toolbar").is_visible() and not page.locator("nav").is_visible()
    assert page.locator("#text").is_visible() and page.locator("#claims").is_visible()
    assert page.pdf()[:5] == b"%PDF-"


def test_tables_can_be_read_without_scripts(browser: Any, folder: Path) -> None:
    opened = Tab(browser, folder, java_script_enabled=False)
    page = opened.open("two.html")
    assert page.locator("noscript").count() and page.locator("#overview table").first.is_visible()
    assert page.locator("#failures table").first.is_visible()
    opened.close()
