"""The network, and who contributes to its gradient: what is drawn where."""

import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import same_color, to_rgba
from matplotlib.patches import Circle, Rectangle

from mathlib.drawing import (
    draw_contributions,
    draw_network,
)

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
        ((0, 4, 2), "samples must be at least 1, got 0"),
        ((3, -1, 2), "inputs must be at least 1, got -1"),
        ((3, 4, 0), "hidden must be at least 1, got 0"),
    ],
)
def test_a_network_without_units_or_samples_is_refused(numbers, text):
    with pytest.raises(ValueError, match=says(text)):
        draw_network(*numbers)


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
    ("first", "second", "text"),
    [
        ((2, 3), (3, 2), "dZ must have the shape (2, 3) of Z, got (3, 2)"),
        ((3,), (3,), "Z must have the shape (n, h), got (3,)"),
        ((0, 2), (0, 2), "a size of Z must be at least 1, got 0"),
    ],
)
def test_matrices_that_do_not_match_are_refused(first, second, text):
    with pytest.raises(ValueError, match=says(text)):
        draw_contributions(np.ones(first), np.ones(second))


@pytest.mark.parametrize(("z", "dz"), [(np.nan, 1), (1, np.nan), (np.inf, 1)])
def test_contributions_that_are_not_finite_are_refused(z, dz):
    with pytest.raises(ValueError, match=r"^d?Z\[0, 0\] must be finite, got (nan|inf)$"):
        draw_contributions([[z]], [[dz]])
