"""Gradient descent against closed forms: integers, powers of two, and known eigenvalues."""

import re
import tracemalloc
from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathlib import descent
from mathlib.descent import (
    Descent,
    Quadratic,
    Status,
    best_learning_rate,
    condition_number,
    contraction_factor,
    gradient_descent,
    learning_rate_interval,
    measure_threshold,
    outcomes,
)
from mathlib.interval import Interval

SHEET = Quadratic([[5, 2], [2, 2]])

# Curvatures 8 and 2: with rates that are sums of powers of two every step is exact.
EXACT = Quadratic([[4, 0], [0, 1]])


def rotated(eigenvalues: list[float], seed: int) -> Quadratic:
    """Return a form whose matrix has these eigenvalues and random eigenvectors."""
    rng = np.random.default_rng(seed)
    Q, _ = np.linalg.qr(rng.standard_normal((len(eigenvalues), len(eigenvalues))))
    A = Q @ np.diag(eigenvalues) @ Q.T
    return Quadratic((A + A.T) / 2)


def says(text: str) -> str:
    """Return a pattern for exactly this text."""
    return f"^{re.escape(text)}$"


QUARTIC = SimpleNamespace(value=lambda u: (u**4).sum(axis=-1), gradient=lambda u: 4 * u**3)

# A run is a loop, which takes its time where the machine is shared.
patient = settings(deadline=None)

eigenvalues = st.lists(st.floats(0.1, 10), min_size=1, max_size=4)
seeds = st.integers(0, 2**32 - 1)
whole = st.integers(-50, 50)
matrices = st.integers(1, 4).flatmap(
    lambda d: st.lists(st.lists(whole, min_size=d, max_size=d), min_size=d, max_size=d)
)


def test_every_public_name_exists():
    assert all(hasattr(descent, name) for name in descent.__all__)
    assert descent.__all__ == sorted(descent.__all__)


# The form


def test_integers_are_taken_as_floats_which_do_not_overflow():
    f = Quadratic(np.array([[2**62]]))
    assert f.A.dtype == np.float64
    assert f.gradient([4]) == [2.0**65]


@patient
@given(whole, whole)
def test_the_value_is_the_polynomial_of_the_form(x, y):
    assert SHEET.value([x, y]) == 5 * x**2 + 2 * y**2 + 4 * x * y


@patient
@given(matrices, seeds)
def test_the_value_is_the_double_sum_over_the_entries(rows, seed):
    A = np.add(rows, np.transpose(rows))
    u = np.random.default_rng(seed).integers(-9, 10, len(A))
    expected = sum(u[i] * A[i, j] * u[j] for i in range(len(A)) for j in range(len(A)))
    assert Quadratic(A).value(u) == expected


@patient
@given(matrices, seeds)
def test_the_gradient_is_the_central_difference_which_is_exact_for_a_form(rows, seed):
    f = Quadratic(np.add(rows, np.transpose(rows)))
    d = len(f.A)
    u = np.random.default_rng(seed).integers(-9, 10, d)
    expected = [(f.value(u + step) - f.value(u - step)) / 2 for step in np.eye(d, dtype=int)]
    np.testing.assert_array_equal(f.gradient(u), expected)


@patient
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
    np.testing.assert_allclose(
        SHEET.coefficients(points), [SHEET.coefficients(u) for u in points], rtol=1e-14
    )


def test_no_points_have_no_values_and_no_gradients():
    assert SHEET.value(np.empty((0, 2))).shape == (0,)
    assert SHEET.gradient(np.empty((0, 2))).shape == (0, 2)
    assert SHEET.coefficients(np.empty((0, 2))).shape == (0, 2)


def test_the_value_at_one_point_is_a_plain_float():
    assert type(SHEET.value([1, 2])) is float


def test_the_matrix_is_a_copy_that_nobody_can_change():
    given_matrix = np.array([[5.0, 2.0], [2.0, 2.0]])
    f = Quadratic(given_matrix)
    given_matrix[0, 0] = 7
    assert f.A[0, 0] == 5
    with pytest.raises(ValueError, match="read-only"):
        f.A[0, 0] = 7


@pytest.mark.parametrize(
    ("A", "text"),
    [
        ([1, 2], "A must have 2 axes, but its shape is (2,)"),
        ([[1, 2, 3], [2, 4, 5]], "A must be square with at least one row, not of shape (2, 3)"),
        (np.empty((0, 0)), "A must be square with at least one row, not of shape (0, 0)"),
        ([[1, np.nan], [np.nan, 1]], "A must be finite, but holds nan"),
        ([[1, 0], [0, -np.inf]], "A must be finite, but holds -inf"),
        (
            [[5, 4], [0, 2.5]],
            (
                "A must be symmetric, not A[0, 1] = 4.0 and A[1, 0] = 0.0; "
                "(A + A.T) / 2 is symmetric and gives the same u^T A u"
            ),
        ),
    ],
)
def test_a_matrix_that_is_no_symmetric_matrix_is_refused(A, text):
    with pytest.raises(ValueError, match=says(text)):
        Quadratic(A)


@pytest.mark.parametrize(
    ("A", "dtype"), [([[1j]], "complex128"), ([["1"]], "<U1"), ([[True]], "bool")]
)
def test_a_matrix_that_is_not_real_is_refused(A, dtype):
    with pytest.raises(TypeError, match=says(f"A must hold real numbers, not {dtype}")):
        Quadratic(A)


def test_unsigned_entries_are_numbers_too():
    assert Quadratic(np.array([[3]], dtype=np.uint8)).value([-1]) == 3


@pytest.mark.parametrize("ask", [SHEET.value, SHEET.gradient, SHEET.coefficients])
def test_a_point_of_the_wrong_shape_is_refused(ask):
    wrong = "u must have 2 coordinates, one for each row of A, not 3"
    with pytest.raises(ValueError, match=says(wrong)):
        ask([1, 2, 3])
    with pytest.raises(ValueError, match=says(wrong)):
        ask([[1, 2, 3]])
    with pytest.raises(ValueError, match=says("u must have 1 or 2 axes, but its shape is ()")):
        ask(1)
    with pytest.raises(ValueError, match=says("u must be finite, but holds inf")):
        ask([1, np.inf])


# The eigenbasis


def test_the_curvatures_of_the_problem_are_twice_the_eigenvalues_one_and_six():
    np.testing.assert_allclose(SHEET.curvatures, [2, 12], rtol=1e-14)


def test_the_directions_of_the_problem_are_the_known_ones():
    expected = np.array([[-1, 2], [2, 1]]) / np.sqrt(5)
    np.testing.assert_allclose(SHEET.directions, expected, rtol=1e-14)


@patient
@given(st.permutations([1, 2, 3, 4]), st.floats(0.1, 10))
def test_of_entries_equal_in_size_the_first_is_positive(order, scale):
    pair = np.array([[1, 1], [1, -1]])
    signs = np.kron(pair, pair)
    f = Quadratic(signs @ np.diag(order) @ signs * scale)
    np.testing.assert_allclose(f.directions, signs[:, np.argsort(order)] / 2, rtol=1e-9)


@patient
@given(st.lists(st.floats(-10, 10), min_size=1, max_size=4), seeds)
def test_the_curvatures_are_twice_the_eigenvalues_that_a_matrix_was_built_from(values, seed):
    f = rotated(values, seed)
    np.testing.assert_allclose(f.curvatures, 2 * np.sort(values), atol=1e-12)


@patient
@given(eigenvalues, seeds)
def test_a_direction_is_stretched_by_its_curvature_and_has_length_one(values, seed):
    f = rotated(values, seed)
    np.testing.assert_allclose(f.hessian @ f.directions, f.directions * f.curvatures, atol=1e-12)
    np.testing.assert_allclose(f.directions.T @ f.directions, np.eye(len(values)), atol=1e-12)


@patient
@given(eigenvalues, seeds, st.floats(-0.1, 0.3))
def test_each_component_of_a_run_is_multiplied_by_its_factor(values, seed, rate):
    f = rotated(values, seed)
    start = np.random.default_rng(seed).standard_normal(len(values))
    path = gradient_descent(f, start, rate, steps=5).path
    powers = (1 - rate * f.curvatures) ** np.arange(len(path))[:, None]
    scale = np.abs(path).max()
    np.testing.assert_allclose(
        f.coefficients(path), powers * f.coefficients(start), atol=1e-12 * scale, rtol=1e-9
    )


# Rates


def test_the_problem_has_its_known_rates():
    assert learning_rate_interval(SHEET).upper == pytest.approx(1 / 6, rel=1e-14)
    assert str(learning_rate_interval(SHEET)) == "(0, 1/6)"
    assert best_learning_rate(SHEET) == pytest.approx(1 / 7, rel=1e-14)
    assert contraction_factor(SHEET, 1 / 7) == pytest.approx(5 / 7, rel=1e-14)
    assert condition_number(SHEET) == pytest.approx(6, rel=1e-14)


@patient
@given(eigenvalues, seeds)
def test_the_rates_follow_from_the_eigenvalues_that_a_matrix_was_built_from(values, seed):
    f = rotated(values, seed)
    low, high = min(values), max(values)
    interval = learning_rate_interval(f)
    assert (interval.lower, interval.lower_open, interval.upper_open) == (0, True, True)
    assert interval.upper == pytest.approx(1 / high)
    assert best_learning_rate(f) == pytest.approx(1 / (low + high))
    assert condition_number(f) == pytest.approx(high / low)
    best = contraction_factor(f, best_learning_rate(f))
    assert best == pytest.approx((high - low) / (high + low), abs=1e-12)


@patient
@given(eigenvalues, seeds, st.floats(0, 2))
def test_no_rate_contracts_more_than_the_best(values, seed, rate):
    f = rotated(values, seed)
    best = contraction_factor(f, best_learning_rate(f))
    assert contraction_factor(f, rate) >= best - 1e-12


@patient
@given(eigenvalues, seeds, st.floats(-1, 2))
def test_the_factor_is_below_one_exactly_inside_the_interval(values, seed, share):
    f = rotated(values, seed)
    interval = learning_rate_interval(f)
    rate = share * interval.upper
    if abs(share) > 1e-9 and abs(share - 1) > 1e-9:
        assert (contraction_factor(f, rate) < 1) == (rate in interval)


@patient
@given(eigenvalues, seeds, st.floats(-1, 1))
def test_the_factor_is_the_spectral_norm_of_a_step(values, seed, rate):
    f = rotated(values, seed)
    step = np.eye(len(values)) - rate * f.hessian
    assert contraction_factor(f, rate) == pytest.approx(np.linalg.norm(step, 2), abs=1e-12)


def test_the_factor_at_the_ends_is_one_and_between_them_below():
    np.testing.assert_array_equal(contraction_factor(EXACT, [0, 0.125, 0.25]), [1, 0.75, 1])


def test_the_factor_has_the_shape_of_the_rates():
    assert type(contraction_factor(EXACT, 0.25)) is float
    assert contraction_factor(EXACT, []).shape == (0,)
    np.testing.assert_array_equal(contraction_factor(EXACT, [[0.5, 1]]), [[3, 7]])


def test_an_indefinite_form_has_a_factor_above_one_at_every_rate():
    f = Quadratic([[1, 0], [0, -1]])
    np.testing.assert_array_equal(contraction_factor(f, [-0.5, 0, 0.5]), [2, 1, 2])


def test_a_rate_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match=says("learning_rate must be finite, but holds nan")):
        contraction_factor(EXACT, np.nan)


def test_in_one_dimension_the_best_rate_arrives_in_one_step():
    f = Quadratic([[4]])
    assert str(learning_rate_interval(f)) == "(0, 1/4)"
    assert best_learning_rate(f) == 0.125
    assert contraction_factor(f, 0.125) == 0
    assert condition_number(f) == 1
    np.testing.assert_array_equal(gradient_descent(f, [3], 0.125).path, [[3], [0]])


FALLS = "u^T A u falls without end along its eigenvector and has no minimum"
FILL = "the minimisers of u^T A u fill"
DEPENDS = "and which one a run reaches depends on its start"


@pytest.mark.parametrize("ask", [learning_rate_interval, best_learning_rate, condition_number])
@pytest.mark.parametrize(
    ("A", "reason"),
    [
        ([[1, 0], [0, -3]], f"-3 < 0: {FALLS}"),
        ([[-2, 0], [0, 0]], f"-2 < 0: {FALLS}"),
        ([[4, 2], [2, 1]], f"0: {FILL} a line, {DEPENDS}"),
        (np.diag([0, 1, 0]), f"0: {FILL} a space of dimension 2, {DEPENDS}"),
        ([[0]], f"0: {FILL} a line, {DEPENDS}"),
    ],
)
def test_a_form_without_a_single_minimiser_is_refused_with_the_reason(ask, A, reason):
    text = f"A must be positive definite, but has the eigenvalue {reason}"
    with pytest.raises(ValueError, match=says(text)):
        ask(Quadratic(A))


@patient
@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=3), seeds)
def test_an_eigenvalue_that_is_zero_but_for_rounding_counts_as_zero(values, seed):
    with pytest.raises(ValueError, match="has the eigenvalue 0: the minimisers"):
        learning_rate_interval(rotated([0, *values], seed))


def test_a_small_eigenvalue_beyond_rounding_errors_is_not_zero():
    assert condition_number(Quadratic(np.diag([1, 2.0**-50]))) == 2.0**50
    with pytest.raises(ValueError, match=r"eigenvalue -8\.88178e-16 < 0"):
        condition_number(Quadratic(np.diag([1, -(2.0**-50)])))


# Runs


def test_a_run_halves_a_component_whose_factor_is_a_half():
    run = gradient_descent(Quadratic([[1]]), [8], 0.25, steps=3)
    np.testing.assert_array_equal(run.path, [[8], [4], [2], [1]])
    np.testing.assert_array_equal(run.values, [64, 16, 4, 1])
    assert (run.steps, run.status) == (3, Status.OUT_OF_STEPS)


def test_a_step_of_the_problem_is_the_arithmetic_by_hand():
    run = gradient_descent(SHEET, [1, 1], 0.125, steps=1)
    np.testing.assert_array_equal(run.path, [[1, 1], [1 - 14 / 8, 1 - 8 / 8]])
    np.testing.assert_array_equal(run.values, [11, 5 * 0.75**2])


def test_a_run_leaves_its_start_unchanged():
    start = np.array([1.0, 2.0])
    gradient_descent(SHEET, start, 0.1)
    outcomes(SHEET, start[None], 0.1)
    np.testing.assert_array_equal(start, [1, 2])


@pytest.mark.parametrize("start", [[1, 0], [1, 1], [-3, 5]])
def test_at_the_upper_end_a_start_with_a_steep_component_oscillates_for_ever(start):
    run = gradient_descent(EXACT, start, 0.25, steps=200)
    assert run.status == Status.OSCILLATING
    assert run.steps == 200
    np.testing.assert_array_equal(run.path[:, 0], start[0] * (-1.0) ** np.arange(201))


def test_at_the_upper_end_of_the_problem_the_steep_start_swaps_two_points():
    run = gradient_descent(SHEET, [2, 1], 1 / 6, steps=4)
    np.testing.assert_array_equal(run.path, [[2, 1], [-2, -1], [2, 1], [-2, -1], [2, 1]])
    assert run.status == Status.OSCILLATING


def test_at_the_upper_end_a_start_on_the_slow_eigenvector_converges():
    assert gradient_descent(EXACT, [0, 1], 0.25).status == Status.CONVERGED


def test_beyond_the_interval_a_start_on_the_slow_eigenvector_converges():
    run = gradient_descent(SHEET, [1, -2], 0.25, steps=3, tolerance=0.1)
    np.testing.assert_array_equal(run.path, [[1, -2], [0.5, -1], [0.25, -0.5], [0.125, -0.25]])
    assert 0.25 not in learning_rate_interval(SHEET)
    assert gradient_descent(SHEET, [1, -2], 0.25).status == Status.CONVERGED


def test_at_the_lower_end_a_run_stands_still_and_is_not_said_to_oscillate():
    run = gradient_descent(EXACT, [1, 1], 0, steps=4)
    np.testing.assert_array_equal(run.path, np.ones((5, 2)))
    assert run.status == Status.OUT_OF_STEPS


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.5, 10), min_size=1, max_size=4), seeds, st.floats(0.05, 0.95))
def test_inside_the_interval_every_start_converges(values, seed, share):
    f = rotated(values, seed)
    start = np.random.default_rng(seed).standard_normal(len(values))
    rate = share * learning_rate_interval(f).upper
    run = gradient_descent(f, start, rate, steps=5000)
    assert run.status == Status.CONVERGED
    assert run.values[-1] <= run.values[0] * 1e-9


@patient
@given(eigenvalues, seeds, st.floats(1.02, 100))
def test_above_the_interval_a_start_with_a_steep_component_diverges(values, seed, share):
    f = rotated(values, seed)
    start = f.directions.sum(axis=1)
    run = gradient_descent(f, start, share * learning_rate_interval(f).upper)
    assert run.status == Status.DIVERGED
    assert run.values[-1] > run.values[0]


@patient
@given(eigenvalues, seeds)
def test_at_the_end_of_the_interval_the_steep_direction_oscillates(values, seed):
    f = rotated(values, seed)
    run = gradient_descent(f, f.directions[:, -1], learning_rate_interval(f).upper, steps=20)
    assert run.status == Status.OSCILLATING


def test_below_zero_every_start_diverges():
    assert gradient_descent(EXACT, [0, 1], -0.125).status == Status.DIVERGED


def test_one_step_of_two_is_too_few_to_tell_an_oscillation():
    assert gradient_descent(EXACT, [1, 0], 0.25, steps=1).status == Status.OUT_OF_STEPS
    assert gradient_descent(EXACT, [1, 0], 0.25, steps=2).status == Status.OSCILLATING


def test_two_steps_that_miss_their_beginning_by_the_tolerance_are_an_oscillation():
    # From 1 to -1.5 to 2.25: both steps together 1.25, the last one 3.75, a third.
    f = Quadratic([[1]])
    assert gradient_descent(f, [1], 1.25, steps=2, tolerance=0.334).status == Status.OSCILLATING
    assert gradient_descent(f, [1], 1.25, steps=2, tolerance=0.333).status == Status.OUT_OF_STEPS


def test_a_miss_of_exactly_the_tolerance_is_an_oscillation():
    # From (3, 1) to (-3, 1/2) to (3, 1/4): both steps together 3/4, the last one 6, an eighth.
    run = gradient_descent(EXACT, [3, 1], 0.25, steps=2, tolerance=0.125)
    assert run.status == Status.OSCILLATING
    run = gradient_descent(EXACT, [3, 1], 0.25, steps=2, tolerance=0.124)
    assert run.status == Status.OUT_OF_STEPS


def test_a_run_has_converged_when_the_gradient_has_shrunk_to_the_tolerance():
    f = Quadratic([[1]])
    run = gradient_descent(f, [8], 0.25, tolerance=0.125)
    np.testing.assert_array_equal(run.path.ravel(), [8, 4, 2, 1])
    assert run.status == Status.CONVERGED
    assert gradient_descent(f, [8], 0.25, tolerance=0.124).steps == 4


def test_a_run_has_diverged_when_the_gradient_has_grown_beyond_one_over_the_tolerance():
    f = Quadratic([[1]])
    run = gradient_descent(f, [1], 1.5, tolerance=0.25)
    np.testing.assert_array_equal(run.path.ravel(), [1, -2, 4, -8])
    assert run.status == Status.DIVERGED


def test_the_tolerance_counts_the_largest_entry_of_the_gradient():
    # The gradient goes from (8, -8) to (0, -6), whose entries have the mean 3 and the sum 6.
    f = Quadratic([[4, 0], [0, 1]])
    assert gradient_descent(f, [1, -4], 0.125, steps=1, tolerance=0.74).status == "out of steps"
    assert gradient_descent(f, [1, -4], 0.125, steps=1, tolerance=0.75).status == "converged"


def test_a_last_step_that_converges_is_counted():
    f = Quadratic([[1]])
    assert gradient_descent(f, [1], 0.5, steps=1).status == Status.CONVERGED
    assert gradient_descent(f, [1], 0.5, steps=0).status == Status.OUT_OF_STEPS


def test_a_start_at_the_minimum_has_converged_without_a_step():
    run = gradient_descent(SHEET, [0, 0], 0.1)
    assert (run.steps, run.status) == (0, Status.CONVERGED)
    np.testing.assert_array_equal(run.values, [0])


def test_a_singular_form_converges_to_a_minimiser_that_depends_on_the_start():
    f = Quadratic([[1, 0], [0, 0]])
    for y in (3, 4):
        run = gradient_descent(f, [1, y], 0.5)
        assert run.status == Status.CONVERGED
        np.testing.assert_array_equal(run.path[-1], [0, y])


def test_an_indefinite_form_diverges_from_starts_off_its_stable_direction():
    f = Quadratic([[1, 0], [0, -1]])
    assert gradient_descent(f, [1, 1e-3], 0.25).status == Status.DIVERGED
    assert gradient_descent(f, [1, 0], 0.25).status == Status.CONVERGED


@settings(max_examples=30, deadline=None)
@given(st.floats(-280, 280), st.sampled_from([0.05, 0.16, 1 / 6, 0.17, 0.3]))
def test_how_a_run_ends_does_not_depend_on_the_scale_of_its_start(exponent, rate):
    starts = np.array([[3.0, 1.0], 10**exponent * np.array([3.0, 1.0])])
    one, other = outcomes(SHEET, starts, rate, steps=500)
    assert one == other


@pytest.mark.parametrize(
    ("start", "rate", "steps"),
    [
        (1e308, 0.1, 0),  # the gradient 4e308 at the start is infinite already
        (1e307, 1e3, 0),  # the first step would lead to -4e310
        (1e300, 1e4, 1),  # so would the second
        (1e308, 0, 0),  # 0 times an infinite gradient is no number
    ],
)
def test_leaving_the_range_of_floats_is_divergence_without_a_warning(start, rate, steps):
    run = gradient_descent(Quadratic([[2]]), [start], rate)
    assert (run.steps, run.status) == (steps, Status.DIVERGED)
    assert np.isfinite(run.path).all()
    assert run.values[-1] == np.inf


def test_a_value_that_is_no_number_is_given_without_a_warning():
    # The value is 1e400 - 1e400.
    run = gradient_descent(Quadratic([[1, 0], [0, -1]]), [1e200, 1e200], 0.1, steps=1)
    assert np.isnan(run.values[0])


def test_a_minimum_is_reached_even_where_a_step_would_leave_the_range_of_floats():
    run = gradient_descent(Quadratic([[1]]), [0], 1e308)
    assert run.status == Status.CONVERGED


def test_any_function_with_a_value_and_a_gradient_can_be_descended():
    run = gradient_descent(QUARTIC, [1, 0], 0.125, steps=2)
    np.testing.assert_array_equal(run.path, [[1, 0], [0.5, 0], [0.4375, 0]])
    np.testing.assert_array_equal(run.values, [1, 0.0625, 0.4375**4])


def test_a_gradient_of_the_wrong_shape_is_refused():
    flat = SimpleNamespace(value=lambda u: u.sum(axis=-1), gradient=lambda u: u.sum(axis=-1))
    with pytest.raises(ValueError, match=says("the gradient at (1, 2) must be (1, 2), not (1,)")):
        gradient_descent(flat, [1, 2], 0.1)


@pytest.mark.parametrize(
    ("changed", "error", "text"),
    [
        ({"start": [[1, 2]]}, ValueError, "start must have 1 axes, but its shape is (1, 2)"),
        ({"start": [1, np.nan]}, ValueError, "start must be finite, but holds nan"),
        ({"start": ["a", "b"]}, TypeError, "start must hold real numbers, not <U1"),
        (
            {"start": [1, 2, 3]},
            ValueError,
            "u must have 2 coordinates, one for each row of A, not 3",
        ),
        ({"learning_rate": np.inf}, ValueError, "learning_rate must be finite, but holds inf"),
        (
            {"learning_rate": [0.1, 0.2]},
            ValueError,
            "learning_rate must be one rate or 1, one a start, not 2",
        ),
        ({"steps": -1}, ValueError, "steps must be at least 0, not -1"),
        ({"steps": 2.0}, TypeError, "steps must be an integer, not 2.0"),
        ({"tolerance": 0}, ValueError, "tolerance must be at least 1e-15 and below 1, not 0"),
        ({"tolerance": 1}, ValueError, "tolerance must be at least 1e-15 and below 1, not 1"),
        (
            {"tolerance": np.nan},
            ValueError,
            "tolerance must be at least 1e-15 and below 1, not nan",
        ),
    ],
)
def test_a_run_refuses_what_makes_no_sense(changed, error, text):
    arguments = {"start": [1, 2], "learning_rate": 0.1, "steps": 5, "tolerance": 0.1} | changed
    start, rate = arguments.pop("start"), arguments.pop("learning_rate")
    with pytest.raises(error, match=says(text)):
        gradient_descent(SHEET, start, rate, **arguments)


def test_without_more_said_a_run_has_a_thousand_steps_to_shrink_to_a_billionth():
    # At the rate r each step multiplies u by 1 - 2 r: these two shrink it to 1e-9 within 999.5
    # and within 1000.5 steps.
    rates = (1 - 10 ** (-9 / np.array([999.5, 1000.5]))) / 2
    runs = [gradient_descent(Quadratic([[1]]), [1], rate) for rate in rates]
    assert [run.steps for run in runs] == [1000, 1000]
    assert [run.status for run in runs] == ["converged", "out of steps"]
    assert list(outcomes(Quadratic([[1]]), [[1], [1]], rates)) == ["converged", "out of steps"]


def test_the_smallest_tolerance_is_allowed():
    run = gradient_descent(Quadratic([[1]]), [1], 0.25, tolerance=1e-15)
    assert (run.steps, run.status) == (50, Status.CONVERGED)


# Many starts


@settings(max_examples=50, deadline=None)
@given(eigenvalues, seeds)
def test_many_starts_end_as_each_does_alone(values, seed):
    f = rotated(values, seed)
    rng = np.random.default_rng(seed)
    starts = rng.standard_normal((6, len(values)))
    rates = learning_rate_interval(f).upper * np.array([-0.5, 0, 0.3, 0.9, 1, 1.5])
    together = outcomes(f, starts, rates, steps=100)
    alone = [
        gradient_descent(f, start, rate, steps=100).status
        for start, rate in zip(starts, rates, strict=True)
    ]
    assert list(together) == alone


def test_one_rate_serves_all_starts():
    found = outcomes(EXACT, [[1, 0], [0, 1], [1, 1], [0, 0]], 0.25, steps=99)
    assert list(found) == ["oscillating", "converged", "oscillating", "converged"]


def test_a_start_that_leaves_the_range_of_floats_does_not_end_the_others():
    found = outcomes(Quadratic([[1]]), [[1e300], [1]], [1e300, 0.25])
    assert list(found) == ["diverged", "converged"]
    assert all(isinstance(status, Status) for status in found)


def test_a_point_without_coordinates_has_converged():
    run = gradient_descent(QUARTIC, [], 0.1)
    assert (run.path.shape, run.status) == ((1, 0), "converged")


def test_no_starts_have_no_outcomes():
    assert outcomes(EXACT, np.empty((0, 2)), 0.25).shape == (0,)


def test_outcomes_of_long_runs_take_no_more_memory_than_those_of_short_ones():
    def peak(steps):
        tracemalloc.start()
        outcomes(EXACT, np.ones((1000, 2)), 0, steps=steps)
        (_, most), _ = tracemalloc.get_traced_memory(), tracemalloc.stop()
        return most

    assert peak(100) < 1.5 * peak(10)


def test_outcomes_refuse_rates_that_do_not_match_the_starts():
    text = "learning_rate must be one rate or 2, one a start, not 3"
    with pytest.raises(ValueError, match=says(text)):
        outcomes(EXACT, [[1, 0], [0, 1]], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match=says("starts must have 2 axes, but its shape is (2,)")):
        outcomes(EXACT, [1, 0], 0.1)


# The measured threshold


@settings(max_examples=15, deadline=None)
@given(eigenvalues, seeds)
def test_the_measured_threshold_is_the_end_of_the_interval(values, seed):
    f = rotated(values, seed)
    measured = measure_threshold(f, np.random.default_rng(seed))
    expected = 1 / max(values)
    assert measured.upper - measured.lower <= 1e-6 * measured.upper
    assert measured.lower == pytest.approx(expected, rel=2e-6)
    assert measured.upper >= expected * (1 - 1e-12)


def test_the_measured_bracket_says_that_its_upper_end_did_not_pass():
    measured = measure_threshold(Quadratic([[1]]), np.random.default_rng(0))
    assert measured.upper == 1
    assert (measured.lower_open, measured.upper_open) == (True, False)


def test_without_more_said_a_measurement_makes_these_runs():
    # The shrinking component is so large at the start that the number of steps shows.
    f = Quadratic(np.diag([1, 0.99]))
    rng = SimpleNamespace(standard_normal=lambda size: np.full(size, [1.0, 1e9]))
    measured = measure_threshold(f, rng)
    assert measured == measure_threshold(f, rng, steps=500, resolution=1e-6)
    assert measured.upper == pytest.approx(1.00999, abs=5e-6)

    measured = measure_threshold(SHEET, np.random.default_rng(5))
    assert measured == measure_threshold(SHEET, np.random.default_rng(5), starts=8)


def test_a_finer_resolution_is_kept():
    measured = measure_threshold(SHEET, np.random.default_rng(5), resolution=1e-11)
    assert 0 < measured.upper - measured.lower <= 1e-11 * measured.upper
    assert measured.upper == pytest.approx(1 / 6, rel=2e-11)


@pytest.mark.parametrize(
    ("curvatures", "start", "lower"),
    [
        ([2.0], [1.0], 0.5),  # 1/2, the first guess, passes, and 1 does not
        ([8.0, 1.6], [1e-6, 1.0], 0.15625),  # 1/1.6 and half of it do not pass, a quarter does
    ],
)
def test_the_bracket_before_any_bisection_is_a_rate_and_its_double(curvatures, start, lower):
    rng = SimpleNamespace(standard_normal=lambda _: np.array([start]))
    f = Quadratic(np.diag(curvatures) / 2)
    measured = measure_threshold(f, rng, starts=1, resolution=0.5)
    assert (measured.lower, measured.upper) == pytest.approx((lower, 2 * lower))


def test_the_bisection_stops_as_soon_as_the_resolution_is_reached():
    measured = measure_threshold(SHEET, np.random.default_rng(5), resolution=0.5)
    assert measured.lower == measured.upper / 2


@pytest.mark.parametrize("scale", [2.0**-300, 2.0**300])
def test_the_scale_of_the_form_does_not_matter(scale):
    f = Quadratic(scale * SHEET.A)
    measured = measure_threshold(f, np.random.default_rng(2), steps=50, resolution=1e-3)
    assert measured.upper * scale == pytest.approx(1 / 6, rel=2e-3)


def test_a_singular_form_has_the_threshold_of_its_gradient():
    f = Quadratic([[1, 1], [1, 1]])
    assert measure_threshold(f, np.random.default_rng(0)).upper == pytest.approx(0.5, rel=2e-6)


def test_too_few_steps_give_a_threshold_that_is_too_large():
    f = Quadratic(np.diag([1, 0.25]))
    rng = SimpleNamespace(standard_normal=lambda _: np.array([[1.0, 4.0]]))
    few = measure_threshold(f, rng, starts=1, steps=1)
    # The squared lengths at the rate r: after n steps (1 - 2 r)^2n + (1 - r / 2)^2n.
    lengths = [(2 * few.upper - 1) ** (2 * n) + (1 - few.upper / 2) ** (2 * n) for n in (1, 2)]
    assert lengths[0] == pytest.approx(lengths[1], rel=1e-5)
    assert few.lower > 1.03
    assert measure_threshold(f, rng, starts=1, steps=50).upper == pytest.approx(1, rel=2e-6)


def test_one_start_that_grows_is_enough_to_fail():
    both_axes = SimpleNamespace(standard_normal=lambda size: np.eye(*size))
    measured = measure_threshold(EXACT, both_axes, starts=2)
    assert measured.upper == pytest.approx(0.25, rel=2e-6)


def test_a_start_that_grows_fails_however_small_it_is_beside_the_others():
    unequal = SimpleNamespace(standard_normal=lambda _: np.diag([1e-10, 1.0]))
    measured = measure_threshold(EXACT, unequal, starts=2, steps=1)
    assert measured.upper == pytest.approx(0.25, rel=2e-6)


def test_a_start_at_the_minimum_passes_at_every_rate():
    rng = SimpleNamespace(standard_normal=lambda _: np.array([[0.0, 0.0], [1.0, 0.0]]))
    measured = measure_threshold(EXACT, rng, starts=2)
    assert measured.upper == pytest.approx(0.25, rel=2e-6)


def test_the_same_generator_gives_the_same_measurement():
    first, second = (measure_threshold(SHEET, np.random.default_rng(9)) for _ in range(2))
    assert first == second


def test_a_form_along_which_every_run_grows_has_no_threshold():
    text = "^no learning rate from 0.5 down to 1.11022e-16 makes every run shrink$"
    with pytest.raises(ValueError, match=text):
        measure_threshold(Quadratic([[-1]]), np.random.default_rng(0))


def test_a_form_that_is_zero_has_no_threshold():
    text = "every learning rate passes: the gradient is 0 at every start"
    with pytest.raises(ValueError, match=says(text)):
        measure_threshold(Quadratic([[0]]), np.random.default_rng(0))


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"starts": 0}, ValueError, "starts must be at least 1, not 0"),
        ({"starts": 1.5}, TypeError, "starts must be an integer, not 1.5"),
        ({"steps": 0}, ValueError, "steps must be at least 1, not 0"),
        ({"resolution": 0}, ValueError, "resolution must be at least 1e-15 and below 1, not 0"),
        ({"resolution": 1}, ValueError, "resolution must be at least 1e-15 and below 1, not 1"),
    ],
)
def test_a_measurement_refuses_what_makes_no_sense(arguments, error, text):
    with pytest.raises(error, match=says(text)):
        measure_threshold(SHEET, np.random.default_rng(0), **arguments)


# The records


def test_a_run_counts_its_steps_by_its_path():
    run = Descent(np.zeros((3, 2)), np.zeros(3), Status.OUT_OF_STEPS)
    assert run.steps == 2
    assert str(run.status) == "out of steps"


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (SHEET, "A"),
        (Interval(0, 1), "upper"),
        (gradient_descent(SHEET, [1, 1], 0.1), "path"),
    ],
)
def test_a_record_cannot_be_changed(record, field):
    with pytest.raises(FrozenInstanceError, match=says(f"cannot assign to field {field!r}")):
        setattr(record, field, 0)
    assert not hasattr(record, "__dict__")


def test_records_of_arrays_are_compared_by_identity_and_intervals_by_value():
    one, other = (gradient_descent(SHEET, [1, 1], 0.1) for _ in range(2))
    assert len({SHEET, Quadratic(SHEET.A), one, other}) == 4
    assert Interval(0, 1) == Interval(0, 1)
