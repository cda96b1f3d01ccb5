"""Draw the markers of a figure where they stand.

Matplotlib draws a marker once and refers to it from each of its places. A browser makes a tree of
its own for each reference, which for a thousand of them takes seconds; a path is drawn at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

__all__ = ["draw_markers", "shorten"]

SVG = "{http://www.w3.org/2000/svg}"
HREF = "xlink:href"
PATH, USE = f"{SVG}path", f"{SVG}use"
PLACE = {HREF, "x", "y"}
PIECE = re.compile(r"M(-?[\d.]+) ?(-?[\d.]+)([^M]*)")


def draw_markers(root: ET.Element) -> None:
    """Put paths in the place of the references to markers.

    Parameters
    ----------
    root
        An SVG whose paths go on, after each absolute start, from point to point. So all that
        changes with a marker's place is its start, and what repeats can be compressed.

    Examples
    --------
    >>> root = ET.fromstring(
    ...     '<svg xmlns="http://www.w3.org/2000/svg"><defs><path id="m" d="M0-1l1 0"/></defs></svg>'
    ... )
    >>> root.append(ET.Element(USE, {HREF: "#m", "x": "5", "y": "6.5"}))
    >>> draw_markers(root)
    >>> [path.get("d") for path in root.iter(PATH)]
    ['M5 5.5l1 0']
    """
    named = (path for path in root.iter(PATH) if path.get("id") and "transform" not in path.attrib)
    markers = {f"#{path.get('id')}": path for path in named}
    for parent in list(root.iter()):
        parent[:] = _with_markers(parent, markers)
    drawn = markers.keys() - {use.get(HREF) for use in root.iter(USE)}
    for parent in list(root.iter()):
        parent[:] = [child for child in parent if f"#{child.get('id')}" not in drawn]


def _is_placed(element: ET.Element, markers: dict[str, ET.Element]) -> bool:
    """Tell whether an element puts a marker somewhere without turning or scaling it."""
    is_known = element.tag == USE and element.get(HREF) in markers
    return is_known and "transform" not in element.attrib


def _placed(use: ET.Element, marker: ET.Element) -> ET.Element:
    """Return the path of a marker in its place, with the look that it has there."""
    x, y = float(use.get("x", "0")), float(use.get("y", "0"))
    path = PIECE.sub(
        lambda m: f"M{shorten(float(m[1]) + x)} {shorten(float(m[2]) + y)}{m[3]}",
        marker.get("d", ""),
    )
    return ET.Element(PATH, {**_look(use), "d": path})


def _with_markers(
    elements: Iterable[ET.Element], markers: dict[str, ET.Element]
) -> Iterator[ET.Element]:
    """Return elements with markers drawn, one path for those that follow on each other."""
    last, name = None, None
    for element in elements:
        if not _is_placed(element, markers):
            last = None
            yield element
            continue
        path = _placed(element, markers[element.get(HREF, "")])
        if last is not None and name == element.get(HREF) and _are_one(last, path):
            last.set("d", f"{last.get('d')}{path.get('d')}")
            continue
        last, name = path, element.get(HREF)
        yield path


def _are_one(path: ET.Element, other: ET.Element) -> bool:
    """Tell whether two paths look as one would: both opaque, their lines as their fillings."""
    look = _look(path)
    colours = {look.get("fill", "none"), look.get("stroke", "none")} - {"none"}
    is_opaque = not any("opacity" in name for name in look)
    return look == _look(other) and is_opaque and len(colours) <= 1


def _look(element: ET.Element) -> dict[str, str]:
    """Return what an element says beside its shape and its place."""
    return {k: v for k, v in element.attrib.items() if k not in {*PLACE, "d", "id"}}


def shorten(number: float) -> str:
    """Write a coordinate to a hundredth of a point.

    Examples
    --------
    >>> shorten(12.3049)
    '12.3'
    """
    return f"{number:.2f}".rstrip("0").rstrip(".")
