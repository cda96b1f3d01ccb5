"""Values and references in prose."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from literate.fault import PageError
from literate.page import Block, Reference, Value
from literate.read import read


@given(st.text(alphabet="ab{}$`\\:@fig-1 \n<!->*'\""))
@settings(max_examples=500, deadline=None)
def test_any_prose_can_be_read_or_is_refused_with_a_line(prose):
    try:
        chunks = read(f"```python\n```\n{prose}").chunks
    except PageError as refused:
        lines = [refused.line]
    else:
        lines = [chunk.line for chunk in chunks]
        assert all(isinstance(chunk, (Block, Value, Reference)) for chunk in chunks)
    assert all(1 <= line <= prose.count("\n") + 3 for line in lines)


@pytest.mark.parametrize(
    ("inner", "expression", "specification"),
    [
        (" x ", "x", ""),
        ("x:.3f", "x", ".3f"),
        (" x[1:2] ", "x[1:2]", ""),
        (" x[1:2]:.3f ", "x[1:2]", ".3f"),
        (" (lambda a: a)(1) ", "(lambda a: a)(1)", ""),
        (' {"a": 1}["a"]:03d ', '{"a": 1}["a"]', "03d"),
        (' f"{x:>4}" ', 'f"{x:>4}"', ""),
        (" x:%d %b ", "x", "%d %b"),
        (" '}}' ", "'}}'", ""),
    ],
)
def test_an_inline_value_splits_at_the_colon_of_its_format(inner, expression, specification):
    (_, value) = read(f"```python\n```\n\n{{{{{inner}}}}}\n").chunks

    assert isinstance(value, Value)
    assert (value.expression, value.specification) == (expression, specification)


@pytest.mark.parametrize(
    ("prose", "math"),
    [
        ("{{ x }}", False),
        ("$y = {{ x }}$", True),
        ("$$\ny = {{ x }}\n$$", True),
        ("\\[ {{ x }} \\]", True),
        ("It costs $5, {{ x }} and $6.", False),
        ("\\$ {{ x }} \\$", False),
        ("$a$ {{ x }} $b$", False),
    ],
)
def test_an_inline_value_knows_whether_it_stands_in_a_formula(prose, math):
    (_, value) = read(f"```python\n```\n\n{prose}\n").chunks

    assert isinstance(value, Value)
    assert value.math is math
