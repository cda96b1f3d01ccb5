"""Let a drawing open large, over its page.

A drawing is a popover that the site's styles show in its place while it is closed. The browser does
the rest: it opens by click and by key, closes by Escape too, and keeps the focus. So there is no
script, no second drawing, and with scripts switched off it works.
"""

from __future__ import annotations

import re

__all__ = ["enlarge"]

OPENING = re.compile(r"\A<svg\b[^>]*>")
SIZE = re.compile(r' (?:viewBox|width)="[^"]*"')


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
    <span class="drawing"><svg viewBox="0 0 90 60"></svg><span id="literate-drawing-1" popover>\
<svg viewBox="0 0 90 60"></svg>\
<button popovertarget="literate-drawing-1" aria-label="Enlarge the figure"></button></span></span>
    """
    # Spans, because a drawing may stand in a paragraph. An empty drawing of the same size keeps its
    # place while it is open.
    opening = OPENING.match(drawing)
    place = f"<svg{''.join(SIZE.findall(opening[0]))}></svg>" if opening else ""
    name = f"literate-drawing-{number}"
    button = f'<button popovertarget="{name}" aria-label="Enlarge the figure"></button>'
    return f'<span class="drawing">{place}<span id="{name}" popover>{drawing}{button}</span></span>'
