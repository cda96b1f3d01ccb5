"""A network of two layers with one output, its loss and its derivatives, written out by hand.

Shapes are given in three letters: a batch of `n` samples (0 is allowed) with `d` inputs each, and
`h` hidden units. Arrays are real or complex floating; integers are taken as float64. Complex
numbers are there for the complex step: no formula conjugates, and derivatives are complex too.
Arrays may be given as lists. What is not numeric raises `TypeError`, and an entry that is NaN or
infinite `ValueError`. A forward pass keeps its parameters, and no function takes it with others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathlib.activation import relu, relu_derivative
from mathlib.arrays import numeric_array, require_equal, require_shape
from mathlib.parameters import Array, Gradients, Parameters, SampleGradients, Scalar

__all__ = [
    "Forward",
    "Parameters",
    "backward",
    "backward_per_sample",
    "directional_derivative",
    "forward",
    "jacobian_vector_product",
    "loss",
    "vector_jacobian_product",
]

Reals: TypeAlias = NDArray[np.floating[Any] | np.integer[Any]] | Sequence[float]


@dataclass(frozen=True, slots=True, eq=False)
class Forward(Generic[Scalar]):
    """A forward pass: inputs `X` (n, d), hidden `Z` and `A` (n, h), outputs `y` (n,).

    The arrays are read-only and share no memory with what was given. `parameters` are those with
    which the pass was made.
    """

    parameters: Parameters[Scalar]
    X: NDArray[Scalar]
    Z: NDArray[Scalar]
    A: NDArray[Scalar]
    y: NDArray[Scalar]


def forward(parameters: Parameters[Scalar], X: ArrayLike) -> Forward[Scalar]:
    """Return `Z = X W1^T + b1`, `A = relu(Z)` and `y = A w2 + b2` for a batch `X` of shape (n, d).

    Raises
    ------
    ValueError
        If `X` does not have `d` columns, or the sums in `Z` overflow.

    Examples
    --------
    >>> parameters = Parameters([[1.0, -1.0]], [0.5], [2.0], -1.0)
    >>> passed = forward(parameters, [[3.0, 1.0]])
    >>> passed.Z.tolist(), passed.A.tolist(), passed.y.tolist()
    ([[2.5]], [[2.5]], [4.0])
    """
    W1 = parameters.W1
    X = numeric_array(X, "X", ("n", W1.shape[1]), where=f"for W1 of shape {W1.shape}").copy()
    Z = X @ W1.T + parameters.b1
    A = relu(Z)
    y = A @ parameters.w2 + parameters.b2
    for array in (X, Z, A, y):
        array.setflags(write=False)
    return Forward(parameters, X, Z, A, y)


@overload  # float is no subclass of complex, though every float is accepted as one
def loss(y: Reals, t: Reals) -> float: ...  # type: ignore[overload-overlap]
@overload
def loss(y: ArrayLike, t: ArrayLike) -> complex: ...
def loss(y: ArrayLike, t: ArrayLike) -> complex:
    """Return `L = 1/2 sum_k (y_k - t_k)^2` of outputs and targets, both of shape (n,).

    `L` is a float for real input; the square is no absolute square, which keeps `L` analytic in
    `y`.

    Raises
    ------
    ValueError
        If `y` has not one axis, or `t` not the shape of `y`.

    Examples
    --------
    >>> loss([1.0, 3.0], [0.0, 1.0])
    2.5
    """
    total: complex = np.sum(_residuals(y, t) ** 2).item()
    return total / 2


def backward(parameters: Parameters[Any], passed: Forward[Any], t: ArrayLike) -> Gradients:
    """Return the gradients of the loss after a forward pass, for targets `t` of shape (n,).

    The gradient of the outputs is `dy = y - t`; the rest is `vector_jacobian_product`.
    Source: Goodfellow, Bengio and Courville, Deep Learning, section 6.5.

    Raises
    ------
    ValueError
        If `t` is not of shape (n,), or the pass was made with other parameters.

    Examples
    --------
    >>> parameters = Parameters([[1.0, -1.0]], [0.5], [2.0], -1.0)
    >>> passed = forward(parameters, [[3.0, 1.0]])
    >>> gradients = backward(parameters, passed, [1.0])
    >>> gradients.parameters.named()
    {'W1': array([[18.,  6.]]), 'b1': array([6.]), 'w2': array([7.5]), 'b2': 3.0}
    """
    return vector_jacobian_product(parameters, passed, _residuals(passed.y, t))


def backward_per_sample(
    parameters: Parameters[Any], passed: Forward[Any], t: ArrayLike
) -> SampleGradients:
    """Return the gradients of `1/2 (y_k - t_k)^2` for every sample `k`, by outer products.

    With `dz_k = (y_k - t_k) w2 * relu'(z_k)` sample `k` has `dW1_k = dz_k x_k^T`, `db1_k = dz_k`,
    `dw2_k = (y_k - t_k) a_k` and `db2_k = y_k - t_k`. Their sums are the gradients of `backward`.

    Raises
    ------
    ValueError
        If `t` is not of shape (n,), or the pass was made with other parameters.

    Examples
    --------
    >>> parameters = Parameters([[1.0, -1.0]], [0.5], [2.0], -1.0)
    >>> passed = forward(parameters, [[3.0, 1.0], [0.0, 4.0]])
    >>> backward_per_sample(parameters, passed, [1.0, 0.0]).dW1.tolist()
    [[[18.0, 6.0]], [[0.0, 0.0]]]
    """
    _require_own(parameters, passed)
    dy = _residuals(passed.y, t)
    dZ = np.einsum("k,i,ki->ki", dy, parameters.w2, relu_derivative(passed.Z))
    dW1 = np.einsum("ki,kj->kij", dZ, passed.X)
    dw2 = np.einsum("k,ki->ki", dy, passed.A)
    return SampleGradients(dW1, dZ, dw2, dy)


def vector_jacobian_product(
    parameters: Parameters[Any], passed: Forward[Any], dy: ArrayLike
) -> Gradients:
    """Return `J^T dy`, `J` the Jacobian of `y` with respect to the parameters: reverse mode.

    From the outputs `dy` (n,) to the input: `dA = dy w2^T`, `dZ = dA * relu'(Z)`, `dW1 = dZ^T X`,
    `db1` the sum of the rows of `dZ`, `dw2 = A^T dy`, and `db2` the sum of `dy`.
    Source: Griewank and Walther, Evaluating Derivatives, second edition, section 3.2.

    Raises
    ------
    ValueError
        If `dy` is not of shape (n,), or the pass was made with other parameters.

    Examples
    --------
    >>> parameters = Parameters([[1.0, -1.0]], [0.5], [2.0], -1.0)
    >>> passed = forward(parameters, [[3.0, 1.0]])
    >>> vector_jacobian_product(parameters, passed, [1.0]).dW1.tolist()
    [[6.0, 2.0]]
    """
    _require_own(parameters, passed)
    dy = numeric_array(dy, "dy", passed.y.shape, where="of y").copy()
    dA = np.outer(dy, parameters.w2)
    dZ = dA * relu_derivative(passed.Z)
    dW1 = dZ.T @ passed.X
    db1 = dZ.sum(axis=0)
    dw2 = passed.A.T @ dy
    db2 = dy.sum().item()
    return Gradients(dy, dA, dZ, dW1, db1, dw2, db2)


def jacobian_vector_product(
    parameters: Parameters[Any], passed: Forward[Any], direction: Parameters[Any]
) -> Array:
    """Return `J v`, the derivative (n,) of `y` along a direction of the parameters: forward mode.

    From the input to the outputs, with `(V1, c1, v2, c2)` the direction and a dot for a derivative
    along it: `Z_dot = X V1^T + c1`, `A_dot = Z_dot * relu'(Z)`, `y_dot = A_dot w2 + A v2 + c2`.
    Source: Griewank and Walther, Evaluating Derivatives, second edition, section 3.1.

    Raises
    ------
    ValueError
        If the direction has not the shapes of the parameters, or the pass was made with others.

    Examples
    --------
    >>> parameters = Parameters([[1.0, -1.0]], [0.5], [2.0], -1.0)
    >>> passed = forward(parameters, [[3.0, 1.0]])
    >>> direction = Parameters([[1.0, 0.0]], [0.0], [0.0], 0.0)
    >>> jacobian_vector_product(parameters, passed, direction).tolist()
    [6.0]
    """
    _require_own(parameters, passed)
    require_shape(direction.W1.shape, "W1 of the direction", parameters.W1.shape)
    Z_dot = passed.X @ direction.W1.T + direction.b1
    A_dot = Z_dot * relu_derivative(passed.Z)
    y_dot: Array = A_dot @ parameters.w2 + passed.A @ direction.w2 + direction.b2
    return y_dot


def directional_derivative(
    parameters: Parameters[Any], passed: Forward[Any], t: ArrayLike, direction: Parameters[Any]
) -> complex:
    """Return the derivative of the loss along a direction of the parameters, `(y - t)^T J v`.

    Raises
    ------
    ValueError
        As `jacobian_vector_product`, and if `t` is not of shape (n,).

    Examples
    --------
    >>> parameters = Parameters([[1.0, -1.0]], [0.5], [2.0], -1.0)
    >>> passed = forward(parameters, [[3.0, 1.0]])
    >>> direction = Parameters([[1.0, 0.0]], [0.0], [0.0], 0.0)
    >>> directional_derivative(parameters, passed, [1.0], direction)
    18.0
    """
    y_dot = jacobian_vector_product(parameters, passed, direction)
    derivative: complex = np.dot(_residuals(passed.y, t), y_dot).item()
    return derivative


def _residuals(y: ArrayLike, t: ArrayLike) -> Array:
    """Return `y - t`, refusing the column `t` (n, 1) that would broadcast to (n, n)."""
    y = numeric_array(y, "y", ("n",))
    residuals: Array = y - numeric_array(t, "t", y.shape, where="of y")
    return residuals


def _require_own(parameters: Parameters[Any], passed: Forward[Any]) -> None:
    """Refuse a pass made with other parameters, or put together from passes of other batches."""
    if passed.parameters is not parameters:
        given = parameters.named()
        for name, used in passed.parameters.named().items():
            require_equal(given[name], name, used, where="as in the forward pass")
    shape = (len(passed.X), len(parameters.b1))
    require_shape(passed.Z.shape, "Z of the forward pass", shape)
