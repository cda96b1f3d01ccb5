"""Let a drawing open large, over its page.

A drawing is a popover that the site's styles show in its place while it is closed. The browser does
the rest: it opens by click and by key, closes by Escape too, and keeps the focus. So there is no
script, no second drawing, and with scripts switched off it works.
"""

from __future__ import annotations

import re

__all__ = ["enlarge"]

SIZE = re.compile(r'\A<svg\b[^>]* viewBox="\S+ \S+ (\S+) ([^"\s]+)"')


def enlarge(drawing: str, number: int) -> str:
    """Return a drawing in a frame that keeps its place, with a button that opens it large.

    Parameters
    ----------
    drawing
        An SVG with its ``viewBox``, or images.
    number
        Tells it from the other drawings of the page.

    Examples
    --------
    >>> print(enlarge('<svg viewBox="0 0 90 60"></svg>', 1))
    <span class="drawing" style="--width: 90; --height: 60"><span id="literate-drawing-1" popover>\
<svg viewBox="0 0 90 60"></svg>\
<button popovertarget="literate-drawing-1" aria-label="Enlarge the figure"></button></span></span>
    """
    # Spans, because a drawing may stand in a paragraph.
    size = SIZE.match(drawing)
    frame = f' style="--width: {size[1]}; --height: {size[2]}"' if size else ""
    name = f"literate-drawing-{number}"
    button = f'<button popovertarget="{name}" aria-label="Enlarge the figure"></button>'
    return f'<span class="drawing"{frame}><span id="{name}" popover>{drawing}{button}</span></span>'
