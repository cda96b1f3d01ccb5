"""A chain, run block by block as one piece of source."""

import pytest

from literate.read import read
from literate.result import Failure, Limits


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


CONT = "<!--pytest-codeblocks:cont-->\n"
FIGURE = "import matplotlib.pyplot as plt\nplt.figure();\n"


def run(pool, text):
    """Return the results of the one chain of a page."""
    (run,) = pool.run([read(text)])
    (chain,) = run.results
    return chain


def test_each_block_has_what_it_prints_and_the_value_that_it_ends_with(pool):
    first, second, third = run(
        pool,
        f"```python\nprint('one')\nx = 2\n```\n{CONT}```python\nx + 1\n```\n"
        f"{CONT}```python\nx;\n```\n",
    )

    assert (first.stdout, first.value) == ("one\n", None)
    assert (second.stdout, second.value) == ("", {"text/plain": "3"})
    assert third.value is None


def test_an_inline_value_shows_the_value_at_its_place(pool):
    _, one, _, other = run(
        pool, f"```python\nx = 1\n```\n{{{{ x }}}}\n{CONT}```python\nx = 2\n```\n{{{{ x:.1f }}}}\n"
    )

    assert (one.value, other.value) == ({"text/markdown": "1"}, {"text/markdown": "2.0"})


def test_a_failure_is_the_last_result_of_its_chain(pool):
    results = run(pool, f"```python\nx\n```\n{CONT}```python\n2\n```\n")

    assert results == [Failure(2, "NameError: name 'x' is not defined")]


def test_a_value_that_fails_is_named_at_its_line(pool):
    *_, failure = run(pool, "```python\nx = 0\n```\n\nText\n{{ 1 / x }}.\n")

    assert failure == Failure(6, "ZeroDivisionError: division by zero")


@pytest.mark.parametrize("option", ["fig-cap", "fig-alt"])
def test_a_value_of_a_caption_that_fails_is_named_at_the_line_of_its_option(pool, option):
    options = {"fig-cap": "A.", "fig-alt": "B."} | {option: "Of {{ none }}."}
    lines = "".join(f"#| {name}: '{text}'\n" for name, text in options.items())
    (failure,) = run(pool, f"Text.\n\n```python\n#| echo: false\n{lines}{FIGURE}```\n")

    line = {"fig-cap": 5, "fig-alt": 6}[option]
    assert failure == Failure(line, "NameError: name 'none' is not defined")


def test_a_block_gives_the_values_of_its_captions_in_order(pool):
    options = "#| fig-cap: 'A {{ n }} {{ n + 1 }}'\n#| fig-alt: B\n"
    (ran,) = run(pool, f"```python\n{options}n = 1\n{FIGURE}```\n")

    assert (ran.captions, ran.alts) == ((("1", "2"),), ((),))
    assert len(ran.figures) == 1


def test_code_that_python_cannot_read_is_named_before_anything_runs(pool):
    results = run(pool, f"```python\nprint(1)\n```\n{CONT}```python\nx = = 1\n```\n")

    assert results == [Failure(6, "SyntaxError: invalid syntax")]


def test_memory_is_limited_for_each_chain(pool, page):
    usual, pool.limits = pool.limits, Limits(megabytes=200)
    (run,) = pool.run([page("x = bytearray(10**9)", "2")])
    pool.limits = usual

    (failure,), (ran,) = run.results
    assert failure.message == "MemoryError (a chain may allocate 200 MB)"
    assert ran.value == {"text/plain": "2"}
