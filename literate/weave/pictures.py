"""Put figures into a page: drawings as a part of it, images as files, an SVG of others as data."""

from __future__ import annotations

import base64
import hashlib
import posixpath
from html import escape

from literate.result import Figure, name_drawing
from literate.text import escape as escape_markdown
from literate.weave.boxes import fenced
from literate.weave.marks import Marks
from literate.weave.zoom import enlarge

__all__ = ["picture", "show_figure"]

FIGURES = "assets/figures"


def show_figure(
    figure: Figure, number: int, name: str, alt: str, folder: str, marks: Marks
) -> tuple[str, dict[str, bytes]]:
    """Return the Markdown of a figure, and the files that it links by their names below the site.

    Parameters
    ----------
    figure
        The figure.
    number, name
        Its number, and what its ids begin with.
    alt
        Its alternative text.
    folder
        Where the page stands below the site's pages.
    marks
        Where the texts go that Markdown must not see.
    """
    if figure.svg or figure.media == "image/svg+xml":
        drawing = name_drawing(figure.svg, name, alt) if figure.svg else picture(figure, alt)
        return marks.hide_block(fenced(enlarge(drawing, number), "woven")), {}
    place, files, links = posixpath.relpath(FIGURES, folder or "."), {}, []
    schemes = {"#only-light": figure.light, "#only-dark": figure.dark}
    for scheme, data in schemes.items() if figure.dark else [("", figure.light)]:
        file = f"{hashlib.sha256(data).hexdigest()[:16]}.{figure.media.rpartition('/')[2]}"
        files[f"{FIGURES}/{file}"] = data
        text = " ".join(alt.split())
        label = marks.hide(text, escape_markdown(text))
        kind = "" if scheme else ".picture "
        links.append(f"![{label}]({place}/{file}{scheme}){{ {kind}width={figure.width} }}")
    return f"{enlarge(''.join(links), number)}\n", files


def picture(figure: Figure, alt: str) -> str:
    """Return the element that shows an SVG of others, in which nothing is live, on paper.

    Examples
    --------
    >>> print(picture(Figure("", 20, b"", media="image/svg+xml"), 'A "line"'))
    <img class="picture" alt="A &quot;line&quot;" width="20" src="data:image/svg+xml;base64,">
    """
    label, size = escape(" ".join(alt.split())), f' width="{figure.width}"' if figure.width else ""
    data = base64.b64encode(figure.light).decode()
    return f'<img class="picture" alt="{label}"{size} src="data:{figure.media};base64,{data}">'
