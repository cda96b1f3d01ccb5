"""The rectified linear unit and its derivative, at the kink and for complex numbers too."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from mathlib.activation import relu, relu_derivative


def test_relu_keeps_positive_entries_and_sets_the_others_to_zero():
    assert_array_equal(relu(np.array([[-2.0, 0.5], [0.0, 3.0]])), [[0.0, 0.5], [0.0, 3.0]])


def test_relu_derivative_is_one_above_zero_and_zero_below():
    assert_array_equal(
        relu_derivative(np.array([[-2.0, 0.5], [1e-300, -1e-300]])), [[0, 1], [1, 0]]
    )


@pytest.mark.parametrize("zero", [0.0, -0.0, 0j])
def test_relu_derivative_at_zero_is_zero(zero):
    assert relu_derivative(np.array([zero])).tolist() == [0.0]


def test_relu_decides_complex_entries_by_their_real_part():
    Z = np.array([1 - 5j, -1 + 5j, 5j])
    assert relu(Z).tolist() == [1 - 5j, 0, 0]
    assert relu_derivative(Z).tolist() == [1, 0, 0]


@pytest.mark.parametrize("function", [relu, relu_derivative])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_relu_and_its_derivative_keep_shape_and_dtype(function, dtype):
    result = function(np.ones((0, 3, 2), dtype=dtype))
    assert (result.shape, result.dtype) == ((0, 3, 2), dtype)


@pytest.mark.parametrize("function", [relu, relu_derivative])
def test_relu_and_its_derivative_refuse_an_entry_that_is_not_a_number(function):
    with pytest.raises(ValueError, match=r"^Z\[1, 0\] must be finite, got nan$"):
        function(np.array([[0.0, 1.0], [np.nan, np.inf]]))
