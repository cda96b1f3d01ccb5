"""Draw a figure for a page: an SVG that takes its colours and its text from the page.

Black becomes ``currentColor``, so axes and labels follow the page's scheme; backgrounds are clear;
text stays text. The same figure gives the same bytes in every build.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from literate.result import ALT, ID, Figure
from literate.run.ink import PAPER, give_ink
from literate.run.marker import draw_markers, shorten

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing
    from matplotlib.transforms import Bbox

__all__ = ["LARGE", "PALETTE", "STYLE", "draw"]

LARGE = 250_000
"""The size in characters above which a drawing is published as an image."""

PALETTE = ("#2f7ed8", "#d9650b", "#2a9d5c", "#c9498f", "#8268cf", "#93860f", "#11929f", "#808080")
"""Data colours: each has a contrast of at least 3 to a white and to a near-black page."""

WRITTEN: dict[str, Any] = {
    "savefig.bbox": "tight",
    "savefig.pad_inches": 0.05,
    "svg.fonttype": "none",
    "svg.hashsalt": "literate",
    "svg.id": None,
    "svg.image_inline": True,
}
"""The settings that a drawing is written with, whatever a page sets."""

STYLE: dict[str, Any] = {
    "axes.facecolor": "none",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "none",
    "figure.figsize": (6.0, 3.4),
    "figure.max_open_warning": 0,
    "font.size": 12,
    "grid.alpha": 0.35,
    "grid.color": "0.5",
    "image.cmap": "cividis",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "mathtext.fontset": "stix",
    **WRITTEN,
}
"""The settings of matplotlib that pages are drawn with; they may choose others."""

POINTS, PIXELS = 72, 96
"""How many points of an SVG, and how many pixels of CSS, are an inch."""

CLEAR = 0.95 * 255
"""The mean opacity below which an image shows the page that it lies on."""

ROOM = 1.0
"""How far outside of its canvas a figure is drawn at first, in inches."""

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
KNOWN = {
    f"{SVG}{tag}"
    for tag in (
        *("a", "clipPath", "defs", "g", "image", "metadata", "path", "pattern", "rect", "style"),
        *("svg", "text", "tspan", "use"),
    )
}
PROPERTIES = {
    *("fill", "fill-opacity", "image-rendering", "opacity", "text-anchor"),
    *(f"font-{name}" for name in ("family", "size", "stretch", "style", "variant", "weight")),
    *("stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin"),
    *("stroke-opacity", "stroke-width"),
}
LENGTHS = {
    *("x", "y", "width", "height", "font-size"),
    *("stroke-width", "stroke-dasharray", "stroke-dashoffset"),
}
DROPPED = {f"{SVG}metadata", f"{SVG}style"}
GROUP, DEFINITIONS = f"{SVG}g", f"{SVG}defs"
TEXTS = {f"{SVG}text", f"{SVG}tspan"}
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
LINK = re.compile(r"url\(#([^)]+)\)")
NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
NUMBER = re.compile(r"-?\d+\.\d{3,}")
COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
MOVE = re.compile(r"(?:translate|rotate)\([^)]*\)")
SYMBOLS = re.compile(r"font-family: '(cm\w+|STIXSize\w+|STIXNon\w+|[\w ]+ Display)'")
PRIVATE = re.compile(r"[\ue000-\uf8ff]")
COLOURS = ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor")


def draw(drawing: Drawing) -> Figure:
    """Draw a figure as SVG, or as a pair of images where the SVG would be large.

    Parameters
    ----------
    drawing
        A figure of matplotlib; a large one is recoloured on the way.
    """
    import matplotlib as mpl

    with mpl.rc_context(WRITTEN):  # type: ignore[arg-type]
        for patch in _grounds(drawing):
            patch.set_gid(PAPER)
        root, width = _drawn(drawing)
        if _has_lost_letters(root):
            with mpl.rc_context({"svg.fonttype": "path"}):
                root, width = _drawn(drawing)
        svg = _cleaned(root, width) if _can_be_shown(root) else ""
        if svg and len(svg) <= LARGE:
            return Figure(svg, width)
        light = _image(drawing)
        _turn_black_white(drawing)
        return Figure("", width, light, _image(drawing))


def _grounds(drawing: Drawing) -> list[Any]:
    """Return what a figure, its parts and its axes are drawn on."""
    holders: list[Any] = [drawing, *drawing.axes]
    for holder in holders:  # which grows on the way
        holders += [*getattr(holder, "subfigs", ()), *getattr(holder, "child_axes", ())]
    return [holder.patch for holder in holders]


def _drawn(drawing: Drawing) -> tuple[ET.Element, int]:
    """Draw a figure as SVG, cut to what it covers; give its width in CSS pixels, too.

    Matplotlib would draw it once to find out what it covers, and then again. Here it is drawn with
    room about it and measured then, and drawn again only if it takes more room.
    """
    seen: list[tuple[Bbox, Bbox]] = []

    def measure(event: Any) -> None:
        seen.append((drawing.bbox_inches, drawing.get_tightbbox(event.renderer)))

    # A legend of the figure itself stands at the canvas's edge, and would go there with it.
    room = drawing.bbox_inches.padded(0 if drawing.legends else ROOM)
    listening = drawing.canvas.mpl_connect("draw_event", measure)
    try:
        root = _root(drawing, room)
    finally:
        drawing.canvas.mpl_disconnect(listening)
    canvas, covered = seen[-1]
    window = covered.padded(WRITTEN["savefig.pad_inches"])
    left, top = window.x0, canvas.y1 - window.y1
    if not (canvas.contains(*covered.p0) and canvas.contains(*covered.p1)):
        root, left, top = _root(drawing, window.translated(*room.p0)), 0, 0
    view = (left, top, *window.size)
    root.set("viewBox", " ".join(f"{POINTS * inches:.3f}" for inches in view))
    return root, round(PIXELS * window.width)


def _root(drawing: Drawing, window: Bbox) -> ET.Element:
    """Draw what lies in a window of a figure, in inches, as matplotlib's SVG."""
    buffer = io.BytesIO()
    drawing.savefig(buffer, format="svg", metadata=NO_METADATA, bbox_inches=window)
    return ET.fromstring(NOT_XML.sub(b"", buffer.getvalue()))  # noqa: S314 - matplotlib wrote it just now


def _has_lost_letters(root: ET.Element) -> bool:
    """Tell whether formulas have signs that only matplotlib's own fonts have."""
    return any(
        SYMBOLS.search(part.get("style", "")) or PRIVATE.search(part.text or "")
        for part in root.iter(f"{SVG}tspan")
    )


def _can_be_shown(root: ET.Element) -> bool:
    """Write all that elements declare as attributes; tell whether that says what a drawing is."""
    for element in root.iter():
        declared = _declared(element.attrib.pop("style", ""))
        if element.tag not in KNOWN or not declared.keys() <= PROPERTIES or _is_clear(element):
            return False
        element.attrib.update(declared)
    return True


@lru_cache
def _declared(style: str) -> dict[str, str]:
    """Return the declarations of a style."""
    parts = (part.partition(":") for part in style.split(";") if part)
    return {name.strip(): value.strip().removesuffix("px") for name, _, value in parts}


def _is_clear(element: ET.Element) -> bool:
    """Tell whether an element is an image that a good part of the page is seen through."""
    if element.tag != f"{SVG}image":
        return False
    from PIL import Image, ImageStat

    data = base64.b64decode(element.get(HREF, "").removeprefix("data:image/png;base64,"))
    with Image.open(io.BytesIO(data)) as image:
        return image.mode == "RGBA" and ImageStat.Stat(image.getchannel("A")).mean[0] < CLEAR


def _cleaned(root: ET.Element, width: int) -> str:
    """Make matplotlib's SVG a part of a page: small, without styles, its colours the page's."""
    give_ink(root)
    names, view = _names(root), root.get("viewBox", "")
    for element in root.iter():
        _clean(element, names)
    draw_markers(root)
    root[:] = _flat(root)
    root.attrib = {
        "viewBox": view,
        "width": str(width),
        "fill": "currentColor",
        "stroke-linejoin": "round",
        "role": "img",
        "aria-label": ALT,
        "data-search-exclude": "",
    }
    if any("xlink:href" in element.attrib for element in root.iter()):
        root.set("xmlns:xlink", "http://www.w3.org/1999/xlink")
    text = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return re.sub(r' xmlns(:ns\d+)?="[^"]*"|(?<=</)ns\d+:|(?<=<)ns\d+:', "", text).strip()


def _flat(parent: ET.Element) -> Iterator[ET.Element]:
    """Yield an element's children without what a page does not need, such as empty groups."""
    for child in parent:
        child[:] = _flat(child)
        if child.tag == GROUP and not child.attrib:
            yield from child
        elif child.tag not in DROPPED and (len(child) or child.tag != DEFINITIONS):
            yield child


def _names(root: ET.Element) -> dict[str, str]:
    """Return a short name to each id that something refers to."""
    links = (
        link
        for element in root.iter()
        for value in element.attrib.values()
        for link in [*LINK.findall(value), *([value[1:]] if value.startswith("#") else [])]
    )
    return {name: f"{ID}{index}" for index, name in enumerate(dict.fromkeys(links))}


def _clean(element: ET.Element, names: dict[str, str]) -> None:
    """Rename an element's ids, shorten its numbers, and give its fonts to the page."""
    attributes = {}
    for key, value in element.attrib.items():
        linked = LINK.sub(lambda m: f"url(#{names[m[1]]})", " ".join(value.split()))
        if key == "id":
            attributes["id"] = names.get(value, "")
        elif key == HREF:
            # Not "href": scripts that make every link of a page absolute fail at an SVG's.
            attributes["xlink:href"] = f"#{names[value[1:]]}" if value.startswith("#") else value
        elif key == "d":
            attributes["d"] = _path(linked)
        elif key == "font-family":
            attributes[key] = _page_font(linked)
        elif key in LENGTHS:
            attributes[key] = _rounded(linked)
        elif not value.startswith("rotate(-0 "):
            attributes[key] = MOVE.sub(lambda m: _rounded(m[0]), linked)
    element.attrib = {key: value for key, value in attributes.items() if value}
    if element.tag not in TEXTS:
        element.text = None
    element.tail = None if element.tag != f"{SVG}tspan" else element.tail


def _rounded(text: str) -> str:
    """Write lengths to a hundredth of a point."""
    return NUMBER.sub(lambda m: shorten(float(m[0])), text)


def _page_font(family: str) -> str:
    """Leave out a font, but for that of formulas and code."""
    if "STIX" in family:
        return "STIX Two Math, math"
    return "monospace" if "Mono" in family.split(",", maxsplit=1)[0] else ""


def _path(data: str) -> str:
    """Write the points of a path each from the one before, which takes half the characters.

    Examples
    --------
    >>> _path("M 10 10 L 13.5 9 L 13.004 19.25 z")
    'M10 10l3.5-1-.5 10.25z'
    """
    written, last, here = [], "", (0, 0)
    for command, numbers in COMMAND.findall(data):
        points = [round(100 * float(number)) for number in numbers.split()]
        start = here if command != "M" else (0, 0)
        steps = [point - start[index % 2] for index, point in enumerate(points)]
        here = (points[-2], points[-1]) if points else here
        name = command if command == "M" else command.lower()
        written.append(" " if name == last else name)
        written.append(" ".join(_hundredths(step) for step in steps))
        last = name
    return "".join(written).replace(" -", "-")


def _hundredths(number: int) -> str:
    """Write a number of hundredths without what can be left out."""
    text = f"{number / 100:.2f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", text) if text != "-0" else "0"


def _image(drawing: Drawing) -> bytes:
    """Draw a figure as WebP, twice as fine as the page shows it."""
    buffer = io.BytesIO()
    options = {"quality": 90, "method": 4}
    drawing.savefig(buffer, format="webp", dpi=2 * PIXELS, pil_kwargs=options)
    return buffer.getvalue()


def _turn_black_white(drawing: Drawing) -> None:
    """Recolour what is black, for a dark page."""
    from matplotlib.colors import to_rgba_array

    apart = _on_own_ground(drawing)
    for artist in drawing.findobj():
        if artist in apart:
            continue
        for name in COLOURS:
            get, put = getattr(artist, f"get_{name}", None), getattr(artist, f"set_{name}", None)
            if not (get and put):
                continue
            colours = to_rgba_array(get())
            black = (colours[:, :3] == 0).all(axis=1)
            if black.any():
                colours[black, :3] = 1
                put(colours if len(colours) > 1 else tuple(colours[0]))


def _on_own_ground(drawing: Drawing) -> set[Any]:
    """Return the artists that lie on something that is the same on a dark page."""
    from matplotlib.collections import QuadMesh

    grounds = _grounds(drawing)
    opaque = {patch for patch in grounds if patch.get_visible() and patch.get_facecolor()[3] >= 0.5}
    if drawing.patch in opaque:
        return set(drawing.findobj())
    apart = set(grounds)
    for axes in drawing.axes:
        meshes = [one for one in axes.collections if isinstance(one, QuadMesh)]
        if axes.patch in opaque or axes.images or meshes:
            lists = axes.lines, axes.texts, axes.patches, axes.collections, axes.artists
            apart |= {part for artists in lists for one in artists for part in one.findobj()}
    return apart
