"""Gradient descent with a fixed learning rate, and the rates for which it converges.

A form f(u) = u^T A u with symmetric A has the gradient 2 A u and the Hessian 2 A: twice A, not A.
One step multiplies the component of u along each eigenvector of the Hessian by
1 - learning_rate * curvature, the curvature being its eigenvalue. All that is said here about
convergence is said about these factors.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathlib.interval import Interval

__all__ = [
    "Descent",
    "Differentiable",
    "Quadratic",
    "Status",
    "best_learning_rate",
    "condition_number",
    "contraction_factor",
    "gradient_descent",
    "learning_rate_interval",
    "measure_threshold",
    "outcomes",
]


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
        A = _real("A", self.A, 2)
        if A.shape[0] != A.shape[1] or A.size == 0:
            raise ValueError(f"A must be square with at least one row, not of shape {A.shape}")
        if (A != A.T).any():
            i, j = np.argwhere(A != A.T)[0]
            raise ValueError(
                f"A must be symmetric, not A[{i}, {j}] = {A[i, j]} and A[{j}, {i}] = {A[j, i]}; "
                "(A + A.T) / 2 is symmetric and gives the same u^T A u"
            )
        A.setflags(write=False)
        object.__setattr__(self, "A", A)

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

    def coefficients(self, u: ArrayLike) -> NDArray[np.float64]:
        """Return the components along the directions of `(d,)` or of each row of `(n, d)`.

        n steps multiply component i by (1 - learning_rate * curvatures[i]) ** n. From a start whose
        component along the steepest direction is 0, larger rates than from all starts converge.
        """
        return self._points(u) @ self.directions

    def _points(self, u: ArrayLike) -> NDArray[np.float64]:
        """Return `u` as points with one coordinate for each row of A."""
        points = _real("u", u, 1, 2)
        if points.shape[-1] != len(self.A):
            raise ValueError(
                f"u must have {len(self.A)} coordinates, one for each row of A, "
                f"not {points.shape[-1]}"
            )
        return points


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
        At least 1e-15 and below 1; `Status` tells what it decides.

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
    >>> run = gradient_descent(Quadratic([[1]]), [8], 0.25, steps=2)
    >>> run.path.ravel(), str(run.status)
    (array([8., 4., 2.]), 'out of steps')
    """
    points = deque([_real("start", start, 1)[None]])
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
    >>> found = outcomes(Quadratic([[1]]), [[8], [8], [0]], [0.5, 2, 2])
    >>> [str(status) for status in found]
    ['converged', 'diverged', 'converged']
    """
    points = deque([_real("starts", starts, 2)], maxlen=3)
    return _descend(f, points, learning_rate, steps, tolerance)


def learning_rate_interval(quadratic: Quadratic) -> Interval:
    """Return the rates for which gradient descent converges to the minimum from every start.

    For positive definite A this is the open interval (0, 2 / L), L being the largest eigenvalue of
    the Hessian 2 A: there, and only there, every factor 1 - rate * curvature is in (-1, 1).

    Raises
    ------
    ValueError
        If `A` is not positive definite, since then no rate will do. With a negative eigenvalue f
        has no minimum. With the eigenvalue 0 (to rounding) it has no single one: the minimisers
        fill a line or more, and which of them a run reaches depends on its start.

    References
    ----------
    Polyak, *Introduction to Optimization*, section 1.4. Goodfellow, Bengio and Courville, *Deep
    Learning*, section 4.3.

    Examples
    --------
    >>> print(learning_rate_interval(Quadratic([[5, 2], [2, 2]])))
    (0, 1/6)
    """
    return Interval(0.0, float(2 / _positive_curvatures(quadratic)[-1]))


def best_learning_rate(quadratic: Quadratic) -> float:
    """Return the rate 2 / (l + L), which has the smallest contraction factor, (L - l) / (L + l).

    l and L are the smallest and the largest eigenvalue of the Hessian. The exception is that of
    `learning_rate_interval`.

    References
    ----------
    Nesterov, *Introductory Lectures on Convex Optimization*, section 2.1.5.

    Examples
    --------
    >>> best_learning_rate(Quadratic([[3, 0], [0, 1]]))
    0.25
    """
    curvatures = _positive_curvatures(quadratic)
    return float(2 / (curvatures[0] + curvatures[-1]))


def contraction_factor(
    quadratic: Quadratic, learning_rate: ArrayLike
) -> float | NDArray[np.float64]:
    """Return max_i |1 - learning_rate * curvature_i|, of the shape of `learning_rate`.

    A step makes the Euclidean length of u at most this many times as long. From every start the
    runs tend to 0 exactly if it is below 1, for any symmetric A.

    Examples
    --------
    >>> contraction_factor(Quadratic([[3, 0], [0, 1]]), [0, 0.25, 0.5])
    array([1. , 0.5, 2. ])
    """
    rates = _real("learning_rate", learning_rate, 0, 1, 2)
    factors = np.abs(1 - rates[..., None] * quadratic.curvatures).max(axis=-1)
    return factors if rates.ndim else float(factors)


def condition_number(quadratic: Quadratic) -> float:
    """Return L / l, the largest over the smallest eigenvalue, at least 1.

    The exception is that of `learning_rate_interval`.

    References
    ----------
    Boyd and Vandenberghe, *Convex Optimization*, section 9.3.

    Examples
    --------
    >>> condition_number(Quadratic([[3, 0], [0, 1]]))
    3.0
    """
    curvatures = _positive_curvatures(quadratic)
    return float(curvatures[-1] / curvatures[0])


def measure_threshold(
    quadratic: Quadratic,
    rng: np.random.Generator,
    *,
    starts: int = 8,
    steps: int = 500,
    resolution: float = 1e-6,
) -> Interval:
    """Measure where convergence ends, by bisection over runs, without eigenvalues.

    A rate passes if from each of the `starts` >= 1 random points the gradient is shorter after
    `2 * steps` steps than after `steps` >= 1, or has all but vanished. Below the threshold all
    rates pass. Above it they fail once the growing component outweighs the others, within a few
    condition numbers of steps; with fewer steps the result is too large. Returned is
    `(lower, upper]`, where `lower` passed, `upper` did not, and
    `upper - lower <= resolution * upper`, 1e-15 <= `resolution` < 1.

    Raises
    ------
    TypeError
        If `starts` or `steps` is no integer.
    ValueError
        If an argument is out of its range, or if no rate or every rate passes.

    Examples
    --------
    >>> measured = measure_threshold(Quadratic([[5, 2], [2, 2]]), np.random.default_rng(0))
    >>> print(f"{measured:.4f}")
    (0.1667, 0.1667]
    """
    _require_integer("starts", starts, 1)
    _require_integer("steps", steps, 1)
    _require_fraction("resolution", resolution)
    points = rng.standard_normal((starts, len(quadratic.A)))
    lower, upper = _bracket(quadratic, points, steps)
    while upper - lower > resolution * upper:
        middle = (lower + upper) / 2
        if _shrinks(quadratic, points, middle, steps):
            lower = middle
        else:
            upper = middle
    return Interval(lower, upper, upper_open=False)


def _descend(
    f: Differentiable,
    points: deque[NDArray[np.float64]],
    learning_rate: ArrayLike,
    steps: int,
    tolerance: float,
) -> NDArray[np.object_]:
    """Append to the starts (n, d) in `points` the points of each step; return the statuses."""
    _require_integer("steps", steps, 0)
    _require_fraction("tolerance", tolerance)
    u = points[-1]
    rates = _rates(learning_rate, len(u))
    status = np.full(len(u), Status.OUT_OF_STEPS, dtype=np.object_)
    with np.errstate(over="ignore", invalid="ignore"):
        gradient = f.gradient(u)
        if gradient.shape != u.shape:
            raise ValueError(f"the gradient at {u.shape} must be {u.shape}, not {gradient.shape}")
        first = _sizes(gradient)
        # The cap makes an infinite gradient at the start a divergence.
        limit = np.minimum(first / tolerance, np.finfo(np.float64).max)
        for step in count():
            moved = u - rates * gradient
            sizes = _sizes(gradient)
            running = status == Status.OUT_OF_STEPS
            settled = sizes <= tolerance * first
            bounded = (sizes <= limit) & np.isfinite(moved).all(axis=1)
            status[running & settled] = Status.CONVERGED
            status[running & ~bounded] = Status.DIVERGED
            running = status == Status.OUT_OF_STEPS
            if step == steps or not running.any():
                break
            u = np.where(running[:, None], moved, u)
            points.append(u)
            gradient = f.gradient(u)
        if steps >= 2 and running.any():
            status[running & _returned(points, tolerance)] = Status.OSCILLATING
    return status


def _returned(points: deque[NDArray[np.float64]], tolerance: float) -> NDArray[np.bool_]:
    """Return for which starts the last two steps led back to where they began."""
    last, both = _sizes(points[-1] - points[-2]), _sizes(points[-1] - points[-3])
    return (last > 0) & (both <= tolerance * last)


def _sizes(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the largest absolute entry of each row; unlike a length it cannot overflow."""
    sizes: NDArray[np.float64] = np.abs(vectors).max(axis=1, initial=0)
    return sizes


def _rates(learning_rate: ArrayLike, starts: int) -> NDArray[np.float64]:
    """Return one rate a row, (starts, 1)."""
    rates = _real("learning_rate", learning_rate, 0, 1)
    if rates.ndim and len(rates) != starts:
        raise ValueError(
            f"learning_rate must be one rate or {starts}, one a start, not {len(rates)}"
        )
    return np.broadcast_to(rates, starts)[:, None]


def _positive_curvatures(quadratic: Quadratic) -> NDArray[np.float64]:
    """Return the curvatures, ascending, of a form that has exactly one minimiser."""
    curvatures = quadratic.curvatures
    noise = np.abs(curvatures).max() * len(curvatures) * np.finfo(np.float64).eps
    zeros = int((np.abs(curvatures) <= noise).sum())
    if curvatures[0] < -noise:
        raise ValueError(
            f"A must be positive definite, but has the eigenvalue {curvatures[0] / 2:g} < 0: "
            "u^T A u falls without end along its eigenvector and has no minimum"
        )
    if zeros:
        fill = "a line" if zeros == 1 else f"a space of dimension {zeros}"
        raise ValueError(
            "A must be positive definite, but has the eigenvalue 0: the minimisers of u^T A u fill "
            f"{fill}, and which one a run reaches depends on its start"
        )
    return curvatures


def _bracket(quadratic: Quadratic, points: NDArray[np.float64], steps: int) -> tuple[float, float]:
    """Return a rate that passes and a rate, twice as large, that does not."""
    slope = np.linalg.norm(quadratic.gradient(points))
    if slope == 0:
        raise ValueError("every learning rate passes: the gradient is 0 at every start")
    upper = guess = float(np.linalg.norm(points) / slope)
    while _shrinks(quadratic, points, upper, steps):
        upper *= 2
    while not _shrinks(quadratic, points, upper / 2, steps):
        upper /= 2
        if upper / 2 < guess * np.finfo(np.float64).eps:
            raise ValueError(
                f"no learning rate from {guess:g} down to {upper:g} makes every run shrink"
            )
    return upper / 2, upper


def _shrinks(quadratic: Quadratic, points: NDArray[np.float64], rate: float, steps: int) -> bool:
    """Return whether every gradient is shorter after 2 * steps steps than after steps."""
    u, hessian = points, quadratic.hessian
    lengths = [np.linalg.norm(u @ hessian, axis=1)]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(2):
            for _ in range(steps):
                u = u - rate * (u @ hessian)
            lengths.append(np.linalg.norm(u @ hessian, axis=1))
    first, early, late = lengths
    # What is left of a gradient that vanishes is rounding error, which need not shrink.
    return bool(((late < early) | (late <= 1e-8 * first)).all())


def _real(name: str, value: ArrayLike, *dimensions: int) -> NDArray[np.float64]:
    """Return a copy of `value` as finite floats with one of the numbers of axes."""
    array = np.asarray(value)
    if not np.isdtype(array.dtype, ("integral", "real floating")):
        raise TypeError(f"{name} must hold real numbers, not {array.dtype}")
    if array.ndim not in dimensions:
        axes = " or ".join(map(str, dimensions))
        raise ValueError(f"{name} must have {axes} axes, but its shape is {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, but holds {array[~np.isfinite(array)][0]}")
    return np.array(array, dtype=np.float64)


def _require_integer(name: str, value: int, least: int) -> None:
    """Refuse what is no integer or is too small."""
    if not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be an integer, not {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, not {value}")


def _require_fraction(name: str, value: float) -> None:
    """Refuse what is not below 1, or so small that rounding errors exceed it."""
    if not 1e-15 <= value < 1:
        raise ValueError(f"{name} must be at least 1e-15 and below 1, not {value}")
