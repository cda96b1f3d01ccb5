"""Find where a Python expression ends that stands in prose."""

from __future__ import annotations

import ast
import re
import warnings

__all__ = ["end_of_expression", "is_expression"]

PIECE = re.compile(
    r"""'''(?:[^'\\]++|\\.|'(?!''))*+''' | \"\"\"(?:[^"\\]++|\\.|"(?!""))*+\"\"\"
    | '(?!'')(?:[^'\\]++|\\.)*+' | "(?!"")(?:[^"\\]++|\\.)*+"
    | [][(){}:\#'"] | \blambda\b""",
    re.DOTALL | re.VERBOSE,
)
"""A string, or what else tells where an expression ends; a quote alone is never closed."""

NOT_AN_EXPRESSION = (SyntaxError, ValueError, RecursionError, MemoryError)


def end_of_expression(text: str, start: int, end: int) -> int | None:
    """Return where an expression ends if it is one: at a colon or at ``}}``, None for nowhere.

    No expression has a closing bracket outside its own brackets, nor a colon but those of its
    lambdas. So the first of them ends it.

    Parameters
    ----------
    text, start, end
        Where the expression begins, and what it cannot go beyond.

    Examples
    --------
    >>> end_of_expression("{'}}': x[1:2]}: >4 }}", 0, 21)
    14
    """
    depth = lambdas = 0
    for piece in PIECE.finditer(text, start, end):
        sign, at = piece[0], piece.start()
        if sign in {"(", "[", "{"}:
            depth += 1
        elif sign == "lambda":
            lambdas += not depth
        elif sign in {"'", '"'}:
            return None
        elif sign == "#":
            return None if depth else _found(text.find("}}", at, end))
        elif depth:
            depth -= sign in {")", "]", "}"}
        elif sign == ":" and lambdas:
            lambdas -= 1
        elif sign == ":" or text.startswith("}}", at, end):
            return at
        elif sign in {")", "]", "}"}:
            return None
    return None


def is_expression(source: str) -> bool:
    """Tell whether Python can read a text as an expression."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source, mode="eval")
        except NOT_AN_EXPRESSION:
            return False
    return True


def _found(offset: int) -> int | None:
    """Return an offset, None for nowhere."""
    return None if offset < 0 else offset
