"""Level curves and paths: what is drawn where."""

import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import same_color

from mathlib.descent import Descent, Status, gradient_descent
from mathlib.drawing import (
    draw_contours,
    draw_path,
)
from mathlib.quadratic import Quadratic

SHEET = Quadratic([[5, 2], [2, 2]])


def test_level_curves_are_grey_and_the_form_has_their_level_on_them():
    ax = draw_contours(SHEET, reach=2, count=4)
    (curves,) = ax.collections
    highest = SHEET.value([2, 2])
    np.testing.assert_allclose(curves.levels, highest * np.array([1, 4, 9, 16]) / 25)
    assert same_color(curves.get_edgecolor()[0], "0.5")
    for level, path in zip(curves.levels, curves.get_paths(), strict=True):
        np.testing.assert_allclose(SHEET.value(path.vertices), level, rtol=0.02)


def test_levels_below_zero_are_dashed():
    (curves,) = draw_contours(Quadratic([[1, 0], [0, -1]]), reach=1, count=2).collections
    np.testing.assert_allclose(curves.levels, np.array([-4, -1, 1, 4]) / 9)
    dashes = [dash is not None for _, dash in curves.get_linestyle()]
    assert dashes == [True, True, False, False]


def test_a_form_that_is_zero_everywhere_has_no_curves():
    ax = draw_contours(Quadratic([[0, 0], [0, 0]]))
    assert not ax.collections
    assert ax.get_xlim() == ax.get_ylim() == (-3, 3)


def test_a_level_that_the_form_only_touches_is_not_drawn():
    # On the square the first form is between -1 and 4, the second between -4 and 1.
    (curves,) = draw_contours(Quadratic([[1, 0], [0, -0.25]]), reach=2, count=1).collections
    assert list(curves.levels) == [1]
    (curves,) = draw_contours(Quadratic([[0.25, 0], [0, -1]]), reach=2, count=1).collections
    assert list(curves.levels) == [-1]


def test_the_centre_is_marked_and_the_scales_are_equal():
    ax = draw_contours(SHEET, reach=1.5)
    (mark,) = ax.lines
    np.testing.assert_array_equal(mark.get_xydata(), [[0, 0]])
    assert (mark.get_marker(), mark.get_color()) == ("+", "black")
    assert ax.get_xlim() == ax.get_ylim() == (-1.5, 1.5)
    assert ax.get_aspect() == 1
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "y")


def test_without_more_said_eight_levels_are_drawn_from_minus_three_to_three():
    ax = draw_contours(Quadratic([[1, 0], [0, 1]]))
    (curves,) = ax.collections
    assert (ax.get_xlim(), len(curves.levels)) == ((-3, 3), 8)


def test_level_curves_are_drawn_where_it_is_asked():
    _, ax = plt.subplots()
    assert draw_contours(SHEET, ax) is ax
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize(
    ("A", "options", "text"),
    [
        ([[1]], {}, "A must have the shape (2, 2), got (1, 1)"),
        (np.eye(3), {}, "A must have the shape (2, 2), got (3, 3)"),
        (np.eye(2), {"reach": 0}, "reach must be positive and finite, got 0"),
        (np.eye(2), {"reach": np.inf}, "reach must be positive and finite, got inf"),
        (np.eye(2), {"count": 0}, "count must be at least 1, got 0"),
    ],
)
def test_level_curves_that_cannot_be_drawn_are_refused(A, options, text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        draw_contours(Quadratic(A), **options)


def test_a_path_joins_the_points_of_the_run_and_rings_its_start():
    ax = draw_contours(SHEET)
    run = gradient_descent(SHEET, [2, 1], 0.1, steps=5)
    line = draw_path(run, ax)
    np.testing.assert_array_equal(line.get_xydata(), run.path)
    assert (line.get_marker(), line.get_linestyle()) == ("o", "-")
    ring = ax.lines[-1]
    np.testing.assert_array_equal(ring.get_xydata(), [[2, 1]])
    assert (ring.get_markerfacecolor(), ring.get_color()) == ("none", line.get_color())
    assert ring.get_marker() == "o"
    assert ring.get_markersize() > line.get_markersize()


def test_paths_take_the_colour_cycle_from_its_beginning_unless_a_colour_is_given():
    ax = draw_contours(SHEET)
    run = gradient_descent(SHEET, [2, 1], 0.1, steps=2)
    lines = [draw_path(run, ax) for _ in range(2)]
    for place_in_cycle, line in enumerate(lines):
        assert same_color(line.get_color(), f"C{place_in_cycle}")
    assert draw_path(run, ax, color="0.5").get_color() == "0.5"


@pytest.mark.parametrize(("steps", "points"), [(0, 1), (3, 4), (9, 6), (None, 6)])
def test_a_path_is_drawn_up_to_the_step_that_is_asked(steps, points):
    run = gradient_descent(SHEET, [2, 1], 0.1, steps=5)
    line = draw_path(run, draw_contours(SHEET), steps=steps)
    np.testing.assert_array_equal(line.get_xydata(), run.path[:points])


def test_a_path_that_leaves_the_picture_does_not_widen_it():
    _, ax = plt.subplots()
    draw_path(Descent(np.array([[9.0, 9.0], [-9.0, -9.0]]), np.zeros(2), Status.DIVERGED), ax)
    assert ax.get_xlim() == ax.get_ylim() == (0, 1)


def test_paths_that_cannot_be_drawn_are_refused():
    run = gradient_descent(Quadratic(np.eye(3)), [1, 1, 1], 0.1, steps=2)
    _, ax = plt.subplots()
    with pytest.raises(
        ValueError, match=r"^the path must have the shape \(points, 2\), got \(3, 3\)$"
    ):
        draw_path(run, ax)
    run = gradient_descent(SHEET, [1, 1], 0.1)
    with pytest.raises(ValueError, match=r"^steps must be at least 0, got -1$"):
        draw_path(run, ax, steps=-1)
