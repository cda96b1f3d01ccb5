"""One look at a page: it is opened and everything is checked at once."""

import functools
import gzip
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from . import checks

__all__ = ["Look", "Reader"]

CHECKS = (
    checks.unset_formulas,
    checks.hidden_figures,
    checks.pale_drawings,
    checks.overflowing,
    checks.clipped,
)
OPEN = "document.querySelectorAll('details').forEach(details => details.open = true)"
SCREENSHOTS = Path(__file__).parent.parent.parent / ".screenshots"
PACKED = (".woff2", ".webp", ".png")


@dataclass
class Look:
    """What was seen of a page in one width, first in one scheme and then in the other.

    Attributes
    ----------
    width
        Of the window, in pixels.
    shift
        How much moved while the page was loaded: the cumulative layout shift.
    sizes
        What each file weighed that the page asked for, compressed, in bytes.
    faults
        What was wrong, by what was checked.
    """

    width: int
    shift: float = 0
    sizes: dict[str, int] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def note(self, check, scheme, faults):
        """Note what a check found."""
        noted = self.faults.setdefault(check, [])
        noted += [f"{scheme}, {self.width} px: {fault}" for fault in faults]


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
        self.page = page = browser.new_page()
        page.on("console", lambda m: m.type == "error" and self.messages.append(m.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("requestfailed", lambda r: self.messages.append(f"failed: {r.url}"))
        page.on("request", lambda r: self.requests.append(r.url))
        self.see = functools.cache(self._see)

    def _see(self, name):
        """Look at a page on a desk, which follows the light scheme, and on a telephone."""
        desk = self._look(name, 1280, ("light", "dark"))
        for scheme, rules in (("dark", ["color-contrast"]), ("light", checks.WCAG)):
            self.page.emulate_media(color_scheme=scheme)
            desk.note("inaccessible", scheme, checks.inaccessible(self.page, rules))
        return desk, self._look(name, 390, ("dark", "light"))

    def _look(self, name, width, schemes):
        """Look at a page in one width; it is loaded in the first scheme."""
        self.messages.clear()
        self.requests.clear()
        look, page = Look(width), self.page
        page.emulate_media(color_scheme=schemes[0])
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(self.address + name)
        look.shift, look.sizes = checks.layout_shift(page), self._weigh()
        page.evaluate(OPEN)
        self._keep(f"{name.strip('/').replace('/', '-') or 'home'}-{width}-{schemes[0]}")
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            for check in CHECKS:
                look.note(check.__name__, scheme, check(page))
        foreign = [url for url in self.requests if not url.startswith((self.address, "data:"))]
        look.note("foreign_requests", schemes[0], foreign)
        look.note("messages", schemes[0], self.messages)
        return look

    def _weigh(self):
        """Give what each file of a page weighs, compressed where a host compresses it."""
        sizes = {}
        for url in self.requests:
            path = self.site / urlsplit(url).path.removeprefix("/")
            path = path / "index.html" if path.is_dir() else path
            if path.exists():
                content = path.read_bytes()
                packed = content if path.suffix in PACKED else gzip.compress(content, 6)
                sizes[path.relative_to(self.site).as_posix()] = len(packed)
        return sizes

    def _keep(self, name):
        """Keep a picture of the whole page."""
        self.page.screenshot(path=SCREENSHOTS / f"{name}.jpeg", full_page=True, quality=60)
