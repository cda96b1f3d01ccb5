"""Figures in the styles of matplotlib, and of artists of every kind."""

import re

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from literate.run.figure import STYLE, draw


@pytest.fixture(autouse=True)
def style():
    with mpl.rc_context(STYLE):
        yield
    plt.close("all")


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
    (path,) = re.findall("<path[^>]*>", draw(drawing).svg)

    for attribute in ('fill="none"', 'stroke="#ff0000"', 'stroke-width="2.5"', 'opacity="0.25"'):
        assert attribute in path
