"""Figures as parts of a page."""

import io
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D
from PIL import Image

from literate.result import ID
from literate.run.figure import LARGE, PALETTE, draw

from .svg import attributes

pytestmark = pytest.mark.usefixtures("style")

LIGHT, DARK = "#ffffff", "#1e2129"


def figure():
    drawing, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], "o-", label="line")
    axes.set_title("A title & more")
    axes.legend()
    return drawing


def luminance(colour):
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def window(svg):
    """Return the corner and the size of what is shown of a drawing."""
    return np.split(np.array(attributes(svg, "svg")[0]["viewBox"].split(), float), 2)


def points(svg):
    """Return the points of every path as they are shown, read by fontTools."""
    pen = RecordingPen()
    for path in attributes(svg, "path"):
        parse_path(path["d"], pen)
    return np.array([step for _, steps in pen.value for step in steps]) - window(svg)[0]


@pytest.mark.parametrize("colour", PALETTE)
def test_data_colours_can_be_told_from_a_light_and_from_a_dark_page(colour):
    assert contrast(colour, LIGHT) >= 3
    assert contrast(colour, DARK) >= 3


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_black_is_the_colour_of_the_page_text():
    svg = draw(figure()).svg

    assert "#000000" not in svg
    assert svg.count("currentColor") > 5


def test_white_is_the_colour_of_the_page():
    drawing, axes = plt.subplots()
    axes.plot([0, 1], "o", markerfacecolor="white")

    assert 'fill="var(--md-default-bg-color, #fff)"' in draw(drawing).svg


def test_text_stays_text_in_the_font_of_the_page():
    svg = draw(figure()).svg

    assert "A title &amp; more</text>" in svg
    assert "font-family" not in svg


def test_text_in_a_data_colour_takes_ink_from_the_page():
    drawing = plt.figure()
    drawing.text(0.5, 0.5, "blue", color=PALETTE[0])
    drawing.text(0.5, 0.5, "black")
    svg = draw(drawing).svg

    assert f'fill="color-mix(in srgb, {PALETTE[0]} 60%, currentColor)"' in svg
    assert svg.count("color-mix") == 1


def test_shorter_paths_lead_through_the_same_points():
    drawing, axes = plt.subplots()
    axes.plot(np.cos(np.arange(40)))
    axes.axis("off")
    axes.fill([0, 5, 3], [1, 0, 1])
    drawing.patch.set_visible(False)
    buffer = io.BytesIO()
    drawing.savefig(buffer, format="svg")
    before, after = (points(svg) for svg in (buffer.getvalue().decode(), draw(drawing).svg))

    assert len(after) > 30
    assert after == pytest.approx(before, abs=0.006)


def test_formulas_take_the_font_of_formulas():
    drawing = plt.figure()
    drawing.text(0.5, 0.5, "$x^2$")

    assert 'font-family="STIX Two Math' in draw(drawing).svg


def test_no_style_metadata_or_namespace_leaks_into_the_page():
    svg = draw(figure()).svg

    assert svg.startswith("<svg viewBox=")
    assert not re.search(r"<style|<metadata|xmlns[:=](?!xlink)|<\?xml|ns0:", svg)


def test_only_ids_that_are_used_remain_and_all_can_be_renamed():
    svg = draw(figure()).svg
    ids = re.findall(r' id="([^"]*)"', svg)

    assert ids
    assert len(set(ids)) == len(ids)
    assert set(ids) == set(re.findall(r'(?:url\(#|href="#)([^")]*)', svg))
    assert all(name.startswith(ID) for name in ids)


def test_links_within_a_drawing_are_none_that_a_script_would_make_absolute():
    drawing, axes = plt.subplots()
    axes.imshow(np.eye(2))
    svg = draw(drawing).svg

    assert " xlink:href=" in svg
    assert " href=" not in svg


def test_markers_and_clips_are_defined_and_not_drawn_and_no_group_is_idle():
    root = ET.fromstring(draw(figure()).svg)  # noqa: S314
    defined = {child for parent in root.iter("defs") for child in parent}

    assert defined
    assert {element for element in root.iter() if element.get("id")} == defined
    assert all(group.attrib for group in root.iter("g"))


def test_a_hatched_area_finds_its_pattern():
    drawing, axes = plt.subplots()
    axes.bar([0], [1], hatch="//")
    svg = draw(drawing).svg
    (pattern,) = attributes(svg, "pattern")

    assert f'fill="url(#{pattern["id"]})"' in svg


def test_the_same_figure_gives_the_same_bytes():
    assert draw(figure()) == draw(figure())


def fill(axes):
    """Draw what lies outside of axes, and what finds its place when it is drawn."""
    axes.plot([0, 1], [1, 100], label="a curve")
    axes.set_yscale("log")
    axes.set_xlabel("$x$")
    axes.legend(loc="upper left", bbox_to_anchor=(1.1, 1))
    axes.annotate("far", (0.5, 10), (1.4, -0.4), textcoords="axes fraction", arrowprops={})


def turn(axes):
    """Draw axes of another kind, and arrows."""
    axes.inset_axes([1.2, 0.2, 0.4, 0.4]).imshow(np.eye(3))
    axes.quiver([0, 9], [0, 9], [1, 0], [0, 1])
    axes.table([["1", "2"]], bbox=[0, -0.6, 1, 0.3])
    axes.set(xlim=(0, 5), ylim=(0, 5), aspect="equal")
    axes.figure.colorbar(axes.scatter([1], [1], c=[1]), ax=axes)


def square(axes):
    """Draw axes that keep their aspect, beside others that follow them."""
    axes.figure.colorbar(axes.imshow(np.eye(3)))
    axes.inset_axes([0.6, 0.6, 0.5, 0.2]).set(aspect="equal")


@pytest.mark.parametrize("layout", [None, "tight"])
@pytest.mark.parametrize("content", [fill, turn, square])
def test_a_drawing_is_cut_where_matplotlib_would_cut_it(content, layout):
    def cut(draw_as_svg):
        figure, axes = plt.subplots(figsize=(12, 8), layout=layout)
        content(axes)
        figure.text(0.5, 0.5, "here")
        resolution = figure.dpi
        svg = draw_as_svg(figure)
        assert figure.dpi == resolution
        (place,) = attributes(svg, "text", "here")
        corner, size = window(svg)
        return [*(np.array([place["x"], place["y"]], float) - corner), *size]

    def matplotlib_svg(figure):
        figure.savefig(buffer := io.StringIO(), format="svg")
        return buffer.getvalue()

    assert cut(lambda figure: draw(figure).svg) == pytest.approx(cut(matplotlib_svg), abs=0.01)


@pytest.mark.parametrize(("place", "times"), [(0.5, 1), (1.05, 1), (2.0, 2)])
def test_only_what_needs_much_room_is_drawn_twice(place, times):
    drawing, _ = plt.subplots()
    drawing.text(place, 0.5, "here")
    events = []
    drawing.canvas.mpl_connect("draw_event", events.append)
    draw(drawing)

    assert len(events) == times


def test_a_line_far_outside_is_not_cut():
    drawing = plt.figure()
    drawing.patch.set_visible(False)
    drawing.add_artist(Line2D([0.5, 4], [0.5, 0.5]))
    left, right = points(draw(drawing).svg)[:, 0]

    assert right - left == pytest.approx(3.5 * 6 * 72)


def test_a_large_figure_becomes_two_images_that_differ_in_ink_alone():
    drawing, axes = plt.subplots()
    points = np.random.default_rng(0).normal(size=(3000, 2))
    axes.scatter(*points.T, c=np.arange(3000))
    result = draw(drawing)
    light, dark = (np.asarray(Image.open(io.BytesIO(data))) for data in (result.light, result.dark))

    assert result.svg == ""
    assert light.shape == dark.shape
    assert light.shape[1] == pytest.approx(2 * result.width, abs=4)
    ink = (light[..., 3] > 250) & (light[..., :3].max(axis=2) < 5)
    assert ink.sum() > 1000
    assert (dark[ink][:, :3].min(axis=1) > 200).mean() > 0.9


def test_a_small_figure_is_no_image():
    result = draw(figure())

    assert result.light == result.dark == b""
    assert len(result.svg) < LARGE / 10
