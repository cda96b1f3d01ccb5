"""What a block shows beside what it prints: values, images and figures, each at its place."""

from __future__ import annotations

import base64
import io
import re
import sys
import warnings
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from literate.fault import PageError
from literate.result import Display, Figure
from literate.run.figure import draw
from literate.run.streams import Tape

__all__ = ["Stage", "refuse_address"]

SVG, XMLNS = "image/svg+xml", "http://www.w3.org/2000/svg"
IMAGES = ("image/png", "image/jpeg")
ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+>|^<[\w.]+ object>$")
LIVE = re.compile(r"<(?:script|iframe|object|embed|video|audio|canvas|form)\b", re.IGNORECASE)
STYLED = re.compile(r"<style\b(?![^>]*\bscoped\b)", re.IGNORECASE)
LENGTH = re.compile(r"\s*([\d.]+)(pt|px)?\s*$")
HINT = (
    "end the line with a semicolon, assign it to a name, or give it a `_repr_html_`, "
    "`_repr_markdown_` or `_repr_png_`"
)


class Stage:
    """What one block after the other shows.

    Making it puts its own functions in the place of IPython's `display` and of pyplot's `show`.

    Parameters
    ----------
    tape
        What is written to the standard output.

    Attributes
    ----------
    is_seen
        Whether the page shows what the block shows.
    """

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.is_seen = True
        self.displays: list[Display] = []
        self.figures: list[Figure] = []
        for name in ("IPython.display", "IPython.core.display_functions"):
            if module := sys.modules.get(name):
                module.display = self.display  # type: ignore[attr-defined]
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.show = self.show_figures  # type: ignore[attr-defined]

    def clear(self) -> None:
        """Forget what was shown, such as what an inline value displayed."""
        self.displays, self.figures = [], []

    def display(self, *values: Any, raw: bool = False, **_: Any) -> None:
        """Show values here, and print what IPython's `display` prints outside of Jupyter."""
        start = self.tape.tell()
        print(*values)  # noqa: T201 - to where the block may have redirected it
        for value in values:
            self.put(self.form(value, raw=raw), start)
            start = self.tape.tell()

    def show_figures(self, *_: Any, **__: Any) -> None:
        """Show the figures left open here, and close them."""
        for drawing in _drawings():
            self.put(draw(drawing), self.tape.tell())
        _close()

    def end(self, value: Any, line: int) -> tuple[Mapping[str, str] | None, dict[str, Any]]:
        """Return the value that a block ends with, and what it has shown, as fields of a result."""
        part = None if value is None or _is_drawing(value) else self.form(value, line)
        if isinstance(part, Figure):
            self.put(part, self.tape.tell())
        drawings = _drawings()
        if _is_drawing(value) and value not in drawings:
            drawings.append(value)
        figures = (*self.figures, *map(draw, drawings))
        shown = {"displays": tuple(self.displays), "figures": figures}
        _close()
        return None if isinstance(part, Figure) else part, shown

    def put(self, part: Figure | Mapping[str, str], start: int) -> None:
        """Note what is shown, in the place of what was printed from an offset on."""
        if isinstance(part, Figure):
            self.figures.append(part)
        value = None if isinstance(part, Figure) else part
        self.displays.append(Display(start, self.tape.tell(), value))

    def form(self, value: Any, line: int = 0, *, raw: bool = False) -> Figure | Mapping[str, str]:
        """Return what a page shows of a value: a figure, or texts by media type, as `raw` is."""
        if _is_drawing(value):
            figure = draw(value)
            sys.modules["matplotlib.pyplot"].close(value)
            return figure
        bundle, metadata = (value, {}) if raw else _formatted(value)
        if "text/latex" not in bundle and (image := _image(bundle, metadata)):
            return image
        part = _static(bundle)
        if self.is_seen and part.keys() <= {"text/plain"} and not isinstance(value, str):
            text = part.get("text/plain", "")
            if "{" in text and LIVE.search(str(bundle.get("text/html", ""))):
                raise PageError(line, f"a script would have to show this {_kind(value)}; {HINT}")
            refuse_address(text, value, line)
        return part


def refuse_address(text: str, value: Any, line: int = 0) -> None:
    """Refuse a text that says only where a value is in memory.

    Raises
    ------
    PageError
        It does.

    Examples
    --------
    >>> refuse_address(repr(object()), object(), 3)
    Traceback (most recent call last):
    literate.fault.PageError: line 3: the text of this object is an address in memory; end the \
line with a semicolon, assign it to a name, or give it a `_repr_html_`, `_repr_markdown_` or \
`_repr_png_`
    """
    if ADDRESS.search(text):
        raise PageError(line, f"the text of this {_kind(value)} is an address in memory; {HINT}")


def _kind(value: Any) -> str:
    return type(value).__name__


def _is_drawing(value: Any) -> bool:
    """Tell whether a value is a figure of matplotlib."""
    figures = sys.modules.get("matplotlib.figure")
    return bool(figures and isinstance(value, figures.Figure))


def _drawings() -> list[Any]:
    """Return the figures left open."""
    plt = sys.modules.get("matplotlib.pyplot")
    return [plt.figure(number) for number in plt.get_fignums()] if plt else []


def _close() -> None:
    """Close the figures left open."""
    if plt := sys.modules.get("matplotlib.pyplot"):
        plt.close("all")


def _formatted(value: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return a value and what is said about it by media type, as Jupyter shows it."""
    from IPython.core.formatters import DisplayFormatter, FormatterWarning

    formatter: Any = DisplayFormatter()
    # A value that would print itself prints what no test sees.
    formatter.ipython_display_formatter.enabled = False
    with warnings.catch_warnings():
        warnings.simplefilter("error", FormatterWarning)
        bundle, metadata = formatter.format(value)
    return bundle, metadata


def _static(bundle: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a value that mean something without scripts and styles."""
    # A text of a class of its own would need that class wherever it is read.
    texts = {media: str.__str__(data) for media, data in bundle.items() if isinstance(data, str)}
    html, plain = texts.get("text/html", ""), texts.get("text/plain", "")
    needs_style = STYLED.search(html) and plain and not ADDRESS.search(plain)
    if LIVE.search(html) or needs_style:
        del texts["text/html"]
    return texts


def _image(bundle: Mapping[str, Any], metadata: Mapping[str, Any]) -> Figure | None:
    """Return the image that a value offers, None for no image."""
    if SVG in bundle:
        return _vector(str(bundle[SVG]))
    media = next((media for media in IMAGES if media in bundle), None)
    if media is None:
        return None
    from PIL import Image

    data = bundle[media]
    content = data if isinstance(data, bytes) else base64.b64decode(data)
    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as image:
        width = (metadata.get(media) or {}).get("width", image.width)
        return Figure("", int(width), content, media=f"image/{str(image.format).lower()}")


def _vector(svg: str) -> Figure:
    """Return an SVG of others, which a page shows as an image, so that nothing in it is live."""
    root = ET.fromstring(svg)  # noqa: S314 - the page's own code made it
    width = LENGTH.match(root.get("width", "")) or LENGTH.match(
        (root.get("viewBox", "").replace(",", " ").split() or [""])[-2:][0]
    )
    if not root.tag.startswith("{"):
        svg = svg.replace("<svg", f'<svg xmlns="{XMLNS}"', 1)
    pixels = float(width[1]) * (4 / 3 if width[2] == "pt" else 1) if width else 0
    return Figure("", round(pixels), svg.encode(), media=SVG)
