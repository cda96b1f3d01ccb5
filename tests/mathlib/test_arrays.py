"""Checks of arrays and numbers: what they return, what they refuse, and in which words."""

import re

import numpy as np
import pytest

from mathlib.arrays import (
    entry,
    float_array,
    fraction,
    numeric_array,
    positive,
    read_only,
    real_array,
    require_shape,
    whole,
)

CHECKS = [real_array, numeric_array, float_array]


def refuse(error, text, check, *arguments, **options):
    """Expect exactly this error."""
    with pytest.raises(error, match=f"^{re.escape(text)}$") as caught:
        check(*arguments, **options)
    assert caught.type is error


@pytest.mark.parametrize("check", CHECKS)
def test_lists_are_arrays(check):
    found = check([[1.0, 2.0]], "A", ("n", 2))
    assert (type(found), found.dtype, found.tolist()) == (np.ndarray, np.float64, [[1.0, 2.0]])


@pytest.mark.parametrize("check", [real_array, numeric_array])
@pytest.mark.parametrize("dtype", [np.int8, np.uint64])
def test_integers_are_taken_as_float64(check, dtype):
    assert check(np.array([3], dtype), "A").dtype == np.float64


def test_a_real_array_is_a_copy_as_float64():
    given = np.ones(2, np.float32)
    assert real_array(given, "A").dtype == np.float64
    given = np.ones(2)
    assert not np.shares_memory(real_array(given, "A"), given)


@pytest.mark.parametrize("dtype", [np.float32, np.complex64, np.complex128])
def test_a_numeric_array_keeps_its_floating_type_and_is_not_copied(dtype):
    given = np.ones(2, dtype)
    assert numeric_array(given, "A") is given


def test_a_float_array_may_be_required_to_be_like_another():
    single, double = np.ones(2, np.float32), np.ones(2)
    assert float_array(single, "A", like=single) is single
    text = "A must hold float32 numbers for the images, got float64"
    refuse(TypeError, text, float_array, double, "A", where="for the images", like=single)


@pytest.mark.parametrize("check", CHECKS)
def test_rows_of_unequal_length_are_refused(check):
    text = "A must have rows of equal length, got [[1], [2, 3]]"
    refuse(ValueError, text, check, [[1], [2, 3]], "A")


@pytest.mark.parametrize(
    ("check", "numbers", "wrong"),
    [
        (real_array, "real", [True, "a", None, 1j]),
        (numeric_array, "real or complex", [True, "a", None]),
        (float_array, "float32 or float64", [True, "a", None, 1j, 1, np.float16(1)]),
    ],
)
def test_other_entries_are_refused_by_their_type(check, numbers, wrong):
    for value in wrong:
        dtype = np.asarray(value).dtype
        refuse(TypeError, f"A must hold {numbers} numbers, got {dtype}", check, value, "A")


@pytest.mark.parametrize("check", CHECKS)
def test_the_first_entry_that_is_not_finite_is_named(check):
    text = "A[1, 0] must be finite, got nan"
    refuse(ValueError, text, check, [[0.0, 1.0], [np.nan, np.inf]], "A")
    refuse(ValueError, "b2 must be finite, got -inf", check, -np.inf, "b2")


def test_a_word_in_a_shape_stands_for_any_size():
    for shape in ((0, 3), (7, 3)):
        require_shape(shape, "A", ("n", 3))
    require_shape((2,), "u", (2,), ("n", 2))
    require_shape((), "b2", ())


@pytest.mark.parametrize("given", [(3, 2), (3,), (), (1, 2, 3)])
def test_another_shape_is_refused_with_what_requires_it(given):
    text = f"A must have the shape (3,) or (n, 3) for W1, got {given}"
    if given != (3,):
        refuse(ValueError, text, require_shape, given, "A", (3,), ("n", 3), where="for W1")
        refuse(ValueError, text, real_array, np.ones(given), "A", (3,), ("n", 3), where="for W1")


def test_an_integer_is_at_least_one_unless_said_otherwise():
    assert whole(1, "filters") == 1
    assert whole(-2, "shift", -2) == -2
    assert type(whole(np.int64(3), "filters")) is int
    refuse(ValueError, "filters must be at least 1, got 0", whole, 0, "filters")
    refuse(ValueError, "shift must be at least -2, got -3", whole, -3, "shift", -2)


@pytest.mark.parametrize("value", [2.0, None, True, "2"])
def test_what_is_no_integer_is_refused(value):
    refuse(TypeError, f"filters must be an integer, got {value!r}", whole, value, "filters")


def test_a_positive_number_is_finite():
    assert positive(1e-300, "step") == 1e-300
    for value in (0.0, -1.0, np.inf, np.nan):
        text = f"step must be positive and finite, got {value}"
        refuse(ValueError, text, positive, value, "step")


def test_a_fraction_is_below_one_and_exceeds_rounding_errors():
    assert fraction(1e-15, "tolerance") == 1e-15
    for value in (0, 9e-16, 1, np.nan):
        text = f"tolerance must be at least 1e-15 and below 1, got {value}"
        refuse(ValueError, text, fraction, value, "tolerance")


def test_a_read_only_array_is_a_copy():
    given = np.ones(2)
    kept = read_only(given)
    given[0] = 7
    assert kept.tolist() == [1, 1]
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 7


def test_an_entry_is_named_by_its_place():
    assert entry("W1", (0, 2)) == "W1[0, 2]"
    assert entry("b2", ()) == "b2"
