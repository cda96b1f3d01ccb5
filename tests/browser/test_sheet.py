"""Drawings on a light page, compared with what matplotlib itself makes of the same figures."""

import base64
import io
import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image, ImageFilter

from literate.result import name_drawing
from literate.run.figure import PALETTE, STYLE, draw

from .checks import pale_drawings
from .sheet import FIGURES, curves

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

LIMIT = 45
"""How much a channel may differ, of 255, where both are blurred: letters are no pixels alike."""

PAGE = """<!doctype html><meta charset="utf-8"><style>
body { background: #fff; color: #000; font: 13px "DejaVu Sans"; margin: 0 }
:is(svg, img) { display: block; max-width: none; height: auto; margin: 4px; }
</style>"""


def style(name):
    return lambda: plt.style.use(name)


def setting(**settings):
    return lambda: mpl.rcParams.update(settings)


CASES = (
    {name: (lambda: None, make) for name, make in FIGURES.items()}
    | {f"default {name}": (plt.rcdefaults, make) for name, make in FIGURES.items()}
    | {f"style {name}": (style(name), curves) for name in ("default", *plt.style.available)}
    | {
        "xkcd": (plt.xkcd, curves),
        "paths": (setting(**{"svg.fonttype": "path"}), curves),
        "files": (setting(**{"svg.image_inline": False}), FIGURES["heat"]),
        "cm": (setting(**{"mathtext.fontset": "cm"}), FIGURES["texts"]),
        "dark": (style("dark_background"), FIGURES["labels"]),
    }
)


def drawn(before, make):
    """Draw a figure for a page, and as matplotlib does."""
    with mpl.rc_context({**STYLE, "axes.prop_cycle": mpl.cycler(color=PALETTE)}):
        before()
        make()
        drawing = plt.gcf()
        options = {"bbox_inches": "tight", "pad_inches": 0.05, "dpi": 96}
        drawing.savefig(buffer := io.BytesIO(), **options)
        figure = draw(drawing)
        plt.close("all")
    return figure, buffer.getvalue()


def picture(data, width=None):
    kind = "webp" if data.startswith(b"RIFF") else "png"
    size = f' width="{width}"' if width else ""
    return f'<img{size} src="data:image/{kind};base64,{base64.b64encode(data).decode()}">'


def seen(page, contents):
    """Give what a browser shows of each drawing, all of them on one page."""
    page.set_viewport_size({"width": 800, "height": 900})
    page.set_content(PAGE + "".join(contents))
    places = page.evaluate(
        "[...document.body.children].map(e => e.getBoundingClientRect())"
        ".map(box => [box.left, box.top, box.right, box.bottom])"
    )
    sheet = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    return [sheet.crop(tuple(round(edge) for edge in place)) for place in places]


def difference(one, other):
    """Give how much two pictures differ where they differ most, when both are blurred."""
    size = (other.width // 2, other.height // 2)
    blurred = (
        np.asarray(
            image.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(3)), int
        )
        for image in (one, other)
    )
    return int(np.abs(np.subtract(*blurred)).max())


def compare(page, shown, images):
    """Give the differences of drawings from images, by their names."""
    pictures = seen(page, [*shown.values(), *map(picture, images)])
    pairs = zip(pictures[: len(shown)], pictures[len(shown) :], strict=True)
    return dict(zip(shown, (difference(*pair) for pair in pairs), strict=True))


def pale(page, shown, ground, ink):
    """Give the texts that can hardly be read on a page of two colours."""
    look = f"--md-default-bg-color: {ground}; background: {ground}; color: {ink}"
    page.set_content(f'{PAGE}<body style="{look}"><article>{"".join(shown)}</article>')
    faults = (re.fullmatch(r'(.*: text ".*") ([\d.]+)', fault) for fault in pale_drawings(page))
    return {fault[1] for fault in faults if fault and float(fault[2]) < 2.5}


def put(figure, name):
    """Give what stands in a page for a drawing."""
    label = re.sub(r"\W", "-", name)
    return (
        name_drawing(figure.svg, label, name) if figure.svg else picture(figure.light, figure.width)
    )


def test_drawings_look_as_matplotlib_draws_them(blank):
    figures = {name: drawn(*case) for name, case in CASES.items()}
    shown = {name: put(figure, name) for name, (figure, _) in figures.items()}
    differences = compare(blank, shown, [image for _, image in figures.values()])

    assert {name: found for name, found in differences.items() if found > LIMIT} == {}


def test_what_can_be_read_on_a_light_page_can_be_on_a_dark_one(blank):
    figures = {name: drawn(*case)[0] for name, case in CASES.items()}
    # What an image looks like under a text, the check does not know.
    plain = {name: figure for name, figure in figures.items() if "<image" not in figure.svg}
    shown = [put(figure, name) for name, figure in plain.items() if figure.svg]

    assert pale(blank, shown, "#1e2129", "#e2e4e9") <= pale(blank, shown, "#ffffff", "#000000")


BROKEN = {
    "a black box": lambda svg: svg.replace(' fill="', ' f="').replace(
        "<path ", '<path fill="#000" '
    ),
    "no fill": lambda svg: re.sub(r'fill="#[0-9a-e]\w+"', 'fill="none"', svg),
    "no letters": lambda svg: re.sub(r"<text.*?</text>", "", svg, flags=re.DOTALL),
    "white letters": lambda svg: svg.replace("<text ", '<text style="fill: #fff" '),
    "no lines": lambda svg: svg.replace("stroke=", "s="),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_drawing_that_is_broken_is_noticed(blank, name):
    figure, image = drawn(lambda: None, curves)
    broken = BROKEN[name](put(figure, "curves"))

    (found,) = compare(blank, {name: broken}, [image]).values()
    assert found > 1.5 * LIMIT
