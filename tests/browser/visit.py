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
    checks.overflowing,
    checks.clipped,
    checks.foreign_fonts,
)
IN_COLOUR = (checks.pale_drawings,)  # what the scheme changes; all else is looked at in the first
ON_PAPER = (checks.unset_formulas, checks.hidden_figures, checks.off_paper)
PAPER = {"width": 658, "height": 1000}  # the text of an A4 page, at 96 pixels to the inch
# What fades from one colour to another would be measured in between.
OPEN = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync('* { animation: none !important; transition: none !important; }');
  document.adoptedStyleSheets.push(still);
  document.querySelectorAll('details').forEach(details => { details.open = true; });
}"""
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

    def note(self, check, where, faults):
        """Note what a check found."""
        noted = self.faults.setdefault(check, [])
        noted += [f"{where}, {self.width} px: {fault}" for fault in faults]


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
    narrow
        The pages that are asked for their accessibility on a telephone too, and loaded twice.
    """

    def __init__(self, browser, address, site, narrow=()):
        self.address, self.site, self.narrow = address, site, narrow
        self.messages, self.requests = [], []
        self.page = page = browser.new_page(color_scheme="light")
        page.on("console", lambda m: m.type == "error" and self.messages.append(m.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("requestfailed", lambda r: self.messages.append(f"failed: {r.url}"))
        page.on("request", lambda r: self.requests.append(r.url))
        self.see = functools.cache(self._see)

    def _see(self, name):
        """Look at a page on a telephone that follows the dark scheme, and on a desk.

        Of each kind of page one is loaded on both; the others are moved from one to the other.
        """
        telephone = self._look(name, 390, ("dark", "light"))
        if name in self.narrow:
            telephone.note("inaccessible", "light", checks.inaccessible(self.page))
        desk = self._look(name, 1280, ("light", "dark"), is_open=name not in self.narrow)
        self._print(name, desk)
        for scheme, rules in (("dark", ["color-contrast"]), ("light", checks.WCAG)):
            self.page.emulate_media(color_scheme=scheme, media="screen")
            desk.note("inaccessible", scheme, checks.inaccessible(self.page, rules))
        return telephone, desk

    def _look(self, name, width, schemes, *, is_open=False):
        """Look at a page in one width; it is loaded in the first scheme, if it is not yet open."""
        self.messages.clear()
        self.requests.clear()
        look, page = Look(width), self.page
        page.emulate_media(color_scheme=schemes[0])
        page.set_viewport_size({"width": width, "height": 900})
        if not is_open:
            page.goto(self.address + name)
            look.shift, look.sizes = checks.layout_shift(page), self._weigh()
            page.evaluate(OPEN)
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            for check in (*CHECKS, *IN_COLOUR) if scheme == schemes[0] else IN_COLOUR:
                look.note(check.__name__, scheme, check(page))
            self._keep(name, f"{width}-{scheme}", full_page=any(look.faults.values()))
        foreign = [url for url in self.requests if not url.startswith((self.address, "data:"))]
        look.note("foreign_requests", schemes[0], foreign)
        look.note("messages", schemes[0], self.messages)
        return look

    def _print(self, name, look):
        """Look at what would be printed, and go back to the screen."""
        self.page.emulate_media(media="print", color_scheme="light")
        self.page.set_viewport_size(PAPER)
        for check in ON_PAPER:
            look.note(check.__name__, "on paper", check(self.page))
        self._keep(name, "print")
        self.page.set_viewport_size({"width": look.width, "height": 900})

    def _weigh(self):
        """Give what each file of a page weighs, compressed where a host compresses it."""
        sizes = {}
        for url in self.requests:
            path = self.site / urlsplit(url).path.removeprefix("/")
            path = path / "index.html" if path.is_dir() else path
            if path.exists():
                sizes[path.relative_to(self.site).as_posix()] = weigh(path)
        return sizes

    def _keep(self, name, view, *, full_page=False):
        """Keep a picture of what is seen first, and of the whole page where something is wrong."""
        stem = f"{name.strip('/').replace('/', '-') or 'home'}-{view}"
        self.page.screenshot(path=SCREENSHOTS / f"{stem}.jpeg", full_page=full_page, quality=60)


@functools.cache
def weigh(path):
    """Give what a file weighs when it is sent."""
    content = path.read_bytes()
    return len(content if path.suffix in PACKED else gzip.compress(content, 6))
