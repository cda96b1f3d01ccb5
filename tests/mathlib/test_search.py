"""The search against brute force."""

import re
from itertools import product

import pytest

from mathlib.architecture import trace
from mathlib.layers import Convolution, FeatureMaps, MaxPooling
from mathlib.rules import violations
from mathlib.search import Candidate, doubling, search, smallest, with_filters

IMAGE = FeatureMaps(3, 32, 32)

TARGET = FeatureMaps(64, 4, 4)

POOL = MaxPooling()

NETWORK = (Convolution(5, 16), POOL, Convolution(3, 32), POOL, Convolution(3, 64))


def brute_force(size, target, kernels, first, floor):
    """Try every sequence of layers up to a length that no sequence can reach."""
    found = set()
    for length in range(1, 12):
        conv_first = [(index % 2 == 0) == (first == "conv") for index in range(length)]
        for layers in product(*[kernels if conv else ("pool",) for conv in conv_first]):
            sides = [size]
            for layer in layers:
                side = sides[-1]
                if layer != "pool":
                    side = side - layer + 1
                elif floor or side % 2 == 0:
                    side = side // 2
                else:
                    side = 0
                if side < target:
                    break
                sides.append(side)
            else:
                if sides[-1] == target:
                    found.add((layers, tuple(sides[1:])))
    return found


@pytest.mark.parametrize("floor", [False, True])
@pytest.mark.parametrize("first", ["conv", "pooling"])
@pytest.mark.parametrize(
    ("size", "target", "kernels"),
    [(32, 4, (3, 5, 7)), (28, 1, (2, 3, 4, 5)), (33, 2, (1, 3, 6)), (9, 3, (2, 3)), (6, 6, (1, 2))],
)
def test_the_search_finds_what_brute_force_finds(size, target, kernels, first, floor):
    found = search(size, target, kernels, first=first, floor=floor)
    named = [
        (tuple(side if kind == "conv" else "pool" for kind, side in one.windows), one.sizes)
        for one in found
    ]
    assert len(set(named)) == len(named)
    assert set(named) == brute_force(size, target, kernels, first, floor)


def test_five_sequences_solve_the_problem_two_of_them_without_dropping_a_row():
    even, floored = search(), search(floor=True)
    # 32-4=28, 14, 14-2=12, 6, 6-2=4 and 28, 14, 14-6=8, 4.
    assert [found.kernels for found in even] == [(5, 3, 3), (5, 7)]
    assert [found.sizes for found in even] == [(28, 14, 12, 6, 4), (28, 14, 8, 4)]
    assert [found.kernels for found in floored] == [(3, 3, 3), (3, 7), (5, 3, 3), (5, 7), (7, 5)]


def test_the_search_only_gives_sequences_that_break_no_rule():
    for first, floor in product(("conv", "pooling"), (False, True)):
        found = search(first=first, floor=floor)
        assert found
        for candidate in found:
            layers = with_filters(candidate, doubling(len(candidate.kernels)))
            assert layers[0].kind == first
            assert violations(IMAGE, layers, TARGET) == ()
            steps = trace(IMAGE, layers).steps
            assert tuple(step.output.rows for step in steps) == candidate.sizes
            assert floor or all(step.dropped == (0, 0) for step in steps)


def test_a_kernel_named_twice_is_tried_once():
    assert search(kernels=[5, 3, 5, 3]) == search(kernels=[5, 3])


def test_a_kernel_too_large_is_passed_over_for_the_next_one():
    assert [found.kernels for found in search(8, 6, [9, 3])] == [(3,)]


def test_a_candidate_reads_as_its_layers():
    assert str(search()[1]) == "conv 5x5, pooling 2x2, conv 7x7, pooling 2x2"


def test_nothing_is_found_where_nothing_fits():
    assert search(5, 4) == ()
    assert search(1, 1, (2, 3)) == ()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"size": 0}, ValueError, "size must be at least 1, got 0"),
        ({"target": 0}, ValueError, "target must be at least 1, got 0"),
        ({"kernels": (3, 0)}, ValueError, "kernel must be at least 1, got 0"),
        ({"kernels": (3, 2.5)}, TypeError, "kernel must be an integer, got 2.5"),
        ({"first": "pool"}, ValueError, "first must be 'conv' or 'pooling', got 'pool'"),
    ],
)
def test_a_search_for_what_makes_no_sense_is_refused(arguments, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        search(**arguments)


def test_filters_double_up_to_the_last():
    assert doubling(1) == (64,)
    assert doubling(3) == (16, 32, 64)
    assert doubling(4, 24) == (3, 6, 12, 24)


def test_filters_that_cannot_be_halved_are_refused():
    with pytest.raises(ValueError, match=r"^last must be a multiple of 8, got 12$"):
        doubling(4, 12)
    with pytest.raises(ValueError, match=r"^convolutions must be at least 1, got 0$"):
        doubling(0)


def test_filters_are_given_to_the_convolutions_in_order():
    layers = with_filters(search()[0], [16, 32, 64])
    assert layers == NETWORK


@pytest.mark.parametrize("filters", [[32], [16, 32, 48, 64]])
def test_each_convolution_needs_a_number_of_filters(filters):
    message = (
        "filters must be 3 numbers, one for each convolution of"
        f" conv 5x5, pooling 2x2, conv 3x3, pooling 2x2, conv 3x3, got {len(filters)}"
    )
    with pytest.raises(ValueError, match=f"^{message}$"):
        with_filters(search()[0], filters)


def test_the_smallest_has_the_fewest_parameters_for_the_given_filters():
    found = search(floor=True)
    # 3*3*3*16+16 + 3*3*16*32+32 + 3*3*32*64+64 = 448 + 4640 + 18496 = 23584.
    layers = smallest(found, IMAGE)
    assert layers == with_filters(found[0], (16, 32, 64))
    assert trace(IMAGE, layers).parameters == 23584
    # With 1 filter in front of 64, two convolutions beat three: 7*7*3+1 + 5*5*64+64 = 1812,
    # against 3*3*3+1 + 3*3*1*64+64 + 3*3*64*64+64.
    few = smallest(found, IMAGE, lambda convolutions: (1, *[64] * (convolutions - 1)))
    assert few == (Convolution(7, 1), POOL, Convolution(5, 64), POOL)


def test_of_several_smallest_the_first_is_returned():
    found = [
        Candidate((("conv", 3), ("pooling", 2)), (30, 15)),
        Candidate((("conv", 3),), (30,)),
    ]
    assert smallest(found, IMAGE) == (Convolution(3, 64), POOL)


def test_the_smallest_of_none_is_refused():
    with pytest.raises(ValueError, match=r"^number of candidates must be at least 1, got 0$"):
        smallest([], IMAGE)
