"""Figures on a canvas: nothing is cut off or overlaps, and all is legible on light and on dark."""

from functools import partial
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from mathlib.architecture import trace
from mathlib.drawing import draw_chain, draw_contours, draw_network
from mathlib.drawing.architecture import draw_costs, draw_feature_maps
from mathlib.layers import Convolution, FeatureMaps, MaxPooling
from mathlib.quadratic import Quadratic

IMAGE, POOL = FeatureMaps(3, 32, 32), MaxPooling()
THREE = trace(IMAGE, [Convolution(5, 16), POOL, Convolution(3, 32), POOL, Convolution(3, 64)])
TWO = trace(IMAGE, [Convolution(5, 32), POOL, Convolution(7, 64), POOL])
SMALL = trace(FeatureMaps(3, 8, 8), [POOL])
OBLONG = trace(FeatureMaps(2, 12, 20), [Convolution((3, 5), 4)])
LONG = trace(
    IMAGE,
    [
        *(Convolution(7, 4), POOL, Convolution(7, 8)),
        *(Convolution(3, 8), POOL, Convolution(2, 16)),
    ],
)
# The last front is narrower than the text below it, on a deep block and on a flat one.
DEEP = trace(FeatureMaps(1, 32, 32), [Convolution(29, 10)])
FLAT = trace(FeatureMaps(10, 32, 32), [Convolution(29, 5)])
OUTLINED = [
    partial(draw_network, 3, 4, 2),
    partial(draw_network, 1, 1, 1),
    partial(draw_network, 128, 10, 7),
    partial(draw_network, 3, 3, 6),
    partial(draw_chain, ["W1", "Z", "A", "y", "L"], [8, 6, 6, 3, 1]),
    partial(draw_chain, ["x", "y"], [1, 1000]),
    partial(draw_chain, list("abcdefgh"), range(1, 9)),
    partial(draw_contours, Quadratic([[5, 2], [2, 2]])),
]
FILLED = [
    *(partial(draw_feature_maps, traced) for traced in (THREE, TWO, SMALL, OBLONG, LONG)),
    *(partial(draw_feature_maps, traced) for traced in (DEEP, FLAT)),
    *(partial(draw_costs, *traces) for traces in ((THREE, TWO), (OBLONG,), (THREE, LONG, TWO))),
]
figures = pytest.mark.parametrize("draw", OUTLINED + FILLED)
outlined = pytest.mark.parametrize("draw", OUTLINED)
filled = pytest.mark.parametrize("draw", FILLED)


def extents(artists):
    """Return what the artists of a drawn figure cover."""
    return [artist.get_window_extent() for artist in artists]


@figures
def test_nothing_is_cut_off_and_no_text_covers_another(draw):
    ax = draw()
    ax.figure.canvas.draw()
    texts, page = extents(ax.texts), ax.figure.bbox
    for box in texts + extents(ax.patches):
        assert page.x0 <= box.x0 <= box.x1 <= page.x1
        assert page.y0 <= box.y0 <= box.y1 <= page.y1
    assert not any(one.overlaps(other) for one, other in combinations(texts, 2))


@outlined
def test_no_text_crosses_the_outline_of_a_shape(draw):
    ax = draw()
    ax.figure.canvas.draw()
    shapes = [patch for patch in ax.patches if type(patch) in (Rectangle, Circle)]
    for text, box in zip(ax.texts, extents(ax.texts), strict=True):
        for outline in extents(shapes):
            within = outline.x0 < box.x0 < box.x1 < outline.x1
            within &= outline.y0 < box.y0 < box.y1 < outline.y1
            assert within or not outline.overlaps(box), text.get_text()


@filled
def test_no_text_covers_a_shape(draw):
    ax = draw()
    ax.figure.canvas.draw()
    for box in extents(ax.texts):
        assert not any(box.overlaps(shape) for shape in extents(ax.patches))


@outlined
def test_no_circle_covers_another(draw):
    circles = extents(patch for patch in draw().patches if isinstance(patch, Circle))
    assert not any(one.overlaps(other) for one, other in combinations(circles, 2))


@figures
def test_a_figure_is_narrow_and_its_text_is_large_and_black_or_grey(draw):
    ax = draw()
    assert ax.figure.get_figwidth() <= 7
    for text in ax.texts:
        assert text.get_fontsize() >= 11
        assert text.get_color() in ("black", "0.5")


@outlined
def test_shapes_are_hollow_or_faint_so_that_either_background_shows(draw):
    for patch in draw().patches:
        if not isinstance(patch, FancyArrowPatch):
            face = patch.get_facecolor()
            assert face[3] <= 0.25
            assert face[3] == 0 or same_color(face[:3], "C0")


@figures
def test_one_scale_holds_for_both_axes_so_that_circles_are_round(draw):
    ax = draw()
    ax.figure.canvas.draw()
    x, y = ax.transData.transform((1, 1)) - ax.transData.transform((0, 0))
    assert x == pytest.approx(y)


@filled
def test_lengths_are_inches(draw):
    ax = draw()
    ax.figure.canvas.draw()
    assert not ax.axison
    step = ax.transData.transform((1, 1)) - ax.transData.transform((0, 0))
    np.testing.assert_allclose(step, ax.figure.dpi)
