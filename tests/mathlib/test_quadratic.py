"""Quadratic forms against double sums, exact differences and known eigenvalues."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlib.quadratic import Quadratic

SHEET = Quadratic([[5, 2], [2, 2]])
eigenvalues = st.lists(st.floats(0.1, 10), min_size=1, max_size=4)
seeds = st.integers(0, 2**32 - 1)
whole = st.integers(-50, 50)


matrices = st.integers(1, 4).flatmap(
    lambda d: st.lists(st.lists(whole, min_size=d, max_size=d), min_size=d, max_size=d)
)


def test_integers_are_taken_as_floats_which_do_not_overflow():
    f = Quadratic(np.array([[2**62]]))
    assert f.A.dtype == np.float64
    assert f.gradient([4]) == [2.0**65]


@given(whole, whole)
def test_the_value_is_the_polynomial_of_the_form(x, y):
    assert SHEET.value([x, y]) == 5 * x**2 + 2 * y**2 + 4 * x * y


@given(matrices, seeds)
def test_the_value_is_the_double_sum_over_the_entries(rows, seed):
    A = np.add(rows, np.transpose(rows))
    u = np.random.default_rng(seed).integers(-9, 10, len(A))
    expected = sum(u[i] * A[i, j] * u[j] for i in range(len(A)) for j in range(len(A)))
    assert Quadratic(A).value(u) == expected


@given(matrices, seeds)
def test_the_gradient_is_the_central_difference_which_is_exact_for_a_form(rows, seed):
    f = Quadratic(np.add(rows, np.transpose(rows)))
    d = len(f.A)
    u = np.random.default_rng(seed).integers(-9, 10, d)
    expected = [(f.value(u + step) - f.value(u - step)) / 2 for step in np.eye(d, dtype=int)]
    np.testing.assert_array_equal(f.gradient(u), expected)


@given(matrices)
def test_the_hessian_is_the_change_of_the_gradient(rows):
    f = Quadratic(np.add(rows, np.transpose(rows)))
    d = len(f.A)
    expected = [f.gradient(step) - f.gradient(np.zeros(d)) for step in np.eye(d)]
    np.testing.assert_array_equal(f.hessian, expected)


def test_the_hessian_of_the_problem_is_twice_its_matrix():
    np.testing.assert_array_equal(SHEET.hessian, [[10, 4], [4, 4]])


def test_many_points_are_answered_row_by_row():
    points = np.array([[1, 2], [3, 4], [-5, 6]])
    np.testing.assert_array_equal(SHEET.value(points), [SHEET.value(u) for u in points])
    np.testing.assert_array_equal(SHEET.gradient(points), [SHEET.gradient(u) for u in points])


def test_no_points_have_no_values_and_no_gradients():
    assert SHEET.value(np.empty((0, 2))).shape == (0,)
    assert SHEET.gradient(np.empty((0, 2))).shape == (0, 2)


def test_the_value_at_one_point_is_a_plain_float():
    assert type(SHEET.value([1, 2])) is float


def test_the_matrix_is_a_read_only_copy():
    given_matrix = np.array([[5.0, 2.0], [2.0, 2.0]])
    f = Quadratic(given_matrix)
    given_matrix[0, 0] = 7
    assert f.A[0, 0] == 5
    with pytest.raises(ValueError, match="read-only"):
        f.A[0, 0] = 7


@pytest.mark.parametrize(
    ("A", "text"),
    [
        ([1, 2], "A must have the shape (d, d), got (2,)"),
        ([[1, 2, 3], [2, 4, 5]], "A must be square with at least one row, got the shape (2, 3)"),
        (np.empty((0, 0)), "A must be square with at least one row, got the shape (0, 0)"),
        ([[1, np.nan], [np.nan, 1]], "A[0, 1] must be finite, got nan"),
        ([[1, 0], [0, -np.inf]], "A[1, 1] must be finite, got -inf"),
        (
            [[5, 4], [0, 2.5]],
            (
                "A must be symmetric, as (A + A.T) / 2 is with the same u^T A u, "
                "got A[0, 1] = 4.0 and A[1, 0] = 0.0"
            ),
        ),
    ],
)
def test_a_matrix_that_is_no_symmetric_matrix_is_refused(A, text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        Quadratic(A)


@pytest.mark.parametrize(
    ("A", "dtype"), [([[1j]], "complex128"), ([["1"]], "<U1"), ([[True]], "bool")]
)
def test_a_matrix_that_is_not_real_is_refused(A, dtype):
    with pytest.raises(TypeError, match=f"^A must hold real numbers, got {dtype}$"):
        Quadratic(A)


def test_unsigned_entries_are_numbers_too():
    assert Quadratic(np.array([[3]], dtype=np.uint8)).value([-1]) == 3


@pytest.mark.parametrize("ask", [SHEET.value, SHEET.gradient])
def test_a_point_of_the_wrong_shape_is_refused(ask):
    for wrong, shape in (([1, 2, 3], "(3,)"), ([[1, 2, 3]], "(1, 3)"), (1, "()")):
        text = f"u must have the shape (2,) or (n, 2), got {shape}"
        with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
            ask(wrong)
    with pytest.raises(ValueError, match=r"^u\[1\] must be finite, got inf$"):
        ask([1, np.inf])


def test_the_curvatures_of_the_problem_are_twice_the_eigenvalues_one_and_six():
    np.testing.assert_allclose(SHEET.curvatures, [2, 12], rtol=1e-14)


def test_the_directions_of_the_problem_are_the_known_ones():
    expected = np.array([[-1, 2], [2, 1]]) / np.sqrt(5)
    np.testing.assert_allclose(SHEET.directions, expected, rtol=1e-14)


@given(st.permutations([1, 2, 3, 4]), st.floats(0.1, 10))
def test_of_entries_equal_in_size_the_first_is_positive(order, scale):
    pair = np.array([[1, 1], [1, -1]])
    signs = np.kron(pair, pair)
    f = Quadratic(signs @ np.diag(order) @ signs * scale)
    np.testing.assert_allclose(f.directions, signs[:, np.argsort(order)] / 2, rtol=1e-9)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=4), seeds)
def test_the_curvatures_are_twice_the_eigenvalues_that_a_matrix_was_built_from(
    rotated, values, seed
):
    f = rotated(values, seed)
    np.testing.assert_allclose(f.curvatures, 2 * np.sort(values), atol=1e-12)


@given(eigenvalues, seeds)
def test_a_direction_is_stretched_by_its_curvature_and_has_length_one(rotated, values, seed):
    f = rotated(values, seed)
    np.testing.assert_allclose(f.hessian @ f.directions, f.directions * f.curvatures, atol=1e-12)
    np.testing.assert_allclose(f.directions.T @ f.directions, np.eye(len(values)), atol=1e-12)
