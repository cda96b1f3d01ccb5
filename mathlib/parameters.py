"""Parameters of a network of two layers, and gradients with respect to them.

Shapes are given in three letters: `n` samples with `d` inputs each, and `h` hidden units.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from mathlib.arrays import numeric_array, read_only

__all__ = ["Array", "Gradients", "Parameters", "SampleGradients", "Scalar"]

Array = NDArray[np.inexact[Any]]
Scalar = TypeVar("Scalar", bound=np.inexact[Any])


@dataclass(frozen=True, slots=True, eq=False)
class Parameters(Generic[Scalar]):
    """The parameters of `y = relu(X W1^T + b1) w2 + b2`, or a direction in their space.

    `W1` (h, d) and `b1` (h,) are the weights and biases of the hidden layer, `w2` (h,) and the
    number `b2` those of the output. The record keeps read-only copies of them.

    Raises
    ------
    TypeError
        If one of the four is not numeric.
    ValueError
        If the rows of `W1` differ in length, the shapes do not fit each other, or an entry is NaN
        or infinite.

    Examples
    --------
    >>> Parameters(W1=[[1, 0], [0, 1]], b1=[0, 0], w2=[1, 1], b2=-1).b2
    -1.0
    """

    W1: NDArray[Scalar]
    b1: NDArray[Scalar]
    w2: NDArray[Scalar]
    b2: complex

    def __post_init__(self) -> None:
        W1 = numeric_array(self.W1, "W1", ("h", "d"))
        hidden, where = W1.shape[:1], f"for W1 of shape {W1.shape}"
        b1 = numeric_array(self.b1, "b1", hidden, where=where)
        w2 = numeric_array(self.w2, "w2", hidden, where=where)
        for name, array in (("W1", W1), ("b1", b1), ("w2", w2)):
            object.__setattr__(self, name, read_only(array))
        object.__setattr__(self, "b2", numeric_array(self.b2, "b2", ()).item())

    def named(self) -> dict[str, Any]:
        """Return the four by their names, as `check_gradient` takes arguments and gradients."""
        return {"W1": self.W1, "b1": self.b1, "w2": self.w2, "b2": self.b2}


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

    @property
    def parameters(self) -> Parameters[Any]:
        """The gradient with respect to the parameters, as a direction in their space."""
        return Parameters(self.dW1, self.db1, self.dw2, self.db2)


@dataclass(frozen=True, slots=True, eq=False)
class SampleGradients:
    """Gradients sample by sample: `dW1` (n, h, d), `db1` and `dw2` (n, h), `db2` (n,)."""

    dW1: Array
    db1: Array
    dw2: Array
    db2: Array
