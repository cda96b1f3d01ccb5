"""Values and references in prose."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from literate.fault import PageError
from literate.page import Block, Reference, Span, Value
from literate.read import read
from literate.read.prose import Outline, read_prose, read_text


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


def outline(*paragraphs):
    """Return whether the last of some paragraphs is indented code."""
    lines = Outline()
    for paragraph in paragraphs:
        lines.add(paragraph)
    return lines.in_code


@pytest.mark.parametrize(
    ("paragraphs", "is_code"),
    [
        (["Text."], False),
        (["    code"], True),
        (["   text"], False),
        (["\tcode"], True),
        (["- item", "    content"], False),
        (["- item", "        code"], True),
        (["1. item", "    - item", "        content"], False),
        (["!!! note", "    content"], False),
        (["[^1]: note", "    content"], False),
        (["Text.", "    code"], True),
        (["- item", "Text.", "    code"], True),
        (["Text\n- item", "    content"], False),
        (["- item", "    content", "    content"], False),
        (["- item", "    ```|", "        code"], True),
    ],
)
def test_code_is_indented_by_four_more_than_what_it_stands_in(paragraphs, is_code):
    assert outline(*paragraphs) is is_code


def test_asking_an_outline_changes_nothing():
    lines = Outline()
    for paragraph in ("- item", "    content", "        code"):
        lines.add(paragraph)
        before = lines.in_code, list(lines.parents)

        assert (lines.in_code, lines.parents) == before
        assert lines.in_code == before[0]


def test_values_and_references_are_found_outside_of_code_and_comments():
    text = (
        "{{ a }} `{{ b }}` ``{{ c }}`` <!-- {{ d }} --> \\{{ e }} @fig-f x@fig-g\n\n    {{ h }}\n"
    )
    found = list(read_prose(text, Span(0, len(text), 1)))

    assert [text[chunk.start : chunk.end] for chunk in found] == ["{{ a }}", "@fig-f"]


def test_a_stretch_of_a_page_is_read_where_it_stands():
    text = "{{ a }}\n{{ b }}\n{{ c }}\n"
    (value,) = read_prose(text, Span(8, 16, 2))

    assert (value.start, value.line, value.expression) == (8, 2, "b")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\n{{ b", "`{{` is never closed; write \\{{ for braces that are text"),
        ("a\n{{ b c }}", "`b c` is not an expression; write \\{{"),
        (
            "a\n$x = {{ b c }}$",
            "`b c` is not an expression; write \\{{ for braces that are text, or",
        ),
    ],
)
def test_what_is_no_expression_is_refused_at_its_line(text, message):
    with pytest.raises(PageError) as refused:
        list(read_prose(text, Span(0, len(text), 1)))

    assert refused.value.line == 2
    assert refused.value.message.startswith(message)


def test_a_text_is_cut_at_what_it_holds_and_stays_whole():
    parts = read_text("In {{ x }}, $y = {{ y }}$ and @fig-z.", 9)

    assert [part for part in parts if isinstance(part, str)] == ["In ", ", $y = ", "$ and ", "."]
    assert [type(part) for part in parts[1::2]] == [Value, Value, Reference]
    assert [part.line for part in parts[1::2]] == [9, 9, 9]
    assert [part.math for part in parts[1:4:2]] == [False, True]


def test_a_text_without_values_is_one_part():
    assert read_text("No value.", 1) == ("No value.",)
    assert read_text("", 1) == ("",)
