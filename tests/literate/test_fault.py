"""What is wrong with a page, and where."""

import pytest

from literate.fault import EXCERPT, Fault, PageError, find_exchanges, find_faults
from literate.read import read
from literate.result import Failure, Ran, Reading

RECORDED = "```python\nprint(1)\n```\n\n<!--pytest-codeblocks:{}-->\n\n```\n{}```\n"


def recorded(text, *printed, comment="expected-output"):
    page = read(RECORDED.format(comment, text), "docs/page.md")
    return find_faults(page, [[Ran(stdout="".join(printed))]])


def test_a_fault_is_written_as_editors_read_it():
    assert str(Fault("docs/a.md", 3, "wrong")) == "docs/a.md:3: wrong"
    assert str(Fault("docs/a.md", 3, "wrong", "  more\n")) == "docs/a.md:3: wrong\n  more\n"


def test_a_page_error_names_its_line():
    error = PageError(7, "wrong")

    assert (str(error), error.line, error.message) == ("line 7: wrong", 7, "wrong")


def test_a_failure_is_shown_with_the_lines_around_it_and_the_frames_below():
    page = read("# T\n\n```python\nx = 1\ny = x / 0\n```\nText.\n", "docs/page.md")
    failure = Failure(5, "ZeroDivisionError: division by zero", "  library.py:2: in f: a / b\n")

    (fault,) = find_faults(page, [[failure]])

    assert str(fault) == (
        "docs/page.md:5: ZeroDivisionError: division by zero\n"
        "       3 | ```python\n"
        "       4 | x = 1\n"
        "  >    5 | y = x / 0\n"
        "       6 | ```\n"
        "       7 | Text.\n"
        "  library.py:2: in f: a / b\n"
    )


@pytest.mark.parametrize(("line", "first", "last"), [(1, 1, 3), (2, 1, 4), (6, 4, 6)])
def test_no_line_is_shown_that_the_page_does_not_have(line, first, last):
    page = read("a\nb\n```python\nx\n```\nc\n")
    (fault,) = find_faults(page, [[Failure(line, "wrong")]])
    numbers = [int(row.partition("|")[0].strip(" >")) for row in fault.details.splitlines()]

    assert numbers == list(range(first, last + 1))


def test_of_a_long_line_the_start_is_shown():
    page = read(f"```python\nx = '{'z' * 999}'\n```\n")
    (fault,) = find_faults(page, [[Failure(2, "wrong")]])

    assert fault.details.count("z") == EXCERPT - len("x = '")


def test_every_chain_that_failed_is_named():
    page = read("```python\n1\n```\n```python\n2\n```\n```python\n3\n```\n")
    faults = find_faults(page, [[Failure(2, "a")], [Ran()], [Failure(8, "b")]])

    assert [(fault.line, fault.message) for fault in faults] == [(2, "a"), (8, "b")]


def test_what_is_printed_as_recorded_is_no_fault():
    assert recorded("1\n2\n", "1\n", "2\n") == []
    assert recorded("1 2\n", "1\n2\n", comment="expected-output-ignore-whitespace") == []


@pytest.mark.parametrize(
    ("text", "printed", "line", "was", "now"),
    [
        ("1\n2\n", "1\n3\n", 9, "'2'", "'3'"),
        ("1\n2\n", "1\n", 9, "'2'", "nothing more"),
        ("1\n", "1\n2\n", 9, "nothing more", "'2'"),
        ("1\n", "1", 9, "nothing more", "nothing more"),
        ("", "1\n", 8, "nothing more", "'1'"),
    ],
)
def test_the_first_line_that_differs_is_named(text, printed, line, was, now):
    (fault,) = recorded(text, printed)

    assert (fault.line, fault.message) == (line, "the chain does not print what is recorded")
    assert fault.details == f"  recorded: {was}\n  printed:  {now}\n"


def test_white_space_that_is_ignored_names_no_line():
    (fault,) = recorded("1  2\n3\n", "12\n4\n", comment="expected-output-ignore-whitespace")

    assert fault.line == 9


def test_a_chain_that_failed_is_not_compared():
    page = read(RECORDED.format("expected-output", "1\n"))

    assert len(find_faults(page, [[Failure(2, "wrong")]])) == 1


def test_a_page_that_reads_what_another_writes_is_named_and_one_that_reads_its_own_is_not():
    readings = {
        "docs/a.md": Reading({"x.txt": "1"}, written=["x.txt"]),
        "docs/b.md": Reading({"x.txt": "1", "y.txt": "2"}),
        "docs/c.md": Reading({"y.txt": "2"}),
    }

    assert list(map(str, find_exchanges(readings))) == [
        "docs/b.md:1: the page reads x.txt, which docs/a.md writes, in no sure order"
    ]
    assert find_exchanges({}) == []
