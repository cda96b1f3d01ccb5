"""Numerical derivatives of a function of several named arrays, and a check of hand-written ones.

The function is called with its arguments as keywords and returns one number. An argument is a real
array, a list or a real number, of any shape, and is taken as float64. The function gets read-only
arrays, and numbers for numbers; a derivative has the shape of its argument, `()` for a number.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathlib.arrays import entry, positive, real_array

__all__ = [
    "CENTRAL_STEP",
    "COMPLEX_STEP",
    "GradientCheck",
    "central_difference",
    "check_gradient",
    "complex_step",
]

Array = NDArray[np.float64]
Arguments = Mapping[str, ArrayLike]
Function = Callable[..., complex]
Method = Callable[[Function, Arguments], Mapping[str, Array]]

CENTRAL_STEP = float(np.cbrt(np.finfo(np.float64).eps))
"""Where the rounding and the cut-off of a central difference are about equal."""

COMPLEX_STEP = 1e-20
"""Small enough that its square is lost in rounding: a complex step subtracts nothing."""


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The worst entry of a gradient: the one whose error is largest in relation to its scale.

    `name` and `index` say which entry it is, `stated` and `numerical` are its two values.

    Examples
    --------
    >>> print(GradientCheck("x", (0, 2), stated=3.0, numerical=2.5, scale=4.0, tolerance=0.1))
    x[0, 2]: stated 3, numerical 2.5, error 5.0e-01, more than 1.0e-01 of the scale 4.0e+00
    """

    name: str
    index: tuple[int, ...]
    stated: float
    numerical: float
    scale: float
    tolerance: float

    @property
    def error(self) -> float:
        """The distance `|stated - numerical|`."""
        return abs(self.stated - self.numerical)

    @property
    def within(self) -> bool:
        """Whether `error <= tolerance * scale`."""
        return self.error <= self.tolerance * self.scale

    def __str__(self) -> str:
        return (
            f"{entry(self.name, self.index)}: stated {self.stated:.10g}, "
            f"numerical {self.numerical:.10g}, error {self.error:.1e}, "
            f"{'within' if self.within else 'more than'} {self.tolerance:.1e} "
            f"of the scale {self.scale:.1e}"
        )


def central_difference(
    function: Function, arguments: Arguments, step: float = CENTRAL_STEP
) -> dict[str, Array]:
    """Return `(f(x + h) - f(x - h)) / 2h` for every entry `x` of every argument.

    The move is `h = step * max(1, |x|)`. The error is a truncation of order `h^2` plus a rounding
    of order `eps / h`; the cube root of the machine epsilon, the default step, balances the two.
    At a kink such as that of ReLU the result is the mean of the slopes on the two sides.

    Source: Nocedal and Wright, Numerical Optimization, second edition, section 8.1.

    Raises
    ------
    TypeError
        If an argument is not real, or the function returns what is not real.
    ValueError
        If the step is not positive or moves an entry by less than its rounding, an argument has an
        entry that is not finite, or the function returns an array or what is not finite.

    Examples
    --------
    >>> central_difference(lambda x, c: c * x[0] * x[1], {"x": np.array([3.0, 4.0]), "c": 2}, 0.5)
    {'x': array([8., 6.]), 'c': array(12.)}
    """
    positive(step, "step")
    values = {name: real_array(value, name) for name, value in arguments.items()}

    def slope(name: str, index: tuple[int, ...]) -> float:
        x = float(values[name][index])
        h = step * max(1.0, abs(x))
        above, below = x + h, x - h
        if not below < x < above:
            raise ValueError(f"step must move {entry(name, index)} = {x} to both sides, got {step}")
        upper = _evaluated(function, values, name, index, above)
        lower = _evaluated(function, values, name, index, below)
        return (upper - lower).real / (above - below)

    return _derivatives(slope, values)


def complex_step(
    function: Function, arguments: Arguments, step: float = COMPLEX_STEP
) -> dict[str, Array]:
    """Return `Im f(x + i h) / h` with `h = step` for every entry `x` of every argument.

    Nothing is subtracted, so nothing cancels and `h` may be so small that its truncation, of order
    `h^2`, vanishes. All arguments are passed as complex128, and the function must be analytic: an
    absolute value, a conjugate or a real part on the way makes the result wrong.

    Source: Squire and Trapp, Using complex variables to estimate derivatives of real functions,
    SIAM Review 40 (1998).

    Raises
    ------
    TypeError
        If an argument is not real, or the function returns what is not complex.
    ValueError
        If the step is not positive, an argument has an entry that is not finite, or the function
        returns an array or what is not finite.

    Examples
    --------
    >>> complex_step(lambda x, c: c * x[0] * x[1], {"x": np.array([3.0, 4.0]), "c": 2})
    {'x': array([8., 6.]), 'c': array(12.)}
    """
    positive(step, "step")
    values = {name: real_array(value, name).astype(complex) for name, value in arguments.items()}

    def slope(name: str, index: tuple[int, ...]) -> float:
        moved = values[name][index] + 1j * step
        return _evaluated(function, values, name, index, moved).imag / step

    return _derivatives(slope, values)


def check_gradient(
    function: Function,
    arguments: Arguments,
    gradient: Arguments,
    *,
    method: Method = central_difference,
    tolerance: float = 1e-7,
    scale: float | None = None,
) -> GradientCheck:
    """Compare a gradient with a numerical one and return the worst entry.

    An entry is within the tolerance if `|stated - numerical| <= tolerance * scale`. The scale of an
    entry is the largest magnitude that its argument has in either gradient; pass one number as
    `scale` for all where a gradient is zero up to rounding. The worst entry has the largest error
    in relation to its scale; among equals it is the first.

    Raises
    ------
    TypeError
        As `method`, and if an entry of the gradient is not real.
    ValueError
        As `method`, and if the gradient does not have the names and shapes of the arguments, has an
        entry that is not finite, there is no entry at all, or `tolerance` or `scale` is not
        positive.

    Examples
    --------
    >>> x = np.array([1.0, 2.0])
    >>> check = check_gradient(lambda x: x @ x, {"x": x}, {"x": np.array([2.0, 5.0])})
    >>> check.within, check.name, check.index, check.stated, round(check.numerical, 6)
    (False, 'x', (1,), 5.0, 4.0)
    """
    positive(tolerance, "tolerance")
    if scale is not None:
        positive(scale, "scale")
    stated = _matched(gradient, arguments)
    numerical = method(function, arguments)
    checks = []
    for name, array in stated.items():
        if array.size:
            index = _first_largest(abs(array - numerical[name]))
            pair = float(array[index]), float(numerical[name][index])
            own = max(abs(array).max(), abs(numerical[name]).max()) if scale is None else scale
            checks.append(GradientCheck(name, index, *pair, float(own), tolerance))
    if not checks:
        raise ValueError("the arguments must have an entry to check, got none")
    return max(checks, key=lambda check: check.error / check.scale if check.error else 0.0)


def _derivatives(
    slope: Callable[[str, tuple[int, ...]], float], values: Mapping[str, NDArray[Any]]
) -> dict[str, Array]:
    """Return the slopes of all entries of all arguments, in the shapes of the arguments."""
    return {
        name: np.array([slope(name, index) for index in np.ndindex(array.shape)]).reshape(
            array.shape
        )
        for name, array in values.items()
    }


def _evaluated(
    function: Function,
    values: Mapping[str, NDArray[Any]],
    name: str,
    index: tuple[int, ...],
    number: complex,
) -> complex:
    """Return the function's value with one entry replaced, of the same kind, real or complex."""
    moved = values[name].copy()
    moved[index] = number
    arrays = {**values, name: moved}
    for array in arrays.values():
        array.setflags(write=False)
    result = np.asarray(function(**{other: array[()] for other, array in arrays.items()}))
    kinds, required = ("c", "complex") if moved.dtype.kind == "c" else ("iuf", "real")
    if result.shape:
        raise ValueError(f"the function must return a number, got the shape {result.shape}")
    if result.dtype.kind not in kinds:
        raise TypeError(
            f"the function must return a {required} number for {moved.dtype} arguments, "
            f"got {result.dtype}"
        )
    if not np.isfinite(result):
        raise ValueError(
            f"the function must be finite at {entry(name, index)} = {number}, got {result}"
        )
    return complex(result)


def _matched(gradient: Arguments, arguments: Arguments) -> dict[str, Array]:
    """Return the checked gradient in the order of the arguments, whose names and shapes it has."""
    if set(gradient) != set(arguments):
        raise ValueError(
            f"the gradient must have the names {', '.join(arguments) or 'none'} of the arguments, "
            f"got {', '.join(gradient) or 'none'}"
        )
    return {
        name: real_array(gradient[name], f"gradient of {name}", np.shape(argument))
        for name, argument in arguments.items()
    }


def _first_largest(errors: Array) -> tuple[int, ...]:
    """Return the index of the first largest entry."""
    return tuple(int(i) for i in np.unravel_index(np.argmax(errors), errors.shape))
