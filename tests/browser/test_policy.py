"""The site under the Content-Security-Policy that its page on hosting names."""

import base64
import functools
import hashlib
import io
import re
import threading
from http.server import ThreadingHTTPServer

import numpy as np
import pytest
from PIL import Image

from .conftest import Handler
from .names import DOCS, WORKED

pytestmark = pytest.mark.slow

SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
NOTED = """addEventListener("securitypolicyviolation", event => {
  (window.violations ??= []).push(`${event.effectiveDirective} ${event.blockedURI}`);
})"""
# Without what floats over the page, and without what fades.
STILL = """async () => {
  const still = new CSSStyleSheet();
  still.replaceSync('.md-header, .md-top { visibility: hidden } * { transition: none !important }');
  document.adoptedStyleSheets.push(still);
  document.querySelectorAll('details').forEach(one => { one.open = true; });
  await document.fonts.ready;
}"""
PLACES = """() => [...document.querySelectorAll('math :is(mi, mn, mo, mtd, mspace)')].map(part => {
  const {x, y, width, height} = part.getBoundingClientRect();
  return [x, y, width, height];
})"""
NAMES = ["", *WORKED, "authoring/", f"{WORKED[-1]}notebook/", "submission/", "no/such/page/"]


def policy():
    """Give the policy that the page on hosting names."""
    text = (DOCS / "reference" / "literate.md").read_text("utf-8")
    return " ".join(re.search(r"^Content-Security-Policy: ([^`]*)", text, re.MULTILINE)[1].split())


class Strict(Handler):
    """The site with its policy."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", policy())
        super().end_headers()


@pytest.fixture(scope="module")
def strict(browser, site):
    """Give a context of the browser in which the site is served with its policy."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Strict, directory=site))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with browser.new_context(base_url=f"http://127.0.0.1:{server.server_port}/") as context:
        context.add_init_script(NOTED)
        yield context
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def both(strict, visitor):
    """Give a page under the policy, and one without it."""
    with strict.new_page() as page, visitor.new_page() as other:
        yield page, other


def open_all(page, name):
    page.goto(name)
    page.evaluate(STILL)


def pixels(drawing):
    return np.asarray(Image.open(io.BytesIO(drawing.screenshot())).convert("RGB"), int)


def test_the_policy_names_the_scripts_of_every_page_and_no_others(site):
    scripts = {
        script
        for page in site.rglob("*.html")
        for script in SCRIPT.findall(page.read_text("utf-8"))
    }
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)

    assert set(re.findall(r"'sha256-([^']*)'", policy())) == {
        base64.b64encode(digest).decode() for digest in digests
    }
    assert "unsafe" not in policy()


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.strip("/") or "home")
def test_nothing_is_blocked(both, name):
    page, _ = both
    page.goto(name)
    page.wait_for_load_state("networkidle")

    assert page.evaluate("window.violations ?? []") == []


def test_the_search_and_the_schemes_work(both):
    page, _ = both
    page.goto("")
    page.keyboard.press("/")
    page.keyboard.type("learning rates that always")
    page.locator(".md-search-result__link[href*='learning-rate']").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("label[for=__palette_1]").click()

    chosen = page.evaluate("document.body.dataset.mdColorScheme")
    page.evaluate("localStorage.clear()")
    assert chosen == "default"
    assert page.evaluate("window.violations ?? []") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", WORKED)
def test_drawings_look_as_without_a_policy(both, name, scheme):
    shots = []
    for page in both:
        page.emulate_media(color_scheme=scheme)
        open_all(page, name)
        shots.append([pixels(one) for one in page.locator("article svg[role=img]").all()])

    assert len(shots[0]) > 2
    for one, other in zip(*shots, strict=True):
        assert one.shape == other.shape
        assert np.abs(one - other).max() <= 8


@pytest.mark.parametrize("name", WORKED)
def test_formulas_are_laid_out_as_without_a_policy(both, name):
    places = []
    for page in both:
        open_all(page, name)
        places.append(page.evaluate(PLACES))

    assert len(places[0]) > 100
    assert places[0] == places[1]


def test_a_style_that_is_blocked_is_noticed(both):
    page, _ = both
    page.goto("")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">no</p>')")
    page.wait_for_function("window.violations")

    assert page.evaluate("window.violations") == ["style-src-attr inline"]
