"""Let each drawing of a page open large, over the page.

The browser does it all: a drawing's popover opens by click and by key, closes by click and by
Escape, and gives the focus back. So there is no script, and with scripts switched off it works.
"""

from __future__ import annotations

import re
from itertools import count

__all__ = ["enlarge"]

SVG = re.compile(
    r'(?P<open><svg viewBox="(?P<box>[^"]*)" width="\d+" fill="currentColor" role="img"[^>]*>)'
    r"(?P<drawn>.*?)</svg>",
    re.DOTALL,
)
IMAGES = re.compile(r'<img [^>]*#only-light"[^>]*>\s*<img [^>]*#only-dark"[^>]*>')
DRAWING = re.compile(f"{SVG.pattern}|(?P<images>{IMAGES.pattern})", re.DOTALL)


def enlarge(html: str) -> str:
    """Give each drawing in a page's HTML a button that opens it large.

    Parameters
    ----------
    html
        The page, in which a drawing is an SVG by `literate.figure`, or an image in two schemes.

    Examples
    --------
    >>> drawing = '<svg viewBox="0 0 90 60" width="120" fill="currentColor" role="img"><g/></svg>'
    >>> large = enlarge(f"<figure>{drawing}</figure>")
    >>> 'popovertarget="literate-drawing-1"' in large, large.count("<g/>")
    (True, 1)
    """
    numbers = count(1)
    return DRAWING.sub(lambda found: _enlargeable(found, f"literate-drawing-{next(numbers)}"), html)


def _enlargeable(found: re.Match[str], name: str) -> str:
    """Give a drawing, the button that opens it and the popover that shows it."""
    shown, large = _images(found) if found["images"] else _svg(found, f"{name}-drawn")
    opens = f'<button popovertarget="{name}" aria-label="Enlarge the figure"></button>'
    closes = (
        f'<button popovertarget="{name}" popovertargetaction="hide" aria-label="Close" autofocus>'
        "</button>"
    )
    # Spans, because a drawing may stand in a paragraph.
    popover = f'<span id="{name}" role="dialog" aria-label="Enlarged figure" popover>'
    return f'<span class="drawing">{shown}{opens}{popover}{large}{closes}</span></span>'


def _svg(found: re.Match[str], name: str) -> tuple[str, str]:
    """Give a drawing under a name, and another that is drawn by reference to it."""
    width, height = found["box"].split()[2:]
    shown = f'{found["open"]}<g id="{name}">{found["drawn"]}</g></svg>'
    large = (
        f'<svg viewBox="{found["box"]}" style="min-width: {width}pt; min-height: {height}pt" '
        f'fill="currentColor" aria-hidden="true"><use xlink:href="#{name}"/></svg>'
    )
    return shown, large


def _images(found: re.Match[str]) -> tuple[str, str]:
    """Give a drawing's images twice; the browser loads them once."""
    return found["images"], found["images"]
