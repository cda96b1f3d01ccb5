"""Lines of arithmetic as somebody wrote them, evaluated exactly.

A line is judged by what stands there, so it is kept as text and evaluated in fractions: nothing is
rounded, and nothing is corrected on the way.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from operator import add, matmul, mul, neg, pos, sub, truediv
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathlib.arrays import real_array

__all__ = ["Line", "typeset"]

Matrix: TypeAlias = NDArray[np.object_]
Value: TypeAlias = Fraction | Matrix
Function: TypeAlias = Callable[..., Any]

OPERATIONS: Mapping[type[ast.AST], Function] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.Div: truediv,
    ast.MatMult: matmul,
    ast.USub: neg,
    ast.UAdd: pos,
}
BRACKETS = re.compile(r"\[([^\[\]]*)\]")
DECIMALS = re.compile(r"\.(\d+)")
PRIME = re.compile(r"(?<=\w)'")
SIGNS = str.maketrans(
    {"*": "\N{MIDDLE DOT}", "@": "\N{MIDDLE DOT}", "-": "\N{MINUS SIGN}", "'": "\N{PRIME}"}
)
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A written line of arithmetic, and its value as it stands.

    Numbers of up to 15 digits are joined by `+ - * / @` and parentheses. A matrix is written
    `[1, 2; 3, 4]`, a comma between columns and a semicolon between rows; every matrix has two
    axes. `*` and `/` act entry by entry, and a column times a row is their outer product; `@` is
    the product of matrices.

    Parameters
    ----------
    text : str
        The line.
    functions : mapping of str to callable
        What the names in it mean, as in `F'([1; 2])`; each is called with a number or a matrix.

    Raises
    ------
    ValueError
        If the text is no such line, holds a name without meaning, divides by 0, or joins matrices
        of shapes that do not fit.

    Examples
    --------
    >>> line = Line("0.5*4 + [1, 2] @ [3; 4]")
    >>> print(line, "=", line.value[0, 0])
    0.5·4 + [1, 2] · [3; 4] = 13
    """

    text: str
    functions: Mapping[str, Function] = field(default_factory=dict)
    value: Value = field(init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            value = _evaluated(_parsed(self.text), self.functions)
        except (SyntaxError, TypeError, ValueError, ZeroDivisionError) as error:
            raise ValueError(f"{self.text!r} cannot be evaluated: {_cause(error)}") from error
        object.__setattr__(self, "value", value)

    def __str__(self) -> str:
        return typeset(self.text)

    @property
    def is_calculation(self) -> bool:
        """Whether something remains to be worked out; if not, the line is a printed result."""
        steps = (ast.BinOp, ast.Call)
        return any(isinstance(node, steps) for node in ast.walk(_parsed(self.text)))

    @property
    def precision(self) -> float:
        """How far the line may lie from the number it stands for.

        Half a unit in the last decimal place that a printed result shows; 0 for an integer, which
        is no rounded number, and for a calculation.
        """
        places = [len(decimals) for decimals in DECIMALS.findall(self.text)]
        return 0.0 if self.is_calculation or not places else 0.5 * 10.0 ** -max(places)

    @property
    def terms(self) -> "tuple[Line, ...]":
        """The summands, each with its sign.

        Examples
        --------
        >>> [float(term.value) for term in Line("0.2*3 - (0.5 + 4*-1)").terms]
        [0.6, -0.5, 4.0]
        """
        return tuple(Line(text, self.functions) for text in _summands(_parsed(self.text), ""))

    def agrees(self, computed: ArrayLike) -> bool:
        """Return whether the line equals a number or an array, to its precision.

        A vector of shape (n,) is agreed with by a row and by a column of n entries, a number by a
        matrix of one entry; otherwise the shapes must be the same.

        Raises
        ------
        TypeError
            If `computed` is not real.
        ValueError
            If an entry of it is NaN or infinite.

        Examples
        --------
        >>> Line("0.33").agrees(1 / 3), Line("1/3").agrees(0.33), Line("[1; 2]").agrees([1, 2])
        (True, False, True)
        """
        truth = np.asarray(computed).dtype == np.bool_
        required = real_array(np.multiply(1, computed) if truth else computed, "the computed value")
        written = np.asarray(self.value, dtype=np.float64)
        if written.ndim == 2 and required.ndim < 2 and 1 in written.shape:
            written = written.ravel()
            required = np.atleast_1d(required)
        if written.shape != required.shape:
            return False
        allowed = self.precision + ROUNDING * np.maximum(1, np.abs(required))
        return bool((np.abs(written - required) <= allowed).all())


def typeset(text: str) -> str:
    """Return a line's text with the signs of print, for products, minus and primes.

    Examples
    --------
    >>> typeset("2*3 @ 4")
    '2·3 · 4'
    """
    return text.translate(SIGNS)


def _cause(error: Exception) -> str:
    """Return why a line cannot be evaluated."""
    if isinstance(error, ZeroDivisionError):
        return "division by 0"
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _parsed(text: str) -> ast.expr:
    """Parse a line, its matrices as lists of rows and its primes as letters."""
    nested = BRACKETS.sub(lambda found: f"[[{found[1].replace(';', '],[')}]]", text)
    source = PRIME.sub("_prime", nested).strip()
    return ast.parse(source, mode="eval").body


def _evaluated(node: ast.expr, functions: Mapping[str, Function]) -> Value:
    """Evaluate a node in fractions."""

    def inner(part: ast.expr) -> Value:
        return _evaluated(part, functions)

    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Fraction(repr(number))
        case ast.UnaryOp(sign, operand) if type(sign) in OPERATIONS:
            return _value(OPERATIONS[type(sign)](inner(operand)))
        case ast.BinOp(left, operator, right) if type(operator) in OPERATIONS:
            return _value(OPERATIONS[type(operator)](inner(left), inner(right)))
        case ast.List(rows):
            return _matrix([[inner(entry) for entry in _entries(row)] for row in rows])
        case ast.Call(ast.Name(name), [argument], []):
            return _value(_meaning(name, functions)(inner(argument)))
    raise ValueError(f"{_written(node)} is no number, matrix or operation")


def _value(result: Any) -> Value:
    """Return what an operation or a function gave as a matrix, or as a fraction."""
    return result if isinstance(result, np.ndarray) else Fraction(result)


def _entries(row: ast.expr) -> list[ast.expr]:
    """Return the entries of a matrix's row."""
    assert isinstance(row, ast.List)  # Brackets are always doubled.
    return row.elts


def _matrix(rows: list[list[Value]]) -> Matrix:
    """Return rows of numbers as a matrix."""
    widths = sorted({len(row) for row in rows})
    if len(widths) != 1:
        raise ValueError(f"the rows of a matrix have {' and '.join(map(str, widths))} entries")
    matrix = np.empty((len(rows), *widths), dtype=np.object_)
    for i, row in enumerate(rows):
        for j, entry in enumerate(row):
            matrix[i, j] = entry
    return matrix


def _meaning(name: str, functions: Mapping[str, Function]) -> Function:
    """Return the function that a name stands for."""
    written = name.replace("_prime", "'")
    if written not in functions:
        raise ValueError(f"{written} has no meaning here")
    return functions[written]


def _summands(node: ast.expr, sign: str) -> Iterator[str]:
    """Yield the summands as text, a minus sign pushed into a sum in parentheses."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield from _summands(node.left, sign)
        turned = "" if sign else "-"
        yield from _summands(node.right, turned if isinstance(node.op, ast.Sub) else sign)
    else:
        yield sign + _written(node)


def _written(node: ast.expr) -> str:
    """Return a node as a line's text."""
    text = ast.unparse(node).replace(" * ", "*").replace("_prime", "'")
    return text.replace("], [", "; ").replace("[[", "[").replace("]]", "]")
