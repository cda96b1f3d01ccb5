"""Reading a page, against pytest-codeblocks itself."""

import io

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest_codeblocks import extract_from_buffer

from literate.fault import PageError
from literate.page import Block
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
    """Return the lines that are not blank: of an indented block, the tests leave the others out."""
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
