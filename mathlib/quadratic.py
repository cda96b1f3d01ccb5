"""Quadratic forms: their values, gradients, curvatures and directions.

A form f(u) = u^T A u with symmetric A has the gradient 2 A u and the Hessian 2 A: twice A, not A.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathlib.arrays import read_only, real_array

__all__ = ["Quadratic"]


@dataclass(frozen=True, slots=True, eq=False)
class Quadratic:
    """The quadratic form f(u) = u^T A u.

    Parameters
    ----------
    A : array_like, shape (d, d), d >= 1
        Symmetric and finite; a read-only copy is kept.

    Raises
    ------
    TypeError
        If the entries of `A` are not real numbers.
    ValueError
        If `A` is not square, is empty, has an infinite entry or NaN, or differs from its transpose.

    Examples
    --------
    >>> f = Quadratic([[5, 2], [2, 2]])
    >>> f.value([1, 1])
    11.0
    >>> f.gradient([1, 1])
    array([14.,  8.])
    """

    A: NDArray[np.float64]

    def __post_init__(self) -> None:
        A = real_array(self.A, "A", ("d", "d"))
        if len(A) != A.shape[1] or len(A) == 0:
            raise ValueError(f"A must be square with at least one row, got the shape {A.shape}")
        if (A != A.T).any():
            i, j = np.argwhere(A != A.T)[0]
            raise ValueError(
                "A must be symmetric, as (A + A.T) / 2 is with the same u^T A u, "
                f"got A[{i}, {j}] = {A[i, j]} and A[{j}, {i}] = {A[j, i]}"
            )
        object.__setattr__(self, "A", read_only(A))

    @property
    def hessian(self) -> NDArray[np.float64]:
        """The Hessian 2 A, shape (d, d), the same at every point."""
        return 2 * self.A

    @property
    def curvatures(self) -> NDArray[np.float64]:
        """The eigenvalues of the Hessian, shape (d,), in ascending order."""
        return np.asarray(np.linalg.eigvalsh(self.hessian), dtype=np.float64)

    @property
    def directions(self) -> NDArray[np.float64]:
        """The matrix (d, d) whose column i is the unit eigenvector for curvature i.

        The sign is chosen so that the entry with the largest absolute value is positive.
        """
        directions: NDArray[np.float64] = np.linalg.eigh(self.hessian).eigenvectors
        # Without rounding, noise in the last digit would choose among entries of equal size.
        largest = np.abs(directions).round(9).argmax(axis=0)
        signs: NDArray[np.float64] = np.sign(directions[largest, range(len(self.A))])
        return directions * signs

    def value(self, u: ArrayLike) -> float | NDArray[np.float64]:
        """Return u^T A u at one point `(d,)`, or the `(n,)` values at the rows of `(n, d)`."""
        points = self._points(u)
        values = (points @ self.A * points).sum(axis=-1)
        return values if points.ndim == 2 else float(values)

    def gradient(self, u: ArrayLike) -> NDArray[np.float64]:
        """Return 2 A u at one point `(d,)`, or `(n, d)` gradients at the rows of `(n, d)`."""
        return self._points(u) @ self.hessian

    def _points(self, u: ArrayLike) -> NDArray[np.float64]:
        """Return `u` as points with one coordinate for each row of A."""
        d = len(self.A)
        return real_array(u, "u", (d,), ("n", d))
