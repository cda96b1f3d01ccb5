"""The network: what is drawn where."""

import re

import numpy as np
import pytest
from matplotlib.patches import Circle

from mathlib.drawing import (
    draw_network,
)

from .axes import drawn, place, words


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
    assert inputs[0, 0] < hidden[0, 0] < output[0, 0]


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
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        draw_network(*numbers)
