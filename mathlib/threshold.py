"""The threshold up to which the learning rates of gradient descent converge, computed and measured.

One step multiplies the component of u along each eigenvector of the Hessian by
1 - learning_rate * curvature, the curvature being its eigenvalue. All that is said here about
convergence is said about these factors.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathlib.arrays import fraction, real_array, whole
from mathlib.interval import Interval
from mathlib.quadratic import Quadratic

__all__ = [
    "best_learning_rate",
    "condition_number",
    "contraction_factor",
    "learning_rate_interval",
    "measure_threshold",
]


def learning_rate_interval(quadratic: Quadratic) -> Interval:
    """Return the rates for which gradient descent converges to the minimum from every start.

    For positive definite A this is the open interval (0, 2 / L), L being the largest eigenvalue of
    the Hessian 2 A: there, and only there, every factor 1 - rate * curvature is in (-1, 1).

    Raises
    ------
    ValueError
        If `A` is not positive definite, since then no rate converges from every start. With a
        negative eigenvalue f has no minimum. With the eigenvalue 0 (to rounding) it has no single
        one: the minimisers fill a line or more, and which of them a run reaches depends on its
        start.

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
    rates = real_array(learning_rate, "learning_rate")
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
    `2 * steps` steps than after `steps` >= 1, or has shrunk to 1e-8 of the first. Below the
    threshold all rates pass. Above it they fail once the growing component outweighs the others,
    within a few condition numbers of steps; with fewer steps the result is too large. Returned is
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
    whole(starts, "starts")
    whole(steps, "steps")
    fraction(resolution, "resolution")
    points = rng.standard_normal((starts, len(quadratic.A)))
    lower, upper = _bracket(quadratic, points, steps)
    while upper - lower > resolution * upper:
        middle = (lower + upper) / 2
        if _shrinks(quadratic, points, middle, steps):
            lower = middle
        else:
            upper = middle
    return Interval(lower, upper, upper_open=False)


def _positive_curvatures(quadratic: Quadratic) -> NDArray[np.float64]:
    """Return the curvatures, ascending, of a form that has exactly one minimiser."""
    curvatures = quadratic.curvatures
    noise = np.abs(curvatures).max() * len(curvatures) * np.finfo(np.float64).eps
    zeros = int((np.abs(curvatures) <= noise).sum())
    if curvatures[0] < -noise:
        raise ValueError(
            f"A must be positive definite, got the eigenvalue {curvatures[0] / 2:g}: "
            "u^T A u falls without end along its eigenvector and has no minimum"
        )
    if zeros:
        fill = "a line" if zeros == 1 else f"a space of dimension {zeros}"
        raise ValueError(
            "A must be positive definite, got the eigenvalue 0: the minimisers of u^T A u fill "
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
