"""The network of two layers, against arithmetic by hand, properties, slow loops and autograd."""

import dataclasses
import re
from typing import get_overloads, get_type_hints

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal

from mathlib import differentiation
from mathlib.network import (
    Parameters,
    backward,
    backward_per_sample,
    directional_derivative,
    forward,
    jacobian_vector_product,
    loss,
    vector_jacobian_product,
)

NAMES = ("W1", "b1", "w2", "b2")
in_properties = settings(max_examples=40)


# Four samples, three inputs, two hidden units; every expected number below is worked out from it.
#   z_1 = (1, 4 - 1),  z_2 = (-4, 1 - 1),  z_3 = (-1 + 2, -2 + 2 - 1),  z_4 = (0, -1)
X = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 4.0], [-1.0, 2.0, -2.0], [0.0, 0.0, 0.0]])
t = np.array([1.0, 7.0, 6.0, 5.5])
PARAMETERS = Parameters(
    W1=np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]),
    b1=np.array([0.0, -1.0]),
    w2=np.array([3.0, -2.0]),
    b2=5.0,
)
DIRECTION = Parameters(
    W1=np.array([[1.0, 1.0, 0.0], [0.0, -1.0, 2.0]]),
    b1=np.array([1.0, 0.0]),
    w2=np.array([2.0, 1.0]),
    b2=-3.0,
)


@pytest.fixture
def passed():
    return forward(PARAMETERS, X)


# Eighths: sums of their products are exact, so no rounding moves a unit across the kink of ReLU.
eighths = st.integers(-16, 16).map(lambda k: k / 8)


def numbers(*shape):
    return hnp.arrays(np.float64, shape, elements=eighths)


def parameters_of(h, d):
    return st.builds(Parameters, numbers(h, d), numbers(h), numbers(h), eighths)


@st.composite
def problems(draw, smallest_batch=0):
    """Draw a network, a direction in its parameters, a batch and its targets, of any sizes."""
    n, d, h = draw(st.tuples(st.integers(smallest_batch, 5), st.integers(0, 4), st.integers(0, 4)))
    network_, direction = draw(parameters_of(h, d)), draw(parameters_of(h, d))
    return network_, direction, draw(numbers(n, d)), draw(numbers(n))


def close(actual, expected):
    assert_allclose(actual, expected, rtol=1e-10, atol=1e-10)


def parameter_gradients(gradients):
    return [getattr(gradients, f"d{name}") for name in NAMES]


def inner_product(gradients, direction):
    pairs = zip(parameter_gradients(gradients), direction.named().values(), strict=True)
    return sum(np.sum(gradient * component) for gradient, component in pairs)


# The forward pass and the loss


def test_forward_keeps_every_intermediate(passed):
    assert_array_equal(passed.X, X)
    assert_array_equal(passed.Z, [[1, 3], [-4, 0], [1, -1], [0, -1]])
    assert_array_equal(passed.A, [[1, 3], [0, 0], [1, 0], [0, 0]])
    assert_array_equal(passed.y, [3 - 6 + 5, 5, 3 + 5, 5])


def test_loss_is_half_the_sum_of_squared_residuals():
    assert loss(np.array([2.0, 5.0, 8.0, 5.0]), t) == (1 + 4 + 4 + 0.25) / 2


def test_loss_of_the_empty_batch_is_zero():
    assert loss(np.zeros(0), np.zeros(0)) == 0.0


def test_loss_of_complex_outputs_squares_without_conjugating():
    assert loss(np.array([3 + 2j]), np.array([1.0])) == (2 + 2j) ** 2 / 2


def test_loss_is_a_plain_python_number():
    assert type(loss(np.ones(2), np.zeros(2))) is float


@in_properties
@given(problems())
def test_forward_agrees_with_a_loop_over_samples_units_and_inputs(problem):
    parameters, _, inputs, _ = problem
    expected = []
    for x in inputs:
        output = parameters.b2
        for weights, bias, outgoing in zip(
            parameters.W1, parameters.b1, parameters.w2, strict=True
        ):
            z = bias + sum(w * entry for w, entry in zip(weights, x, strict=True))
            output += outgoing * max(z, 0)
        expected.append(output)
    close(forward(parameters, inputs).y, expected)


@in_properties
@given(problems(), st.floats(0.5, 2))
def test_forward_is_unchanged_if_the_layers_are_scaled_inversely(problem, factor):
    parameters, _, inputs, _ = problem
    scaled = Parameters(
        parameters.W1 * factor, parameters.b1 * factor, parameters.w2 / factor, parameters.b2
    )
    close(forward(scaled, inputs).y, forward(parameters, inputs).y)


# The backward pass


def test_backward_computes_every_gradient(passed):
    gradients = backward(PARAMETERS, passed, t)
    assert_array_equal(gradients.dy, [1, -2, 2, -0.5])
    assert_array_equal(gradients.dA, [[3, -2], [-6, 4], [6, -4], [-1.5, 1]])
    assert_array_equal(gradients.dZ, [[3, -2], [0, 0], [6, 0], [0, 0]])
    assert_array_equal(gradients.dW1, [[3 - 6, 6 + 12, 0 - 12], [-2, -4, 0]])
    assert_array_equal(gradients.db1, [3 + 6, -2])
    assert_array_equal(gradients.dw2, [1 + 2, 3])
    assert gradients.db2 == 1 - 2 + 2 - 0.5


def test_backward_sends_nothing_through_a_unit_that_is_exactly_zero():
    parameters = Parameters(np.zeros((1, 1)), np.zeros(1), np.ones(1), 0.0)
    gradients = backward(parameters, forward(parameters, np.ones((1, 1))), np.ones(1))
    assert (gradients.dW1.tolist(), gradients.db1.tolist(), gradients.db2) == ([[0]], [0], -1)


@pytest.mark.parametrize(("n", "d", "h"), [(0, 3, 2), (3, 0, 2), (3, 2, 0), (1, 1, 1), (0, 0, 0)])
def test_every_gradient_has_the_shape_of_what_it_belongs_to(n, d, h):
    parameters = Parameters(np.ones((h, d)), np.ones(h), np.ones(h), 1.0)
    gradients = backward(parameters, forward(parameters, np.ones((n, d))), np.ones(n))
    assert gradients.dy.shape == (n,)
    assert gradients.dA.shape == gradients.dZ.shape == (n, h)
    assert gradients.dW1.shape == (h, d)
    assert gradients.db1.shape == gradients.dw2.shape == (h,)
    assert type(gradients.db2) is float


def test_the_empty_batch_has_gradients_of_zero():
    gradients = backward(PARAMETERS, forward(PARAMETERS, np.zeros((0, 3))), np.zeros(0))
    for gradient in parameter_gradients(gradients):
        assert not np.any(gradient)


@in_properties
@given(problems())
def test_backward_agrees_with_autograd(problem):
    parameters, _, inputs, targets = problem

    def objective(arguments):
        W1, b1, w2, b2 = arguments
        Z = anp.dot(inputs, W1.T) + b1
        y = anp.dot(anp.where(Z > 0, Z, 0.0), w2) + b2
        return 0.5 * anp.sum((y - targets) ** 2)

    expected = autograd.grad(objective)(tuple(parameters.named().values()))
    gradients = backward(parameters, forward(parameters, inputs), targets)
    for actual, wanted in zip(parameter_gradients(gradients), expected, strict=True):
        close(actual, wanted)


def test_backward_agrees_with_the_complex_step():
    def objective(**arguments):
        return loss(forward(Parameters(**arguments), X).y, t)

    expected = differentiation.complex_step(objective, PARAMETERS.named())
    gradients = backward(PARAMETERS, forward(PARAMETERS, X), t)
    for actual, name in zip(parameter_gradients(gradients), NAMES, strict=True):
        close(actual, expected[name])


def test_backward_of_complex_parameters_gives_complex_derivatives():
    rotated = Parameters(PARAMETERS.W1, PARAMETERS.b1, 1j * PARAMETERS.w2, 5.0)
    gradients = backward(rotated, forward(rotated, X[:1]), t[:1])
    # y = 5 - 3i, so dy = 4 - 3i, and nothing is conjugated on the way to dZ = dy (3i, -2i)
    assert gradients.dy.tolist() == [4 - 3j]
    assert gradients.dZ.tolist() == [[9 + 12j, -6 - 8j]]
    assert gradients.dw2.tolist() == [4 - 3j, 12 - 9j]


@in_properties
@given(problems(), st.integers(0, 5))
def test_gradients_of_two_batches_add_up_to_those_of_both_together(problem, cut):
    parameters, _, inputs, targets = problem

    def gradients_of(part):
        passed_ = forward(parameters, inputs[part])
        return parameter_gradients(backward(parameters, passed_, targets[part]))

    first, second = gradients_of(slice(None, cut)), gradients_of(slice(cut, None))
    for whole, one, other in zip(gradients_of(slice(None)), first, second, strict=True):
        close(whole, one + other)


@in_properties
@given(problems(), st.randoms(use_true_random=False))
def test_shuffling_the_samples_shuffles_the_rows_and_leaves_the_parameter_gradients(
    problem, random
):
    parameters, _, inputs, targets = problem
    order = list(range(len(inputs)))
    random.shuffle(order)
    gradients = backward(parameters, forward(parameters, inputs), targets)
    shuffled = backward(parameters, forward(parameters, inputs[order]), targets[order])
    close(shuffled.dZ, gradients.dZ[order])
    for actual, wanted in zip(
        parameter_gradients(shuffled), parameter_gradients(gradients), strict=True
    ):
        close(actual, wanted)


@in_properties
@given(problems(), st.floats(-3, 3))
def test_gradients_are_linear_in_dy(problem, factor):
    parameters, _, inputs, dy = problem
    passed_ = forward(parameters, inputs)
    scaled = vector_jacobian_product(parameters, passed_, factor * dy)
    gradients = vector_jacobian_product(parameters, passed_, dy)
    for actual, wanted in zip(
        parameter_gradients(scaled), parameter_gradients(gradients), strict=True
    ):
        close(actual, factor * wanted)


# Sample by sample


def test_backward_per_sample_computes_the_outer_products(passed):
    gradients = backward_per_sample(PARAMETERS, passed, t)
    zero = [[0, 0, 0], [0, 0, 0]]
    expected = [[[3, 6, 0], [-2, -4, 0]], zero, [[-6, 12, -12], [0, 0, 0]], zero]
    assert_array_equal(gradients.dW1, expected)
    assert_array_equal(gradients.db1, [[3, -2], [0, 0], [6, 0], [0, 0]])
    assert_array_equal(gradients.dw2, [[1, 3], [0, 0], [2, 0], [0, 0]])
    assert_array_equal(gradients.db2, [1, -2, 2, -0.5])


@in_properties
@given(problems())
def test_gradients_per_sample_sum_to_the_gradients_of_the_batch(problem):
    parameters, _, inputs, targets = problem
    passed_ = forward(parameters, inputs)
    samples = parameter_gradients(backward_per_sample(parameters, passed_, targets))
    whole = parameter_gradients(backward(parameters, passed_, targets))
    for sample, wanted in zip(samples, whole, strict=True):
        assert len(sample) == len(inputs)
        close(sample.sum(axis=0), wanted)


# Products with the Jacobian


def test_jacobian_vector_product_differentiates_the_outputs_along_a_direction(passed):
    # A_dot = ((4, -2), 0, (2, 0), 0), so y_dot = A_dot . (3, -2) + A . (2, 1) - 3
    expected = [16 + 5 - 3, -3, 6 + 2 - 3, -3]
    assert_array_equal(jacobian_vector_product(PARAMETERS, passed, DIRECTION), expected)


def test_directional_derivative_is_the_slope_of_the_loss(passed):
    derivative = directional_derivative(PARAMETERS, passed, t, DIRECTION)
    assert derivative == 1 * 18 - 2 * -3 + 2 * 5 - 0.5 * -3
    assert type(derivative) is float


def test_vector_jacobian_product_is_the_gradient_of_a_weighted_sum_of_outputs(passed):
    gradients = vector_jacobian_product(PARAMETERS, passed, np.array([0.0, 1.0, 2.0, 0.0]))
    assert_array_equal(gradients.dW1, [[-6, 12, -12], [0, 0, 0]])
    assert_array_equal(gradients.db1, [6, 0])
    assert_array_equal(gradients.dw2, [2, 0])
    assert gradients.db2 == 3


@in_properties
@given(problems(), st.data())
def test_the_two_products_are_adjoint(problem, data):
    parameters, direction, inputs, _ = problem
    u = data.draw(numbers(len(inputs)))
    passed_ = forward(parameters, inputs)
    forward_mode = np.dot(u, jacobian_vector_product(parameters, passed_, direction))
    reverse_mode = inner_product(vector_jacobian_product(parameters, passed_, u), direction)
    close(forward_mode, reverse_mode)


@in_properties
@given(problems())
def test_directional_derivative_is_the_gradient_times_the_direction(problem):
    parameters, direction, inputs, targets = problem
    passed_ = forward(parameters, inputs)
    close(
        directional_derivative(parameters, passed_, targets, direction),
        inner_product(backward(parameters, passed_, targets), direction),
    )


@in_properties
@given(problems(smallest_batch=1))
def test_jacobian_vector_product_agrees_with_a_complex_step_along_the_direction(problem):
    parameters, direction, inputs, _ = problem
    moved = Parameters(
        **{name: getattr(parameters, name) + 1e-20j * getattr(direction, name) for name in NAMES}
    )
    expected = forward(moved, inputs).y.imag / 1e-20
    close(jacobian_vector_product(parameters, forward(parameters, inputs), direction), expected)


# What goes in


def test_records_are_frozen_and_compare_by_identity(passed):
    gradients = backward(PARAMETERS, passed, t), backward_per_sample(PARAMETERS, passed, t)
    for record in (PARAMETERS, passed, *gradients):
        check_frozen_and_compared_by_identity(record)


def check_frozen_and_compared_by_identity(record):
    for field in dataclasses.fields(record):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, field.name, 0.0)
    assert record != dataclasses.replace(record)
    assert len({record, dataclasses.replace(record)}) == 2


def test_integers_are_taken_as_float64():
    parameters = Parameters(np.array([[2, 3]]), np.array([1], np.uint8), np.array([1]), -1)
    passed_ = forward(parameters, np.array([[1, 1]]))
    assert [getattr(parameters, name).dtype for name in NAMES[:3]] == [np.float64] * 3
    assert type(parameters.b2) is float
    assert passed_.X.dtype == np.float64
    assert passed_.y.tolist() == [5.0]


@pytest.mark.parametrize("dtype", [np.float32, np.complex64])
def test_short_floating_numbers_stay_short(dtype):
    parameters = Parameters(
        np.ones((2, 3), dtype), np.ones(2, dtype), np.ones(2, dtype), dtype(0.5)
    )
    passed_ = forward(parameters, np.ones((4, 3), dtype))
    gradients = backward(parameters, passed_, np.ones(4, dtype))
    assert {passed_.Z.dtype, passed_.A.dtype, passed_.y.dtype, gradients.dW1.dtype} == {
        np.dtype(dtype)
    }


def test_functions_leave_their_arguments_as_they_are():
    arguments = [X.copy(), t.copy()]
    passed_ = forward(PARAMETERS, arguments[0])
    kept = [array.copy() for array in (passed_.Z, passed_.A, passed_.y)]
    backward(PARAMETERS, passed_, arguments[1])
    backward_per_sample(PARAMETERS, passed_, arguments[1])
    directional_derivative(PARAMETERS, passed_, arguments[1], DIRECTION)
    assert_array_equal(arguments[0], X)
    assert_array_equal(arguments[1], t)
    for array, before in zip((passed_.Z, passed_.A, passed_.y), kept, strict=True):
        assert_array_equal(array, before)


# What is refused


@pytest.mark.parametrize("shape", [(4, 2), (3,), (), (2, 2, 3)])
def test_forward_says_which_inputs_it_requires(shape):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is compared below
        forward(PARAMETERS, np.ones(shape))
    assert str(caught.value) == f"X must have the shape (n, 3) for W1 of shape (2, 3), got {shape}"


def test_forward_refuses_inputs_that_are_not_finite():
    with pytest.raises(ValueError, match=r"^X\[0, 1\] must be finite, got inf$"):
        forward(PARAMETERS, np.array([[0.0, np.inf, 0.0]]))


@pytest.mark.filterwarnings("ignore:overflow")
def test_forward_refuses_sums_that_overflow():
    parameters = Parameters(np.full((1, 1), 1e200), np.zeros(1), np.ones(1), 0.0)
    with pytest.raises(ValueError, match=r"^Z\[0, 0\] must be finite, got inf$"):
        forward(parameters, np.full((1, 1), 1e200))


def test_loss_refuses_targets_in_a_column():
    message = r"^t must have the shape \(2,\) of y, got \(2, 1\)$"
    with pytest.raises(ValueError, match=message):
        loss(np.ones(2), np.ones((2, 1)))


def test_loss_refuses_outputs_in_a_column():
    message = r"^y must have the shape \(n,\), got \(2, 1\)$"
    with pytest.raises(ValueError, match=message):
        loss(np.ones((2, 1)), np.ones((2, 1)))


@pytest.mark.parametrize("function", [backward, backward_per_sample])
def test_backward_refuses_targets_of_another_batch(function, passed):
    message = r"^t must have the shape \(4,\) of y, got \(3,\)$"
    with pytest.raises(ValueError, match=message):
        function(PARAMETERS, passed, np.ones(3))


def test_directional_derivative_refuses_targets_that_are_not_finite(passed):
    with pytest.raises(ValueError, match=r"^t\[2\] must be finite, got nan$"):
        directional_derivative(PARAMETERS, passed, np.array([0, 0, np.nan, 0]), DIRECTION)


def test_vector_jacobian_product_refuses_a_vector_of_another_length(passed):
    message = r"^dy must have the shape \(4,\) of y, got \(2,\)$"
    with pytest.raises(ValueError, match=message):
        vector_jacobian_product(PARAMETERS, passed, np.ones(2))


def test_jacobian_vector_product_refuses_a_direction_of_other_widths(passed):
    direction = Parameters(np.ones((2, 1)), np.ones(2), np.ones(2), 1.0)
    message = r"^W1 of the direction must have the shape \(2, 3\), got \(2, 1\)$"
    with pytest.raises(ValueError, match=message):
        jacobian_vector_product(PARAMETERS, passed, direction)


PRODUCTS = [
    lambda parameters, passed: backward(parameters, passed, np.ones(4)),
    lambda parameters, passed: vector_jacobian_product(parameters, passed, np.ones(4)),
    lambda parameters, passed: backward_per_sample(parameters, passed, np.ones(4)),
    lambda parameters, passed: jacobian_vector_product(parameters, passed, parameters),
    lambda parameters, passed: directional_derivative(parameters, passed, np.ones(4), parameters),
]
products = pytest.mark.parametrize("product", PRODUCTS)


@products
@pytest.mark.parametrize("name", NAMES)
def test_products_refuse_a_forward_pass_of_other_parameters_of_the_same_shape(
    product, name, passed
):
    moved = PARAMETERS.named()
    moved[name] = moved[name] + np.eye(*np.shape(moved[name])) if name == "W1" else moved[name] + 1
    place = {"W1": "[0, 0]", "b2": ""}.get(name, "[0]")
    text = rf"^{name}{re.escape(place)} must be \S+ as in the forward pass, got \S+$"
    with pytest.raises(ValueError, match=text):
        product(Parameters(**moved), passed)


@products
def test_products_take_a_forward_pass_of_equal_parameters(product, passed):
    product(Parameters(**PARAMETERS.named()), passed)


@products
@pytest.mark.parametrize(("h", "d"), [(1, 3), (2, 1)])
def test_products_refuse_a_forward_pass_through_another_network(product, h, d, passed):
    other = Parameters(np.ones((h, d)), np.ones(h), np.ones(h), 1.0)
    text = f"W1 must have the shape (2, 3) as in the forward pass, got {(h, d)}"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        product(other, passed)


@products
def test_products_refuse_a_forward_pass_of_unequal_batches(product, passed):
    mixed = dataclasses.replace(passed, X=X[:2])
    text = "Z of the forward pass must have the shape (2, 2), got (4, 2)"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        product(PARAMETERS, mixed)


# What is kept


def test_a_forward_pass_is_read_only_and_no_alias_of_what_was_given():
    given_inputs = X.copy()
    passed_ = forward(PARAMETERS, given_inputs)
    assert passed_.parameters is PARAMETERS
    given_inputs[0, 0] = 7
    assert_array_equal(passed_.X, X)
    for name in ("X", "Z", "A", "y"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(passed_, name)[0] = 7.0


def test_no_gradient_is_an_alias_of_what_was_given(passed):
    dy = np.ones(4)
    gradients = vector_jacobian_product(PARAMETERS, passed, dy)
    assert not np.shares_memory(gradients.dy, dy)


def test_everything_may_be_given_as_lists():
    parameters = Parameters(*(np.asarray(a).tolist() for a in PARAMETERS.named().values()))
    passed_ = forward(parameters, X.tolist())
    gradients = backward(parameters, passed_, t.tolist())
    assert_array_equal(gradients.dW1, backward(PARAMETERS, forward(PARAMETERS, X), t).dW1)
    assert loss(passed_.y.tolist(), t.tolist()) == loss(passed_.y, t)
    again = vector_jacobian_product(parameters, passed_, gradients.dy.tolist())
    assert_array_equal(again.dW1, gradients.dW1)


def test_lists_that_are_no_arrays_are_refused():
    with pytest.raises(ValueError, match=r"^X must have rows of equal length, got \[\[1\], \[2, 3"):
        forward(PARAMETERS, [[1], [2, 3, 4]])
    with pytest.raises(TypeError, match=r"^t must hold real or complex numbers, got <U1$"):
        loss([1.0], ["a"])


def test_the_type_of_the_loss_is_float_for_real_input():
    real, general = (get_type_hints(one)["return"] for one in get_overloads(loss))
    assert (real, general) == (float, complex)
