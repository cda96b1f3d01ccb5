"""A first view of a page in Chromium, on a slow phone: what it asks for, and when it is there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from benchmarks.reading.host import ADDRESS, Host

__all__ = ["NAMES", "View", "browsing", "view"]

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
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {ADDRESS}",
)
"""No request leaves this machine: every other host is one that cannot be found."""

LIMIT, REST = 60.0, 2.0
"""Seconds in which a page must have loaded, and for which it is watched after that."""

WATCH = """
(() => {
  const seen = (window.seen = { shift: 0, painted: 0, formulas: 0, last: 0, widths: "" });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.name === "first-contentful-paint") seen.painted = entry.startTime;
  }).observe({ type: "paint", buffered: true });
  const look = () => {
    const formulas = [...document.querySelectorAll("math")];
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
because it was set or because its font came."""


@dataclass(frozen=True, slots=True)
class View:
    """What a first view took.

    Attributes
    ----------
    transferred
        Bytes that the site's own host sent, heads of answers among them.
    requests
        To the site's own host.
    foreign
        Each request to another host, by that host's name. None has an answer, so that what it
        would have sent, and what the page would have asked for then, is missing.
    formulas
        How many formulas are set in the end.
    set_after
        Seconds until the last was, None without any.
    shift
        How far things moved while the page was loading, the sum of all shifts of the layout.
    """

    transferred: int
    requests: int
    foreign: tuple[str, ...]
    formulas: int
    set_after: float | None
    shift: float


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start a browser that finds no other host."""
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, NAMES)), None)
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


def view(browser: Browser, host: Host, path: str) -> View:
    """Open a page with nothing kept from before.

    Parameters
    ----------
    browser
        From `browsing`.
    host
        Of the site.
    path
        The page's address on the site.

    Raises
    ------
    RuntimeError
        The page cannot be opened, or has not loaded after a minute.
    """
    host.sent.clear()
    foreign: list[str] = []
    context = browser.new_context(viewport=SCREEN, device_scale_factor=1)  # type: ignore[arg-type]
    try:
        page = _slow_page(context)
        page.on("request", lambda request: foreign.extend(_other_host(request.url)))
        page.goto(host.url + path, wait_until="networkidle", timeout=1000 * LIMIT)
        page.wait_for_timeout(1000 * REST)
        seen = page.evaluate("window.seen")
    except Error as error:
        raise RuntimeError(f"{path} must load within {LIMIT:g} s: {error}") from error
    finally:
        context.close()
    return View(
        transferred=sum(host.sent),
        requests=len(host.sent),
        foreign=tuple(foreign),
        formulas=seen["formulas"],
        set_after=max(seen["last"], seen["painted"]) / 1000 if seen["formulas"] else None,
        shift=float(seen["shift"]),
    )


def _slow_page(context: BrowserContext) -> Page:
    """Return a page of a slow phone, which notes what can be seen."""
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    return page


def _other_host(url: str) -> list[str]:
    """Return the host of an address, unless it is the site's own or the address has none."""
    host = urlsplit(url).hostname
    return [host] if host and host != ADDRESS else []
