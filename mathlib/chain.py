"""The cost of multiplying a chain of matrices in one order or another, computed and counted.

The matrices of a chain `A1 A2 ... An` are numbered from 1. An order is the number of a matrix, or
a pair of orders for their product: `((1, 2), 3)` stands for `((A1 A2) A3)`. A shape is
`(rows, columns)`, and a `(p, q)` times a `(q, r)` matrix takes `p q r` multiplications of numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathlib.arrays import real_array, require_shape, whole

__all__ = [
    "CountedChain",
    "CountedProduct",
    "OptimalOrder",
    "left_to_right",
    "multiplication_cost",
    "multiply_chain",
    "optimal_order",
    "parenthesization",
    "right_to_left",
]

Order: TypeAlias = "int | tuple[Order, Order]"
Shape: TypeAlias = tuple[int, int]
Matrix: TypeAlias = NDArray[np.float64]
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class OptimalOrder:
    """An order with the fewest multiplications, and how many they are; as text `(A1 A2)`."""

    order: Order
    cost: int

    def __str__(self) -> str:
        return parenthesization(self.order)


@dataclass(frozen=True, slots=True)
class CountedProduct:
    """One product as it was performed: its text, its shape, and its multiplications."""

    text: str
    shape: tuple[int, ...]
    multiplications: int


@dataclass(frozen=True, slots=True, eq=False)
class CountedChain:
    """The value of a chain, and its products in the order performed."""

    value: Matrix
    products: tuple[CountedProduct, ...]

    @property
    def multiplications(self) -> int:
        """The multiplications of all products together."""
        return sum(product.multiplications for product in self.products)


def left_to_right(count: int) -> Order:
    """Return the order that starts with the first two of `count` matrices (1 or more).

    Raises
    ------
    ValueError
        If `count` is less than 1.

    Examples
    --------
    >>> left_to_right(4)
    (((1, 2), 3), 4)
    """
    whole(count, "number of matrices")
    order: Order = 1
    for number in range(2, count + 1):
        order = (order, number)
    return order


def right_to_left(count: int) -> Order:
    """Return the order that starts with the last two of `count` matrices (1 or more).

    Raises
    ------
    ValueError
        If `count` is less than 1.

    Examples
    --------
    >>> right_to_left(4)
    (1, (2, (3, 4)))
    """
    whole(count, "number of matrices")
    order: Order = count
    for number in range(count - 1, 0, -1):
        order = (number, order)
    return order


def parenthesization(order: Order, letter: str = "A") -> str:
    """Return an order as text, with a letter for the matrices.

    Raises
    ------
    TypeError
        If a part of the order is neither a whole number nor a pair.

    Examples
    --------
    >>> parenthesization(((1, 2), 3))
    '((A1 A2) A3)'
    >>> parenthesization((1, 2), "J_")
    '(J_1 J_2)'
    """
    return _fold(order, lambda number: f"{letter}{number}", "({} {})".format)


def multiplication_cost(shapes: Sequence[Shape], order: Order) -> int:
    """Return the multiplications of a chain: the sum of `p q r` over its products.

    Raises
    ------
    TypeError
        If a size is not a whole number, or a part of the order neither a number nor a pair.
    ValueError
        If there is no matrix, a shape has not two sizes or a negative one, neighbours do not fit,
        or the order does not name every matrix once and in turn.

    Examples
    --------
    >>> shapes = [(1, 2), (2, 3), (3, 4)]
    >>> multiplication_cost(shapes, ((1, 2), 3)), multiplication_cost(shapes, (1, (2, 3)))
    (18, 32)
    """
    chain = _checked_chain(shapes)
    _require_in_turn(order, len(chain))

    def product(left: tuple[int, int, int], right: tuple[int, int, int]) -> tuple[int, int, int]:
        (p, q, left_cost), (_, r, right_cost) = left, right
        return p, r, left_cost + right_cost + _product_cost(p, q, r)

    return _fold(order, lambda number: (*chain[number - 1], 0), product)[2]


def optimal_order(shapes: Sequence[Shape]) -> OptimalOrder:
    """Return an order with the fewest multiplications, by dynamic programming.

    The best order of the matrices `i` to `j` splits them after some `k` and is best on both sides:
    `cost(i, j) = min over k of cost(i, k) + cost(k + 1, j) + rows_i columns_k columns_j`. Among
    equals the split furthest left is taken. `n` matrices take a time of order `n^3`.

    Source: Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, fourth edition,
    section 14.2.

    Raises
    ------
    TypeError
        If a size is not a whole number.
    ValueError
        If there is no matrix, a shape has not two sizes or a negative one, or neighbours do not
        fit.

    Examples
    --------
    >>> best = optimal_order([(1, 2), (2, 3), (3, 4)])
    >>> str(best), best.cost
    ('((A1 A2) A3)', 18)
    """
    chain = _checked_chain(shapes)
    best: dict[tuple[int, int], OptimalOrder] = {}

    def split(i: int, k: int, j: int) -> OptimalOrder:
        left, right = best[i, k], best[k + 1, j]
        own = _product_cost(chain[i - 1][0], chain[k - 1][1], chain[j - 1][1])
        return OptimalOrder((left.order, right.order), left.cost + right.cost + own)

    for j, _ in enumerate(chain, start=1):
        best[j, j] = OptimalOrder(j, 0)
        for i in range(j - 1, 0, -1):
            best[i, j] = min((split(i, k, j) for k in range(i, j)), key=lambda found: found.cost)
    return best[1, len(chain)]


def multiply_chain(matrices: Sequence[ArrayLike], order: Order) -> CountedChain:
    """Multiply real matrices in an order, number by number, and count the multiplications.

    Each number counts how often it is multiplied, so what is counted was done: no shape and no
    formula enters the count. A chain of one matrix has that matrix as its value.

    Raises
    ------
    TypeError
        If a matrix does not hold real numbers, or a part of the order is neither a number nor a
        pair.
    ValueError
        If there is no matrix, one has not two axes or an entry that is not finite, neighbours do
        not fit, or the order does not name every matrix once and in turn.

    Examples
    --------
    >>> counted = multiply_chain([[[1, 1]], [[1, 2, 3], [4, 5, 6]], [[1], [1], [1]]], ((1, 2), 3))
    >>> counted.value, counted.multiplications
    (array([[21.]]), 9)
    """
    arrays = [real_array(matrix, f"matrix {k}") for k, matrix in enumerate(matrices, start=1)]
    _checked_chain([array.shape for array in arrays])
    _require_in_turn(order, len(arrays))
    products = []

    def multiply(left: tuple[Order, Matrix], right: tuple[Order, Matrix]) -> tuple[Order, Matrix]:
        joined = left[0], right[0]
        product, multiplications = _multiplied(left[1], right[1])
        products.append(CountedProduct(parenthesization(joined), product.shape, multiplications))
        return joined, product

    _, value = _fold(order, lambda number: (number, arrays[number - 1]), multiply)
    return CountedChain(value, tuple(products))


@dataclass(slots=True)
class _Number:
    """A number that counts how often it is multiplied."""

    value: float
    multiplications: int = 0

    def __mul__(self, other: float) -> float:
        self.multiplications += 1
        return self.value * other


def _multiplied(left: Matrix, right: Matrix) -> tuple[Matrix, int]:
    """Return a product, made in a plain loop, and the multiplications that its numbers counted."""
    rows = [[_Number(entry) for entry in row] for row in left.tolist()]
    columns = right.T.tolist()
    product = np.zeros((len(rows), len(columns)))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            product[i, j] = sum(number * entry for number, entry in zip(row, column, strict=True))
    return product, sum(number.multiplications for row in rows for number in row)


def _product_cost(p: int, q: int, r: int) -> int:
    """Return the multiplications of a `(p, q)` by a `(q, r)` matrix."""
    return p * q * r


def _fold(order: Order, leaf: Callable[[int], Part], join: Callable[[Part, Part], Part]) -> Part:
    """Return what the leaves of an order become when joined, on a stack: chains may be long."""
    done: list[Part] = []
    waiting: list[tuple[Order, bool]] = [(order, False)]
    while waiting:
        part, sides_are_done = waiting.pop()
        if sides_are_done:
            right = done.pop()
            done.append(join(done.pop(), right))
        elif isinstance(part, int):
            done.append(leaf(part))
        elif isinstance(part, tuple) and len(part) == 2:
            waiting += [(part, True), (part[1], False), (part[0], False)]
        else:
            raise TypeError(f"an order must be a matrix number or a pair of orders, got {part!r}")
    return done.pop()


def _require_in_turn(order: Order, count: int) -> None:
    """Refuse an order that does not name the matrices 1 to `count` from left to right."""
    numbers = _fold(order, lambda number: [number], lambda left, right: left + right)
    if numbers != list(range(1, count + 1)):
        raise ValueError(
            f"the order must name the matrices 1 to {count} in turn, "
            f"got {', '.join(map(str, numbers))}"
        )


def _checked_chain(shapes: Sequence[Sequence[int]]) -> list[Shape]:
    """Return the shapes as pairs of Python's integers, each pair fitting the one before it."""
    whole(len(shapes), "number of matrices")
    chain: list[Shape] = []
    for number, shape in enumerate(shapes, start=1):
        name = f"matrix {number}"
        require_shape(tuple(shape), name, ("rows", "columns"))
        rows, columns = (whole(size, f"size of {name}", 0) for size in shape)
        if chain:
            require_shape(
                (rows, columns), name, (chain[-1][1], "columns"), where=f"after {chain[-1]}"
            )
        chain.append((rows, columns))
    return chain
