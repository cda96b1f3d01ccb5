"""Gradient descent with a fixed learning rate: its runs, and how they end."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathlib.arrays import fraction, real_array, require_shape, whole

__all__ = ["Descent", "Differentiable", "Status", "gradient_descent", "outcomes"]


class Differentiable(Protocol):
    """What can be descended: a `Quadratic`, or any object with these two methods."""

    def value(self, u: NDArray[np.float64]) -> float | NDArray[np.float64]:
        """Return the `(n,)` values at the rows of `u`, shape (n, d)."""

    def gradient(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the `(n, d)` gradients at the rows of `u`, shape (n, d)."""


class Status(StrEnum):
    """How a run ended. The size of a vector is its largest absolute entry, t the tolerance.

    - converged: the gradient's size is at most t times its size at the start.
    - diverged: it is more than 1 / t times its size at the start, or left the range of floats.
    - oscillating: neither, but the last two steps led back to where they began, their sum being
      at most t times the size of the last step, and that step not 0. Rates nearer to an end point
      than about t, relatively, cannot be told from it.
    - out of steps: nothing of this. The run may be slow or, at the rate 0, stand still.
    """

    CONVERGED = "converged"
    DIVERGED = "diverged"
    OSCILLATING = "oscillating"
    OUT_OF_STEPS = "out of steps"


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """One run: `path` (steps + 1, d), finite, start first; `values` (steps + 1,); `status`."""

    path: NDArray[np.float64]
    values: NDArray[np.float64]
    status: Status

    @property
    def steps(self) -> int:
        """The number of steps taken."""
        return len(self.path) - 1


def gradient_descent(
    f: Differentiable,
    start: ArrayLike,
    learning_rate: float,
    *,
    steps: int = 1000,
    tolerance: float = 1e-9,
) -> Descent:
    """Repeat u <- u - learning_rate * gradient(u) until the run has converged or diverged.

    Parameters
    ----------
    f : Differentiable
    start : array_like, shape (d,)
        The first point, finite.
    learning_rate : float
        Finite.
    steps : int
        The largest number of steps, at least 0.
    tolerance : float
        At least 1e-15 and below 1; `Status` says what it decides.

    Raises
    ------
    TypeError
        If `steps` is no integer, or `start` or `learning_rate` is not real.
    ValueError
        If an argument is out of its range or of a wrong shape.

    References
    ----------
    Polyak, *Introduction to Optimization*, section 1.4.

    Examples
    --------
    >>> from mathlib.quadratic import Quadratic
    >>> run = gradient_descent(Quadratic([[1]]), [8], 0.25, steps=2)
    >>> run.path.ravel(), str(run.status)
    (array([8., 4., 2.]), 'out of steps')
    """
    points = deque([real_array(start, "start", ("d",))[None]])
    (status,) = _descend(f, points, learning_rate, steps, tolerance)
    path = np.concatenate(points)
    with np.errstate(over="ignore", invalid="ignore"):
        return Descent(path, np.asarray(f.value(path)), status)


def outcomes(
    f: Differentiable,
    starts: ArrayLike,
    learning_rate: ArrayLike,
    *,
    steps: int = 1000,
    tolerance: float = 1e-9,
) -> NDArray[np.object_]:
    """Return the `(n,)` statuses of runs from many starts, all made together.

    Parameters
    ----------
    f, steps, tolerance
        As for `gradient_descent`, as are the exceptions.
    starts : array_like, shape (n, d)
        One start a row, finite.
    learning_rate : array_like, shape () or (n,)
        One rate for all starts, or one for each.

    Examples
    --------
    >>> from mathlib.quadratic import Quadratic
    >>> found = outcomes(Quadratic([[1]]), [[8], [8], [0]], [0.5, 2, 2])
    >>> [str(status) for status in found]
    ['converged', 'diverged', 'converged']
    """
    points = deque([real_array(starts, "starts", ("n", "d"))], maxlen=3)
    return _descend(f, points, learning_rate, steps, tolerance)


def _descend(
    f: Differentiable,
    points: deque[NDArray[np.float64]],
    learning_rate: ArrayLike,
    steps: int,
    tolerance: float,
) -> NDArray[np.object_]:
    """Append to the starts (n, d) in `points` the points of each step; return the statuses."""
    whole(steps, "steps", 0)
    fraction(tolerance, "tolerance")
    u = points[-1]
    rates = real_array(learning_rate, "learning_rate", (), (len(u),), where="of the starts")
    rates = np.broadcast_to(rates, len(u))[:, None]
    status = np.full(len(u), Status.OUT_OF_STEPS, dtype=np.object_)
    with np.errstate(over="ignore", invalid="ignore"):
        gradient = f.gradient(u)
        require_shape(gradient.shape, "the gradient", u.shape, where="of the points")
        first = _sizes(gradient)
        for step in count():
            moved = u - rates * gradient
            running = status == Status.OUT_OF_STEPS
            settled, grown = _ended(_sizes(gradient), first, tolerance)
            status[running & settled] = Status.CONVERGED
            status[running & (grown | ~np.isfinite(moved).all(axis=1))] = Status.DIVERGED
            running = status == Status.OUT_OF_STEPS
            if step == steps or not running.any():
                break
            u = np.where(running[:, None], moved, u)
            points.append(u)
            gradient = f.gradient(u)
        if steps >= 2 and running.any():
            status[running & _returned(points, tolerance)] = Status.OSCILLATING
    return status


def _ended(
    sizes: NDArray[np.float64], first: NDArray[np.float64], tolerance: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which gradients have shrunk, and which have grown, by the factor of the tolerance."""
    # The cap makes an infinite gradient at the start a divergence.
    limit = np.minimum(first / tolerance, np.finfo(np.float64).max)
    return sizes <= tolerance * first, ~(sizes <= limit)


def _returned(points: deque[NDArray[np.float64]], tolerance: float) -> NDArray[np.bool_]:
    """Return for which starts the last two steps led back to where they began."""
    last, both = _sizes(points[-1] - points[-2]), _sizes(points[-1] - points[-3])
    return (last > 0) & (both <= tolerance * last)


def _sizes(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the largest absolute entry of each row; unlike a length it cannot overflow."""
    sizes: NDArray[np.float64] = np.abs(vectors).max(axis=1, initial=0)
    return sizes
