"""Tests of `mathlib.marking.claims`."""

import re
from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from mathlib.marking.claims import Claim, Table, Verdict, agrees, tally
from mathlib.marking.transcription import Line

MINUS = "\N{MINUS SIGN}"
WHY = "It went wrong here."


def cells(table: Table, row: int) -> list[str]:
    """Return the cells of a row, counted from 1."""
    line = table._repr_html_().split("<tr>")[row + 1].split("</tr>")[0]
    return [cell.removesuffix("</td>") for cell in line.split("<td>")[1:]]


def test_a_right_result_by_right_steps_is_right() -> None:
    claim = Claim("sum", Line("0.5"), 0.5, [(Line("0.2 + 0.3"), 0.5), ("t", "t")])
    assert claim.verdict is Verdict.RIGHT
    assert claim.faults == ()
    assert (claim.words, claim.gives, claim.why) == ("", "", "")


def test_a_right_result_by_one_wrong_step_came_through_a_wrong_line() -> None:
    lost_sign = (Line("0.2 - 0.3"), 0.5)
    claim = Claim("sum", Line("0.5"), 0.5, [("t", "t"), lost_sign], why=WHY)
    assert claim.verdict is Verdict.WRONG_LINE
    assert claim.faults == (lost_sign,)


@pytest.mark.parametrize("steps", [[], [("t", "t")], [("b", "t")]])
def test_a_wrong_result_is_wrong_whatever_the_steps(steps: list[tuple[str, str]]) -> None:
    assert Claim("sum", Line("0.4"), 0.5, steps, why=WHY).verdict is Verdict.WRONG


@pytest.mark.parametrize("stated", ["1", "2"])
@pytest.mark.parametrize("steps", [[], [("b", "t")]])
def test_a_broken_rule_comes_before_results_and_steps(
    stated: str, steps: list[tuple[str, str]]
) -> None:
    claim = Claim("stride", Line(stated), 1, steps, broken=["stride 2"], why=WHY)
    assert claim.verdict is Verdict.BREAKS_RULES


def test_what_is_given_once_is_kept() -> None:
    claim = Claim("sum", 1, 1, zip(["b"], ["t"], strict=True), iter(["rule"]), why=WHY)
    assert claim.faults == claim.faults == (("b", "t"),)
    assert claim.broken == ("rule",)
    assert claim.verdict is claim.verdict is Verdict.BREAKS_RULES


def test_a_claim_cannot_be_changed_into_a_better_one() -> None:
    claim = Claim("sum", Line("4"), 3, why=WHY)
    with pytest.raises(FrozenInstanceError):
        claim.computed = 4  # type: ignore[misc]


def test_what_is_not_right_needs_a_sentence() -> None:
    expected = "^why must be a sentence, as 'sum' is wrong, got ''$"
    with pytest.raises(ValueError, match=expected):
        Claim("sum", Line("4"), 3)


@pytest.mark.parametrize(
    ("stated", "computed", "expected"),
    [
        (Line("0.33"), 1 / 3, True),
        (Line("0.34"), 1 / 3, False),
        (Line("4"), "no such layer", False),
        (Line("4"), None, False),
        (0.1 + 0.2, 0.3, True),
        (1.0, 1 + 0.9e-9, True),
        (1.0, 1 + 1.1e-9, False),
        (1.0, 1 - 1.1e-9, False),
        (1e-9, 0, True),
        (1e4, 1e4 + 5e-6, True),
        (1e4, 1e4 + 5e-5, False),
        (Fraction(1, 2), 0.5, True),
        (3, 3, True),
        (True, True, True),
        (True, False, False),
        (True, np.bool_(True), True),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-12]), True),
        (np.array([1.0, 2.0]), np.array([1.0, 2.1]), False),
        (np.array([1.0, 1.0]), 1.0, False),
        (np.array([1.0]), np.array([[1.0]]), False),
        (np.array([]), np.array([]), True),
        ("w2", "w2", True),
        ("w2", "W1", False),
        ("1", 1, False),
        (1, "1", False),
        (1, Decimal(1), False),
        (Decimal(1), 1, False),
        ("w2", np.array([1.0]), False),
        (None, None, True),
        ((1, True), (1, True), True),
        ((1, True), (1, False), False),
    ],
)
def test_what_agrees(stated: object, computed: object, expected: bool) -> None:
    assert agrees(stated, computed) is expected


@pytest.mark.parametrize("computed", [np.nan, np.inf, np.array([0.0, np.nan])])
@pytest.mark.parametrize("stated", [1.0, Line("1")])
def test_nothing_is_judged_by_a_number_that_is_not_finite(stated: object, computed: object) -> None:
    text = r"^the computed value(\[1\])? must be finite, got (nan|inf)$"
    with pytest.raises(ValueError, match=text):
        agrees(stated, computed)


def test_the_tally_counts_each_verdict_in_order() -> None:
    right = Claim("a", 1, 1)
    wrong = Claim("b", 1, 2, why=WHY)
    through = Claim("c", 1, 1, [(1, 2)], why=WHY)
    assert tally([right, wrong, right, through]) == {
        Verdict.RIGHT: 2,
        Verdict.WRONG_LINE: 1,
        Verdict.WRONG: 1,
        Verdict.BREAKS_RULES: 0,
    }
    assert list(tally([])) == list(Verdict)


def test_the_verdicts_read_as_the_page_names_them() -> None:
    assert [str(verdict) for verdict in Verdict] == [
        "right",
        "right result through a wrong line",
        "wrong",
        "breaks the rules of the problem",
    ]


DOT = (
    '<svg viewBox="0 0 2 2" width="10" aria-hidden="true">'
    '<circle cx="1" cy="1" r="1" fill="#2a9d5c"/></svg>'
)


def test_every_verdict_has_a_colour_of_its_own() -> None:
    colours = {verdict.colour for verdict in Verdict}
    assert len(colours) == 4
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours)


def test_a_row_holds_claim_result_and_verdict() -> None:
    claim, given, verdict = cells(Table([Claim("loss", Line("-1.0"), -1)]), 1)
    assert Verdict.RIGHT.colour in DOT
    assert claim == f"{DOT} 1 <strong>loss</strong><br>{MINUS}1.0"
    assert given == f"{MINUS}1"
    assert verdict == "<strong>right</strong>"


def test_a_table_is_plain_html_in_the_style_of_its_page() -> None:
    assert Table([Claim("a", 1, 1), Claim("b", 2, 2)])._repr_html_() == (
        '<table>\n<thead class="claims">\n'
        "<tr><th>As transcribed</th><th>The code gives</th><th>Verdict</th></tr>\n"
        '</thead>\n<tbody class="claims">\n'
        f"<tr><td>{DOT}"
        " 1 <strong>a</strong><br>1</td><td>1</td><td><strong>right</strong></td></tr>\n"
        f"<tr><td>{DOT}"
        " 2 <strong>b</strong><br>2</td><td>2</td><td><strong>right</strong></td></tr>"
        "\n</tbody>\n</table>"
    )


def test_words_and_findings_can_be_given() -> None:
    claim = Claim("loss", 1, 1, words="L = 1", gives="one", why="A note.")
    first, given, verdict = cells(Table([claim]), 1)
    assert first.endswith("<strong>loss</strong><br>L = 1")
    assert given == "one"
    assert verdict == "<strong>right</strong><br>A note."


def test_faults_are_shown_by_their_kind() -> None:
    steps = [
        (Line("2*0.5 - 3"), 4),
        (Line("-2*0.5"), 1),
        (Line("[0.5, 2]"), np.array([0.5, -2.0])),
        ("b", "t"),
        (Line("1 + 3"), 4),
    ]
    _, given, _ = cells(Table([Claim("sum", Line("4"), 4, steps, why=WHY)]), 1)
    assert given.split("<p>") == [
        "4",
        f"the line as written gives {MINUS}2",
        f"{MINUS}2\N{MIDDLE DOT}0.5 is {MINUS}1, not 1",
        f"[0.5, 2] should be [0.5, {MINUS}2]",
        "b should be t",
    ]


def test_a_wrong_formula_is_shown_with_its_value() -> None:
    formula = Claim("mean", 0.5, np.array([1.0, 2.0]), words="a/N", why=WHY)
    bare = Claim("mean", 0.5, 1.0, why=WHY)
    right = Claim("mean", 0.5, 0.5, words="a/N")
    shown = [cells(Table([claim]), 1)[1] for claim in (formula, bare, right)]
    assert shown == [
        "[1, 2]<p>as written it is 0.5",
        "1",
        "0.5",
    ]


def test_broken_rules_stand_for_what_the_code_gives() -> None:
    claim = Claim("whole", 1, 1, broken=["stride 2", "no pooling"], why=WHY)
    _, given, verdict = cells(Table([claim]), 1)
    assert given == "stride 2<p>no pooling"
    assert verdict == f"<strong>breaks the rules of the problem</strong><br>{WHY}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (np.bool_(False), "no"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (Fraction(31, 2), "15.5"),
        (np.float64(-0.5), f"{MINUS}0.5"),
        (np.array(2.0), "2"),
        (np.array([1.0, -2.0]), f"[1, {MINUS}2]"),
        (np.array([[1, 2], [3, 4]]), "[1, 2; 3, 4]"),
        ("a-b", "a-b"),
    ],
)
def test_values_are_shown_without_binary_noise(value: object, text: str) -> None:
    _, given, _ = cells(Table([Claim("value", value, value)]), 1)
    assert given == text


def test_texts_are_escaped() -> None:
    claim = Claim("<w>", "<a>", "<b>", [("<c>", "<d>")], words="x < y", why="R&D")
    first, given, verdict = cells(Table([claim]), 1)
    assert "<strong>&lt;w&gt;</strong><br>x &lt; y" in first
    assert given.startswith("&lt;b&gt;")
    assert "&lt;c&gt; should be &lt;d&gt;" in given
    assert verdict.endswith("R&amp;D")
    assert cells(Table([Claim("", 1, 1, gives="<e>")]), 1)[1] == "&lt;e&gt;"


def test_numbers_go_on_after_another_table() -> None:
    first = Table([Claim("a", 1, 1), Claim("b", 1, 1)])
    second = Table([Claim("c", 1, 1)], after=first)
    third = Table([Claim("d", 1, 1), Claim("e", 1, 1)], after=second)
    assert first.after is None
    assert (first.last, second.last, third.last) == (2, 3, 5)
    assert " 2 <strong>b" in cells(first, 2)[0]
    assert " 3 <strong>c" in cells(second, 1)[0]
    assert " 5 <strong>e" in cells(third, 2)[0]
