"""Arrays and numbers, checked once for all modules, with one form of message.

A message says what is required and what was given: `kernel must be at least 1, got 0`. Arrays may
be given as lists. A shape is required as a tuple of sizes; a word in it stands for any size, and
`where` may say what requires it.
"""

from operator import index
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "FloatArray",
    "Shape",
    "entry",
    "float_array",
    "fraction",
    "numeric_array",
    "positive",
    "read_only",
    "real_array",
    "require_equal",
    "require_shape",
    "whole",
]

FloatArray = NDArray[np.floating[Any]]
Shape: TypeAlias = tuple[int | str, ...]


def real_array(value: ArrayLike, name: str, *shapes: Shape, where: str = "") -> NDArray[np.float64]:
    """Return a copy as float64 of real and finite numbers in one of the shapes, or in any.

    Raises
    ------
    TypeError
        If the entries are not real numbers; truth values are no numbers.
    ValueError
        If the rows differ in length, the shape is not one of `shapes`, or an entry is NaN or
        infinite.

    Examples
    --------
    >>> real_array([1, 2], "u", (2,), ("n", 2))
    array([1., 2.])
    """
    array = _array(value, name)
    _require_kind(array, name, "real", ("integral", "real floating"))
    return np.array(_fitting(array, name, shapes, where), dtype=np.float64)


def numeric_array(value: ArrayLike, name: str, *shapes: Shape, where: str = "") -> NDArray[Any]:
    """Return finite real or complex numbers, not copied if they are floating; integers as float64.

    The exceptions are those of `real_array`, except that complex numbers are numbers.

    Examples
    --------
    >>> numeric_array([1j, 2], "Z").dtype, numeric_array([1, 2], "Z").dtype
    (dtype('complex128'), dtype('float64'))
    """
    array = _array(value, name)
    _require_kind(array, name, "real or complex", "numeric")
    if np.isdtype(array.dtype, "integral"):
        array = array.astype(np.float64)
    return _fitting(array, name, shapes, where)


def float_array(
    value: ArrayLike,
    name: str,
    *shapes: Shape,
    where: str = "",
    like: FloatArray | None = None,
) -> FloatArray:
    """Return finite float32 or float64 numbers, not copied; of the type of `like` if it is given.

    The exceptions are those of `real_array`, `TypeError` for every other type.

    Examples
    --------
    >>> float_array([[0.5]], "images", ("row", "column"))
    array([[0.5]])
    """
    array = _array(value, name)
    allowed = (np.dtype(np.float32), np.dtype(np.float64)) if like is None else (like.dtype,)
    if array.dtype not in allowed:
        types = " or ".join(map(str, allowed))
        raise TypeError(f"{name} must hold {types} numbers{_end(where)}, got {array.dtype}")
    return _fitting(array, name, shapes, where)


def require_shape(shape: tuple[int, ...], name: str, *shapes: Shape, where: str = "") -> None:
    """Refuse a shape that is none of the required ones.

    Raises
    ------
    ValueError
        If the number of sizes or one of them differs.

    Examples
    --------
    >>> require_shape((2, 3), "b1", ("h",))
    Traceback (most recent call last):
    ValueError: b1 must have the shape (h,), got (2, 3)
    """
    if not any(_fits(shape, required) for required in shapes):
        required = " or ".join(str(one).replace("'", "") for one in shapes)
        raise ValueError(f"{name} must have the shape {required}{_end(where)}, got {shape}")


def require_equal(value: ArrayLike, name: str, required: ArrayLike, where: str = "") -> None:
    """Refuse numbers that differ from the required ones in shape or in an entry.

    Raises
    ------
    ValueError
        If the shape or an entry differs; the first such entry is named.

    Examples
    --------
    >>> require_equal([1, 2], "b1", [1, 3], where="as before")
    Traceback (most recent call last):
    ValueError: b1[1] must be 3 as before, got 2
    """
    given, wanted = np.asarray(value), np.asarray(required)
    require_shape(given.shape, name, wanted.shape, where=where)
    if (differs := given != wanted).any():
        place = tuple(np.argwhere(differs)[0].tolist())
        raise ValueError(
            f"{entry(name, place)} must be {wanted[place]}{_end(where)}, got {given[place]}"
        )


def whole(value: int, name: str, least: int = 1) -> int:
    """Return an integer that is at least `least`; truth values are no integers.

    Raises
    ------
    TypeError
        If `value` is not an integer.
    ValueError
        If it is below `least`.

    Examples
    --------
    >>> whole(16, "filters")
    16
    """
    try:
        number = index(value)
    except TypeError as error:
        raise TypeError(f"{name} must be an integer, got {value!r}") from error
    if isinstance(value, bool):
        raise TypeError(f"{name} must be an integer, got {value}")
    if number < least:
        raise ValueError(f"{name} must be at least {least}, got {number}")
    return number


def positive(value: float, name: str) -> float:
    """Return a number that is positive and finite.

    Raises
    ------
    ValueError
        If it is not.

    Examples
    --------
    >>> positive(0.5, "step")
    0.5
    """
    if not 0 < value < np.inf:
        raise ValueError(f"{name} must be positive and finite, got {value}")
    return value


def fraction(value: float, name: str) -> float:
    """Return a number below 1 and at least 1e-15, which rounding errors do not exceed.

    Raises
    ------
    ValueError
        If it is out of this range.

    Examples
    --------
    >>> fraction(1e-9, "tolerance")
    1e-09
    """
    if not 1e-15 <= value < 1:
        raise ValueError(f"{name} must be at least 1e-15 and below 1, got {value}")
    return value


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a copy of an array that cannot be written to.

    Examples
    --------
    >>> read_only(np.ones(2)).flags.writeable
    False
    """
    kept = array.copy()
    kept.setflags(write=False)
    return kept


def entry(name: str, place: tuple[int, ...]) -> str:
    """Return the name of an array's entry, or the bare name of a number.

    Examples
    --------
    >>> entry("W1", (0, 2)), entry("b2", ())
    ('W1[0, 2]', 'b2')
    """
    return f"{name}{list(place)}" if place else name


def _array(value: ArrayLike, name: str) -> NDArray[Any]:
    """Return a plain array, or refuse rows of unequal length."""
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must have rows of equal length, got {value!r}") from error


def _require_kind(
    array: NDArray[Any], name: str, numbers: str, kinds: str | tuple[str, ...]
) -> None:
    """Refuse other entries than these kinds of numbers."""
    if not np.isdtype(array.dtype, kinds):
        raise TypeError(f"{name} must hold {numbers} numbers, got {array.dtype}")


def _fitting(array: NDArray[Any], name: str, shapes: tuple[Shape, ...], where: str) -> NDArray[Any]:
    """Return an array that has one of the shapes, if there are any, and finite entries."""
    if shapes:
        require_shape(array.shape, name, *shapes, where=where)
    if not (finite := np.isfinite(array)).all():
        place = tuple(np.argwhere(~finite)[0].tolist())
        raise ValueError(f"{entry(name, place)} must be finite, got {array[place]}")
    return array


def _fits(shape: tuple[int, ...], required: Shape) -> bool:
    """Return whether a shape has the required sizes, of which a word allows any."""
    return len(shape) == len(required) and all(
        isinstance(size, str) or size == given for given, size in zip(shape, required, strict=True)
    )


def _end(where: str) -> str:
    """Return what requires something, as the end of the requirement."""
    return f" {where}" if where else ""
