"""The pages in a real browser: nothing overflows, nothing complains, and each number leads to its sentence."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, skip_or_fail
from playwright.sync_api import Browser, Page, sync_playwright

from server.app import create_app
from server.serving import listen
from server.settings import Settings

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PAGES = {
    "home": "/",
    "search": "/search",
    "search-words": "/search?q=hip+fracture&has=both-languages&from=2000",
    "search-nothing": "/search?q=xylophone+walkng",
    "trial": "/trial/NCT01234567",
    "bare-trial": "/trial/ChiCTR2300070727",
    "compare": "/compare?trial=NCT01234567&trial=ChiCTR2300070727",
    "report": "/report/doi-10.1000-hip.1-record",
    "query": "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%2020",
    "error": "/nothing-here",
    "vocabulary": "/vocabulary",
    "scheme": "/vocabulary/measures",
    "discrepancies": "/discrepancies",
    "about": "/about",
    "concept": "/vocabulary/endpoints/overall-survival",
    "question": "/question?endpoint=overall-survival&risk=20&by=masking",
    "summary-of-findings": "/question/summary?endpoint=overall-survival&risk=20",
    "question-form": "/question?endpoint=no+such+outcome",
}
WIDTHS = (320, 390, 768, 1280, 2560)
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        skip_or_fail("needs a browser: apt-get install chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield made
        made.close()


@pytest.fixture(scope="module")
def address(made_data: Path) -> Iterator[str]:
    """A running server over the hand-made papers."""
    yield from served(made_data)


@pytest.fixture(scope="module")
def examples_address(example_data: Path) -> Iterator[str]:
    """A running server over the bundled examples."""
    yield from served(example_data)


def served(data: Path) -> Iterator[str]:
    settings = Settings(data=data, port=0)
    listening = listen(settings)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console and the pages' scripts complained of."""
    return []


def opened(browser: Browser, complaints: list[str], *, width: int = 1280, **options: object) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page among the artefacts."""
    folder = ROOT / "artefacts"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def violations(page: Page) -> list[str]:
    """What axe finds on the page against WCAG 2.2, levels A and AA."""
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": levels}).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A page in the browser, what it complained of, and the name and language that it was asked for by."""

    page: Page
    complaints: list[str]
    name: str
    language: str

    def show(self, width: int, scheme: str) -> None:
        """Lay the page out anew at this width and in this colour scheme."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]


def loaded_page(browser: Browser, address: str, path: str, name: str, language: str) -> Iterator[Loaded]:
    """The page, loaded once for all that is asked of it: a browser lays it out anew for each width by itself."""
    complaints: list[str] = []
    page = opened(browser, complaints, width=WIDTHS[0])
    page.goto(f"{address}/{language}{path}")
    yield Loaded(page, complaints, name, language)
    page.close()


@pytest.fixture(scope="module", params=[(name, language) for name in PAGES for language in ("en", "zh")], ids="-".join)
def loaded(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Loaded]:
    """Each of the pages in each language."""
    name, language = request.param
    yield from loaded_page(browser, address, PAGES[name], name, language)


def test_a_page_can_be_used_by_everybody(loaded: Loaded) -> None:
    loaded.show(1280, "light" if loaded.language == "en" else "dark")
    assert violations(loaded.page) == []


def test_what_cannot_be_used_is_found(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/en/")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")

    assert [found.partition(":")[0] for found in violations(page)] == ["button-name"]
    page.close()


def test_no_page_overflows_or_complains(loaded: Loaded) -> None:
    for width in WIDTHS:
        scheme = "dark" if width == 390 else "light"
        loaded.show(width, scheme)
        assert loaded.page.evaluate("document.documentElement.scrollWidth") <= width, width
        if width in {390, 1280}:
            keep(loaded.page, f"{loaded.name}-{loaded.language}-{width}-{scheme}")
    # The browser itself notes that the page of an error came with an error status.
    assert [text for text in loaded.complaints if "status of 404" not in text] == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_click_on_a_number_shows_its_sentence_highlighted(
    browser: Browser, address: str, complaints: list[str], language: str, script: bool
) -> None:
    page = opened(browser, complaints, java_script_enabled=script)
    page.goto(f"{address}/{language}/trial/NCT01234567")
    number = page.locator("#endpoint-1 td.estimate a.evidence").first
    target = (number.get_attribute("href") or "")[1:]
    plain = page.locator("mark[id]").last.evaluate("mark => getComputedStyle(mark).outlineStyle")
    number.click()
    mark = page.locator(f"[id='{target}']")
    page.wait_for_timeout(600)

    assert "0.86" in mark.inner_text()
    assert mark.evaluate("mark => mark.matches(':target')")
    around = mark.locator("xpath=ancestor::*[@class='sentence']")
    assert around.evaluate("span => getComputedStyle(span).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert (plain, mark.evaluate("mark => getComputedStyle(mark).outlineStyle")) == ("none", "solid")
    assert mark.evaluate(
        "mark => { const r = mark.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }"
    )
    assert complaints == []
    page.close()


def test_pointing_at_a_number_shows_its_sentence_and_who_read_it(
    browser: Browser, address: str, complaints: list[str]
) -> None:
    page = opened(browser, complaints)
    page.goto(f"{address}/en/trial/NCT01234567")
    page.locator("#endpoint-1 td.estimate a.evidence").first.hover()
    popover = page.locator(".popover")
    popover.wait_for()

    assert "OS did not differ (HR 0.86" in popover.inner_text()
    assert "Confidence 0.95" in popover.inner_text()
    assert "by-hand" in popover.inner_text()
    box = popover.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    page.keyboard.press("Escape")
    assert popover.count() == 0
    assert complaints == []
    page.close()


def test_the_keyboard_reaches_a_number_and_its_sentence(browser: Browser, address: str, complaints: list[str]) -> None:
    page = opened(browser, complaints)
    page.goto(f"{address}/en/trial/NCT01234567")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#endpoint-1 td.estimate a.evidence").first.focus()
    page.keyboard.press("Tab")
    page.locator(".popover").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "popover"
    page.close()


def test_the_search_and_the_switch_work_without_script(browser: Browser, address: str, complaints: list[str]) -> None:
    page = opened(browser, complaints, java_script_enabled=False)
    page.goto(f"{address}/en/")
    page.fill("#home-search", "hip fracture")
    page.keyboard.press("Enter")
    page.click(".trial-list a")
    page.click("ul.switch a")

    assert page.url == f"{address}/zh/trial/NCT01234567"
    assert "髋部骨折" in page.inner_text("main")
    page.close()


def test_filters_work_without_script_and_are_in_the_address(
    browser: Browser, address: str, complaints: list[str]
) -> None:
    page = opened(browser, complaints, java_script_enabled=False)
    page.goto(f"{address}/en/search")
    assert page.locator(".trial-list article").count() == 2
    page.get_by_label("Reports in both languages").check()
    page.get_by_role("button", name="Apply").click()

    assert page.url == f"{address}/en/search?q=&has=both-languages&from=&to="
    assert page.locator(".trial-list article").count() == 1
    page.locator(".removals a").click()
    assert page.url == f"{address}/en/search"
    page.close()


def test_answers_come_while_the_question_is_written(browser: Browser, address: str, complaints: list[str]) -> None:
    page = opened(browser, complaints)
    page.goto(f"{address}/zh/search")
    page.evaluate("window.same = true")
    page.locator("#search-text").press_sequentially("hip frac", delay=20)
    page.locator(".found", has_text="1 项试验").wait_for()

    assert page.evaluate("window.same && document.activeElement.id") == "search-text"
    assert page.url.endswith("/zh/search?q=hip+frac")
    assert page.locator(".switch a").get_attribute("href") == "/en/search?q=hip+frac"
    page.get_by_label("中英文报告俱全").press("Space")
    page.locator(".removals a").wait_for()
    assert page.evaluate("window.same && document.activeElement.value") == "both-languages"
    assert page.evaluate("document.activeElement.checked")
    assert complaints == []
    page.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_filters_of_a_narrow_screen_open_and_close(
    browser: Browser, address: str, complaints: list[str], script: bool
) -> None:
    page = opened(browser, complaints, width=390, java_script_enabled=script)
    page.goto(f"{address}/en/search?q=walking")
    assert not page.locator("#filters").is_visible()
    page.locator(".to-filters a").click()
    page.locator("#filters").wait_for()
    page.locator("#filters .close").click()

    assert not page.locator("#filters").is_visible()
    page.close()


def test_a_query_runs_without_script(browser: Browser, address: str, complaints: list[str]) -> None:
    page = opened(browser, complaints, java_script_enabled=False)
    page.goto(f"{address}/en/sparql")
    page.fill("#query", "ASK {}")
    page.click(".workbench button")

    assert page.inner_text(".verdict") == "Yes"
    page.close()


CONTRAST = """() => {
    const channel = value => {
        const share = value / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    // A mixed colour is told in shares of one, others in 255ths.
    const colour = text => text.match(/[\\d.]+/g).map((part, place) =>
        Number(part) * (text.startsWith('color(') && place < 3 ? 255 : 1));
    const ground = element => {
        for (let at = element; at; at = at.parentElement) {
            const found = colour(getComputedStyle(at).backgroundColor);
            if (found.length === 3 || found[3] === 1) return found;
        }
        return colour(getComputedStyle(document.documentElement).backgroundColor);
    };
    const poor = [];
    for (const element of document.body.querySelectorAll('*')) {
        const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
        if (!own || element.closest('svg') || !element.getClientRects().length) continue;
        const light = [luminance(colour(getComputedStyle(element).color)), luminance(ground(element))];
        const ratio = (Math.max(...light) + 0.05) / (Math.min(...light) + 0.05);
        if (ratio < 4.5) poor.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
    }
    return poor;
}"""


def test_all_text_stands_out_from_its_ground(loaded: Loaded) -> None:
    for scheme in ("light", "dark"):
        loaded.show(1280, scheme)
        # WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1.
        assert loaded.page.evaluate(CONTRAST) == [], scheme


def test_the_editor_completes_our_terms_and_the_answer_comes_without_a_new_page(
    browser: Browser, address: str, complaints: list[str]
) -> None:
    page = opened(browser, complaints)
    page.goto(f"{address}/en/sparql")
    page.evaluate("window.same = true")
    begun = "PREFIX ev: <https://w3id.org/evidence-kg/ns#>\nSELECT * { ?s a ev:Contr"
    page.evaluate("text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", begun)
    page.evaluate("const m = document.querySelector('.CodeMirror').CodeMirror; m.focus(); m.setCursor(1, 99)")
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hint", has_text="Contrast").first.click()
    # The editor takes the word, and the keyboard back, a moment after the click: no person types sooner.
    page.wait_for_function("document.querySelector('.CodeMirror').CodeMirror.getValue().endsWith('ev:Contrast')")
    page.wait_for_timeout(100)
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.focus()")
    page.keyboard.type(" } LIMIT 2")
    page.keyboard.press("Control+Enter")
    page.locator("#outcome .solutions tbody tr").nth(1).wait_for()

    assert page.evaluate("window.same")
    assert "query=" in page.url
    assert (page.locator("#outcome .solutions a").first.get_attribute("href") or "").startswith("/id/report/")
    page.reload()
    assert page.locator("#outcome .solutions tbody tr").count() == 2
    assert complaints == []
    page.close()


def test_a_running_query_can_be_stopped(browser: Browser, address: str, complaints: list[str]) -> None:
    page = opened(browser, complaints)
    page.goto(f"{address}/zh/sparql")
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    page.evaluate("text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", slow)
    page.get_by_role("button", name="运行").click()
    page.get_by_role("button", name="停止").click()

    page.get_by_text("已停止。").wait_for()
    assert page.locator("#outcome table").count() == 0
    assert page.get_by_role("button", name="停止").count() == 0
    page.close()


def test_numbers_of_an_answer_are_plotted(browser: Browser, address: str, complaints: list[str]) -> None:
    page = opened(browser, complaints)
    query = "SELECT ?name ?n { VALUES (?name ?n) { ('a' 1) ('b' -2) ('c' 3) } }"
    page.goto(f"{address}/en/sparql?{urlencode({'query': query})}")
    page.locator("summary", has_text="Plot").click()
    bars = page.locator(".bars rect")

    assert [float(bar.get_attribute("width") or "") for bar in bars.all()] == [20, 40, 60]
    assert complaints == []
    page.close()


def test_the_query_page_works_without_the_editor(browser: Browser, address: str, complaints: list[str]) -> None:
    page = opened(browser, complaints)
    page.route("**/yasqe.js*", lambda route: route.abort())
    page.goto(f"{address}/en/sparql")
    page.locator("textarea").fill("SELECT (1 AS ?x) {}")
    page.get_by_role("button", name="Run").click()

    page.locator("#outcome td", has_text="1").wait_for()
    page.close()


QUESTION = "/question?population=metastatic-breast-cancer&intervention=locoregional-treatment&endpoint=overall-survival"
ANSWERS = {
    "answer": f"{QUESTION}&model=dl&risk=57&by=masking",
    "answer-summary": f"{QUESTION.replace('/question', '/question/summary')}&risk=57",
    "network": "/network?condition=metastatic-breast-cancer",
    "long-trial": "/trial/jRCTs031180151",
    "long-trial-text": "/trial/jRCTs031180151/text",
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ANSWERS)
def test_no_answer_overflows_complains_or_is_hard_to_read(
    browser: Browser, examples_address: str, name: str, language: str
) -> None:
    for loaded in loaded_page(browser, examples_address, ANSWERS[name], name, language):
        for width in WIDTHS:
            scheme = "dark" if width == 390 else "light"
            loaded.show(width, scheme)
            assert loaded.page.evaluate("document.documentElement.scrollWidth") <= width, width
            if width in {390, 1280}:
                # WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1.
                assert loaded.page.evaluate(CONTRAST) == []
                keep(loaded.page, f"{name}-{language}-{width}-{scheme}")
        assert loaded.complaints == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize(("language", "words"), [("en", "PTR breast cancer"), ("zh", "乳腺癌 原发肿瘤切除")])
def test_a_guideline_author_finds_a_trial(
    browser: Browser, examples_address: str, complaints: list[str], language: str, words: str, script: bool
) -> None:
    page = opened(browser, complaints, java_script_enabled=script)
    page.goto(f"{examples_address}/{language}/")
    page.locator("#home-search").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{examples_address}/{language}/search?**")
    found = page.locator(".trial-list article", has_text="JCOG1017")
    found.wait_for()
    if script:
        keep(page, f"journey-find-{language}")
    found.locator("a").first.click()
    page.wait_for_url(f"{examples_address}/{language}/trial/jRCTs031180151")

    assert page.locator("#results td.estimate a.evidence").count() > 5
    assert complaints == []
    page.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize(("language", "show"), [("en", "Show the texts"), ("zh", "显示原文")])
def test_a_guideline_author_checks_a_number_of_a_long_trial(
    browser: Browser, examples_address: str, complaints: list[str], language: str, show: str, script: bool
) -> None:
    page = opened(browser, complaints, java_script_enabled=script)
    address = f"{examples_address}/{language}/trial/jRCTs031180151"
    page.goto(address)
    number = page.locator("td.estimate a.evidence").first
    value, (path, _, name) = number.inner_text(), (number.get_attribute("href") or "").partition("#")
    if script:
        number.hover()
        page.locator(".popover", has_text=value).wait_for()
        keep(page, f"journey-check-{language}")
    number.click()
    mark = page.locator(f"[id='{name}']")
    mark.wait_for()

    assert path == f"/{language}/trial/jRCTs031180151/text"
    assert value in mark.inner_text()
    page.wait_for_function("document.querySelector('mark:target') !== null")
    assert page.url == (f"{address}#{name}" if script else f"{address}/text#{name}")
    if script:
        page.goto(address)
        page.locator("#baseline a.part").click()
        page.locator("#baseline table td a.evidence").first.wait_for()
        page.locator(".tally.consistent a").click()
        page.locator("#checks-consistent[open] .check").first.wait_for()
        assert page.url == f"{address}#checks-consistent"
        page.get_by_role("link", name=show).click()
        page.locator("#sources mark").first.wait_for()
        # A link from elsewhere to a place of the texts, from when they stood on the page.
        page.goto(f"{address}#{name}")
        page.locator(f"[id='{name}']").wait_for()
    assert complaints == []
    page.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize(
    ("language", "words", "turn", "shown"),
    [
        ("en", ("stage IV breast cancer", "local therapy", "OS"), "Turn round", "HR 0.97"),
        ("zh", ("转移性乳腺癌", "局部治疗", "总生存期"), "反向使用", "HR 0.97"),
    ],
)
def test_a_guideline_author_answers_a_question_with_a_combined_estimate(
    browser: Browser,
    examples_address: str,
    complaints: list[str],
    language: str,
    words: tuple[str, str, str],
    turn: str,
    shown: str,
    script: bool,
) -> None:
    page = opened(browser, complaints, java_script_enabled=script)
    page.goto(f"{examples_address}/{language}/")
    page.locator("header.site nav a[href$='/question']").click()
    for part, word in zip(("population", "intervention", "endpoint"), words, strict=True):
        page.locator(f"#ask-{part}").fill(word)
    page.locator("#ask-model").select_option("dl")
    page.locator("form.asking button").click()
    assert page.url.endswith(f"/{language}{QUESTION}&model=dl")
    # The contradiction is said before anything is done about it.
    page.locator(".contradiction").get_by_role("link", name=turn).click()
    assert "turn=NCT01015625" in page.url
    page.locator("#without tbody tr", has_text="JCOG1017").locator("th a").first.click()
    assert shown in page.locator(".answer").inner_text()
    assert "leave=jRCTs031180151" in page.url
    if script:
        keep(page, f"journey-answer-{language}")
    with page.expect_download() as download:
        page.locator("#take-away a[href*='question.xlsx']").click()
    assert download.value.suggested_filename == "question.xlsx"
    assert openpyxl.load_workbook(BytesIO(download.value.path().read_bytes())).worksheets
    assert complaints == []
    page.close()


def test_the_keyboard_goes_along_the_comparisons_of_a_network(
    browser: Browser, examples_address: str, complaints: list[str]
) -> None:
    page = opened(browser, complaints)
    page.goto(f"{examples_address}/en{ANSWERS['network']}")
    page.locator("svg.network a").first.focus()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").endswith("2 trials, 530 people")
    page.keyboard.press("Enter")
    page.wait_for_url("**/question?**")
    assert complaints == []
    page.close()
