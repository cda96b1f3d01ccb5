"""A network of two layers with one output, its loss and its derivatives, written out by hand.

Shapes are given in three letters: a batch of `n` samples (0 is allowed) with `d` inputs each, and
`h` hidden units. Arrays are real or complex floating; integers are taken as float64. Complex
numbers are there for the complex step: no formula conjugates, and derivatives are complex too.
Whatever is given to a function must be a numeric array, or `TypeError` says what it is, and finite,
or `ValueError` says which entry is not.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mathlib.arrays import numeric_array, read_only, require_shape

__all__ = [
    "Forward",
    "Gradients",
    "Parameters",
    "SampleGradients",
    "backward",
    "backward_per_sample",
    "directional_derivative",
    "forward",
    "jacobian_vector_product",
    "loss",
    "relu",
    "relu_derivative",
    "vector_jacobian_product",
]

Array = NDArray[np.inexact[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """The parameters of `y = relu(X W1^T + b1) w2 + b2`, or a direction in their space.

    `W1` (h, d) and `b1` (h,) are the weights and biases of the hidden layer, `w2` (h,) and the
    number `b2` those of the output. The record keeps read-only copies of them.

    Raises
    ------
    TypeError
        If `W1`, `b1` or `w2` is not an array, or one of the four is not numeric.
    ValueError
        If the shapes do not fit each other, or an entry is NaN or infinite.

    Examples
    --------
    >>> Parameters(W1=np.eye(2), b1=np.zeros(2), w2=np.ones(2), b2=-1).b2
    -1.0
    """

    W1: Array
    b1: Array
    w2: Array
    b2: complex

    def __post_init__(self) -> None:
        W1 = numeric_array(self.W1, "W1", ("h", "d"))
        hidden, where = W1.shape[:1], f"for W1 of shape {W1.shape}"
        b1 = numeric_array(self.b1, "b1", hidden, where=where)
        w2 = numeric_array(self.w2, "w2", hidden, where=where)
        for name, array in (("W1", W1), ("b1", b1), ("w2", w2)):
            object.__setattr__(self, name, read_only(array))
        object.__setattr__(self, "b2", numeric_array(self.b2, "b2", ()).item())


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """A forward pass: inputs `X` (n, d), hidden `Z` and `A` (n, h), outputs `y` (n,)."""

    X: Array
    Z: Array
    A: Array
    y: Array


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """Gradients of one number: `dy` (n,), `dA` and `dZ` (n, h), `dW1` (h, d), `db1` and `dw2` (h,).

    Each has the shape of what it is the gradient with respect to; `db2` is a number.
    """

    dy: Array
    dA: Array
    dZ: Array
    dW1: Array
    db1: Array
    dw2: Array
    db2: complex


@dataclass(frozen=True, slots=True, eq=False)
class SampleGradients:
    """Gradients sample by sample: `dW1` (n, h, d), `db1` and `dw2` (n, h), `db2` (n,)."""

    dW1: Array
    db1: Array
    dw2: Array
    db2: Array


def relu(Z: Array) -> Array:
    """Return `max(Z, 0)` entry by entry, in the shape of `Z`; a complex entry by its real part.

    Source: Goodfellow, Bengio and Courville, Deep Learning, section 6.3.1.

    Examples
    --------
    >>> relu(np.array([-2.0, 0.0, 3.0])).tolist()
    [0.0, 0.0, 3.0]
    """
    Z = numeric_array(Z, "Z")
    if np.isrealobj(Z):
        return np.maximum(Z, 0)  # ten times as fast as choosing entry by entry
    return np.where(Z.real > 0, Z, 0)


def relu_derivative(Z: Array) -> Array:
    """Return 1 where the real part of `Z` is positive and 0 elsewhere, at 0 too.

    ReLU has no derivative at 0; this library takes 0, which is one of its subgradients there.

    Examples
    --------
    >>> relu_derivative(np.array([-2.0, 0.0, 3.0])).tolist()
    [0.0, 0.0, 1.0]
    """
    Z = numeric_array(Z, "Z")
    return (Z.real > 0).astype(Z.dtype)


def forward(parameters: Parameters, X: Array) -> Forward:
    """Return `Z = X W1^T + b1`, `A = relu(Z)` and `y = A w2 + b2` for a batch `X` of shape (n, d).

    Raises
    ------
    ValueError
        If `X` does not have `d` columns, or the sums in `Z` overflow.

    Examples
    --------
    >>> parameters = Parameters(np.array([[1.0, -1.0]]), np.array([0.5]), np.array([2.0]), -1.0)
    >>> passed = forward(parameters, np.array([[3.0, 1.0]]))
    >>> passed.Z.tolist(), passed.A.tolist(), passed.y.tolist()
    ([[2.5]], [[2.5]], [4.0])
    """
    W1 = parameters.W1
    X = numeric_array(X, "X", ("n", W1.shape[1]), where=f"for W1 of shape {W1.shape}")
    Z = X @ W1.T + parameters.b1
    A = relu(Z)
    y = A @ parameters.w2 + parameters.b2
    return Forward(X, Z, A, y)


def loss(y: Array, t: Array) -> complex:
    """Return `L = 1/2 sum_k (y_k - t_k)^2` of outputs and targets, both of shape (n,).

    `L` is real for real input; the square is no absolute square, which keeps `L` analytic in `y`.

    Raises
    ------
    ValueError
        If `y` has not one axis, or `t` not the shape of `y`.

    Examples
    --------
    >>> loss(np.array([1.0, 3.0]), np.array([0.0, 1.0]))
    2.5
    """
    total: complex = np.sum(_residuals(y, t) ** 2).item()
    return total / 2


def backward(parameters: Parameters, passed: Forward, t: Array) -> Gradients:
    """Return the gradients of the loss after a forward pass, for targets `t` of shape (n,).

    The loss gives `dy = y - t`; the rest is `vector_jacobian_product`.
    Source: Goodfellow, Bengio and Courville, Deep Learning, section 6.5.

    Raises
    ------
    ValueError
        If `t` is not of shape (n,), or the pass went through a network of other widths.

    Examples
    --------
    >>> parameters = Parameters(np.array([[1.0, -1.0]]), np.array([0.5]), np.array([2.0]), -1.0)
    >>> passed = forward(parameters, np.array([[3.0, 1.0]]))
    >>> gradients = backward(parameters, passed, np.array([1.0]))
    >>> gradients.dW1.tolist(), gradients.db1.tolist(), gradients.dw2.tolist(), gradients.db2
    ([[18.0, 6.0]], [6.0], [7.5], 3.0)
    """
    return vector_jacobian_product(parameters, passed, _residuals(passed.y, t))


def backward_per_sample(parameters: Parameters, passed: Forward, t: Array) -> SampleGradients:
    """Return the gradients of `1/2 (y_k - t_k)^2` for every sample `k`, by outer products.

    With `dz_k = (y_k - t_k) w2 * relu'(z_k)` sample `k` has `dW1_k = dz_k x_k^T`, `db1_k = dz_k`,
    `dw2_k = (y_k - t_k) a_k` and `db2_k = y_k - t_k`. Their sums are the gradients of `backward`.

    Raises
    ------
    ValueError
        If `t` is not of shape (n,), or the pass went through a network of other widths.

    Examples
    --------
    >>> parameters = Parameters(np.array([[1.0, -1.0]]), np.array([0.5]), np.array([2.0]), -1.0)
    >>> passed = forward(parameters, np.array([[3.0, 1.0], [0.0, 4.0]]))
    >>> backward_per_sample(parameters, passed, np.array([1.0, 0.0])).dW1.tolist()
    [[[18.0, 6.0]], [[0.0, 0.0]]]
    """
    _require_same_network(parameters, passed)
    dy = _residuals(passed.y, t)
    dZ = np.einsum("k,i,ki->ki", dy, parameters.w2, relu_derivative(passed.Z))
    dW1 = np.einsum("ki,kj->kij", dZ, passed.X)
    dw2 = np.einsum("k,ki->ki", dy, passed.A)
    return SampleGradients(dW1, dZ, dw2, dy)


def vector_jacobian_product(parameters: Parameters, passed: Forward, dy: Array) -> Gradients:
    """Return `J^T dy`, `J` the Jacobian of `y` with respect to the parameters: reverse mode.

    From the outputs `dy` (n,) to the input: `dA = dy w2^T`, `dZ = dA * relu'(Z)`, `dW1 = dZ^T X`,
    `db1` the sum of the rows of `dZ`, `dw2 = A^T dy`, and `db2` the sum of `dy`.
    Source: Griewank and Walther, Evaluating Derivatives, second edition, section 3.2.

    Raises
    ------
    ValueError
        If `dy` is not of shape (n,), or the pass went through a network of other widths.

    Examples
    --------
    >>> parameters = Parameters(np.array([[1.0, -1.0]]), np.array([0.5]), np.array([2.0]), -1.0)
    >>> passed = forward(parameters, np.array([[3.0, 1.0]]))
    >>> vector_jacobian_product(parameters, passed, np.array([1.0])).dW1.tolist()
    [[6.0, 2.0]]
    """
    _require_same_network(parameters, passed)
    dy = numeric_array(dy, "dy", passed.y.shape, where="of y")
    dA = np.outer(dy, parameters.w2)
    dZ = dA * relu_derivative(passed.Z)
    dW1 = dZ.T @ passed.X
    db1 = dZ.sum(axis=0)
    dw2 = passed.A.T @ dy
    db2 = dy.sum().item()
    return Gradients(dy, dA, dZ, dW1, db1, dw2, db2)


def jacobian_vector_product(
    parameters: Parameters, passed: Forward, direction: Parameters
) -> Array:
    """Return `J v`, the derivative (n,) of `y` along a direction of the parameters: forward mode.

    From the input to the outputs, with `(V1, c1, v2, c2)` the direction and a dot for a derivative
    along it: `Z_dot = X V1^T + c1`, `A_dot = Z_dot * relu'(Z)`, `y_dot = A_dot w2 + A v2 + c2`.
    Source: Griewank and Walther, Evaluating Derivatives, second edition, section 3.1.

    Raises
    ------
    ValueError
        If the direction has not the shapes of the parameters, or the pass went through a network
        of other widths.

    Examples
    --------
    >>> parameters = Parameters(np.array([[1.0, -1.0]]), np.array([0.5]), np.array([2.0]), -1.0)
    >>> passed = forward(parameters, np.array([[3.0, 1.0]]))
    >>> direction = Parameters(np.array([[1.0, 0.0]]), np.zeros(1), np.zeros(1), 0.0)
    >>> jacobian_vector_product(parameters, passed, direction).tolist()
    [6.0]
    """
    _require_same_network(parameters, passed)
    require_shape(direction.W1.shape, "W1 of the direction", parameters.W1.shape)
    Z_dot = passed.X @ direction.W1.T + direction.b1
    A_dot = Z_dot * relu_derivative(passed.Z)
    return A_dot @ parameters.w2 + passed.A @ direction.w2 + direction.b2


def directional_derivative(
    parameters: Parameters, passed: Forward, t: Array, direction: Parameters
) -> complex:
    """Return the derivative of the loss along a direction of the parameters, `(y - t)^T J v`.

    Raises
    ------
    ValueError
        As `jacobian_vector_product`, and if `t` is not of shape (n,).

    Examples
    --------
    >>> parameters = Parameters(np.array([[1.0, -1.0]]), np.array([0.5]), np.array([2.0]), -1.0)
    >>> passed = forward(parameters, np.array([[3.0, 1.0]]))
    >>> direction = Parameters(np.array([[1.0, 0.0]]), np.zeros(1), np.zeros(1), 0.0)
    >>> directional_derivative(parameters, passed, np.array([1.0]), direction)
    18.0
    """
    y_dot = jacobian_vector_product(parameters, passed, direction)
    derivative: complex = np.dot(_residuals(passed.y, t), y_dot).item()
    return derivative


def _residuals(y: Array, t: Array) -> Array:
    """Return `y - t`, refusing the column `t` (n, 1) that would broadcast to (n, n)."""
    y = numeric_array(y, "y", ("n",))
    residuals: Array = y - numeric_array(t, "t", y.shape, where="of y")
    return residuals


def _require_same_network(parameters: Parameters, passed: Forward) -> None:
    """Refuse a forward pass through a network of other widths, which numpy might broadcast."""
    h, d = parameters.W1.shape
    where = f"for W1 of shape {(h, d)}"
    require_shape(passed.X.shape, "X of the forward pass", ("n", d), where=where)
    require_shape(passed.Z.shape, "Z of the forward pass", (len(passed.X), h), where=where)
