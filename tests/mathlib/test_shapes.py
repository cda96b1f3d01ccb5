"""Sizes under a sliding window, against counting the windows one by one."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlib.shapes import by, leftover, output_size, pair, positions


def starts(size: int, kernel: int, stride: int, padding: int) -> list[int]:
    """List where whole windows start on the padded axis."""
    padded = size + 2 * padding
    return [start for start in range(0, padded, stride) if start + kernel <= padded]


axes = st.tuples(
    st.integers(0, 12), st.integers(1, 6), st.integers(1, 5), st.integers(0, 3)
).filter(lambda axis: axis[1] <= axis[0] + 2 * axis[3])


@given(axes, axes)
def test_output_size_counts_the_whole_windows_of_both_axes(rows, columns):
    size, kernel, stride, padding = zip(rows, columns, strict=True)
    expected = (len(starts(*rows)), len(starts(*columns)))
    assert output_size(size, kernel, stride, padding) == expected


@given(axes, axes)
def test_leftover_is_what_lies_beyond_the_last_window(rows, columns):
    size, kernel, stride, padding = zip(rows, columns, strict=True)
    expected = tuple(
        axis[0] + 2 * axis[3] - (starts(*axis)[-1] + axis[1]) for axis in (rows, columns)
    )
    assert leftover(size, kernel, stride, padding) == expected


def test_stride_and_padding_are_one_and_none_unless_given():
    assert output_size((7, 9), (3, 2)) == (5, 8)
    assert leftover((7, 9), (3, 2)) == (0, 0)


def test_one_integer_stands_for_both_axes():
    assert output_size(32, 5, 2, 1) == output_size((32, 32), (5, 5), (2, 2), (1, 1)) == (15, 15)
    assert leftover(32, 5, 2, 1) == (1, 1)


@given(st.integers(0, 4), st.integers(1, 6), st.integers(1, 4))
def test_positions_are_one_stride_apart_from_the_offset_on(offset, count, stride):
    expected = [offset + place * stride for place in range(count)]
    assert list(range(60))[positions(offset, count, stride)] == expected


@pytest.mark.parametrize(("size", "kernel"), [((4, 9), (5, 3)), ((9, 4), (3, 5))])
def test_a_kernel_larger_than_its_map_along_one_axis_is_refused(size, kernel):
    message = f"kernel {by(kernel)} does not fit the {by(size)} feature map it is applied to"
    with pytest.raises(ValueError, match=f"^{message}$"):
        output_size(size, kernel)


def test_a_window_that_does_not_fit_is_called_by_its_name():
    message = "^pooling window 2x2 does not fit the 1x3 feature map it is applied to$"
    with pytest.raises(ValueError, match=message):
        output_size((1, 3), 2, 2, window="pooling window")


@pytest.mark.parametrize(
    ("padding", "padded", "added"), [((1, 0), "4x3", "1x0"), ((0, 1), "2x5", "0x1")]
)
def test_the_error_for_a_padded_map_says_what_was_added(padding, padded, added):
    message = (
        f"kernel 7x7 does not fit the {padded} feature map it is applied to, 2x3 padded by {added}"
    )
    with pytest.raises(ValueError, match=f"^{message}$"):
        output_size((2, 3), 7, 1, padding)


def test_leftover_refuses_what_output_size_refuses():
    with pytest.raises(ValueError, match=r"^kernel 2x2 does not fit the 1x1 feature map"):
        leftover(1, 2, 2)
    with pytest.raises(ValueError, match=r"^stride must be at least 1, got 0$"):
        leftover(4, 2, 0)


def test_a_map_without_rows_holds_no_window():
    with pytest.raises(ValueError, match=r"^kernel 1x1 does not fit the 0x4 feature map"):
        output_size((0, 4), 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 1), "feature map must be at least 0, got -1"),
        ((4, 0), "kernel must be at least 1, got 0"),
        ((4, (2, 0)), "kernel must be at least 1, got 0"),
        ((4, 2, 0), "stride must be at least 1, got 0"),
        ((4, 2, 1, -1), "padding must be at least 0, got -1"),
    ],
)
def test_sizes_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        output_size(*arguments)


@pytest.mark.parametrize("value", [(1, 2, 3), (1,), [], "357"])
def test_a_size_is_one_integer_or_two(value):
    message = f"stride must be an integer or a pair (rows, columns), got {value!r}"
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        pair(value, "stride")


@pytest.mark.parametrize("value", [2.0, None, True, (2, 2.0), (True, 2)])
def test_a_size_that_is_no_integer_is_refused(value):
    with pytest.raises(TypeError, match=r"^stride must be an integer, got (2\.0|None|True)$"):
        pair(value, "stride")


def test_a_size_becomes_a_pair_of_plain_integers():
    found = pair([np.int64(3), 5], "kernel")
    assert found == (3, 5)
    assert {type(size) for size in found} == {int}
    assert pair(np.int64(3), "kernel") == (3, 3)
