"""One look at a page: it is opened in a scheme and a width, and everything is checked at once."""

import functools
import gzip
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from . import checks

__all__ = ["Look", "Reader"]

SCHEMES = ("light", "dark")
WIDTHS = (1280, 390)
OPEN = "document.querySelectorAll('details').forEach(details => details.open = true)"
SCREENSHOTS = Path(__file__).parent.parent.parent / ".screenshots"
PACKED = (".woff2", ".webp", ".png")


@dataclass
class Look:
    """What was seen of a page in one scheme and width: for each check its faults."""

    scheme: str
    width: int
    shift: float
    bytes: dict[str, int]
    faults: dict[str, list[str]] = field(default_factory=dict)


class Reader:
    """Someone who looks at every page once, in both schemes and widths.

    Parameters
    ----------
    browser
        The browser.
    address
        Where the site is served.
    site
        The folder that it is served from.
    """

    def __init__(self, browser, address, site):
        self.address, self.site = address, site
        self.messages, self.requests = [], []
        self.pages = {scheme: self._page(browser, scheme) for scheme in SCHEMES}
        self.see = functools.cache(self._see)

    def _page(self, browser, scheme):
        """Open a page and listen to it."""
        page = browser.new_context(color_scheme=scheme).new_page()
        page.on("console", lambda m: m.type == "error" and self.messages.append(m.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("requestfailed", lambda r: self.messages.append(f"failed: {r.url}"))
        page.on("request", lambda r: self.requests.append(r.url))
        return page

    def _see(self, name):
        """Look at a page in every way."""
        return [self._look(name, scheme, width) for scheme in SCHEMES for width in WIDTHS]

    def _look(self, name, scheme, width):
        """Look at a page in one way."""
        self.messages.clear()
        self.requests.clear()
        page = self.pages[scheme]
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(self.address + name)
        look = Look(scheme, width, checks.layout_shift(page), self._weigh())
        page.evaluate(OPEN)
        for check in (
            checks.unset_formulas,
            checks.hidden_figures,
            checks.pale_drawings,
            checks.overflowing,
            checks.clipped,
        ):
            look.faults[check.__name__] = check(page)
        self._keep(page, name, look)
        if width == WIDTHS[0]:
            # What does not depend on colours is the same in every scheme.
            rules = checks.WCAG if scheme == SCHEMES[0] else ["color-contrast"]
            look.faults["inaccessible"] = checks.inaccessible(page, rules)
        look.faults["messages"] = list(self.messages)
        look.faults["foreign"] = [
            url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))
        ]
        return look

    def _weigh(self):
        """Give what each file of a page weighs on its way, compressed where a host compresses it."""
        sizes = {}
        for url in self.requests:
            path = self.site / urlsplit(url).path.removeprefix("/")
            path = path / "index.html" if path.is_dir() else path
            if path.exists():
                content = path.read_bytes()
                packed = content if path.suffix in PACKED else gzip.compress(content, 6)
                sizes[path.relative_to(self.site).as_posix()] = len(packed)
        return sizes

    def _keep(self, page, name, look):
        """Keep a picture of the whole page."""
        folder = SCREENSHOTS / f"{look.scheme}-{look.width}"
        file = folder / (name.strip("/").replace("/", "-") or "index")
        page.screenshot(path=file.with_suffix(".jpeg"), full_page=True, quality=60)
