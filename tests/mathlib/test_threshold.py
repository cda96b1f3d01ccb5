"""Learning rates that converge, against known eigenvalues and closed forms."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathlib.descent import gradient_descent
from mathlib.quadratic import Quadratic
from mathlib.threshold import (
    best_learning_rate,
    condition_number,
    contraction_factor,
    learning_rate_interval,
    measure_threshold,
)

SHEET = Quadratic([[5, 2], [2, 2]])
# Curvatures 8 and 2: with rates that are sums of powers of two every step is exact.
EXACT = Quadratic([[4, 0], [0, 1]])
eigenvalues = st.lists(st.floats(0.1, 10), min_size=1, max_size=4)
seeds = st.integers(0, 2**32 - 1)


def test_the_problem_has_its_known_rates():
    assert learning_rate_interval(SHEET).upper == pytest.approx(1 / 6, rel=1e-14)
    assert str(learning_rate_interval(SHEET)) == "(0, 1/6)"
    assert best_learning_rate(SHEET) == pytest.approx(1 / 7, rel=1e-14)
    assert contraction_factor(SHEET, 1 / 7) == pytest.approx(5 / 7, rel=1e-14)
    assert condition_number(SHEET) == pytest.approx(6, rel=1e-14)


@given(eigenvalues, seeds)
def test_the_rates_follow_from_the_eigenvalues_that_a_matrix_was_built_from(rotated, values, seed):
    f = rotated(values, seed)
    low, high = min(values), max(values)
    interval = learning_rate_interval(f)
    assert (interval.lower, interval.lower_open, interval.upper_open) == (0, True, True)
    assert interval.upper == pytest.approx(1 / high)
    assert best_learning_rate(f) == pytest.approx(1 / (low + high))
    assert condition_number(f) == pytest.approx(high / low)
    best = contraction_factor(f, best_learning_rate(f))
    assert best == pytest.approx((high - low) / (high + low), abs=1e-12)


@given(eigenvalues, seeds, st.floats(0, 2))
def test_no_rate_contracts_more_than_the_best(rotated, values, seed, rate):
    f = rotated(values, seed)
    best = contraction_factor(f, best_learning_rate(f))
    assert contraction_factor(f, rate) >= best - 1e-12


@given(eigenvalues, seeds, st.floats(-1, 2))
def test_the_factor_is_below_one_exactly_inside_the_interval(rotated, values, seed, share):
    f = rotated(values, seed)
    interval = learning_rate_interval(f)
    rate = share * interval.upper
    if abs(share) > 1e-9 and abs(share - 1) > 1e-9:
        assert (contraction_factor(f, rate) < 1) == (rate in interval)


@given(eigenvalues, seeds, st.floats(-1, 1))
def test_the_factor_is_the_spectral_norm_of_a_step(rotated, values, seed, rate):
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
    with pytest.raises(ValueError, match=r"^learning_rate must be finite, got nan$"):
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
        ([[1, 0], [0, -3]], f"-3: {FALLS}"),
        ([[-2, 0], [0, 0]], f"-2: {FALLS}"),
        ([[4, 2], [2, 1]], f"0: {FILL} a line, {DEPENDS}"),
        (np.diag([0, 1, 0]), f"0: {FILL} a space of dimension 2, {DEPENDS}"),
        ([[0]], f"0: {FILL} a line, {DEPENDS}"),
    ],
)
def test_a_form_without_a_single_minimiser_is_refused_with_the_reason(ask, A, reason):
    text = f"A must be positive definite, got the eigenvalue {reason}"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        ask(Quadratic(A))


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=3), seeds)
def test_an_eigenvalue_that_is_zero_but_for_rounding_counts_as_zero(rotated, values, seed):
    with pytest.raises(ValueError, match="got the eigenvalue 0: the minimisers"):
        learning_rate_interval(rotated([0, *values], seed))


def test_a_small_eigenvalue_beyond_rounding_errors_is_not_zero():
    assert condition_number(Quadratic(np.diag([1, 2.0**-50]))) == 2.0**50
    with pytest.raises(ValueError, match=r"eigenvalue -8\.88178e-16:"):
        condition_number(Quadratic(np.diag([1, -(2.0**-50)])))


@settings(max_examples=15)
@given(eigenvalues, seeds)
def test_the_measured_threshold_is_the_end_of_the_interval(rotated, values, seed):
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
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        measure_threshold(Quadratic([[0]]), np.random.default_rng(0))


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"starts": 0}, ValueError, "starts must be at least 1, got 0"),
        ({"starts": 1.5}, TypeError, "starts must be an integer, got 1.5"),
        ({"steps": 0}, ValueError, "steps must be at least 1, got 0"),
        ({"resolution": 0}, ValueError, "resolution must be at least 1e-15 and below 1, got 0"),
        ({"resolution": 1}, ValueError, "resolution must be at least 1e-15 and below 1, got 1"),
    ],
)
def test_a_measurement_refuses_what_makes_no_sense(arguments, error, text):
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
        measure_threshold(SHEET, np.random.default_rng(0), **arguments)
