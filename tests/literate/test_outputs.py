"""A recorded output is written so that the tests and the build read back what was printed."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_codeblocks.main import extract_from_buffer

from literate.fault import PageError, find_faults
from literate.outputs import record_outputs
from literate.read import decode, read
from literate.result import Ran

MARK = "<!--pytest-codeblocks:expected-output-->"
PAGE = f"# T\n\n```python\nprint(1)\n```\n\n{MARK}\n\n```\n1\n```\n\nText.\n"


def recorded(page, *outputs):
    """Return a page as it is once its chains have printed these outputs."""
    content = page.encode()
    new = record_outputs(content, read(decode(content)), [[Ran(stdout=text)] for text in outputs])
    return new.decode()


def test_the_output_is_replaced_and_nothing_else():
    assert recorded(PAGE, "2\n3\n") == PAGE.replace("```\n1\n```", "```\n2\n3\n```")


def test_an_output_as_recorded_leaves_the_page_as_it_is():
    assert recorded(PAGE, "1\n") == PAGE
    page = PAGE.replace("output-->", "output-ignore-whitespace-->")
    assert recorded(page, " 1\n\n") == page
    assert recorded(page, "2 \n") == page.replace("\n1\n", "\n2 \n")


def test_line_ends_and_a_byte_order_mark_stay():
    page = "\ufeff" + PAGE.replace("\n", "\r\n")

    assert recorded(page, "2\n\n3\n") == page.replace("\r\n1\r\n", "\r\n2\r\n\r\n3\r\n")
    assert recorded(PAGE.replace("\n", "\r"), "2\n") == PAGE.replace("\n1\n", "\n2\n").replace(
        "\n", "\r"
    )


def test_a_fence_at_the_end_of_a_page_gets_no_line_end():
    page = PAGE.removesuffix("\n\nText.\n")

    assert recorded(page, "2\n") == page.replace("\n1\n", "\n2\n")


def test_an_output_of_nothing_is_an_empty_fence_and_the_other_way_round():
    empty = PAGE.replace("\n1\n", "\n")

    assert recorded(PAGE, "") == empty
    assert recorded(empty, "1\n") == PAGE


def test_an_output_with_backticks_has_a_longer_fence():
    page = PAGE.replace("```\n1\n```", "```text\n1\n```")
    more = page.replace("```text\n1\n```", "`````text\n  ````\n`` ` ``\n`````")

    assert recorded(page, "  ````\n`` ` ``\n") == more
    assert recorded(more, "1\n") == page.replace("```text\n1\n```", "`````text\n1\n`````")


def test_each_chain_has_its_own_output_and_one_without_gets_none():
    page = PAGE + "\n```python\nprint(5)\n```\n" + PAGE.replace("print(1)", "print(7)")
    new = recorded(page, "2\n3\n", "5\n", "8\n")

    assert new == (
        PAGE.replace("\n1\n", "\n2\n3\n")
        + "\n```python\nprint(5)\n```\n"
        + PAGE.replace("print(1)", "print(7)").replace("\n1\n", "\n8\n")
    )


@pytest.mark.parametrize("printed", ["a", "a\r\n", "a\n  \n", "\t\n", "1 %\r2 %\n", "\ud800\n"])
def test_what_no_fence_can_hold_to_the_letter_is_refused(printed):
    with pytest.raises(PageError, match="line 9: what the chain prints cannot be recorded"):
        recorded(PAGE, printed)


def test_white_space_that_is_not_compared_may_be_any():
    page = PAGE.replace("output-->", "output-ignore-whitespace-->")

    assert "\na\n  \nb\n```" in recorded(page, "a\n  \nb")


LINES = st.one_of(
    st.just(""),
    st.sampled_from(["```", "  ````x", MARK, "```python", "<!--", "-->", "#| echo: x", "{{ x }}"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=1).filter(
        lambda line: line.strip()
    ),
)


@given(
    st.lists(LINES),
    st.sampled_from(["", "    ", "\t", "        "]),
    st.sampled_from(["```", "`````"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_tests_and_the_build_read_what_was_printed(lines, indent, ticks, end):
    printed = "".join(f"{line}\n" for line in lines)
    container = ["- item", "", "    - item", ""][: len(indent.expandtabs(4)) // 2]
    block = ["```python", "x = 1", "```", "", MARK, "", f"{ticks}text", "1", ticks]
    text = "\n".join([*container, *(f"{indent}{line}" for line in block), "", "Text.", ""])
    new = recorded(text.replace("\n", end), printed)
    page = read(decode(new.encode()))
    (tested,) = extract_from_buffer(StringIO(decode(new.encode())))

    assert find_faults(page, [[Ran(stdout=printed)]]) == []
    assert tested.expected_output == printed
    assert recorded(new, printed) == new
    assert new.endswith(f"{end}Text.{end}")
