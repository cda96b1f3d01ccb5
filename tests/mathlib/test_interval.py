"""Intervals and their ends."""

import math
import re

import numpy as np
import pytest

from mathlib.interval import Interval


@pytest.mark.parametrize(
    ("lower_open", "upper_open", "text"),
    [
        (True, True, "(0, 1/6)"),
        (True, False, "(0, 1/6]"),
        (False, True, "[0, 1/6)"),
        (False, False, "[0, 1/6]"),
    ],
)
def test_the_brackets_and_the_membership_of_the_ends_agree(lower_open, upper_open, text):
    interval = Interval(0, 1 / 6, lower_open, upper_open)
    assert str(interval) == f"{interval}" == text
    assert (0 in interval) is not lower_open
    assert (1 / 6 in interval) is not upper_open


def test_the_ends_are_open_unless_it_is_said():
    assert Interval(2, 3) == Interval(2, 3, lower_open=True, upper_open=True)


def test_numbers_inside_belong_and_numbers_outside_do_not():
    interval = Interval(1, 2, lower_open=False, upper_open=False)
    assert 1.5 in interval
    assert 0.99 not in interval
    assert 2.01 not in interval
    assert not any(number in interval for number in (math.nan, math.inf, -math.inf))


@pytest.mark.parametrize("end", [1, 2])
@pytest.mark.parametrize("is_open", [True, False])
def test_a_number_that_rounding_moved_off_an_end_is_still_that_end(end, is_open):
    interval = Interval(1, 2, is_open, is_open)
    assert (end * (1 - 5e-13) in interval) is not is_open
    assert (end * (1 + 5e-13) in interval) is not is_open


def test_a_number_further_from_an_end_than_rounding_is_not_that_end():
    assert 1 + 3e-12 in Interval(1, 2)
    assert 2 - 6e-12 in Interval(1, 2)
    assert 1 - 3e-12 not in Interval(1, 2, lower_open=False)
    assert 2 + 6e-12 not in Interval(1, 2, upper_open=False)


def test_a_point_is_an_interval_that_holds_it_if_both_ends_belong():
    assert 3 in Interval(3, 3, lower_open=False, upper_open=False)
    assert 3 not in Interval(3, 3, lower_open=False, upper_open=True)
    assert 3 not in Interval(3, 3, lower_open=True, upper_open=False)


@pytest.mark.parametrize(
    ("end", "text", "latex"),
    [
        (7, "7", "7"),
        (1e20, "100000000000000000000", "100000000000000000000"),
        (2 / 7, "2/7", r"\frac{2}{7}"),
        (-5 / 3, "-5/3", r"-\frac{5}{3}"),
        (1 / 100, "1/100", r"\frac{1}{100}"),
        (1 / 101, "0.00990099", "0.00990099"),
        (1 / 6 + 1e-9, "0.166667", "0.166667"),
        (2**0.5, "1.41421", "1.41421"),
        (1e-13, "1e-13", "1e-13"),
    ],
)
def test_an_end_is_written_as_a_simple_fraction_if_it_is_one(end, text, latex):
    ends = Interval(end, end)
    assert str(ends) == f"({text}, {text})"
    assert ends._repr_latex_() == rf"$\left({latex}, {latex}\right)$"


@pytest.mark.parametrize(
    ("lower_open", "upper_open", "latex"),
    [
        (True, True, r"$\left(0, 1\right)$"),
        (True, False, r"$\left(0, 1\right]$"),
        (False, True, r"$\left[0, 1\right)$"),
        (False, False, r"$\left[0, 1\right]$"),
    ],
)
def test_the_brackets_of_a_formula_say_which_ends_belong(lower_open, upper_open, latex):
    assert Interval(0, 1, lower_open, upper_open)._repr_latex_() == latex


def test_a_format_applies_to_both_ends():
    assert f"{Interval(1 / 3, 1 / 2, lower_open=False):.3f}" == "[0.333, 0.500)"


@pytest.mark.parametrize(
    ("lower", "upper"), [(2, 1), (0, np.inf), (-np.inf, 0), (np.nan, 1), (0, np.nan)]
)
def test_ends_out_of_order_or_not_finite_are_refused(lower, upper):
    text = (
        "the ends of an interval must be finite and in order, "
        f"got lower = {lower} and upper = {upper}"
    )
    with pytest.raises(ValueError, match=re.escape(text)):
        Interval(lower, upper)
