"""The cost of multiplying a chain of matrices in one order or another, computed and counted.

The matrices of a chain `A1 A2 ... An` are numbered from 1. An order is the number of a matrix, or
a pair of orders for their product: `((1, 2), 3)` stands for `((A1 A2) A3)`. A shape is
`(rows, columns)`, and a `(p, q)` times a `(q, r)` matrix takes `p q r` multiplications of numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from numpy.typing import NDArray

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
Matrix: TypeAlias = NDArray[Any]
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
    """The value of a chain, its products in the order performed, and the memory they took.

    `peak_entries` is the largest number of entries that intermediate results held at one time, the
    one being formed and the last one included; each is let go after its only use. The matrices of
    the chain are held from beginning to end in every order and are not counted.
    """

    value: Matrix
    products: tuple[CountedProduct, ...]
    peak_entries: int

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


def parenthesization(order: Order) -> str:
    """Return an order as text.

    Raises
    ------
    TypeError
        If a part of the order is neither a whole number nor a pair.

    Examples
    --------
    >>> parenthesization(((1, 2), 3))
    '((A1 A2) A3)'
    """
    return _fold(order, "A{}".format, "({} {})".format)


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
        return p, r, left_cost + right_cost + p * q * r

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
        p, q, r = chain[i - 1][0], chain[k - 1][1], chain[j - 1][1]
        return OptimalOrder((left.order, right.order), left.cost + right.cost + p * q * r)

    for j, _ in enumerate(chain, start=1):
        best[j, j] = OptimalOrder(j, 0)
        for i in range(j - 1, 0, -1):
            best[i, j] = min((split(i, k, j) for k in range(i, j)), key=lambda found: found.cost)
    return best[1, len(chain)]


def multiply_chain(matrices: Sequence[Matrix], order: Order) -> CountedChain:
    """Multiply real matrices in an order, counting at every product what its operands need.

    Nothing is foreseen: the multiplications are read off the two arrays that are multiplied, and
    the entries off the arrays that are held. A chain of one matrix has that matrix as its value.

    Raises
    ------
    TypeError
        If a matrix is not an array of real numbers, or a part of the order neither a number nor a
        pair.
    ValueError
        If there is no matrix, one has not two axes, neighbours do not fit, or the order does not
        name every matrix once and in turn.

    Examples
    --------
    >>> import numpy as np
    >>> counted = multiply_chain([np.ones((1, 2)), np.ones((2, 3)), np.ones((3, 4))], ((1, 2), 3))
    >>> counted.value.tolist(), counted.multiplications, counted.peak_entries
    ([[6.0, 6.0, 6.0, 6.0]], 18, 7)
    """
    arrays = {f"A{k}": real_array(A, f"matrix {k}") for k, A in enumerate(matrices, start=1)}
    _checked_chain([array.shape for array in arrays.values()])
    _require_in_turn(order, len(matrices))
    given = frozenset(arrays)
    products = []
    entries = [0]

    def multiply(left: str, right: str) -> str:
        text = f"({left} {right})"
        first, second = arrays[left], arrays[right]
        arrays[text] = first @ second
        (p, q), (_, r) = first.shape, second.shape
        products.append(CountedProduct(text, arrays[text].shape, p * q * r))
        entries.append(sum(array.size for name, array in arrays.items() if name not in given))
        del arrays[left], arrays[right]
        return text

    whole = _fold(order, "A{}".format, multiply)
    return CountedChain(arrays[whole], tuple(products), max(entries))


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
