"""Reading a page, against pytest-codeblocks itself."""

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest_codeblocks import extract_from_buffer

from literate.fault import PageError
from literate.page import Block
from literate.read import decode, read


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


IN_CODE = "pytest-codeblocks would run this fence, which stands in indented code"


@pytest.mark.parametrize(
    "before",
    [
        "",
        "Text.\n\n",
        "- item\n\nText.\n\n",
        "- item\n\n```text\na\n```\n\n",
        "- item\n\n```python\nx = 1\n```\n\n",
        "!!! note\n\n```\na\n```\n\n",
    ],
)
def test_a_fence_of_python_in_indented_code_is_refused(before):
    with pytest.raises(PageError) as refused:
        read(f"{before}    ```python\n    x = 1\n    ```\n")

    assert (refused.value.line, refused.value.message) == (before.count("\n") + 1, IN_CODE)


@pytest.mark.parametrize(
    "before",
    [
        "- item\n\n",
        "- item\n\n    ```text\n    a\n    ```\n\n",
        "1.  item\n\n    Text.\n\n",
        "Text.\n\n!!! note\n\n",
        "```text\na\n```\n\n- item\n\n",
    ],
)
def test_a_fence_of_python_in_what_holds_it_runs(before):
    page = read(f"{before}    ```python\n    x = 1\n    ```\n")

    assert [step.code for chain in page.chains for step in chain.steps] == ["x = 1\n"]


def test_a_fence_of_another_language_in_indented_code_is_left_alone():
    page = read("Text.\n\n    ```text\n    {{ x }}\n    ```\n\n    {{ x }}\n")

    assert page.chunks == ()


def test_a_chain_has_its_blocks_the_values_after_them_and_what_it_prints():
    page = read(
        "```python\nx = 1\n```\n\n{{ x }}\n\n"
        "<!--pytest-codeblocks:cont-->\n```python\nx\n```\n\n"
        "<!--pytest-codeblocks:expected-output-->\n```\n1\n```\n\n{{ x }}\n\n"
        "```python\ny = 2\n```\n"
    )
    first, second = page.chains

    assert [step.line for step in first.steps] == [1, 5, 8, 17]
    assert first.expected.text == "1\n"
    assert [step.line for step in second.steps] == [19]
    assert second.expected is None


def test_a_file_is_decoded_with_the_ends_of_its_lines_made_alike():
    assert decode("\ufeffa\r\nb\rc\nä".encode()) == "\ufeffa\nb\nc\nä"


def test_a_file_in_another_code_is_refused_at_its_line():
    with pytest.raises(PageError, match=r"^line 2: the page is not UTF-8: it has the byte 0xe4$"):
        decode("a\nä".encode("latin-1"))
