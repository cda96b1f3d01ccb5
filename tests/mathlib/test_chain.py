"""Matrix chains, against counting by hand, a book's example, and every order there is."""

import dataclasses
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from mathlib import chain
from mathlib.chain import (
    CountedProduct,
    OptimalOrder,
    left_to_right,
    multiplication_cost,
    multiply_chain,
    optimal_order,
    parenthesization,
    right_to_left,
)

in_properties = settings(max_examples=40)

# The worked example of Introduction to Algorithms, section 14.2.
BOOK = [(30, 35), (35, 15), (15, 5), (5, 10), (10, 20), (20, 25)]


def orders(first, last):
    """Yield every order of the matrices from first to last."""
    if first == last:
        yield first
    for k in range(first, last):
        yield from itertools.product(orders(first, k), orders(k + 1, last))


def chain_of(sizes):
    return list(itertools.pairwise(sizes))


def matrices_of(sizes):
    """Return small whole numbers, which multiply exactly in any order."""
    random = np.random.default_rng(sum(sizes))
    return [random.integers(-3, 4, shape).astype(float) for shape in chain_of(sizes)]


def multiplications_of_a_loop(left, right):
    """Multiply entry by entry and return the product with the number of multiplications."""
    product, count = np.zeros((left.shape[0], right.shape[1])), 0
    for i, j, k in itertools.product(*map(range, (*product.shape, len(right)))):
        product[i, j] += left[i, k] * right[k, j]
        count += 1
    return product, count


def looped(matrices, order):
    if isinstance(order, int):
        return matrices[order - 1], 0
    (left, left_count), (right, right_count) = (looped(matrices, part) for part in order)
    product, count = multiplications_of_a_loop(left, right)
    return product, left_count + right_count + count


sizes_of_chains = st.lists(st.integers(0, 5), min_size=2, max_size=6)


@st.composite
def chains_with_orders(draw):
    """Draw the sizes of a chain and one of its orders."""
    sizes = draw(sizes_of_chains)

    def order(first, last):
        if first == last:
            return first
        k = draw(st.integers(first, last - 1))
        return order(first, k), order(k + 1, last)

    return sizes, order(1, len(sizes) - 1)


def message_of(error, function, *arguments):
    with pytest.raises(error) as caught:
        function(*arguments)
    assert type(caught.value) is error
    return str(caught.value)


# Orders


@pytest.mark.parametrize(
    ("count", "order"), [(1, 1), (2, (1, 2)), (3, ((1, 2), 3)), (5, ((((1, 2), 3), 4), 5))]
)
def test_left_to_right_starts_with_the_first_two(count, order):
    assert left_to_right(count) == order


@pytest.mark.parametrize(
    ("count", "order"), [(1, 1), (2, (1, 2)), (3, (1, (2, 3))), (5, (1, (2, (3, (4, 5)))))]
)
def test_right_to_left_starts_with_the_last_two(count, order):
    assert right_to_left(count) == order


@pytest.mark.parametrize("function", [left_to_right, right_to_left])
@pytest.mark.parametrize("count", [0, -1])
def test_an_order_needs_a_matrix(function, count):
    message = message_of(ValueError, function, count)
    assert message == f"number of matrices must be at least 1, got {count}"


@pytest.mark.parametrize(
    ("order", "text"),
    [(1, "A1"), ((1, 2), "(A1 A2)"), ((1, ((2, 3), 4)), "(A1 ((A2 A3) A4))")],
)
def test_an_order_reads_as_parentheses(order, text):
    assert parenthesization(order) == text
    assert parenthesization(order, "J_") == text.replace("A", "J_")


# Cost


def test_the_cost_of_a_product_is_rows_times_shared_size_times_columns():
    assert multiplication_cost([(3, 5), (5, 7)], (1, 2)) == 105


def test_the_cost_of_an_order_adds_up_its_products():
    shapes = [(2, 3), (3, 5), (5, 7), (7, 11)]
    assert multiplication_cost(shapes, left_to_right(4)) == 2 * 3 * 5 + 2 * 5 * 7 + 2 * 7 * 11
    assert multiplication_cost(shapes, right_to_left(4)) == 5 * 7 * 11 + 3 * 5 * 11 + 2 * 3 * 11
    assert multiplication_cost(shapes, ((1, 2), (3, 4))) == 2 * 3 * 5 + 5 * 7 * 11 + 2 * 5 * 11


def test_one_matrix_costs_nothing():
    assert multiplication_cost([(3, 5)], 1) == 0


def test_costs_do_not_overflow():
    size = np.int64(10**9)
    assert multiplication_cost([(size, size), (size, size)], (1, 2)) == 10**27


@in_properties
@given(chains_with_orders())
def test_the_cost_is_what_a_loop_over_the_entries_counts(case):
    sizes, order = case
    assert multiplication_cost(chain_of(sizes), order) == looped(matrices_of(sizes), order)[1]


def test_a_chain_may_be_longer_than_the_recursion_limit():
    shapes = [(1, 1)] * 3000
    assert multiplication_cost(shapes, left_to_right(3000)) == 2999
    assert multiplication_cost(shapes, right_to_left(3000)) == 2999


# The best order


def test_the_best_order_of_the_books_example():
    best = optimal_order(BOOK)
    assert best == OptimalOrder(order=((1, (2, 3)), ((4, 5), 6)), cost=15125)
    assert str(best) == "((A1 (A2 A3)) ((A4 A5) A6))"


def test_the_best_order_of_one_matrix_is_the_matrix():
    assert optimal_order([(3, 5)]) == OptimalOrder(order=1, cost=0)


def test_among_equal_orders_the_split_furthest_left_is_taken():
    assert optimal_order([(2, 2)] * 4).order == (1, (2, (3, 4)))


@pytest.mark.parametrize("count", range(1, 8))
def test_there_are_as_many_orders_as_the_catalan_number_says(count):
    catalan = math.comb(2 * count - 2, count - 1) // count
    assert len(set(orders(1, count))) == catalan


@in_properties
@given(st.lists(st.integers(0, 30), min_size=2, max_size=8))
def test_no_order_costs_less_than_the_best(sizes):
    shapes = chain_of(sizes)
    best = optimal_order(shapes)
    assert best.cost == min(multiplication_cost(shapes, order) for order in orders(1, len(shapes)))
    assert best.cost == multiplication_cost(shapes, best.order)


@in_properties
@given(st.lists(st.integers(1, 30), min_size=2, max_size=8))
def test_reversing_a_chain_does_not_change_the_best_cost(sizes):
    assert optimal_order(chain_of(sizes)).cost == optimal_order(chain_of(sizes[::-1])).cost


@in_properties
@given(st.lists(st.integers(2, 20), min_size=1, max_size=7))
def test_one_row_in_front_of_wider_matrices_goes_best_from_left_to_right(sizes):
    # for p, r >= 2 a row times (p, q) (q, r) takes p q + q r one by one and p q r + p r otherwise
    shapes = chain_of([1, *sizes])
    assert optimal_order(shapes).cost == multiplication_cost(shapes, left_to_right(len(shapes)))


# Multiplying and counting


def test_every_product_is_counted_in_the_order_performed():
    counted = multiply_chain(matrices_of([2, 3, 5, 7, 11]), ((1, 2), (3, 4)))
    assert counted.products == (
        CountedProduct("(A1 A2)", (2, 5), 30),
        CountedProduct("(A3 A4)", (5, 11), 385),
        CountedProduct("((A1 A2) (A3 A4))", (2, 11), 110),
    )
    assert counted.multiplications == 30 + 385 + 110


def test_the_count_does_not_follow_a_wrong_formula(monkeypatch):
    monkeypatch.setattr(chain, "_product_cost", lambda p, q, r: p * q + r)
    shapes, matrices = chain_of([2, 3, 5, 7]), matrices_of([2, 3, 5, 7])
    assert multiplication_cost(shapes, left_to_right(3)) == 2 * 3 + 5 + 2 * 5 + 7
    counted = multiply_chain(matrices, left_to_right(3))
    assert counted.multiplications == 2 * 3 * 5 + 2 * 5 * 7


def test_one_matrix_is_its_own_value_and_takes_nothing():
    counted = multiply_chain([np.array([[1.0, 2.0]])], 1)
    assert_array_equal(counted.value, [[1.0, 2.0]])
    assert (counted.products, counted.multiplications) == ((), 0)


@in_properties
@given(chains_with_orders())
def test_count_and_cost_agree_and_the_value_is_that_of_a_loop(case):
    sizes, order = case
    matrices = matrices_of(sizes)
    counted = multiply_chain(matrices, order)
    value, count = looped(matrices, order)
    assert_array_equal(counted.value, value)
    assert counted.multiplications == count == multiplication_cost(chain_of(sizes), order)


@in_properties
@given(st.lists(st.integers(1, 5), min_size=3, max_size=7), st.integers(0, 2**32 - 1))
def test_the_value_is_that_of_multi_dot(sizes, seed):
    random = np.random.default_rng(seed)
    matrices = [random.normal(size=shape) for shape in chain_of(sizes)]
    counted = multiply_chain(matrices, optimal_order(chain_of(sizes)).order)
    assert_allclose(counted.value, np.linalg.multi_dot(matrices), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.float32, np.float64])
def test_real_matrices_of_any_kind_are_taken_as_float64(dtype):
    counted = multiply_chain([np.full((2, 3), 200, dtype), [[1], [1], [1]]], (1, 2))
    assert counted.value.dtype == np.float64
    assert counted.value.tolist() == [[600], [600]]


def test_the_matrices_stay_as_they_are():
    matrices = [np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])]
    multiply_chain(matrices, (1, 2))
    assert [matrix.tolist() for matrix in matrices] == [[[1.0, 2.0]], [[3.0], [4.0]]]


def test_records_are_frozen_and_a_counted_chain_compares_by_identity():
    counted = multiply_chain(matrices_of([2, 3, 5]), (1, 2))
    for record in (counted, counted.products[0], optimal_order(BOOK)):
        for field in dataclasses.fields(record):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(record, field.name, 0)
    assert counted != dataclasses.replace(counted)


# What is refused

COSTS = [lambda shapes: multiplication_cost(shapes, left_to_right(3)), optimal_order]


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize(
    ("shapes", "error", "message"),
    [
        ([], ValueError, "number of matrices must be at least 1, got 0"),
        (
            [(2, 3), (3, 4), (5, 6)],
            ValueError,
            "matrix 3 must have the shape (4, columns) after (3, 4), got (5, 6)",
        ),
        (
            [(2, 3), (4, 3), (3, 3)],
            ValueError,
            "matrix 2 must have the shape (3, columns) after (2, 3), got (4, 3)",
        ),
        (
            [(2, 3), (3,)],
            ValueError,
            "matrix 2 must have the shape (rows, columns), got (3,)",
        ),
        (
            [(2, 3), (3, -1)],
            ValueError,
            "size of matrix 2 must be at least 0, got -1",
        ),
        (
            [(2, 3, 4)],
            ValueError,
            "matrix 1 must have the shape (rows, columns), got (2, 3, 4)",
        ),
        (
            [(2, 3), (3, 4.0)],
            TypeError,
            "size of matrix 2 must be an integer, got 4.0",
        ),
    ],
)
def test_shapes_that_are_no_chain_are_refused_with_the_position(cost, shapes, error, message):
    assert message_of(error, cost, shapes) == message


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (((1, 3), 2), "1, 3, 2"),
        ((1, 2), "1, 2"),
        ((0, (1, 2)), "0, 1, 2"),
        ((1, (2, (3, 4))), "1, 2, 3, 4"),
        (((1, 1), 2), "1, 1, 2"),
    ],
)
def test_an_order_names_every_matrix_once_and_in_turn(order, names):
    message = f"the order must name the matrices 1 to 3 in turn, got {names}"
    assert message_of(ValueError, multiplication_cost, [(2, 2)] * 3, order) == message
    assert message_of(ValueError, multiply_chain, [np.ones((2, 2))] * 3, order) == message


@pytest.mark.parametrize("part", ["1", (1, 2, 3), (1,), [1, 2], 1.0, None])
def test_an_order_consists_of_numbers_and_pairs(part):
    message = f"an order must be a matrix number or a pair of orders, got {part!r}"
    assert message_of(TypeError, parenthesization, (part, 2)) == message
    assert message_of(TypeError, multiplication_cost, [(2, 2)] * 2, (part, 2)) == message


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (
            [[1.0], [2.0, 3.0]],
            ValueError,
            "matrix 2 must have rows of equal length, got [[1.0], [2.0, 3.0]]",
        ),
        (
            np.ones((3, 1), complex),
            TypeError,
            "matrix 2 must hold real numbers, got complex128",
        ),
        (np.ones((3, 1), bool), TypeError, "matrix 2 must hold real numbers, got bool"),
        (
            np.ones(3),
            ValueError,
            "matrix 2 must have the shape (rows, columns), got (3,)",
        ),
        (
            np.ones((2, 3)),
            ValueError,
            "matrix 2 must have the shape (3, columns) after (2, 3), got (2, 3)",
        ),
    ],
)
def test_matrices_that_cannot_be_multiplied_are_refused_with_the_position(wrong, error, message):
    assert message_of(error, multiply_chain, [np.ones((2, 3)), wrong], (1, 2)) == message


def test_an_empty_chain_cannot_be_multiplied():
    message = message_of(ValueError, multiply_chain, [], 1)
    assert message == "number of matrices must be at least 1, got 0"
