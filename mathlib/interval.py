"""Intervals of numbers, each end of which belongs or is left out."""

import math
import re
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Interval"]


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers between two finite ends, each of which belongs or is left out (open).

    A number within a relative distance of 1e-12 of an end counts as that end, since ends that come
    from eigenvalues carry rounding errors. As text, an end that is a fraction with a denominator up
    to 100 is written as one; a format such as `.3f` applies to both ends.

    Raises
    ------
    ValueError
        If an end is infinite or NaN, or `lower > upper`.

    Examples
    --------
    >>> interval = Interval(0, 1 / 6)
    >>> print(interval)
    (0, 1/6)
    >>> 0.16 in interval, 1 / 6 in interval
    (True, False)
    """

    lower: float
    upper: float
    lower_open: bool = True
    upper_open: bool = True

    def __post_init__(self) -> None:
        if not -math.inf < self.lower <= self.upper < math.inf:
            raise ValueError(
                "the ends of an interval must be finite and in order, "
                f"got lower = {self.lower:g} and upper = {self.upper:g}"
            )

    def __contains__(self, number: float) -> bool:
        at_lower, at_upper = (_same(number, end) for end in (self.lower, self.upper))
        if at_lower or at_upper:
            return not ((at_lower and self.lower_open) or (at_upper and self.upper_open))
        return self.lower < number < self.upper

    def __str__(self) -> str:
        return self._enclose(_text(self.lower), _text(self.upper))

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        return self._enclose(format(self.lower, spec), format(self.upper, spec))

    def _repr_latex_(self) -> str:
        lower, upper = "[("[self.lower_open], "])"[self.upper_open]
        return rf"$\left{lower}{_latex(self.lower)}, {_latex(self.upper)}\right{upper}$"

    def _enclose(self, lower: str, upper: str) -> str:
        """Return the texts of the ends between the brackets that say which of them belong."""
        return f"{'[('[self.lower_open]}{lower}, {upper}{'])'[self.upper_open]}"


def _same(number: float, end: float) -> bool:
    """Return whether a number is an end, to rounding."""
    return math.isclose(number, end, rel_tol=1e-12)


def _fraction(number: float) -> Fraction | None:
    """Return the fraction with a denominator up to 100 that a number is, to rounding."""
    fraction = Fraction(number).limit_denominator(100)
    return fraction if _same(number, float(fraction)) else None


def _text(number: float) -> str:
    """Return a fraction such as 1/6, or six digits."""
    fraction = _fraction(number)
    return f"{number:.6g}" if fraction is None else str(fraction)


def _latex(number: float) -> str:
    """Return the same as LaTeX."""
    return re.sub(r"(\d+)/(\d+)", r"\\frac{\1}{\2}", _text(number))
