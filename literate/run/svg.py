"""Make matplotlib's SVG a part of a page: small, in attributes, its black and white the page's."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree as ET

from literate.result import ALT, ID
from literate.run.ink import give_ink
from literate.run.marker import draw_markers, shorten

__all__ = ["can_be_shown", "clean", "has_lost_letters"]

CLEAR = 0.95 * 255
"""The mean opacity below which an image shows the page that it lies on."""

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
LINK = re.compile(r"url\(#([^)]+)\)")
NUMBER = re.compile(r"-?\d+\.\d{3,}")
COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
MOVE = re.compile(r"(?:translate|rotate)\([^)]*\)")
SYMBOLS = re.compile(r"font-family: '(cm\w+|STIXSize\w+|STIXNon\w+|[\w ]+ Display)'")
PRIVATE = re.compile(r"[\ue000-\uf8ff]")


def has_lost_letters(root: ET.Element) -> bool:
    """Tell whether formulas have signs that only matplotlib's own fonts have."""
    return any(
        SYMBOLS.search(part.get("style", "")) or PRIVATE.search(part.text or "")
        for part in root.iter(f"{SVG}tspan")
    )


def can_be_shown(root: ET.Element) -> bool:
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


def clean(root: ET.Element, width: int) -> str:
    """Make matplotlib's SVG a part of a page: small, without styles, its colours the page's."""
    give_ink(root)
    names, view = _names(root), root.get("viewBox", "")
    for element in root.iter():
        _clean_element(element, names)
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


def _clean_element(element: ET.Element, names: dict[str, str]) -> None:
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
