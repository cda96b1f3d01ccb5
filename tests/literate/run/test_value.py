"""Values in prose and in formulas."""

import decimal
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from literate.run.value import set_value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_keeps_twelve_digits(number):
    assert float(set_value(number)) == pytest.approx(number, rel=1e-11, abs=0)


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_a_short_decimal_is_printed_as_it_is_written(digits, places):
    written = decimal.Decimal(digits).scaleb(-places)

    assert decimal.Decimal(set_value(float(written))) == written


@pytest.mark.parametrize(
    ("number", "specification", "text"),
    [
        (-0.0, "", "0"),
        (-1e-9, ".3f", "0.000"),
        (-1e-9, ".0%", "0%"),
        (-0.5, ".0f", "0"),
        (-0.51, ".0f", "-1"),
        (-0.05, ".1f", "-0.1"),
        (-10.0, "", "-10"),
    ],
)
def test_a_zero_has_no_sign(number, specification, text):
    assert set_value(number, specification) == text


@pytest.mark.parametrize(
    ("number", "latex"),
    [
        (1.5e-9, r"1.5 \times 10^{-9}"),
        (2e20, r"2 \times 10^{20}"),
        (-3e-100, r"-3 \times 10^{-100}"),
        (float("-inf"), r"-\infty"),
        (float("nan"), r"\text{nan}"),
        (0.25, "0.25"),
        ((0.5, 1e-7), r"(0.5, 1 \times 10^{-7})"),
    ],
)
def test_a_formula_sets_a_number_as_mathematics_does(number, latex):
    assert set_value(number, math=True) == latex


def test_every_entry_of_an_array_takes_the_format():
    array = np.array([[1, -0.0004], [2.5, 1e-9]])

    assert set_value(array, ".3f", math=True) == (
        r"\begin{bmatrix} 1.000 & 0.000 \\ 2.500 & 0.000 \end{bmatrix}"
    )


def test_an_empty_array_is_an_empty_matrix():
    assert set_value(np.empty((0,)), math=True) == r"\begin{bmatrix}  \end{bmatrix}"


def test_an_array_of_no_axes_is_a_number():
    assert set_value(np.array(0.1) + 0.2) == "0.3"


@given(st.text(max_size=40))
def test_no_character_of_a_text_is_markup(text):
    shown = set_value(text)

    assert not re.search(r"[*_`\[\]<>$|\\{}#!~^@:]", re.sub(r"&#\d+;", "", shown))
    assert re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), shown) == text.replace("\n", " ")


def test_a_text_in_a_formula_is_latex():
    assert set_value(r"\alpha_{i}", math=True) == r"\alpha_{i}"
