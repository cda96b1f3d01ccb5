"""A browser, the built site on a local server, and what is seen of each page."""

import functools
import os
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from .names import KINDS
from .visit import Reader

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


class Handler(SimpleHTTPRequestHandler):
    """Files of the site, and its own page for those that are not there."""

    def log_message(self, *_):
        """Say nothing."""

    def send_error(self, code, message=None, explain=None):  # noqa: ARG002
        """Send the page that a host would send."""
        content = Path(self.directory, "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture(scope="package")
def address(site):
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=site))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


# For the package alone: while Playwright runs, its thread has a running event loop.
@pytest.fixture(scope="package")
def browser():
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        found = [path for name in NAMES if (path := shutil.which(name))]
        if not (found or own.exists()):
            message = f"no browser: none of {', '.join(NAMES)} is on the path"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
        path = found[0] if found else own
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def reader(browser, address, site):
    """Give a reader, who looks at each page once."""
    return Reader(browser, address, site, KINDS)


@pytest.fixture(scope="package")
def visitor(browser, address):
    """Give a visitor of the site, who may copy, and to whom relative addresses are the site's."""
    with browser.new_context(
        base_url=address, permissions=["clipboard-read", "clipboard-write"]
    ) as context:
        yield context


@pytest.fixture
def page(visitor):
    """Give a fresh page."""
    with visitor.new_page() as page:
        yield page


@pytest.fixture(scope="package")
def plain(browser, address):
    """Give a page on which no script runs, for one test after the other."""
    with browser.new_context(base_url=address, java_script_enabled=False) as context:
        yield context.new_page()


@pytest.fixture(scope="package")
def blank(browser):
    """Give a page to put a few lines on, for one test after the other."""
    with browser.new_page() as page:
        yield page
