"""Draw a figure for a page: an SVG that takes its colours and its text from the page.

Black becomes ``currentColor``, so axes and labels follow the page's scheme; backgrounds are clear;
text stays text. The same figure gives the same bytes in every build.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from literate.result import Figure
from literate.run.ink import PAPER
from literate.run.svg import can_be_shown, clean, has_lost_letters

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

ROOM = 1.0
"""How far outside of its canvas a figure is drawn at first, in inches."""

NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
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
        if has_lost_letters(root):
            with mpl.rc_context({"svg.fonttype": "path"}):
                root, width = _drawn(drawing)
        svg = clean(root, width) if can_be_shown(root) else ""
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
