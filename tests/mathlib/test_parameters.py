"""Parameters: read-only copies, and what is refused."""

import re

import numpy as np
import pytest

from mathlib.parameters import Gradients, Parameters

RIGHT = {"W1": np.ones((2, 4)), "b1": np.ones(2), "w2": np.ones(2), "b2": 1.0}


def test_parameters_are_copies_that_cannot_be_written_to():
    W1 = np.ones((2, 3))
    parameters = Parameters(W1, np.ones(2), np.ones(2), 1.0)
    W1[0, 0] = 7.0
    assert parameters.W1[0, 0] == 1.0
    for name in ("W1", "b1", "w2"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(parameters, name)[0] = 7.0


@pytest.mark.parametrize(
    ("name", "shape", "required"),
    [
        ("W1", (3,), "(h, d)"),
        ("W1", (1, 2, 4), "(h, d)"),
        ("b1", (3,), "(2,) for W1 of shape (2, 4)"),
        ("b1", (2, 1), "(2,) for W1 of shape (2, 4)"),
        ("w2", (1, 2), "(2,) for W1 of shape (2, 4)"),
        ("w2", (4,), "(2,) for W1 of shape (2, 4)"),
        ("b2", (1,), "()"),
    ],
)
def test_parameters_say_which_shape_is_required(name, shape, required):
    text = f"{name} must have the shape {required}, got {shape}"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        Parameters(**{**RIGHT, name: np.ones(shape)})


@pytest.mark.parametrize("name", ["W1", "b1", "w2", "b2"])
def test_parameters_are_finite_numbers_and_no_truth_values(name):
    right = np.asarray(RIGHT[name])
    with pytest.raises(ValueError, match=rf"^{name}.* must be finite, got \(nan\+nanj\)$"):
        Parameters(**{**RIGHT, name: right * np.nan * 1j})
    with pytest.raises(TypeError, match=f"^{name} must hold real or complex numbers, got bool$"):
        Parameters(**{**RIGHT, name: right > 0})


def test_parameters_name_the_first_entry_that_is_not_finite():
    W1 = np.ones((2, 4))
    W1[1, 2] = W1[1, 3] = np.nan
    with pytest.raises(ValueError, match=r"^W1\[1, 2\] must be finite, got nan$"):
        Parameters(W1, np.ones(2), np.ones(2), 1.0)


def test_parameters_may_be_lists():
    parameters = Parameters([[1, 2], [3, 4]], [5, 6], [7, 8], 9)
    assert parameters.W1.tolist() == [[1, 2], [3, 4]]
    assert parameters.W1.dtype == parameters.b1.dtype == np.float64
    assert type(parameters.b2) is float


def test_parameters_by_their_names_make_the_same_parameters():
    parameters = Parameters([[1, 2]], [3], [4], 5)
    assert list(parameters.named()) == ["W1", "b1", "w2", "b2"]
    again = Parameters(**parameters.named())
    assert all(np.array_equal(again.named()[name], a) for name, a in parameters.named().items())


def test_the_gradient_of_the_parameters_is_a_direction_in_their_space():
    W1, b1, w2 = np.ones((2, 3)), np.array([2.0, 3.0]), np.array([4.0, 5.0])
    gradients = Gradients(np.ones(1), np.ones((1, 2)), np.ones((1, 2)), W1, b1, w2, 6.0)
    assert isinstance(gradients.parameters, Parameters)
    for name, value in {"W1": W1, "b1": b1, "w2": w2, "b2": 6.0}.items():
        assert np.array_equal(gradients.parameters.named()[name], value)
