"""Parameters: read-only copies, and what is refused."""

import numpy as np
import pytest

from mathlib.parameters import Gradients, Parameters


def test_parameters_are_copies_that_cannot_be_written_to():
    W1 = np.ones((2, 3))
    parameters = Parameters(W1, np.ones(2), np.ones(2), 1.0)
    W1[0, 0] = 7.0
    assert parameters.W1[0, 0] == 1.0
    for name in ("W1", "b1", "w2"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(parameters, name)[0] = 7.0


WRONG_PARAMETERS = [
    ({"W1": np.ones(3)}, ValueError, "W1 must have the shape (h, d), got (3,)"),
    (
        {"W1": np.ones((1, 2, 4))},
        ValueError,
        "W1 must have the shape (h, d), got (1, 2, 4)",
    ),
    (
        {"b1": np.ones(3)},
        ValueError,
        "b1 must have the shape (2,) for W1 of shape (2, 4), got (3,)",
    ),
    (
        {"b1": np.ones((2, 1))},
        ValueError,
        "b1 must have the shape (2,) for W1 of shape (2, 4), got (2, 1)",
    ),
    (
        {"w2": np.ones((1, 2))},
        ValueError,
        "w2 must have the shape (2,) for W1 of shape (2, 4), got (1, 2)",
    ),
    (
        {"w2": np.ones(4)},
        ValueError,
        "w2 must have the shape (2,) for W1 of shape (2, 4), got (4,)",
    ),
    ({"b2": np.ones(1)}, ValueError, "b2 must have the shape (), got (1,)"),
    (
        {"b1": [[1.0], [2.0, 3.0]]},
        ValueError,
        "b1 must have rows of equal length, got [[1.0], [2.0, 3.0]]",
    ),
    (
        {"w2": np.array(["a", "b"])},
        TypeError,
        "w2 must hold real or complex numbers, got <U1",
    ),
    (
        {"W1": np.ones((2, 4), bool)},
        TypeError,
        "W1 must hold real or complex numbers, got bool",
    ),
    ({"b2": None}, TypeError, "b2 must hold real or complex numbers, got object"),
    ({"b2": np.inf}, ValueError, "b2 must be finite, got inf"),
    (
        {"w2": np.array([1, np.nan * 1j])},
        ValueError,
        "w2[1] must be finite, got (nan+nanj)",
    ),
    ({"b1": np.array([-np.inf, 1])}, ValueError, "b1[0] must be finite, got -inf"),
]


@pytest.mark.parametrize(("wrong", "error", "message"), WRONG_PARAMETERS)
def test_parameters_say_what_does_not_fit(wrong, error, message):
    right = {"W1": np.ones((2, 4)), "b1": np.ones(2), "w2": np.ones(2), "b2": 1.0}
    with pytest.raises(error) as caught:
        Parameters(**{**right, **wrong})
    assert str(caught.value) == message


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
