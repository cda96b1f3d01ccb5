"""A chain, run block by block as one piece of source."""

import pytest

from literate.read import read
from literate.result import Failure


def test_a_failure_in_a_library_names_the_page_line_and_the_frames_below_it(results):
    (failure,) = results("import library\n\nlibrary.divide(1, 0)")

    assert isinstance(failure, Failure)
    assert failure.line == 4
    assert failure.message == "ZeroDivisionError: division by zero"
    assert failure.trace == "  library.py:2: in divide: return a / b\n"


def test_the_steps_before_a_failure_keep_their_results(pool):
    text = "```python\nprint(1)\n```\n<!--pytest-codeblocks:cont-->\n```python\n1 / 0\n```\n"
    (run,) = pool.run([read(text)])

    first, second = run.results[0]
    assert (first.stdout, second.line) == ("1\n", 6)


@pytest.mark.parametrize("code", ["+".join(["1"] * 20_000), "-" * 20_000 + "1"])
def test_an_expression_too_deep_for_python_is_a_failure(code, results):
    (failure,) = results(f"x = {code}")

    assert failure.line == 1
    assert failure.message.startswith(("RecursionError: ", "MemoryError: "))


def test_standard_error_is_kept_apart(results):
    (ran,) = results("import sys, warnings\nprint('a', file=sys.stderr)\nwarnings.warn('b')")

    assert ran.stdout == ""
    assert ran.stderr.startswith("a\npage.md:4: UserWarning: b")
