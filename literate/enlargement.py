"""Let each drawing of a page open large, over the page.

A drawing is a popover that the site's styles show in its place while it is closed. The browser does
the rest: it opens by click and by key, closes by Escape too, and keeps the focus. So there is no
script, no second drawing, and with scripts switched off it works.
"""

from __future__ import annotations

import re
from itertools import count

__all__ = ["enlarge"]

SVG = (
    r'<svg viewBox="\S+ \S+ (?P<width>\S+) (?P<height>[^"\s]+)" width="\d+" fill="currentColor" '
    r'role="img".*?</svg>'
)
IMAGES = r'<img [^>]*#only-light"[^>]*>\s*<img [^>]*#only-dark"[^>]*>'
DRAWING = re.compile(f"{SVG}|{IMAGES}", re.DOTALL)


def enlarge(html: str) -> str:
    """Give each drawing in a page's HTML a button that opens it large.

    Parameters
    ----------
    html
        The page, in which a drawing is an SVG by `literate.figure`, or an image in two schemes.

    Examples
    --------
    >>> drawing = '<svg viewBox="0 0 90 60" width="120" fill="currentColor" role="img"></svg>'
    >>> 'popovertarget="literate-drawing-1"' in enlarge(f"<figure>{drawing}</figure>")
    True
    """
    numbers = count(1)
    return DRAWING.sub(lambda found: _enlargeable(found, f"literate-drawing-{next(numbers)}"), html)


def _enlargeable(found: re.Match[str], name: str) -> str:
    """Make a drawing a popover, in a frame that keeps its place while it is open."""
    # Spans, because a drawing may stand in a paragraph.
    size = f"--width: {found['width']}; --height: {found['height']}"
    frame = f' style="{size}"' if found["width"] else ""
    button = f'<button popovertarget="{name}" aria-label="Enlarge the figure"></button>'
    return (
        f'<span class="drawing"{frame}><span id="{name}" popover>{found[0]}{button}</span></span>'
    )
