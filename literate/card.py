"""Draw the card that a message shows where somebody links to a page, and name it in the page.

The font is matplotlib's own, so a card has the same bytes on every machine.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

__all__ = ["SIZE", "draw_card", "tag_card"]

SIZE = (1200, 630)
"""The width and the height of a card in pixels, as the large services ask for."""

LEFT, RIGHT, TOP, BOTTOM = 96, 1104, 96, 534
PAPER, INK, ACCENT = (255, 255, 255), (29, 37, 48), (0, 104, 122)
BLACK, GREY, MARK, WHITE = 0, 90, 1, 255
TITLES = ((72, 2), (60, 2), (50, 3), (42, 3))  # sizes, and as many lines as have room
DESCRIPTION = (30, 3)
DOTS = "\N{HORIZONTAL ELLIPSIS}"


def draw_card(title: str, description: str, site_name: str) -> bytes:
    """Draw a card as PNG.

    Parameters
    ----------
    title
        Of the page; as many words of it as have room.
    description
        Of the page, below the title, as far as there is room.
    site_name
        At the foot; it may be empty.

    Examples
    --------
    >>> draw_card("A page", "What it says.", "A site")[1:4]
    b'PNG'
    """
    from PIL import Image, ImageDraw

    image = Image.new("L", SIZE, WHITE)
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((LEFT, TOP, LEFT + 71, TOP + 7), fill=MARK)
    y = TOP + 48
    for text, (size, most), bold, level in (
        (title, _title_size(title), True, BLACK),
        (description, DESCRIPTION, False, GREY),
    ):
        for line in _cut(text, _font(size, bold=bold), most):
            drawing.text((LEFT, y), line, level, _font(size, bold=bold))
            y += round(1.3 * size)
        y += 20
    drawing.text((LEFT, BOTTOM), site_name, BLACK, _font(28, bold=True), anchor="ls")
    image.putpalette(_palette())
    buffer = io.BytesIO()
    image.save(buffer, "png")
    return buffer.getvalue()


def tag_card(html: str, image: str, **properties: str) -> str:
    """Name a card and what it shows in the head of a page.

    Parameters
    ----------
    html
        The page.
    image
        The address of the card, with its host: the protocol (ogp.me) allows no other.
    properties
        What else the protocol names, such as ``title``; empty ones are left out.

    Examples
    --------
    >>> print(tag_card("<head></head>", "https://a.example/b.png", title="A & B", url=""))
    <head><meta property="og:title" content="A &amp; B">
    <meta property="og:image" content="https://a.example/b.png">
    <meta property="og:image:width" content="1200">
    <meta property="og:image:height" content="630">
    <meta name="twitter:card" content="summary_large_image">
    </head>
    """
    width, height = map(str, SIZE)
    image_size = {"image:width": width, "image:height": height}
    given = {name: text for name, text in properties.items() if text}
    tags = [
        f'<meta property="og:{name}" content="{escape(text)}">\n'
        for name, text in {**given, "image": image, **image_size}.items()
    ]
    tags.append('<meta name="twitter:card" content="summary_large_image">\n')
    return html.replace("</head>", f"{''.join(tags)}</head>", 1)


@cache
def _font(size: int, *, bold: bool = False) -> FreeTypeFont:
    """Load a font; matplotlib itself takes long to load."""
    from PIL import ImageFont

    package = find_spec("matplotlib")
    assert package
    assert package.origin
    fonts = Path(package.origin).parent / "mpl-data/fonts/ttf"
    file = fonts / f"DejaVuSans{'-Bold' * bold}.ttf"
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


def _title_size(title: str) -> tuple[int, int]:
    """Give the largest size in which a title has room, and its number of lines."""
    for size, most in TITLES:
        font = _font(size, bold=True)
        lines = list(_lines(title, font))
        if len(lines) <= most and all(_is_short(line, font) for line in lines):
            return size, most
    return TITLES[-1]


def _is_short(line: str, font: FreeTypeFont) -> bool:
    """Tell whether a line is no wider than the card's text."""
    return font.getlength(line) <= RIGHT - LEFT


def _cut(text: str, font: FreeTypeFont, most: int) -> list[str]:
    """Break a text into lines, and leave out what has no room."""
    lines = list(_lines(text, font))
    if len(lines) > most:
        lines[most - 1 :] = [f"{lines[most - 1]} {DOTS}"]
    return [_narrow(line, font) for line in lines]


def _narrow(line: str, font: FreeTypeFont) -> str:
    """Cut a line that is too wide."""
    while not _is_short(line, font):
        line = line.removesuffix(DOTS)[:-1] + DOTS
    return line


def _lines(text: str, font: FreeTypeFont) -> Iterator[str]:
    """Break a text between words where a line would become too wide."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and not _is_short(longer, font):
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _palette() -> list[int]:
    """Give the colours of the levels of grey: from ink to paper, and that of the mark."""
    mixed = [
        [round(ink + (paper - ink) * level / WHITE) for ink, paper in zip(INK, PAPER, strict=True)]
        for level in range(WHITE + 1)
    ]
    mixed[MARK] = list(ACCENT)
    return [part for colour in mixed for part in colour]
