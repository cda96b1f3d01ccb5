"""Tests of `mathlib.marking.transcription`."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlib.marking.transcription import Line, typeset

small = st.integers(-9, 9)


def entries(line: Line) -> list[list[Fraction]]:
    assert isinstance(line.value, np.ndarray)
    rows: list[list[Fraction]] = line.value.tolist()
    return rows


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", Fraction(7)),
        ("0.31", Fraction(31, 100)),
        ("-0.5", Fraction(-1, 2)),
        ("+0.5", Fraction(1, 2)),
        ("--2", Fraction(2)),
        ("2 + 3*4", Fraction(14)),
        ("(2 + 3)*4", Fraction(20)),
        ("2 - 3 - 4", Fraction(-5)),
        ("0.3*-0.8", Fraction(-24, 100)),
        ("(32 - 3)/2 + 1", Fraction(31, 2)),
        ("  1/3 ", Fraction(1, 3)),
    ],
)
def test_a_line_of_numbers_is_evaluated_exactly(text: str, value: Fraction) -> None:
    assert Line(text).value == value
    assert isinstance(Line(text).value, Fraction)


def test_decimals_are_not_binary() -> None:
    assert Line("0.1 + 0.2").value == Fraction(3, 10)


def test_matrices_and_what_functions_return_are_kept_exactly() -> None:
    assert entries(Line("[0.1, 0.2] @ [1; 1]")) == [[Fraction(3, 10)]]
    halved = Line("half(3)", {"half": lambda number: float(number) / 2}).value
    assert halved == Fraction(3, 2)
    assert isinstance(halved, Fraction)


def test_a_line_is_made_from_its_text_and_functions_alone() -> None:
    assert repr(Line("1")) == "Line(text='1', functions={})"


def test_commas_separate_columns_and_semicolons_rows() -> None:
    assert entries(Line("[1, 2; 3, 0.5]")) == [[1, 2], [3, Fraction(1, 2)]]
    assert entries(Line("[4]")) == [[4]]


def test_entries_may_be_calculations() -> None:
    assert entries(Line("[2*3, 4 - 1; 1/2, -1]")) == [[6, 3], [Fraction(1, 2), -1]]


def test_a_column_times_a_row_is_their_outer_product() -> None:
    assert entries(Line("[2; 3]*[5, 7, 11]")) == [[10, 14, 22], [15, 21, 33]]


def test_matrices_of_one_shape_are_multiplied_entry_by_entry() -> None:
    assert entries(Line("[2; 3]*[5; 7]")) == [[10], [21]]


def test_the_product_of_matrices_is_a_sum_of_products() -> None:
    assert entries(Line("[1, 2; 3, 4] @ [5; 6]")) == [[1 * 5 + 2 * 6], [3 * 5 + 4 * 6]]


def test_a_number_acts_on_every_entry() -> None:
    assert entries(Line("0 - 0.5*[1, 2] + [1, 1]/4")) == [[Fraction(-1, 4), Fraction(-3, 4)]]


def test_a_negative_matrix_is_negated() -> None:
    assert entries(Line("-[1, -2]")) == [[-1, 2]]


def test_names_are_called_with_what_stands_in_their_parentheses() -> None:
    step = {"F'": lambda z: np.where(z >= 0, 1, 0), "twice": lambda z: 2 * z}
    assert entries(Line("3*F'([-0.5; 0; 2])", step)) == [[0], [3], [3]]
    assert Line("twice(1 + 4)", step).value == 10


@given(st.lists(st.tuples(st.sampled_from("+-"), small, small), min_size=1, max_size=5))
def test_a_sum_of_products_is_what_python_makes_of_it(
    products: list[tuple[str, int, int]],
) -> None:
    text = " ".join(f"{sign} {a}*{b}" for sign, a, b in products)
    total = sum(a * b if sign == "+" else -a * b for sign, a, b in products)
    assert Line(text).value == total


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("2 +", "invalid syntax"),
        ("", "invalid syntax"),
        ("x", "x is no number, matrix or operation"),
        ("F(2)", "F has no meaning here"),
        ("G'(2)", "G' has no meaning here"),
        ("2**3", "2 ** 3 is no number, matrix or operation"),
        ("not 2", "not 2 is no number, matrix or operation"),
        ("True", "True is no number, matrix or operation"),
        ('"a"', "'a' is no number, matrix or operation"),
        ("F(2, 3)", "F(2, 3) is no number, matrix or operation"),
        ("1/0", "division by 0"),
        ("[1, 2]/0", "division by 0"),
        ("[1, 2; 3]", "the rows of a matrix have 1 and 2 entries"),
        ("[1, 2] + [1, 2, 3]", "could not be broadcast together with shapes (1,2) (1,3) "),
    ],
)
def test_what_is_no_line_is_refused_with_its_cause(text: str, cause: str) -> None:
    begin = re.escape(f"{text!r} cannot be evaluated: ")
    with pytest.raises(ValueError, match=f"^{begin}.*{re.escape(cause)}$"):
        Line(text, {"X": abs})


@pytest.mark.parametrize("text", ["[1, 2] @ [1, 2]", "2 @ 3", "[1, 2] @ 3"])
def test_what_cannot_be_multiplied_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(repr(text))} cannot be evaluated: "):
        Line(text)


@pytest.mark.parametrize(
    ("text", "calculated", "precision"),
    [
        ("0.33", False, 0.005),
        ("-0.2", False, 0.05),
        ("1.0185", False, 0.00005),
        ("8", False, 0),
        ("[0.5; -0.318]", False, 0.0005),
        ("[1, 2]", False, 0),
        ("0.25 + 0.5", True, 0),
        ("F(0.5)", True, 0),
        ("[0.5, 1/3]", True, 0),
    ],
)
def test_only_a_printed_decimal_is_rounded(text: str, calculated: bool, precision: float) -> None:
    line = Line(text, {"F": abs})
    assert line.is_calculation is calculated
    assert line.precision == pytest.approx(precision, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "computed", "agrees"),
    [
        ("0.33", 1 / 3, True),
        ("0.33", 0.3349, True),
        ("0.33", 0.3351, False),
        ("0.33", 0.3249, False),
        ("8", 7.5, False),
        ("8", 8.0, True),
        ("8", 8 + 1e-10, True),
        ("8", 8 + 1e-7, False),
        ("80000", 80000 + 1e-6, True),
        ("0.0", 1e-3, True),
        ("1/3", 1 / 3, True),
        ("1/3", 0.333, False),
        ("1/1000000000", 0, True),
        ("0.1 + 0", 0.1 + 0.9e-9, True),
        ("0.1 + 0", 0.1 + 1.1e-9, False),
        ("2 + 0", 2 + 1.9e-9, True),
        ("2 + 0", 2 + 2.1e-9, False),
        ("-0.5", 0.5, False),
        ("1", True, True),
    ],
)
def test_a_number_agrees_to_its_printed_precision(text: str, computed: float, agrees: bool) -> None:
    assert Line(text).agrees(computed) is agrees


@pytest.mark.parametrize(
    ("text", "computed", "agrees"),
    [
        ("[1; 2]", [1, 2], True),
        ("[1, 2]", [1, 2], True),
        ("[1, 2]", [[1, 2]], True),
        ("[1; 2]", [[1, 2]], False),
        ("[1, 2]", [2, 1], False),
        ("[1, 2]", [1, 3], False),
        ("[1, 2]", [1, 2, 3], False),
        ("[5]", 5, True),
        ("[5]", [5], True),
        ("5", [5], False),
        ("[1, 1]", 1, False),
        ("[1, 2; 3, 4]", [[1, 2], [3, 4]], True),
        ("[1, 2; 3, 4]", [[1, 3], [2, 4]], False),
        ("[1, 2; 3, 4]", [1, 2, 3, 4], False),
        ("[1, 2; 3, 4]", [], False),
        ("[1, 2]*1000", [1000, 2000], True),
    ],
)
def test_a_matrix_agrees_in_shape_and_entries(
    text: str, computed: list[float], agrees: bool
) -> None:
    assert Line(text).agrees(np.array(computed)) is agrees


@pytest.mark.parametrize("computed", [np.nan, np.inf, [1.0, -np.inf]])
def test_no_line_is_compared_with_what_is_not_finite(computed: object) -> None:
    text = r"^the computed value(\[1\])? must be finite, got (nan|-?inf)$"
    with pytest.raises(ValueError, match=text):
        Line("1").agrees(computed)  # type: ignore[arg-type]


@pytest.mark.parametrize("computed", ["four", 1j, None])
def test_no_line_is_compared_with_what_is_not_real(computed: object) -> None:
    with pytest.raises(
        TypeError, match=r"^the computed value must hold real numbers, got (<U4|complex128|object)$"
    ):
        Line("1").agrees(computed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("7", ["7"]),
        ("-7", ["-7"]),
        ("2*3 - 4 + 0.5*-1", ["2*3", "-4", "0.5*-1"]),
        ("1 - (2 + 3 - 4)", ["1", "-2", "-3", "4"]),
        ("1 - (2 - (3 - 4))", ["1", "-2", "3", "-4"]),
        ("-0.5*[1, 2] + [1; 2]*[3, 4]", ["-0.5*[1, 2]", "[1; 2]*[3, 4]"]),
        ("1 - F'([1; 2])", ["1", "-F'([1; 2])"]),
    ],
)
def test_the_terms_carry_their_signs(text: str, terms: list[str]) -> None:
    line = Line(text, {"F'": lambda z: z})
    assert [term.text for term in line.terms] == terms
    assert np.array_equal(sum(term.value for term in line.terms), line.value)


def test_a_line_is_shown_with_the_signs_of_print() -> None:
    assert str(Line("-0.5*2 + [1, 2] @ [3; 4]")) == (
        "\N{MINUS SIGN}0.5\N{MIDDLE DOT}2 + [1, 2] \N{MIDDLE DOT} [3; 4]"
    )
    assert typeset("F'(2)") == "F\N{PRIME}(2)"
