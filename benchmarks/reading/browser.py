"""A first view of a page in Chromium, on a slow phone: what it asks for and when it is there."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, sync_playwright

from benchmarks.reading.wire import Sent, Servers

__all__ = ["View", "browsing", "view"]

SLOWDOWN = 4
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
"""Of Lighthouse's mobile phone: 1.6 Mbit/s down, 150 ms until an answer begins."""

SCREEN = {"width": 412, "height": 823}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--ignore-certificate-errors",
)

REST, LIMIT = 2.0, 60.0
"""A page is loaded when it has asked for nothing for so many seconds, and given up after many."""

WATCH = """
(() => {
  const seen = (window.seen = { shift: 0, painted: 0, formulas: 0, last: null, widths: "" });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.name === "first-contentful-paint") seen.painted = entry.startTime;
  }).observe({ type: "paint", buffered: true });
  const look = () => {
    const formulas = [...document.querySelectorAll("math, mjx-container, .MathJax, .katex-html")]
      .filter((formula) => !formula.parentElement.closest("mjx-container, .MathJax, .katex"));
    const widths = formulas.map((it) => it.getBoundingClientRect().width.toFixed(1)).join();
    if (widths !== seen.widths) {
      seen.last = performance.now();
      seen.widths = widths;
      seen.formulas = formulas.length;
    }
    setTimeout(() => requestAnimationFrame(look), 50);
  };
  requestAnimationFrame(look);
})();
"""
"""Notes the shifts of the layout, the first paint, and when the width of a formula last changed,
be it that the formula was set or that its font came."""


@dataclass(frozen=True, slots=True)
class View:
    """What a first view took.

    Attributes
    ----------
    transferred
        Bytes that the servers sent, heads of answers among them.
    requests
        To the site and to other hosts.
    foreign
        The other hosts.
    unmet
        Requests to other hosts that had no answer here, so that their bytes are missing.
    formulas
        How many formulas are set in the end.
    set_after
        Seconds until the last was, None without any.
    shift
        How far things moved while the page was loading, the sum of all shifts of the layout.
    """

    transferred: int
    requests: int
    foreign: frozenset[str]
    unmet: int
    formulas: int
    set_after: float | None
    shift: float


@contextmanager
def browsing(servers: Servers) -> Iterator[Browser]:
    """Start a browser that finds every other host at the server which stands for them."""
    rule = f"MAP * 127.0.0.1:{servers.foreign_port}, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, NAMES)), None)
        browser = playwright.chromium.launch(
            executable_path=path, args=[*QUIET, f"--host-resolver-rules={rule}"]
        )
        try:
            yield browser
        finally:
            browser.close()


def view(browser: Browser, servers: Servers, path: str) -> View:
    """Open a page with nothing kept from before.

    Parameters
    ----------
    browser
        From `browsing`.
    servers
        Of the site.
    path
        The page's address on the site.
    """
    servers.sent.clear()
    context = browser.new_context(viewport=SCREEN, device_scale_factor=1)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        asked: set[str | None] = set()  # a browser has requests of its own, which do not count
        page.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
        page.add_init_script(WATCH)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        started = time.monotonic()
        page.goto(servers.address + path, timeout=1000 * LIMIT)
        _rest(servers, started, page.wait_for_timeout)
        seen = page.evaluate("window.seen")
    except Error as error:
        raise RuntimeError(f"{path} was not to be seen: {error}") from error
    finally:
        context.close()
    return _seen(servers, [sent for sent in servers.sent if sent.host in asked], seen)


def _rest(servers: Servers, started: float, wait: Callable[[float], None]) -> None:
    """Wait until nothing was asked for during a while."""
    count, since = len(servers.sent), time.monotonic()
    while time.monotonic() < min(since + REST, started + LIMIT):
        wait(200)
        if len(servers.sent) != count:
            count, since = len(servers.sent), time.monotonic()


def _seen(servers: Servers, answers: list[Sent], seen: Mapping[str, float | None]) -> View:
    """Put together what the servers sent and what the page noted."""
    own = urlsplit(servers.address).hostname
    foreign = [sent for sent in answers if sent.host != own]
    last, formulas = seen["last"], int(seen["formulas"] or 0)
    return View(
        transferred=sum(sent.size for sent in answers),
        requests=len(answers),
        foreign=frozenset(sent.host for sent in foreign),
        unmet=sum(not sent.found for sent in foreign),
        formulas=formulas,
        set_after=max(last or 0, seen["painted"] or 0) / 1000 if formulas else None,
        shift=float(seen["shift"] or 0),
    )
