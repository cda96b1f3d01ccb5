"""Numerical derivatives, against closed forms, and the check that must see a wrong gradient."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal

from mathlib.differentiation import (
    CENTRAL_STEP,
    COMPLEX_STEP,
    GradientCheck,
    central_difference,
    check_gradient,
    complex_step,
)

METHODS = [central_difference, complex_step]
in_properties = settings(max_examples=40)


def cube(x):
    return x**3


def exponential(x):
    return np.exp(x)


def squares(X, c):
    return c * (X**2).sum()


def message_of(error, function, *arguments, **options):
    with pytest.raises(error) as caught:
        function(*arguments, **options)
    assert type(caught.value) is error
    return str(caught.value)


# Derivatives


@pytest.mark.parametrize(
    ("x", "h"), [(0.5, 0.5), (-0.25, 0.5), (1.0, 0.5), (4.0, 2.0), (-4.0, 2.0)]
)
def test_central_difference_moves_by_the_step_times_the_entry_but_at_least_one(x, h):
    # ((x + h)^3 - (x - h)^3) / 2h = 3 x^2 + h^2
    assert central_difference(cube, {"x": x}, 0.5)["x"] == 3 * x**2 + h**2


def test_complex_step_moves_by_the_step_along_the_imaginary_axis():
    # Im (x + ih)^3 / h = 3 x^2 - h^2
    assert complex_step(cube, {"x": 4.0}, 0.5)["x"] == 48 - 0.25


@pytest.mark.parametrize("method", METHODS)
def test_every_entry_of_every_argument_is_differentiated(method):
    X = np.array([[1.0, 2.0, 3.0], [-4.0, 5.0, -6.0]])
    derivatives = method(squares, {"X": X, "c": 0.5})
    assert list(derivatives) == ["X", "c"]
    assert_allclose(derivatives["X"], X, rtol=1e-9)
    assert_allclose(derivatives["c"], 1 + 4 + 9 + 16 + 25 + 36, rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(), (1,), (0,), (0, 3), (2, 1, 3)])
def test_a_derivative_has_the_shape_of_its_argument_and_is_float64(method, shape):
    derivative = method(lambda x: np.sum(2 * x), {"x": np.ones(shape)})["x"]
    assert isinstance(derivative, np.ndarray)
    assert (derivative.shape, derivative.dtype) == (shape, np.float64)
    assert_allclose(derivative, np.full(shape, 2.0))


@pytest.mark.parametrize("method", METHODS)
def test_without_arguments_there_are_no_derivatives(method):
    assert method(lambda: 1.0, {}) == {}


@pytest.mark.parametrize("method", METHODS)
def test_an_argument_that_the_function_ignores_has_derivative_zero(method):
    assert method(lambda x, unused: 0 * unused + x, {"x": 3.0, "unused": 2.0})["unused"] == 0


def test_complex_step_accepts_a_function_that_ignores_the_moved_argument():
    assert complex_step(lambda x, unused: x, {"x": 3.0, "unused": 2.0})["unused"] == 0  # noqa: ARG005


def test_the_default_steps_are_the_cube_root_of_the_machine_epsilon_and_a_tiny_one():
    assert math.isclose(CENTRAL_STEP**3, 2.0**-52, rel_tol=1e-12)
    assert COMPLEX_STEP == 1e-20


@in_properties
@given(st.floats(-3, 3))
def test_the_methods_reach_their_known_precision(x):
    def function(x):
        return np.exp(x) * np.sin(x)

    derivative = math.exp(x) * (math.sin(x) + math.cos(x))
    assert_allclose(central_difference(function, {"x": x})["x"], derivative, rtol=0, atol=2e-8)
    assert_allclose(complex_step(function, {"x": x})["x"], derivative, rtol=0, atol=2e-14)


def test_halving_the_step_of_central_difference_quarters_its_error():
    def error(step):
        return abs(central_difference(exponential, {"x": 0.0}, step)["x"] - 1)

    assert error(1e-2) / error(5e-3) == pytest.approx(4, rel=1e-3)


def test_the_complex_step_does_not_lose_precision_as_it_shrinks():
    for step in (1e-10, 1e-50, 1e-300):
        assert complex_step(exponential, {"x": 1.0}, step)["x"] == pytest.approx(math.e, rel=1e-15)


def test_central_difference_divides_by_the_move_that_was_made_after_rounding():
    # 1 + 1e-15 rounds to 1 + 5 * 2^-52 and 1 - 1e-15 to 1 - 9 * 2^-53; the identity has slope 1
    assert central_difference(lambda x: x, {"x": 1.0}, 1e-15)["x"] == 1.0


def test_central_difference_at_a_kink_is_the_mean_of_the_two_slopes():
    assert central_difference(lambda x: max(x, 0.0), {"x": 0.0})["x"] == 0.5


@in_properties
@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
        elements=st.floats(-2, 2),
    ),
    st.randoms(use_true_random=False),
)
def test_both_methods_find_the_coefficients_of_a_linear_function(x, random):
    coefficients = np.array([random.uniform(-1, 1) for _ in range(x.size)]).reshape(x.shape)
    for method in METHODS:
        derivative = method(lambda x: np.sum(coefficients * x), {"x": x})["x"]
        assert_allclose(derivative, coefficients, rtol=0, atol=1e-8)


# What the function is given


@pytest.mark.parametrize(("method", "kind"), [(central_difference, float), (complex_step, complex)])
@pytest.mark.parametrize("number", [2, 2.0, np.float32(2), np.array(2)])
def test_the_function_is_given_numbers_for_numbers(method, kind, number):
    seen = []
    method(lambda c: seen.append(c) or 1.5 * c, {"c": number})
    assert seen
    assert all(isinstance(value, kind) for value in seen)


@pytest.mark.parametrize(
    ("method", "dtype"), [(central_difference, np.float64), (complex_step, np.complex128)]
)
@pytest.mark.parametrize("given_dtype", [np.int8, np.uint8, np.float16, np.float32, np.float64])
def test_every_argument_is_taken_as_float64_or_its_complex(method, dtype, given_dtype):
    seen = set()
    method(
        lambda x, y: seen.update([x.dtype, y.dtype]) or (x * y).sum(),
        {"x": np.ones(2, given_dtype), "y": np.ones(2, given_dtype)},
    )
    assert seen == {np.dtype(dtype)}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["x", "y"])
def test_the_function_cannot_change_its_arguments(method, name):
    def careless(**arguments):
        arguments[name][0] = 5.0
        return arguments[name][0]

    with pytest.raises(ValueError, match="read-only"):
        method(careless, {"x": np.ones(2), "y": np.ones(2)})


@pytest.mark.parametrize("method", METHODS)
def test_the_given_arrays_stay_as_they_are_and_writable(method):
    x = np.array([1.0, 2.0])
    method(lambda x: (x**2).sum(), {"x": x})
    assert_array_equal(x, [1.0, 2.0])
    assert x.flags.writeable


@pytest.mark.parametrize("method", METHODS)
def test_only_one_entry_is_moved_at_a_time(method):
    x = np.array([1.0, 2.0, 3.0])
    moved = []
    method(lambda x: moved.append(np.count_nonzero(x != [1.0, 2.0, 3.0])) or x.sum(), {"x": x})
    assert set(moved) == {1}


# What is refused


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("argument", "error", "message"),
    [
        (
            [[1.0], [2.0, 3.0]],
            ValueError,
            "x must have rows of equal length, got [[1.0], [2.0, 3.0]]",
        ),
        (1j, TypeError, "x must hold real numbers, got complex128"),
        (np.ones(2, complex), TypeError, "x must hold real numbers, got complex128"),
        (np.array(["a"]), TypeError, "x must hold real numbers, got <U1"),
        (True, TypeError, "x must hold real numbers, got bool"),
        (math.nan, ValueError, "x must be finite, got nan"),
        (np.array([[0, 1, -np.inf]]), ValueError, "x[0, 2] must be finite, got -inf"),
    ],
)
def test_arguments_are_real_and_finite(method, argument, error, message):
    assert message_of(error, method, lambda x: 1.0, {"x": argument}) == message  # noqa: ARG005


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("step", [0.0, -1e-3, math.inf, math.nan])
def test_the_step_is_positive_and_finite(method, step):
    message = message_of(ValueError, method, cube, {"x": 1.0}, step)
    assert message == f"step must be positive and finite, got {step}"


def test_central_difference_refuses_a_step_below_the_rounding_of_an_entry():
    arguments = {"x": np.array([0.0, 2.0])}
    message = message_of(ValueError, central_difference, lambda x: x.sum(), arguments, 1e-17)
    assert message == "step must move x[1] = 2.0 to both sides, got 1e-17"


@pytest.mark.parametrize("x", [1.0, -1.0])
def test_central_difference_refuses_a_step_that_moves_an_entry_to_one_side_only(x):
    # floating numbers between -1 and 1 lie twice as close together as those outside
    message = message_of(ValueError, central_difference, cube, {"x": x}, 1e-16)
    assert message == f"step must move x = {x} to both sides, got 1e-16"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(1,), (3,), (0,)])
def test_the_function_returns_one_number(method, shape):
    message = message_of(ValueError, method, lambda x: x * np.ones(shape), {"x": 1.0})
    assert message == f"the function must return a number, got the shape {shape}"


@pytest.mark.parametrize(
    ("method", "returned", "message"),
    [
        (
            central_difference,
            1j,
            "the function must return a real number for float64 arguments, got complex128",
        ),
        (
            complex_step,
            1.0,
            "the function must return a complex number for complex128 arguments, got float64",
        ),
        (
            central_difference,
            None,
            "the function must return a real number for float64 arguments, got object",
        ),
        (
            complex_step,
            "1",
            "the function must return a complex number for complex128 arguments, got <U1",
        ),
    ],
)
def test_the_function_returns_the_kind_of_number_that_the_method_needs(method, returned, message):
    assert message_of(TypeError, method, lambda x: returned, {"x": 1.0}) == message  # noqa: ARG005


@pytest.mark.parametrize("returned", [1, np.int8(1), np.float32(1.0), np.array(1.0)])
def test_central_difference_accepts_any_real_number(returned):
    assert central_difference(lambda x: returned, {"x": 1.0})["x"] == 0  # noqa: ARG005


def test_complex_step_accepts_single_precision():
    assert complex_step(lambda x: np.complex64(x), {"x": 1.0}, 0.5)["x"] == 1  # noqa: PLW0108


def test_central_difference_says_where_the_function_is_not_finite():
    message = message_of(
        ValueError,
        central_difference,
        lambda x: np.nan if x[0, 1] > 2 else 0.0,
        {"x": np.array([[0.0, 2.0]])},
        0.5,
    )
    assert message == "the function must be finite at x[0, 1] = 3.0, got nan"


def test_complex_step_says_where_the_function_is_not_finite():
    message = message_of(ValueError, complex_step, lambda c: c + np.inf, {"c": 2.0}, 0.5)
    assert message == "the function must be finite at c = (2+0.5j), got (inf+0.5j)"


# The check of a gradient


def rows(W, b):
    """Return a number with gradient `2 W` and 10."""
    return (W**2).sum() + 10 * b


W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, -6.0]])


@pytest.mark.parametrize("method", METHODS)
def test_a_right_gradient_is_within_the_tolerance(method):
    check = check_gradient(rows, {"W": W, "b": 1.0}, {"b": 10.0, "W": 2 * W}, method=method)
    assert check.within
    assert check.error < 1e-8


def test_a_wrong_entry_is_reported_by_name_and_index_with_both_values():
    wrong = 2 * W
    wrong[1, 0] += 3.0
    check = check_gradient(rows, {"W": W, "b": 1.0}, {"W": wrong, "b": 10.0}, method=complex_step)
    assert not check.within
    assert (check.name, check.index) == ("W", (1, 0))
    assert (check.stated, check.numerical) == (11.0, 8.0)
    assert check.error == 3.0


def test_a_wrong_number_is_reported_without_an_index():
    check = check_gradient(rows, {"W": W, "b": 1.0}, {"W": 2 * W, "b": -10.0}, method=complex_step)
    assert (check.name, check.index, check.error) == ("b", (), 20.0)


@pytest.mark.parametrize("gradient", [np.array([3.0, 4.0, 0.0]), np.array([-3.0, -4.0, 0.0])])
def test_the_scale_is_the_largest_magnitude_in_either_gradient(gradient):
    def function(x):
        return gradient[:2] @ x[:2]

    arguments = {"x": np.zeros(3)}
    assert check_gradient(function, arguments, {"x": gradient}, method=complex_step).scale == 4
    stated = np.array([3.0, 4.0, -8.0])
    check = check_gradient(lambda x: 0 * x[0], arguments, {"x": stated}, method=complex_step)
    assert check.scale == 8


def test_each_argument_has_its_own_scale():
    def function(small, large):
        return 1e-3 * small + 1e6 * large

    arguments, stated = {"small": 0.0, "large": 0.0}, {"small": 2e-3, "large": 1e6 + 1}
    check = check_gradient(function, arguments, stated, method=complex_step)
    assert (check.name, check.scale) == ("small", 2e-3)


def test_a_given_scale_holds_for_all_arguments():
    def function(small, large):
        return 1e-3 * small + 1e6 * large

    arguments, stated = {"small": 0.0, "large": 0.0}, {"small": 2e-3, "large": 1e6 + 1}
    check = check_gradient(function, arguments, stated, method=complex_step, scale=100.0)
    assert (check.name, check.scale, check.error) == ("large", 100.0, 1.0)


def test_tiny_gradients_are_compared_with_themselves():
    check = check_gradient(lambda x: 1e-12 * x, {"x": 1.0}, {"x": 0.0}, method=complex_step)
    assert not check.within


def test_among_equal_errors_the_first_in_the_order_of_the_arguments_is_reported():
    arguments = {"x": np.zeros(3), "y": np.zeros(3)}
    check = check_gradient(
        lambda x, y: 0 * (x + y).sum(),
        arguments,
        {"y": np.array([1.0, 1.0, 1.0]), "x": np.array([0.0, 1.0, -1.0])},
        method=complex_step,
    )
    assert (check.name, check.index) == ("x", (1,))


def test_gradients_of_zero_agree():
    check = check_gradient(lambda x: 0 * x.sum(), {"x": np.ones((2, 2))}, {"x": np.zeros((2, 2))})
    assert check.within
    assert (check.index, check.error, check.scale) == ((0, 0), 0.0, 0.0)


def test_an_agreeing_zero_gradient_is_never_the_worst_beside_a_wrong_one():
    check = check_gradient(
        lambda zero, x: 0 * zero + x, {"zero": 1.0, "x": 1.0}, {"zero": 0.0, "x": 1.5}
    )
    assert check.name == "x"


def test_arguments_without_entries_are_passed_over():
    arguments = {"none": np.zeros((0, 3)), "x": 1.0}
    check = check_gradient(lambda none, x: none.sum() + x, arguments, {**arguments, "x": 2.0})
    assert check.name == "x"


@pytest.mark.parametrize(("error", "within"), [(0.25, True), (0.2500001, False), (-0.25, True)])
def test_an_error_of_exactly_the_tolerance_times_the_scale_is_within(error, within):
    check = GradientCheck("x", (0,), 1.0 + error, 1.0, scale=2.0, tolerance=0.125)
    assert check.within is within


@pytest.mark.parametrize(("factor", "within"), [(0.9, True), (1.1, False)])
def test_the_default_tolerance_is_a_ten_millionth_of_the_scale(factor, within):
    stated = np.array([4.0, factor * 4e-7])
    check = check_gradient(
        lambda x: 4 * x[0], {"x": np.zeros(2)}, {"x": stated}, method=complex_step
    )
    assert (check.tolerance, check.within) == (1e-7, within)


def test_the_check_prints_as_a_sentence():
    right = GradientCheck("W1", (0, 2), 1 / 3, 0.25, scale=2.0, tolerance=0.125)
    wrong = GradientCheck("b2", (), -1.0, 1e-12, scale=1.0, tolerance=1e-7)
    assert str(right) == (
        "W1[0, 2]: stated 0.3333333333, numerical 0.25, error 8.3e-02, "
        "within 1.2e-01 of the scale 2.0e+00"
    )
    assert str(wrong) == (
        "b2: stated -1, numerical 1e-12, error 1.0e+00, more than 1.0e-07 of the scale 1.0e+00"
    )


def test_the_check_is_frozen():
    check = GradientCheck("x", (0,), 1.0, 1.0, scale=2.0, tolerance=0.125)
    with pytest.raises(dataclasses.FrozenInstanceError):
        check.tolerance = 1.0


@in_properties
@given(
    st.sampled_from(["W", "b"]),
    st.tuples(st.integers(0, 1), st.integers(0, 2)),
    st.floats(1e-5, 10).flatmap(lambda size: st.sampled_from([size, -size])),
)
def test_a_disturbance_of_any_entry_is_found(name, index, disturbance):
    gradient = {"W": 2 * W, "b": np.array(10.0)}
    index = index if name == "W" else ()
    gradient[name][index] += disturbance
    check = check_gradient(rows, {"W": W, "b": 1.0}, gradient)
    assert not check.within
    assert (check.name, check.index) == (name, index)


@pytest.mark.parametrize(
    ("gradient", "error", "message"),
    [
        ({"W": W}, ValueError, "the gradient must have the names W, b of the arguments, got W"),
        (
            {"W": W, "b": 1.0, "c": 1.0},
            ValueError,
            "the gradient must have the names W, b of the arguments, got W, b, c",
        ),
        ({}, ValueError, "the gradient must have the names W, b of the arguments, got none"),
        (
            {"W": W.T, "b": 1.0},
            ValueError,
            "gradient of W must have the shape (2, 3), got (3, 2)",
        ),
        (
            {"W": W, "b": np.ones(1)},
            ValueError,
            "gradient of b must have the shape (), got (1,)",
        ),
        (
            {"W": W * 1j, "b": 1.0},
            TypeError,
            "gradient of W must hold real numbers, got complex128",
        ),
        (
            {"W": W, "b": np.nan},
            ValueError,
            "gradient of b must be finite, got nan",
        ),
        (
            {"W": W / [1, 1, np.nan], "b": 1.0},
            ValueError,
            "gradient of W[0, 2] must be finite, got nan",
        ),
    ],
)
def test_a_gradient_has_the_names_and_shapes_of_the_arguments(gradient, error, message):
    assert message_of(error, check_gradient, rows, {"W": W, "b": 1.0}, gradient) == message


def test_a_gradient_without_arguments_is_refused():
    message = message_of(ValueError, check_gradient, lambda: 1.0, {}, {"x": 1.0})
    assert message == "the gradient must have the names none of the arguments, got x"


@pytest.mark.parametrize("arguments", [{}, {"x": np.zeros((0, 2))}])
def test_a_check_of_nothing_is_refused(arguments):
    message = message_of(ValueError, check_gradient, lambda **_: 1.0, arguments, arguments)
    assert message == "the arguments must have an entry to check, got none"


@pytest.mark.parametrize("option", ["tolerance", "scale"])
@pytest.mark.parametrize("value", [0.0, -1.0, math.inf, math.nan])
def test_tolerance_and_scale_are_positive_and_finite(option, value):
    message = message_of(
        ValueError, check_gradient, cube, {"x": 1.0}, {"x": 3.0}, **{option: value}
    )
    assert message == f"{option} must be positive and finite, got {value}"
