"""The chain of Jacobians: what is drawn where."""

import re

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import ArrowStyle, FancyArrowPatch, Rectangle

from mathlib.drawing import (
    draw_chain,
)

from .axes import drawn, place, words


def filled(ax):
    """Return the rectangles filled with a colour as (left, bottom, width, height)."""
    return [box.get_bbox().bounds for box in drawn(ax, Rectangle) if box.get_alpha()]


def test_the_arrows_of_the_chain_have_filled_heads_and_are_black():
    (arrow,) = drawn(draw_chain(["a", "b"], [1, 1]), FancyArrowPatch)
    assert isinstance(arrow.get_arrowstyle(), ArrowStyle.CurveFilledB)
    assert same_color(arrow.get_edgecolor(), "black")
    assert same_color(arrow.get_facecolor(), "black")


def test_the_chain_names_variables_sizes_and_jacobians():
    assert words(draw_chain(["W1", "Z", "L"], [8, 6, 1])) == [
        *("W1", "8", "Z", "6", "L", "1"),
        *("∂Z/∂W1", "(6, 8)", "∂L/∂Z", "(1, 6)"),
    ]


def test_jacobians_are_drawn_to_scale():
    wide = filled(draw_chain(["a", "b", "c"], [10, 5, 2]))
    sides = np.array([box[2:] for box in wide])
    np.testing.assert_allclose(sides / sides[0, 0], [[1, 0.5], [0.5, 0.2]])


def test_a_side_too_small_to_be_seen_is_drawn_as_thin_as_can_be():
    ((_, _, width, height),) = filled(draw_chain(["a", "b"], [1, 1000]))
    assert 0.01 < width < height / 10
    ((_, _, width, height),) = filled(draw_chain(["a", "b"], [1000, 1]))
    assert 0.01 < height < width / 10


def test_an_arrow_leads_from_each_variable_to_the_next_over_its_jacobian():
    ax = draw_chain(["a", "b", "c"], [4, 3, 2])
    boxes = [box.get_bbox() for box in drawn(ax, Rectangle) if not box.get_fill()][:3]
    ax.figure.canvas.draw()
    arrows = [
        ax.transData.inverted().transform_bbox(arrow.get_window_extent())
        for arrow in drawn(ax, FancyArrowPatch)
    ]
    for arrow, before, after in zip(arrows, boxes[:-1], boxes[1:], strict=True):
        assert before.x1 < arrow.x0 < before.x1 + 0.05
        assert after.x0 - 0.05 < arrow.x1 < after.x0
        assert (arrow.y0 + arrow.y1) / 2 == pytest.approx((before.y0 + before.y1) / 2, abs=0.01)
    x, _, width, _ = filled(ax)[1]
    assert x + width / 2 == pytest.approx((boxes[1].x1 + boxes[2].x0) / 2)
    assert place(ax, "∂c/∂b")[0] == place(ax, "(2, 3)")[0] == pytest.approx(x + width / 2)


@pytest.mark.parametrize(
    ("names", "sizes", "text"),
    [
        (["a"], [1], "number of variables must be 2 to 8, got 1"),
        (list("abcdefghi"), [1] * 9, "number of variables must be 2 to 8, got 9"),
        (["a", "b"], [1], "sizes must have the shape (2,) of the names, got (1,)"),
        (["a", "b"], [1, 0], "size of b must be at least 1, got 0"),
    ],
)
def test_what_is_no_chain_is_refused(names, sizes, text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        draw_chain(names, sizes)
