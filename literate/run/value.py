"""Put a value into prose or into a formula: numbers without binary noise, arrays as matrices."""

from __future__ import annotations

import re
from numbers import Number
from typing import Any

import numpy as np

from literate.text import escape

__all__ = ["set_value"]

SIGNED_ZERO = re.compile(r"-(?=0(?:\.0*)?(?:e[+-]?0+)?%?$)")
EXPONENT = re.compile(r"e([+-]?)0*(\d+)$")
DIGITS = 12


def set_value(value: Any, specification: str = "", *, math: bool = False) -> str:
    r"""Return the Markdown that shows a value.

    Parameters
    ----------
    value
        Anything. A number is shown to twelve significant digits, an array of one or two axes as a
        LaTeX matrix, an object with ``_repr_latex_`` or ``_repr_markdown_`` by that, everything
        else by its text, in which nothing is markup.
    specification
        A format in Python's language, applied to each entry of an array, list or tuple.
    math
        Whether the value stands inside a formula; if so a text is taken for LaTeX.

    Raises
    ------
    ValueError
        An array of more than two axes, or a format that the value does not have.

    Examples
    --------
    >>> set_value(0.1 + 0.2)
    '0.3'
    >>> set_value(1e-16, ".0e", math=True)
    '1 \\times 10^{-16}'
    >>> set_value(np.eye(2), math=True)
    '\\begin{bmatrix} 1 & 0 \\\\ 0 & 1 \\end{bmatrix}'
    """
    latex = _latex(value, specification)
    if latex is not None:
        return latex if math else f"${latex}$"
    if not math and not specification and hasattr(value, "_repr_markdown_"):
        return str(value._repr_markdown_())
    text = _text(value, specification, math=math)
    if math:
        return text
    return escape(" ".join(text.split("\n")))  # a line end might begin another block


def _latex(value: Any, specification: str) -> str | None:
    """Return the LaTeX of an array or of an object that has one."""
    if isinstance(value, np.ndarray) and value.ndim:
        return _matrix(value, specification)
    latex = value._repr_latex_() if hasattr(value, "_repr_latex_") and not specification else None
    return latex.strip().strip("$").strip() if isinstance(latex, str) else None


def _matrix(array: np.ndarray, specification: str) -> str:
    """Set an array as a matrix; one axis is a row."""
    if array.ndim > 2:
        raise ValueError(f"a matrix has at most 2 axes, this array has shape {array.shape}")
    rows = r" \\ ".join(
        " & ".join(_text(entry, specification, math=True) for entry in row)
        for row in np.atleast_2d(array)
    )
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def _is_numeric(value: Any) -> bool:
    """Tell whether a value is a number, or a list or tuple of numbers."""
    if isinstance(value, (list, tuple)):
        return all(map(_is_numeric, value))
    return isinstance(value, Number) or (isinstance(value, np.ndarray) and not value.ndim)


def _text(value: Any, specification: str, *, math: bool) -> str:
    """Format one value, or each entry of a list or tuple."""
    if isinstance(value, (list, tuple)):
        inner = ", ".join(_text(entry, specification, math=math) for entry in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    is_array = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    if isinstance(value, (float, np.floating)) or is_array:
        text = SIGNED_ZERO.sub("", format(float(value), specification or _digits(value)))
    else:
        text = format(value, specification)
    return _exponent(text) if math and _is_numeric(value) else text


def _digits(value: Any) -> str:
    """Return the format of a number: as many digits as are known of it, twelve at the most."""
    precision = np.finfo(value.dtype).precision if hasattr(value, "dtype") else DIGITS
    return f".{min(precision, DIGITS)}g"


def _exponent(number: str) -> str:
    r"""Set what Python writes ``1e-16`` or ``inf`` as a formula does."""
    number = number.replace("inf", r"\infty").replace("nan", r"\text{nan}").replace(",", "{,}")
    return EXPONENT.sub(lambda m: rf" \times 10^{{{m[1].strip('+')}{m[2]}}}", number)
