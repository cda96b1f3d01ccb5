"""Figures in the styles of matplotlib, and of artists of every kind."""

import re

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from literate.run.figure import STYLE, draw

from .svg import attributes

pytestmark = pytest.mark.usefixtures("style")


def figure():
    """Draw what matplotlib declares in each of its ways."""
    drawing, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], "o--", label="$x^2$")
    axes.bar([0], [1], hatch="//", alpha=0.5)
    axes.imshow([[0, 1]])
    axes.set_title("A title", weight="bold", style="italic", family="monospace")
    axes.legend()
    return drawing


def test_a_drawing_has_no_style_that_a_policy_could_block():
    svg = draw(figure()).svg

    assert ' style="' not in svg
    assert 'stroke-dasharray="' in svg
    assert ' font-style="italic"' in svg


def test_a_line_has_the_attributes_that_matplotlib_declares():
    drawing = plt.figure()
    drawing.patch.set_visible(False)
    drawing.add_artist(plt.Line2D([0, 1], [0, 1], color="red", linewidth=2.5, alpha=0.25))
    (path,) = attributes(draw(drawing).svg, "path")

    wanted = {"fill": "none", "stroke": "#ff0000", "stroke-width": "2.5", "stroke-opacity": "0.25"}
    assert path.items() >= wanted.items()


def ink(svg, text):
    """Give the colour of a text; one that says none takes the page's."""
    (found,) = attributes(svg, "text", text)
    return found.get("fill", "currentColor")


def test_black_stays_black_on_the_ground_of_a_figure():
    plt.style.use("fivethirtyeight")
    drawing, axes = plt.subplots()
    axes.set_title("title")

    assert ink(draw(drawing).svg, "title") == "#000000"


def test_axes_with_a_ground_keep_what_lies_on_them_and_nothing_else():
    drawing, axes = plt.subplots()
    axes.set_facecolor("black")
    axes.text(0.5, 0.5, "inside", color="white")
    axes.set_title("outside")
    svg = draw(drawing).svg

    assert ink(svg, "inside") == "#ffffff"
    assert ink(svg, "outside") == "currentColor"
    assert 'fill="#000000"' in svg


def test_a_text_on_a_shape_keeps_its_colour_if_it_lies_within():
    drawing, axes = plt.subplots()
    axes.bar([0, 1], [3, 3], color="wheat")
    axes.set_ylim(0, 2)
    axes.text(0, 1, "on", ha="center")
    axes.text(0.5, 1, "between", ha="center", size=5)
    axes.text(0, 2.5, "above", ha="center", size=5)
    svg = draw(drawing).svg

    assert ink(svg, "on") == "#000000"
    assert ink(svg, "between") == "currentColor"
    assert ink(svg, "above") == "currentColor"  # the bar is cut off at the axes' edge


@pytest.mark.parametrize(
    ("face", "alpha", "colour"),
    [("wheat", 0.9, "#000000"), ("navy", 0.6, "currentColor"), ("navy", 0.99, "#000000")],
)
def test_what_shines_through_counts_by_its_lightness_on_a_dark_page(face, alpha, colour):
    drawing = plt.figure()
    drawing.text(0.5, 0.5, "text", bbox={"facecolor": face, "alpha": alpha})

    assert ink(draw(drawing).svg, "text") == colour


def test_a_text_on_an_image_keeps_its_colour():
    drawing, axes = plt.subplots()
    axes.imshow([[0, 1]])
    axes.text(0, 0, "dark", color="white", ha="center")
    axes.text(1, 0, "light", color="black", ha="center")
    svg = draw(drawing).svg

    assert ink(svg, "dark") == "#ffffff"
    assert ink(svg, "light") == "#000000"


def test_a_ring_about_a_point_lies_on_the_page():
    drawing, axes = plt.subplots()
    axes.plot(0, 0, "o", color="orange", markersize=4)
    axes.plot(0, 0, "o", markerfacecolor="none", markeredgecolor="black", markersize=20)

    (ring,) = [a for a in attributes(draw(drawing).svg, "path") if a["d"].count("c") > 0][1:]
    assert ring["stroke"] == "currentColor"


@pytest.mark.parametrize("setting", ["cm", "dejavusans", "dejavuserif", "stix", "stixsans"])
@pytest.mark.parametrize("formula", [r"$\mathcal{L}$", r"$\left(\frac{a}{b}\right)$", r"$\alpha$"])
def test_no_letter_needs_a_font_that_the_page_has_not(setting, formula):
    mpl.rcParams["mathtext.fontset"] = setting
    drawing = plt.figure()
    drawing.text(0.5, 0.5, formula)
    svg = draw(drawing).svg

    assert not re.search(r"[\ue000-\uf8ff]|cmsy|cmmi|cmex|STIXSize|STIXNon", svg)
    assert re.search("<tspan|<use", svg)


def test_letters_drawn_as_paths_keep_their_scale_and_are_no_markers():
    mpl.rcParams["mathtext.fontset"] = "cm"
    drawing = plt.figure()
    drawing.text(0.5, 0.5, r"$\alpha$")
    svg = draw(drawing).svg

    assert re.findall(r"<path [^>]*transform=\"scale\(([\d.]+)\)\"", svg) == ["0.015625"]


def test_faint_colours_keep_their_opacity():
    drawing, axes = plt.subplots()
    axes.plot([0, 1], alpha=0.004)

    assert 'opacity="0.004"' in draw(drawing).svg


@pytest.mark.parametrize(
    "settings",
    [
        {"svg.image_inline": False},
        {"svg.fonttype": "path"},
        {"savefig.bbox": None},
        {"svg.id": "x"},
    ],
)
def test_how_a_drawing_is_written_is_not_the_pages_to_say(settings):
    usual = draw(figure())
    mpl.rcParams.update(settings)

    assert draw(figure()) == usual


def gouraud():
    plt.pcolormesh([0, 1], [0, 1], [[0, 1], [1, 0]], shading="gouraud")


def seen_through():
    plt.imshow([[0, float("nan")]])


def in_pixels():
    plt.plot([0, 1], "k", rasterized=True)


@pytest.mark.parametrize("content", [gouraud, seen_through, in_pixels])
def test_what_attributes_cannot_say_becomes_an_image(content):
    content()
    result = draw(plt.gcf())

    assert result.svg == ""
    assert result.light
    assert result.dark


def test_a_figure_on_its_own_ground_is_the_same_image_in_both_schemes():
    plt.rcdefaults()
    gouraud()
    result = draw(plt.gcf())

    assert result.light == result.dark


@pytest.mark.parametrize("name", ["default", "classic", *plt.style.available])
def test_every_style_is_drawn_alike_each_time(name):
    plt.style.use(name)
    first = draw(figure())

    assert draw(figure()) == first
    assert " style=" not in first.svg
    assert first.svg or first.light


def test_a_legend_of_the_figure_stands_where_it_would():
    drawing, axes = plt.subplots()
    axes.plot([0, 1], label="a curve")
    drawing.legend(loc="upper right", frameon=False)
    covered = drawing.get_tightbbox().width + 2 * STYLE["savefig.pad_inches"]

    assert draw(drawing).width == pytest.approx(96 * covered, abs=2)
