"""Gradient descent against closed forms, in integers and powers of two."""

import re
import tracemalloc
from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mathlib.descent import Descent, Status, gradient_descent, outcomes
from mathlib.interval import Interval
from mathlib.quadratic import Quadratic
from mathlib.threshold import (
    learning_rate_interval,
)

SHEET = Quadratic([[5, 2], [2, 2]])
# Curvatures 8 and 2: with rates that are sums of powers of two every step is exact.
EXACT = Quadratic([[4, 0], [0, 1]])
QUARTIC = SimpleNamespace(value=lambda u: (u**4).sum(axis=-1), gradient=lambda u: 4 * u**3)
eigenvalues = st.lists(st.floats(0.1, 10), min_size=1, max_size=4)
seeds = st.integers(0, 2**32 - 1)


@given(eigenvalues, seeds, st.floats(-0.1, 0.3))
def test_each_component_of_a_run_is_multiplied_by_its_factor(rotated, values, seed, rate):
    f = rotated(values, seed)
    start = np.random.default_rng(seed).standard_normal(len(values))
    path = gradient_descent(f, start, rate, steps=5).path
    powers = (1 - rate * f.curvatures) ** np.arange(len(path))[:, None]
    scale = np.abs(path).max()
    np.testing.assert_allclose(
        path @ f.directions, powers * (start @ f.directions), atol=1e-12 * scale, rtol=1e-9
    )


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


@settings(max_examples=50)
@given(st.lists(st.floats(0.5, 10), min_size=1, max_size=4), seeds, st.floats(0.05, 0.95))
def test_inside_the_interval_every_start_converges(rotated, values, seed, share):
    f = rotated(values, seed)
    start = np.random.default_rng(seed).standard_normal(len(values))
    rate = share * learning_rate_interval(f).upper
    run = gradient_descent(f, start, rate, steps=5000)
    assert run.status == Status.CONVERGED
    assert run.values[-1] <= run.values[0] * 1e-9


@given(eigenvalues, seeds, st.floats(1.02, 100))
def test_above_the_interval_a_start_with_a_steep_component_diverges(rotated, values, seed, share):
    f = rotated(values, seed)
    start = f.directions.sum(axis=1)
    run = gradient_descent(f, start, share * learning_rate_interval(f).upper)
    assert run.status == Status.DIVERGED
    assert run.values[-1] > run.values[0]


@given(eigenvalues, seeds)
def test_at_the_end_of_the_interval_the_steep_direction_oscillates(rotated, values, seed):
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


@settings(max_examples=30)
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
    with pytest.raises(
        ValueError, match=r"^the gradient must have the shape \(1, 2\) of the points, got \(1,\)$"
    ):
        gradient_descent(flat, [1, 2], 0.1)


@pytest.mark.parametrize(
    ("changed", "error", "text"),
    [
        ({"start": [[1, 2]]}, ValueError, "start must have the shape (d,), got (1, 2)"),
        ({"start": [1, np.nan]}, ValueError, "start[1] must be finite, got nan"),
        ({"start": ["a", "b"]}, TypeError, "start must hold real numbers, got <U1"),
        (
            {"start": [1, 2, 3]},
            ValueError,
            "u must have the shape (2,) or (n, 2), got (1, 3)",
        ),
        ({"learning_rate": np.inf}, ValueError, "learning_rate must be finite, got inf"),
        (
            {"learning_rate": [0.1, 0.2]},
            ValueError,
            "learning_rate must have the shape () or (1,) of the starts, got (2,)",
        ),
        ({"steps": -1}, ValueError, "steps must be at least 0, got -1"),
        ({"steps": 2.0}, TypeError, "steps must be an integer, got 2.0"),
        ({"tolerance": 0}, ValueError, "tolerance must be at least 1e-15 and below 1, got 0"),
        ({"tolerance": 1}, ValueError, "tolerance must be at least 1e-15 and below 1, got 1"),
        (
            {"tolerance": np.nan},
            ValueError,
            "tolerance must be at least 1e-15 and below 1, got nan",
        ),
    ],
)
def test_a_run_refuses_what_makes_no_sense(changed, error, text):
    arguments = {"start": [1, 2], "learning_rate": 0.1, "steps": 5, "tolerance": 0.1} | changed
    start, rate = arguments.pop("start"), arguments.pop("learning_rate")
    with pytest.raises(error, match=f"^{re.escape(text)}$"):
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


@settings(max_examples=50)
@given(eigenvalues, seeds)
def test_many_starts_end_as_each_does_alone(rotated, values, seed):
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
    text = "learning_rate must have the shape () or (2,) of the starts, got (3,)"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        outcomes(EXACT, [[1, 0], [0, 1]], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match=r"^starts must have the shape \(n, d\), got \(2,\)$"):
        outcomes(EXACT, [1, 0], 0.1)


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
    with pytest.raises(FrozenInstanceError, match=f"^cannot assign to field {field!r}$"):
        setattr(record, field, 0)
    assert not hasattr(record, "__dict__")


def test_records_of_arrays_are_compared_by_identity_and_intervals_by_value():
    one, other = (gradient_descent(SHEET, [1, 1], 0.1) for _ in range(2))
    assert len({SHEET, Quadratic(SHEET.A), one, other}) == 4
    assert Interval(0, 1) == Interval(0, 1)
