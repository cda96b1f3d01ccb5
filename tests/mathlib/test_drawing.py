"""Figures: what is drawn where, and that it is legible on light and on dark pages."""

import re
from itertools import combinations

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import same_color, to_rgba
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import ArrowStyle, Circle, FancyArrowPatch, Rectangle

from mathlib import drawing
from mathlib.descent import Descent, Quadratic, Status, gradient_descent
from mathlib.drawing import (
    draw_chain,
    draw_contours,
    draw_contributions,
    draw_network,
    draw_path,
)

SHEET = Quadratic([[5, 2], [2, 2]])
Z = np.array([[-0.86, -0.67], [-0.36, 0.45], [0.95, -0.53]])
DZ = np.array([[7, 7], [7, -0.318], [-0.262, 7]])


def says(text):
    """Return a pattern for exactly this text."""
    return f"^{re.escape(text)}$"


def words(ax):
    """Return the texts on the axes in the order in which they were written."""
    return [text.get_text() for text in ax.texts]


def place(ax, word):
    """Return where the only such text stands."""
    (text,) = (text for text in ax.texts if text.get_text() == word)
    return text.get_position()


def drawn(ax, kind):
    """Return the patches of exactly one kind."""
    return [patch for patch in ax.patches if type(patch) is kind]


def filled(ax):
    """Return the rectangles filled with a colour as (left, bottom, width, height)."""
    return [box.get_bbox().bounds for box in drawn(ax, Rectangle) if box.get_alpha()]


figures = pytest.mark.parametrize(
    "draw",
    [
        lambda: draw_network(3, 4, 2),
        lambda: draw_network(1, 1, 1),
        lambda: draw_network(128, 10, 7),
        lambda: draw_network(3, 3, 6),
        lambda: draw_contributions(Z, DZ),
        lambda: draw_contributions([[1]], [[-1e-7 / 3]]),
        lambda: draw_contributions(np.ones((5, 4)), np.full((5, 4), -0.12345)),
        lambda: draw_chain(["W1", "Z", "A", "y", "L"], [8, 6, 6, 3, 1]),
        lambda: draw_chain(["x", "y"], [1, 1000]),
        lambda: draw_chain(list("abcdefgh"), range(1, 9)),
        lambda: draw_contours(SHEET),
    ],
)


def test_every_public_name_exists():
    assert all(hasattr(drawing, name) for name in drawing.__all__)
    assert drawing.__all__ == sorted(drawing.__all__)


@figures
def test_nothing_is_cut_off_and_no_text_covers_another(draw):
    ax = draw()
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    page = ax.figure.bbox
    for box in boxes:
        assert page.x0 <= box.x0 <= box.x1 <= page.x1
        assert page.y0 <= box.y0 <= box.y1 <= page.y1
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    for patch in ax.patches:
        outline = patch.get_window_extent()
        assert page.x0 <= outline.x0 <= outline.x1 <= page.x1
        assert page.y0 <= outline.y0 <= outline.y1 <= page.y1


@figures
def test_no_text_crosses_the_outline_of_a_shape(draw):
    ax = draw()
    ax.figure.canvas.draw()
    for text in ax.texts:
        box = text.get_window_extent()
        for patch in drawn(ax, Rectangle) + drawn(ax, Circle):
            outline = patch.get_window_extent()
            within = outline.x0 < box.x0 < box.x1 < outline.x1
            within &= outline.y0 < box.y0 < box.y1 < outline.y1
            assert within or not outline.overlaps(box), text.get_text()


@figures
def test_no_circle_covers_another(draw):
    circles = [circle.get_window_extent() for circle in drawn(draw(), Circle)]
    assert not any(one.overlaps(other) for one, other in combinations(circles, 2))


@figures
def test_a_figure_is_narrow_and_its_text_is_large_and_black_or_grey(draw):
    ax = draw()
    assert ax.figure.get_figwidth() <= 7
    for text in ax.texts:
        assert text.get_fontsize() >= 11
        assert text.get_color() in ("black", "0.5")


@figures
def test_shapes_are_hollow_or_faint_so_that_either_background_shows(draw):
    for patch in draw().patches:
        if not isinstance(patch, FancyArrowPatch):
            face = patch.get_facecolor()
            assert face[3] in (0, 0.25)
            assert face[3] == 0 or same_color(face[:3], "C0")


@figures
def test_lengths_are_inches_so_that_circles_are_round(draw):
    ax = draw()
    ax.figure.canvas.draw()
    (x, y) = ax.transData.transform((1, 1)) - ax.transData.transform((0, 0))
    assert x == pytest.approx(y)


# The network


def test_the_network_stands_where_arithmetic_puts_it():
    ax = draw_network(1, 3, 2)
    tall = 3 * 0.62
    middle, title = 0.8 + tall / 2, tall + 1.1
    inputs = [(0.6, middle + 0.62), (0.6, middle), (0.6, middle - 0.62)]
    hidden = [(2.7, middle + 0.31), (2.7, middle - 0.31)]
    output = [(4.8, middle)]
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 5.4), (0, pytest.approx(tall + 1.35)))
    circles = drawn(ax, Circle)
    np.testing.assert_allclose([circle.center for circle in circles], inputs + hidden + output)
    assert {(circle.radius, circle.get_linewidth()) for circle in circles} == {(0.24, 1.4)}
    units = [(0.6, title), *inputs, (2.7, title), *hidden, (4.8, title), *output]
    arrays = [(x, y) for x in (0.6, 1.65, 2.7, 3.75, 4.8) for y in (0.52, 0.24)]
    np.testing.assert_allclose([text.get_position() for text in ax.texts], units + arrays)
    sizes = [text.get_fontsize() for text in ax.texts]
    assert sizes == [12] * len(units) + [12, 11] * 5


def test_the_network_has_a_circle_for_each_unit_and_a_line_for_each_weight():
    ax = draw_network(3, 4, 2)
    assert len(drawn(ax, Circle)) == 4 + 2 + 1
    colors = [line.get_color() for line in ax.lines]
    assert colors == ["C0"] * (4 * 2) + ["C1"] * 2


def test_the_network_names_its_units_and_every_array_with_its_shape():
    units = ["inputs", "1", "2", "3", "4", "hidden, ReLU", "1", "2", "output", "y"]
    arrays = ["X", "(3, 4)", "W1, b1", "(2, 4), (2,)", "Z, A", "(3, 2)"]
    arrays += ["w2, b2", "(2,), ()", "y", "(3,)"]
    assert words(draw_network(3, 4, 2)) == units + arrays


def test_shapes_follow_the_numbers_of_samples_inputs_and_units():
    shapes = [word for word in words(draw_network(5, 6, 3)) if "(" in word]
    assert shapes == ["(5, 6)", "(3, 6), (3,)", "(5, 3)", "(3,), ()", "(5,)"]


def test_array_names_are_bold_and_shapes_are_not():
    weights = {text.get_text(): text.get_weight() for text in draw_network(3, 4, 2).texts}
    assert weights["W1, b1"] == "bold"
    assert weights["(2, 4), (2,)"] == "normal"


def test_every_line_leads_from_the_right_of_a_circle_to_the_left_of_one_in_the_next_layer():
    ax = draw_network(1, 3, 2)
    circles = {circle.center: circle.radius for circle in drawn(ax, Circle)}
    rights = {(round(x + r, 9), round(y, 9)): x for (x, y), r in circles.items()}
    lefts = {(round(x - r, 9), round(y, 9)): x for (x, y), r in circles.items()}
    pairs = {tuple(map(tuple, np.round(line.get_xydata(), 9))) for line in ax.lines}
    assert len(pairs) == len(ax.lines) == 3 * 2 + 2
    columns = sorted({x for x, _ in circles})
    for start, end in pairs:
        assert columns.index(lefts[end]) == columns.index(rights[start]) + 1


def test_each_layer_is_centred_and_its_units_are_evenly_spaced():
    centres = np.array([circle.center for circle in drawn(draw_network(1, 4, 3), Circle)])
    inputs, hidden, output = centres[:4], centres[4:7], centres[7:]
    assert inputs[:, 1].mean() == pytest.approx(output[0, 1])
    assert hidden[:, 1].mean() == pytest.approx(output[0, 1])
    np.testing.assert_allclose(np.diff(inputs[:, 1]), np.diff(inputs[:2, 1])[0])
    assert inputs[0, 1] > inputs[1, 1]
    np.testing.assert_allclose(np.diff([0.6, hidden[0, 0], 4.8]), [2.1, 2.1])


def test_arrays_stand_under_their_layer_or_between_two():
    ax = draw_network(3, 4, 2)
    layers = sorted({circle.center[0] for circle in drawn(ax, Circle)})
    names = ["X", "W1, b1", "Z, A", "w2, b2"]
    expected = [layers[0], sum(layers[:2]) / 2, layers[1], sum(layers[1:]) / 2]
    np.testing.assert_allclose([place(ax, name)[0] for name in names], expected)


def test_six_units_are_all_drawn_and_of_seven_the_first_three_and_the_last():
    assert words(draw_network(1, 6, 1))[:8] == ["inputs", *"123456", "hidden, ReLU"]
    ax = draw_network(1, 7, 2)
    assert words(ax)[:7] == ["inputs", *"123⋮7", "hidden, ReLU"]
    assert len(drawn(ax, Circle)) == 4 + 2 + 1
    assert len(ax.lines) == 4 * 2 + 2


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((0, 4, 2), "samples must be at least 1, not 0"),
        ((3, -1, 2), "inputs must be at least 1, not -1"),
        ((3, 4, 0), "hidden must be at least 1, not 0"),
    ],
)
def test_a_network_without_units_or_samples_is_refused(numbers, text):
    with pytest.raises(ValueError, match=says(text)):
        draw_network(*numbers)


# Contributions


def test_contributions_stand_where_arithmetic_puts_them():
    ax = draw_contributions([[1, -1], [-1, 1], [1, 1]], np.ones((3, 2)))
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 1.2 + 2 * 1.25), (0, pytest.approx(0.5 + 1.8)))
    columns, rows = (1.1 + 0.625, 1.1 + 1.875), (0.05 + 1.5, 0.05 + 0.9, 0.05 + 0.3)
    cells = [(x, y) for y in rows for x in columns]
    lines = [[(0.55, y), *((x, y) for x in columns)] for y in rows]
    np.testing.assert_allclose(
        [text.get_position() for text in ax.texts],
        [*((x, 1.8 + 0.3) for x in columns), *lines[0], *lines[1], *lines[2]],
    )
    sizes = [text.get_fontsize() for text in ax.texts]
    assert sizes == [12, 12] + [12, 13, 13] * 3
    outlines = [box for box in drawn(ax, Rectangle) if not box.get_fill()]
    np.testing.assert_allclose(
        [box.get_bbox().bounds for box in outlines],
        [(x - 0.625, y - 0.3, 1.25, 0.6) for x, y in cells],
    )


def test_a_coloured_cell_is_filled_without_an_edge_and_has_a_strong_outline():
    with plt.rc_context({"patch.facecolor": "red"}):
        inside, outline = drawn(draw_contributions([[1]], [[1]]), Rectangle)
    assert inside.get_facecolor() == to_rgba("C0", 0.25)
    assert inside.get_linewidth() == 0
    assert outline.get_edgecolor() == to_rgba("C0")
    assert (outline.get_linewidth(), outline.get_zorder()) == (1.6, 2)


def test_active_units_show_their_gradient_and_the_others_a_zero():
    assert words(draw_contributions(Z, DZ)) == [
        *("unit 1", "unit 2"),
        *("sample 1", "0", "0"),
        *("sample 2", "0", "−0.318"),  # noqa: RUF001 a true minus sign
        *("sample 3", "−0.262", "0"),  # noqa: RUF001
    ]


def test_samples_go_down_and_units_go_right():
    ax = draw_contributions(Z, DZ)
    rows = [place(ax, f"sample {row}")[1] for row in (1, 2, 3)]
    assert rows[0] - rows[1] == pytest.approx(rows[1] - rows[2])
    assert rows[0] > rows[1]
    x, y = place(ax, "−0.262")  # noqa: RUF001
    assert (x, y) == (place(ax, "unit 1")[0], pytest.approx(rows[2]))
    assert place(ax, "−0.318") == (place(ax, "unit 2")[0], pytest.approx(rows[1]))  # noqa: RUF001
    assert place(ax, "unit 1")[0] < place(ax, "unit 2")[0]


def test_active_cells_and_only_they_are_coloured():
    ax = draw_contributions(Z, DZ)
    centres = [(x + width / 2, y + height / 2) for x, y, width, height in filled(ax)]
    expected = [place(ax, "−0.318"), place(ax, "−0.262")]  # noqa: RUF001
    np.testing.assert_allclose(centres, expected)
    greys = [text for text in ax.texts if same_color(text.get_color(), "0.5")]
    assert [text.get_text() for text in greys] == ["0"] * 4


def test_the_cells_tile_the_matrix():
    cells = [box for box in drawn(draw_contributions(Z, DZ), Rectangle) if not box.get_alpha()]
    corners = sorted(cell.get_bbox().bounds for cell in cells)
    left, bottom, width, height = corners[0]
    expected = [
        (left + column * width, bottom + row * height, width, height)
        for column in range(2)
        for row in range(3)
    ]
    np.testing.assert_allclose(sorted(np.round(corners, 9).tolist()), expected)


def test_a_coloured_outline_lies_above_the_grey_ones_beside_it():
    boxes = [
        box
        for box in drawn(draw_contributions([[1, -1]], [[1, 1]]), Rectangle)
        if not box.get_fill()
    ]
    order = {box.get_edgecolor(): box.get_zorder() for box in boxes}
    assert order[to_rgba("C0")] > order[to_rgba("0.5")]


def test_a_unit_whose_input_is_exactly_zero_is_not_active():
    assert words(draw_contributions([[0.0]], [[5.0]]))[-1] == "0"


def test_an_active_unit_without_a_gradient_is_coloured_all_the_same():
    ax = draw_contributions([[1.0]], [[0.0]])
    assert words(ax)[-1] == "0"
    assert len(filled(ax)) == 1


def test_values_are_given_to_four_digits():
    assert words(draw_contributions([[1]], [[1.23456]]))[-1] == "1.235"


@pytest.mark.parametrize(
    ("first", "second"), [((2, 3), (3, 2)), ((3,), (3,)), ((0, 2), (0, 2)), ((1, 1, 1), (1, 1, 1))]
)
def test_matrices_that_do_not_match_are_refused(first, second):
    text = (
        "Z and dZ must be matrices of one shape (n, h) with an entry, "
        f"not of the shapes {first} and {second}"
    )
    with pytest.raises(ValueError, match=says(text)):
        draw_contributions(np.ones(first), np.ones(second))


@pytest.mark.parametrize(("z", "dz"), [(np.nan, 1), (1, np.nan), (np.inf, 1)])
def test_contributions_that_are_not_finite_are_refused(z, dz):
    with pytest.raises(ValueError, match=says("Z and dZ must be finite")):
        draw_contributions([[z]], [[dz]])


# The chain


def test_the_chain_stands_where_arithmetic_puts_it():
    ax = draw_chain(["a", "b", "c"], [4, 2, 1])
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 2 * 1.25 + 0.8), (0, 2.45))
    centres, halves = (0.4, 1.65, 2.9), (0.4 + 0.625, 1.65 + 0.625)
    outlines = [box for box in drawn(ax, Rectangle) if not box.get_fill()]
    np.testing.assert_allclose(
        [box.get_bbox().bounds for box in outlines[:3]],
        [(x - 0.29, 1.85, 0.58, 0.55) for x in centres],
    )
    assert [box.get_linewidth() for box in outlines] == [1.4] * 3 + [1.6] * 2
    np.testing.assert_allclose(
        filled(ax),
        [
            (x - w / 2, 0.9 - h / 2, w, h)
            for x, w, h in zip(halves, (0.85, 0.85 / 2), (0.85 / 2, 0.85 / 4), strict=True)
        ],
    )
    np.testing.assert_allclose(
        [text.get_position() for text in ax.texts],
        [(x, y) for x in centres for y in (2.26, 2.0)]
        + [(x, y) for x in halves for y in (1.6, 0.2)],
    )
    assert [text.get_fontsize() for text in ax.texts] == [13, 12] * 3 + [12] * 4
    assert [text.get_weight() for text in ax.texts] == ["bold", "normal"] * 3 + ["normal"] * 4


def test_a_long_chain_is_squeezed_into_seven_inches():
    assert draw_chain(list("abcdef"), [1] * 6).get_xlim()[1] == pytest.approx(6.1 + 0.8)
    assert draw_chain(list("abcde"), [1] * 5).get_xlim()[1] == pytest.approx(4 * 1.25 + 0.8)


def test_the_arrows_of_the_chain_have_filled_heads_and_are_black():
    (arrow,) = drawn(draw_chain(["a", "b"], [1, 1]), FancyArrowPatch)
    assert isinstance(arrow.get_arrowstyle(), ArrowStyle.CurveFilledB)
    assert arrow.get_mutation_scale() == 14
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
    assert (width, height) == (pytest.approx(0.04), pytest.approx(0.85))
    ((_, _, width, height),) = filled(draw_chain(["a", "b"], [1000, 1]))
    assert (width, height) == (pytest.approx(0.85), pytest.approx(0.04))


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
        (["a"], [1], "a chain must have 2 to 8 variables, not 1"),
        (list("abcdefghi"), [1] * 9, "a chain must have 2 to 8 variables, not 9"),
        (["a", "b"], [1], "sizes must be 2, one a variable, not 1"),
        (["a", "b"], [1, 0], "the size of b must be at least 1, not 0"),
    ],
)
def test_what_is_no_chain_is_refused(names, sizes, text):
    with pytest.raises(ValueError, match=says(text)):
        draw_chain(names, sizes)


# Level curves and paths


def test_level_curves_are_grey_and_the_form_has_their_level_on_them():
    ax = draw_contours(SHEET, reach=2, count=4)
    (curves,) = ax.collections
    highest = SHEET.value([2, 2])
    np.testing.assert_allclose(curves.levels, highest * np.array([1, 4, 9, 16]) / 25)
    assert same_color(curves.get_edgecolor()[0], "0.5")
    assert set(curves.get_linewidth()) == {0.8}
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
    assert (mark.get_marker(), mark.get_color(), mark.get_markersize()) == ("+", "black", 10)
    assert mark.get_zorder() == 3
    assert ax.get_xlim() == ax.get_ylim() == (-1.5, 1.5)
    assert ax.get_aspect() == 1
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "y")


def test_without_more_said_eight_levels_are_drawn_from_minus_three_to_three():
    ax = draw_contours(Quadratic([[1, 0], [0, 1]]))
    (curves,) = ax.collections
    assert (ax.get_xlim(), len(curves.levels)) == ((-3, 3), 8)
    assert tuple(ax.figure.get_size_inches()) == (4.2, 4.2)
    assert isinstance(ax.figure.get_layout_engine(), ConstrainedLayoutEngine)


def test_level_curves_are_drawn_where_it_is_asked():
    _, ax = plt.subplots()
    assert draw_contours(SHEET, ax) is ax
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize(
    ("A", "options", "text"),
    [
        ([[1]], {}, "level curves need a form of 2 variables, not of 1"),
        (np.eye(3), {}, "level curves need a form of 2 variables, not of 3"),
        (np.eye(2), {"reach": 0}, "reach must be above 0 and finite, not 0"),
        (np.eye(2), {"reach": np.inf}, "reach must be above 0 and finite, not inf"),
        (np.eye(2), {"count": 0}, "count must be at least 1, not 0"),
    ],
)
def test_level_curves_that_cannot_be_drawn_are_refused(A, options, text):
    with pytest.raises(ValueError, match=says(text)):
        draw_contours(Quadratic(A), **options)


def test_a_path_joins_the_points_of_the_run_and_rings_its_start():
    ax = draw_contours(SHEET)
    run = gradient_descent(SHEET, [2, 1], 0.1, steps=5)
    line = draw_path(run, ax, label="0.1")
    np.testing.assert_array_equal(line.get_xydata(), run.path)
    assert (line.get_marker(), line.get_linestyle(), line.get_label()) == ("o", "-", "0.1")
    ring = ax.lines[-1]
    np.testing.assert_array_equal(ring.get_xydata(), [[2, 1]])
    assert (ring.get_markerfacecolor(), ring.get_color()) == ("none", line.get_color())
    assert ring.get_marker() == "o"
    assert (ring.get_markersize(), line.get_markersize()) == (11, 4)
    assert ax.get_legend_handles_labels()[1] == ["0.1"]


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
    run = gradient_descent(Quadratic(np.eye(3)), [1, 1, 1], 0.1)
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match=says("a path needs 2 coordinates to be drawn, not 3")):
        draw_path(run, ax)
    run = gradient_descent(SHEET, [1, 1], 0.1)
    with pytest.raises(ValueError, match=says("steps must be at least 0, not -1")):
        draw_path(run, ax, steps=-1)
