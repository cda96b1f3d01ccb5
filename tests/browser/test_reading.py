"""What a reader does: searches, walks on and back, unfolds, prints, reads without scripts."""

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

from . import checks
from .names import SOURCES, WORKED, every_page, publish

pytestmark = pytest.mark.slow

A4 = (595, 842)


def test_search_finds_every_page_by_its_title(page):
    page.goto("")
    field = page.locator(".md-search__input")
    for name in filter(None, map(publish, SOURCES)):
        (title,) = page.request.get(name).text().split("</title>")[0].rsplit("<title>", 1)[1:]
        field.fill(title.split(" - ")[0])
        field.press("End")  # Material searches when a key is let go
        page.locator(f".md-search-result__link[href*='{name}']").first.wait_for(state="attached")


def test_search_is_used_by_keyboard_alone(page):
    page.goto("")
    page.keyboard.press("/")
    page.wait_for_function("document.activeElement.name === 'query'")
    page.keyboard.type("learning rates that always")
    page.locator(".md-search-result__link[href*='learning-rate']").first.wait_for()
    page.keyboard.press("Enter")

    page.wait_for_url("**/learning-rate/**")


def test_walking_on_and_back_leaves_everything_at_work(page, address):
    # Scripts load a page in the place of another only if the site's map has its address.
    site_map = page.request.get("sitemap.xml").text().replace("https://site.example/", address)
    page.route("**/sitemap.xml", lambda route: route.fulfill(body=site_map))
    page.goto(WORKED[0])
    page.evaluate("window.stays = true")  # until a page is loaded anew
    for name in WORKED[1:]:
        page.locator(f".md-nav__link[href$='{name.split('/')[1]}/']").first.click()
        page.wait_for_url(f"**/{name}")
        assert_all_works(page)
    page.go_back()
    page.wait_for_url(f"**/{WORKED[-2]}")
    assert_all_works(page)

    assert page.evaluate("window.stays")


def assert_all_works(page):
    page.locator("article .md-code__button").first.wait_for(state="attached")
    page.wait_for_function("document.querySelector('article figure')")
    assert checks.unset_formulas(page) == []
    assert checks.hidden_figures(page) == []
    block = page.locator("article .highlight", has=page.locator(".md-code__button")).first
    block.hover()
    block.locator(".md-code__button[data-md-type=copy]").click()
    page.locator(".md-dialog--active").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == block.locator("code").inner_text().strip()


@pytest.mark.parametrize("name", WORKED)
def test_solutions_unfold_by_keyboard(page, name):
    page.goto(name)
    summaries = page.locator("article details > summary").filter(visible=True).all()
    assert summaries
    for summary in summaries:
        before = summary.evaluate("summary => summary.parentElement.open")
        summary.focus()
        page.keyboard.press("Enter")
        assert summary.evaluate("summary => summary.parentElement.open") != before


def test_the_learning_rates_are_found_in_three_clicks(page):
    page.goto("")
    page.get_by_role("link", name="Learning rate", exact=True).first.click()
    page.wait_for_url("**/learning-rate/")
    page.locator("article").get_by_role("link", name="The answer").first.click()
    answer = page.locator("#the-answer + .admonition")
    answer.wait_for(state="visible")

    # The Hessian [[10, 4], [4, 4]] has the eigenvalues 2 and 12, and 2 / 12 = 0.1666...
    assert re.search(r"\(0, (1/6|0\.16+7?)\)", answer.inner_text())


@pytest.mark.parametrize("name", ["answers/", *WORKED])
def test_hardly_anything_moves_when_the_font_of_formulas_comes_late(page, name):
    held = []
    page.route("**/*.woff2", lambda route: held.append(route))  # noqa: PLW0108 - Playwright inspects it
    page.goto(name, wait_until="domcontentloaded")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    for route in held:
        route.continue_()

    assert held
    assert checks.unset_formulas(page) == []
    if page.evaluate("[...document.fonts].some(face => face.status === 'error')"):
        pytest.skip("no DejaVu Math, whose width is known, is installed")
    assert checks.layout_shift(page) <= 0.02


@every_page
def test_a_page_is_read_without_scripts(plain, name):
    plain.goto(name)

    assert plain.locator("h1").is_visible()
    assert checks.unset_formulas(plain) == []
    assert checks.hidden_figures(plain) == []


def letters(text):
    """Give a text without spaces, and its ligatures as letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("name", ["answers/", *WORKED])
def test_a_print_is_on_a4_and_has_all_that_the_page_has(page, name):
    page.goto(name)
    headings = page.locator("article :is(h1, h2)").evaluate_all(
        "headings => headings.map(heading => heading.firstChild.textContent.trim())"
    )
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    printed = [letters(sheet.extract_text()) for sheet in sheets]

    assert {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in sheets} == {A4}
    assert all(printed)
    assert headings
    for heading in headings:
        assert any(letters(heading) in text for text in printed), heading
    if name == "answers/":
        assert len(sheets) == 2


def test_wide_tables_scroll_in_themselves(page):
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto("benchmarks/")
    frames = page.locator(".md-typeset__scrollwrap").all()
    wide = [frame for frame in frames if frame.evaluate("box => box.scrollWidth > box.clientWidth")]
    assert wide
    for frame in wide:
        frame.evaluate("box => box.scrollTo(1000, 0)")
        last = frame.locator("th").last.bounding_box()

        assert last["x"] + last["width"] <= 390
        assert page.evaluate("scrollX") == 0


def test_a_table_that_becomes_wide_later_can_be_reached_by_keyboard(page):
    page.goto("benchmarks/")
    frame = page.locator(".md-typeset__scrollwrap").first
    assert frame.get_attribute("tabindex") is None
    frame.locator("td").first.evaluate("cell => { cell.textContent = 'wide'.repeat(99); }")

    page.locator(".md-typeset__scrollwrap[tabindex='0']").first.wait_for()
