"""Reading a page, against pytest-codeblocks itself."""

import io
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest_codeblocks import extract_from_buffer

from literate.fault import PageError
from literate.page import Block, Reference, Value
from literate.read import read


def try_to_read(text):
    """Read a page; None for one that is refused, whose line is checked."""
    try:
        return read(text)
    except PageError as refused:
        line = refused.line
    assert 1 <= line <= text.count("\n") + 1
    return None


LINES = st.sampled_from(
    [
        "",
        "Text {{ 1 }} and `code`.",
        "    indented",
        "- item",
        "!!! note",
        "```python",
        "```",
        "```text",
        "```bash",
        "````python",
        "````",
        "    ```python",
        "    ```",
        "        ```python",
        "x = 1",
        "    x = 2",
        "#| echo: false",
        "```py",
        "~~~",
        "~~~python",
        "> ```",
        "<!--pytest-codeblocks:cont-->",
        "<!--pytest-codeblocks:expected-output-->",
        "<!--pytest-codeblocks:skipfile-->",
        "<!--pytest.mark.skip-->",
        "<!--",
        "-->",
        "<!-- a comment -->",
        "---",
    ]
)


def filled(code):
    """Give the lines that are not blank: of an indented block, the tests leave the others out."""
    return [line for line in code.splitlines() if line.strip()]


@given(st.lists(LINES, max_size=25).map("\n".join))
@example("- item\n\n    ```python\n    x = 1\n\n    y = 2\n    ```\n")
@example("<!--pytest-codeblocks:skipfile-->\n\n```python\nx = 1\n```")
@example("```python\nx\n```\n<!--pytest-codeblocks:cont-->\n```python\ny\n```\n")
@settings(max_examples=500, deadline=None)
def test_a_page_that_can_be_read_has_the_chains_that_pytest_codeblocks_tests(text):
    page = try_to_read(text)
    if page is None:
        return
    tested = [block for block in extract_from_buffer(io.StringIO(text)) if block.syntax == "python"]
    running = [block for block in tested if "pytest.mark.skip" not in block.marks]

    chains = [
        "".join(step.code for step in chain.steps if isinstance(step, Block))
        for chain in page.chains
    ]
    recorded = [chain.expected.text if chain.expected else None for chain in page.chains]

    assert list(map(filled, chains)) == [filled(block.code) for block in running]
    assert recorded == [block.expected_output for block in running]


@given(st.lists(LINES, max_size=25).map("\n".join))
@settings(max_examples=300, deadline=None)
def test_chunks_stand_in_order_and_apart_and_know_their_lines(text):
    page = try_to_read(text)
    end = 0
    for chunk in page.chunks if page else ():
        assert end <= chunk.start < chunk.end <= len(text)
        assert chunk.line == text.count("\n", 0, chunk.start) + 1
        end = chunk.end


@given(st.text(alphabet="ab{}$`\\:@fig-1 \n<!->*'\""))
@settings(max_examples=500, deadline=None)
def test_any_prose_can_be_read_or_is_refused_with_a_line(prose):
    page = try_to_read(f"```python\n```\n{prose}")
    chunks = page.chunks if page else ()
    assert all(isinstance(chunk, (Block, Value, Reference)) for chunk in chunks)


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


def test_the_core_does_without_mkdocs():
    code = (
        "import sys, literate.build, literate.notebook\n"
        "assert not [name for name in sys.modules if name.startswith('mkdocs')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
