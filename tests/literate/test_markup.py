"""Code and formulas in prose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from literate.markup import cut_prose


def pieces(text, kind):
    return [piece for one, piece in cut_prose(text) if one == kind]


@given(st.text("ab`$\\(){}[]\n ~>!-", max_size=60))
def test_a_text_that_is_cut_stays_whole(text):
    assert "".join(piece for _, piece in cut_prose(text)) == text


@pytest.mark.parametrize(
    "formula",
    [
        "$x$",
        "$a {{ x['$'] }} b$",
        r"$a \$ b$",
        "$$\nx\n$$",
        r"\(x\)",
        r"\[ x \]",
        "\\begin{align*}\nx\n\\end{align*}",
    ],
)
def test_a_formula_is_found_with_its_delimiters(formula):
    assert pieces(f"a {formula} b", "formula") == [formula]


@pytest.mark.parametrize(
    "text", ["$5 and $6", "$ x $", r"\$x\$", "$a\n\nb$", r"\\(x", "`$x$`", "<!-- $x$ -->"]
)
def test_what_only_looks_like_a_formula_is_none(text):
    assert pieces(text, "formula") == []


@pytest.mark.parametrize("code", ["`a`", "``a`b``", "`$`", "<!-- a -->"])
def test_a_code_span_and_a_comment_are_hidden(code):
    assert pieces(f"x {code} y", "code") == [code]


@pytest.mark.parametrize(
    "fence",
    [
        "```python\nx = '$y$'\n```",
        "~~~\n$a$\n\n$b$\n~~~",
        "    ```\n    $a$\n    ```",
        "> ```\n> $a$\n> ```",
        "````\n```\n````",
    ],
)
def test_a_fence_is_code_over_blank_lines(fence):
    assert pieces(f"Before.\n\n{fence}\n\nAfter $z$.", "code") == [fence]
    assert pieces(f"Before.\n\n{fence}\n\nAfter $z$.", "formula") == ["$z$"]


def test_ticks_of_another_number_do_not_end_a_code_span():
    assert pieces("`a``b`", "code") == ["`a``b`"]
    assert pieces("`a``", "code") == []
