"""Draw in the page's colours what lies on the page, and leave what lies on a paper of its own.

What is black takes the page's ink, what is white the page's ground. On the ground of a figure or of
axes, on a bar or on an image, which are the same on a light and on a dark page, it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.path import Path

__all__ = ["PAPER", "give_ink"]

PAPER = "literate-paper"
"""The id of the group that holds the ground of a figure or of axes."""

BLACK, WHITE = "#000000", "#ffffff"
INK, GROUND = "currentColor", "var(--md-default-bg-color, #fff)"
OWN, PALE, DEEP = "own", "pale", "deep"
KEPT = {(BLACK, OWN), (WHITE, OWN), (BLACK, PALE), (WHITE, DEEP)}
"""Which colours stay as they are, and on what."""

HIDING, OPAQUE = 0.5, 0.95
"""How opaque a filling is that counts for more than what lies under it, or that hides it."""

DARK_PAGE, MIDDLE = (30, 33, 41), 0.18
"""What a dark page is like, and the luminance from which on black is read better than white."""

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
GROUP, IMAGE, PATTERN, USE = (f"{SVG}{tag}" for tag in ("g", "image", "pattern", "use"))
SHAPES = {f"{SVG}path", f"{SVG}rect", USE}
APART = {f"{SVG}defs", f"{SVG}clipPath", PATTERN}

CODES = {"M": 1, "L": 2, "Q": 3, "C": 4, "z": 79}
STEP = re.compile(r"([MLQCz])([^MLQCz]*)")
COLOURED = re.compile(r"#(?!000000|ffffff)[0-9a-f]{6}")
CALL = re.compile(r"(\w+)\(([^)]*)\)")

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
Array = NDArray[np.float64]


def give_ink(root: ET.Element) -> None:
    """Replace black and white where they lie on the page.

    Parameters
    ----------
    root
        An SVG of matplotlib, with attributes in the place of styles, in the order it is painted.

    Examples
    --------
    >>> root = ET.fromstring('<svg xmlns="http://www.w3.org/2000/svg"/>')
    >>> root.append(ET.Element(f"{SVG}rect", width="9", height="9", fill="#ffcc00"))
    >>> root.append(ET.Element(f"{SVG}path", d="M 1 4 L 8 4", fill="none", stroke="#000000"))
    >>> root.append(ET.Element(f"{SVG}path", d="M 1 14 L 8 14", fill="none", stroke="#000000"))
    >>> give_ink(root)
    >>> [path.get("stroke") for path in root.iter(f"{SVG}path")]
    ['#000000', 'currentColor']
    """
    painter = _Painter({name: e for e in root.iter() if (name := e.get("id"))})
    painter.paint(root, ())
    for pattern in root.iter(PATTERN):
        if pattern.get("id") not in painter.kept:
            for element in pattern:
                _recolour(element, GROUND)


class _Area(NamedTuple):
    """What a path encloses that is put in its place, or a part of what lies within its bounds."""

    path: Path
    bounds: Bounds
    place: Point = (0, 0)

    def points(self, *, filled: bool) -> tuple[Point, Point]:
        """Return two points of what is filled, or of the line about it."""
        if filled:
            left, top, right, bottom = self.bounds
            across, down = (right - left) / 4, (bottom - top) / 4
            return (left + across, top + down), (right - across, bottom - down)
        vertices: Array = np.asarray(self.path.vertices, float) + self.place
        one, other = vertices[[(len(vertices) - 1) // 2, len(vertices) // 2]]
        (x0, y0), (x1, y1) = (0.9 * one + 0.1 * other).tolist(), (0.1 * one + 0.9 * other).tolist()
        return (x0, y0), (x1, y1)

    def holds(self, point: Point) -> bool:
        """Tell whether a point is in it."""
        left, top, right, bottom = self.bounds
        return (
            left <= point[0] <= right
            and top <= point[1] <= bottom
            and self.path.contains_point((point[0] - self.place[0], point[1] - self.place[1]))
        )


class _Layer(NamedTuple):
    """What hides what lies under it: a colour of the page or the kind of another, and where."""

    colour: str
    areas: tuple[_Area, ...]


@dataclass(slots=True)
class _Painter:
    """What was painted so far.

    Attributes
    ----------
    named
        The elements that others refer to.
    layers
        What was painted that hides what lies under it.
    kept
        The hatches that keep their colours.
    clips
        What others are cut to.
    """

    named: Mapping[str, ET.Element]
    layers: list[_Layer] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    clips: dict[str, _Area] = field(default_factory=dict)

    def paint(
        self, parent: ET.Element, clips: tuple[_Area, ...], *, is_paper: bool = False
    ) -> None:
        """Paint what an element holds."""
        for element in parent:
            within = clips
            if clip := element.get("clip-path"):
                if clip not in self.clips:
                    self.clips[clip] = self.area(self.named[clip[5:-1]][0])
                within = (*clips, self.clips[clip])
            if element.tag in SHAPES:
                self.put_shape(element, within, is_paper=is_paper)
            elif element.tag == f"{SVG}text" or (element.tag == GROUP and element.get("transform")):
                self.put_text(element)
            elif element.tag == IMAGE:
                self.layers.append(_Layer(OWN, (self.area(element), *within)))
            elif element.tag not in APART:
                self.paint(element, within, is_paper=element.get("id") == PAPER)

    def put_text(self, element: ET.Element) -> None:
        """Paint a text: a formula, or letters as paths, in a group."""
        under = self.under(_text_points(element)) if self.layers else GROUND
        for part in element.iter():
            _recolour(part, under, is_first=part is element, is_text=True)

    def put_shape(self, element: ET.Element, clips: tuple[_Area, ...], *, is_paper: bool) -> None:
        """Paint a shape."""
        fill = element.get("fill", BLACK)
        hatch = fill[5:-1] if fill.startswith("url") else ""
        face = self.named[hatch][0].get("fill", "none") if hatch else fill
        under = OWN if is_paper else GROUND
        if (
            not is_paper
            and self.layers
            and (hatch or {fill, element.get("stroke")} & {BLACK, WHITE})
        ):
            under = self.under(self.area(element).points(filled=face != "none"))
        _recolour(element, under, is_first=True)
        if under == OWN or face not in {"none", BLACK, WHITE}:
            self.kept.add(hatch)
        opacity = float(element.get("opacity", 1)) * float(element.get("fill-opacity", 1))
        if face != "none" and opacity >= HIDING:
            page = {} if (face, under) in KEPT else {BLACK: INK, WHITE: GROUND}
            colour = page.get(face) or _tone(face, opacity)
            self.layers.append(_Layer(colour, (self.area(element), *clips)))

    def under(self, points: Sequence[Point]) -> str:
        """Return what points lie on: a colour of the page, or which kind of another."""
        (x, y), *_ = points
        for layer in reversed(self.layers):
            left, top, right, bottom = layer.areas[0].bounds
            if not (left <= x <= right and top <= y <= bottom):  # as nearly always
                continue
            if all(area.holds(point) for area in layer.areas for point in points):
                return layer.colour
        return GROUND

    def area(self, element: ET.Element) -> _Area:
        """Return the area of a shape or an image."""
        place = float(element.get("x", 0)), float(element.get("y", 0))
        if element.tag == USE:
            element = self.named[element.get(HREF, "")[1:]]
        if "d" in element.attrib:
            path, (left, top, right, bottom) = _enclosed(element.get("d", ""))
            x, y = place
            return _Area(path, (left + x, top + y, right + x, bottom + y), place)
        width, height = (float(element.get(name, 0)) for name in ("width", "height"))
        corners = np.array([(0, 0), (width, 0), (width, height), (0, height)]) + place
        return _Area(*_bounded(_moved(corners, element.get("transform", "")), None))


@lru_cache(maxsize=4096)
def _enclosed(data: str) -> tuple[Path, Bounds]:
    """Read what matplotlib wrote of a path, and its bounds."""
    points, codes = list[float](), list[int]()
    for name, text in STEP.findall(data):
        numbers = [float(number) for number in text.split()] or points[-2:]
        points += numbers
        codes += [CODES[name]] * (len(numbers) // 2)
    return _bounded(np.array(points).reshape(-1, 2), codes)


def _bounded(points: Array, codes: Sequence[int] | None) -> tuple[Path, Bounds]:
    """Return a path and its bounds."""
    from matplotlib.path import Path

    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return Path(points, codes), (left, top, right, bottom)


def _text_points(element: ET.Element) -> list[Point]:
    """Return points left and right in a text, as far as can be told without its font."""
    parts = [part for part in element.iter() if part is not element]
    size = max(float(part.get("font-size", 0)) for part in element.iter())
    width, shift = 0.55 * size * len(element.text or ""), 0.0
    if element.tag == GROUP:
        moved = [_moved(np.zeros((1, 2)), part.get("transform", ""))[0, 0] for part in parts]
        ends = [
            float(end) + float(part.get("x", 0)) for end, part in zip(moved, parts, strict=True)
        ]
        width = max(ends, default=0.0)
    else:
        shift = {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0.0)
    x, y = (float(element.get(name, 0)) for name in ("x", "y"))
    line = np.array([(x + (part - shift) * width, y - 0.3 * size) for part in (0.2, 0.8)])
    return [(x, y) for x, y in _moved(line, element.get("transform", "")).tolist()]


def _moved(points: Array, transform: str) -> Array:
    """Move points as a transformation says."""
    for name, text in reversed(CALL.findall(transform)):
        numbers = [float(number) for number in text.split()]
        if name == "matrix":
            points = points @ np.reshape(numbers[:4], (2, 2)) + numbers[4:]
        elif name == "translate":
            points = points + [*numbers, 0.0][:2]
        elif name == "scale":
            points = points * [*numbers, *numbers][:2]
        elif name == "rotate":
            turn, center = np.deg2rad(numbers[0]), [*numbers[1:], 0.0, 0.0][:2]
            cos, sin = np.cos(turn), np.sin(turn)
            points = (points - center) @ np.array([[cos, sin], [-sin, cos]]) + center
    return points


def _tone(colour: str, opacity: float) -> str:
    """Tell what kind of ground a filling is, on a dark page."""
    if opacity >= OPAQUE or not colour.startswith("#"):
        return OWN
    mixed = [
        opacity * int(colour[at : at + 2], 16) + (1 - opacity) * page
        for at, page in zip((1, 3, 5), DARK_PAGE, strict=True)
    ]
    luminance = sum(
        part * (channel / 255) ** 2.2
        for part, channel in zip((0.2126, 0.7152, 0.0722), mixed, strict=True)
    )
    return PALE if luminance > MIDDLE else DEEP


def _recolour(
    element: ET.Element, under: str, *, is_first: bool = False, is_text: bool = False
) -> None:
    """Replace an element's black and white; letters need more contrast than lines."""
    for name in ("fill", "stroke"):
        colour = element.get(name, BLACK if is_first and name == "fill" else "")
        if (colour, under) in KEPT:
            element.set(name, colour)
        elif colour in {BLACK, WHITE} and name in element.attrib:
            element.set(name, INK if colour == BLACK else GROUND)
        elif is_text and COLOURED.fullmatch(colour) and under not in {OWN, PALE}:
            partner = GROUND if under == INK else INK
            element.set(name, f"color-mix(in srgb, {colour} 60%, {partner})")
