"""How pages look and what they offer: drawings that open large, copies, cards."""

from itertools import pairwise

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from . import checks

pytestmark = pytest.mark.slow

DRAWN = "solutions/learning-rate/"
WINDOWS = [(1280, 900), (390, 844)]


def test_a_drawing_opens_large_by_click_and_closes_by_click(page):
    page.goto(DRAWN)
    drawing = page.locator(".drawing").first
    drawing.scroll_into_view_if_needed()
    small = drawing.bounding_box()
    drawing.click()
    large = drawing.locator("[popover] > svg").bounding_box()

    assert large["width"] > 1.2 * small["width"]
    page.mouse.click(640, 300)
    assert page.locator(":popover-open").count() == 0
    assert drawing.bounding_box() == small


@pytest.mark.parametrize("closing", ["Escape", "Enter"])
@pytest.mark.parametrize("name", [DRAWN, f"{DRAWN}notebook/"])
def test_every_drawing_opens_and_closes_by_keyboard_and_gives_the_focus_back(page, name, closing):
    page.goto(name)
    buttons = page.locator(".drawing button").all()
    assert len(buttons) == page.locator("article svg[role=img]").count() > 3
    for button in buttons:
        button.focus()
        page.keyboard.press("Enter")
        assert page.locator(":popover-open").count() == 1
        page.keyboard.press(closing)
        assert page.locator(":popover-open").count() == 0
        assert button.evaluate("button => button === document.activeElement")


def test_a_drawing_opens_large_without_scripts_too(browser, address):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(DRAWN)
        page.locator(".drawing").first.click()
        assert page.locator(":popover-open > svg").is_visible()
    finally:
        context.close()


def test_a_drawing_opens_on_a_page_that_was_walked_to(page, address):
    site_map = page.request.get("sitemap.xml").text().replace("https://site.example/", address)
    page.route("**/sitemap.xml", lambda route: route.fulfill(body=site_map))
    page.goto("solutions/gradients/")
    page.evaluate("window.stays = true")
    page.locator(f".md-nav__link[href$='{DRAWN.split('/')[1]}/']").first.click()
    page.wait_for_url(f"**/{DRAWN}")
    page.locator(".drawing").first.click()

    assert page.evaluate("window.stays")
    assert page.locator(":popover-open > svg").is_visible()


@pytest.mark.parametrize("size", WINDOWS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_enlarged_drawing_fills_the_window_and_is_accessible(page, size, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(DRAWN)
    drawing = page.locator(".drawing").first
    usual = float(drawing.locator("[popover] > svg").get_attribute("width"))
    drawing.click()
    box = page.locator(":popover-open").bounding_box()
    large = page.locator(":popover-open > svg").bounding_box()

    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, *size)
    assert large["width"] >= max(usual, size[0] - 100)
    assert page.evaluate(
        "getComputedStyle(document.querySelector(':popover-open')).backgroundColor"
    ) == page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.evaluate(AXE_SCRIPT)
    alone = checks.AXE.replace("axe.run(document,", "axe.run(':popover-open',")
    assert page.evaluate(alone, checks.WCAG) == []


def test_no_level_of_headings_is_left_out_on_the_first_page(page):
    page.goto("")
    levels = page.locator("article :is(h1, h2, h3)").evaluate_all(
        "all => all.map(h => +h.tagName[1])"
    )

    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_the_search_and_its_dialog_have_a_name(page):
    page.goto("")

    assert page.get_by_role("dialog", name="Search").count() == 1


def test_what_a_block_prints_can_be_copied(page):
    page.goto(DRAWN)
    output = page.locator("article .output").first
    output.hover()
    output.locator("[data-md-type=copy]").click()
    page.locator(".md-dialog--active").wait_for()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == output.locator("code").inner_text().strip() != ""
