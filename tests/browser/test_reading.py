"""What a reader does: searches, walks on and back, unfolds, prints, reads without scripts."""

import io
import re

import pytest
from pypdf import PdfReader

from . import checks
from .test_pages import PAGES, every_page

WORKED = [name for name in PAGES if name.startswith("solutions/")]
ON_PAPER = {"width": 658, "height": 1000}  # the text of an A4 page, at 96 pixels to the inch
A4 = (595, 842)


def test_search_finds_every_page_by_its_title(page):
    page.goto("")
    field = page.locator(".md-search__input")
    for name in filter(None, PAGES[1:]):
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


@every_page
def test_a_page_prints_on_paper(page, name):
    page.emulate_media(media="print")
    page.set_viewport_size(ON_PAPER)
    page.goto(name)

    assert checks.off_paper(page) == []
    assert checks.unset_formulas(page) == []


@pytest.mark.parametrize(("name", "sheets"), [("answers/", 2), (WORKED[0], None)])
def test_a_print_is_a_whole_number_of_a4_sheets(page, name, sheets):
    page.goto(name)
    title = page.locator("h1").evaluate("heading => heading.firstChild.textContent.trim()")
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages

    assert sheets in (None, len(printed))
    assert {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in printed} == {A4}
    assert title in printed[0].extract_text()


@every_page
def test_a_page_is_read_without_scripts(browser, address, name):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(name)
        assert page.locator("h1").is_visible()
        assert checks.unset_formulas(page) == []
        assert checks.hidden_figures(page) == []
    finally:
        context.close()
